"""Groups in votes: planted ones are found, the same votes give the same groups, and odd votes give words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from feedback.groups import finding
from feedback.groups.finding import UNSEEN, K, found_in, positions, silhouettes
from tests.feedback.groups.voting import camps

ANY = arrays(np.int8, st.tuples(st.integers(0, 40), st.integers(0, 6)), elements=st.sampled_from([1, 0, -1, UNSEEN]))


@pytest.mark.parametrize("sizes", [(30, 20), (60, 12), (25, 20, 15)])
def test_planted_camps_are_found(sizes):
    found = found_in(camps(*sizes, statements=20))
    assert found.sizes == sizes
    assert found.group.tolist() == [camp for camp, size in enumerate(sizes) for _person in range(size)]


@settings(deadline=None, max_examples=60)
@given(ANY, st.randoms(use_true_random=False))
def test_every_group_is_large_and_another_order_gives_the_same(votes, chance):
    found = found_in(votes)
    assert bool(found.sizes) == (not found.why)
    assert all(size >= K for size in found.sizes)
    assert list(found.sizes) == sorted(found.sizes, reverse=True)
    assert [int((found.group == g).sum()) for g in range(len(found.sizes))] == list(found.sizes)
    assert sum(found.sizes) in (0, found.taking)
    order = list(range(len(votes)))
    chance.shuffle(order)
    again = found_in(votes[order])
    assert np.array_equal(again.group, found.group[order])
    assert np.array_equal(again.position, found.position[order], equal_nan=True)


@pytest.mark.parametrize(
    ("votes", "why"),
    [
        (np.zeros((0, 5), np.int8), "few_people"),
        (camps(1), "few_people"),
        (camps(2, 2), "few_people"),
        (np.ones((50, 5), np.int8), "alike"),
        (np.full((50, 5), UNSEEN, np.int8), "few_people"),
        (np.ones((50, 1), np.int8), "few_statements"),
        (np.zeros((50, 0), np.int8), "few_statements"),
        (np.concatenate([np.ones((20, 5), np.int8), -np.ones((2, 5), np.int8)]), "small"),
    ],
)
def test_where_there_are_no_groups_it_says_why(votes, why):
    found = found_in(votes)
    assert (found.why, found.sizes) == (why, ())
    assert (found.group == -1).all()


def test_whoever_voted_on_few_statements_is_in_no_group():
    votes = camps(30, 20)
    votes[3, 2:] = UNSEEN
    found = found_in(votes)
    assert found.group[3] == -1
    assert sum(found.sizes) == found.taking == 49


def test_groups_below_five_join_the_nearest_one_and_are_counted():
    label = np.array([3] * 6 + [1] * 8 + [0] * 2)
    position = np.array([[0.0, 0]] * 6 + [[10.0, 0]] * 8 + [[7.0, 1], [1.0, 0]])
    number, apart = finding._numbered(label, position)
    assert number.tolist() == [1] * 6 + [0] * 8 + [0, 1]
    assert apart == 2


def test_what_nobody_voted_on_moves_nobody():
    votes = camps(30, 20)
    more = np.concatenate([votes, np.full((50, 2), UNSEEN, np.int8)], axis=1)
    assert np.allclose(positions(more)[0], positions(votes)[0] * np.sqrt(10 / 8))


def test_silhouettes_are_those_of_scikit_learn():
    from sklearn.metrics import silhouette_samples

    chance = np.random.default_rng(3)
    points, label, often = chance.normal(size=(60, 2)), chance.integers(0, 4, 60), chance.integers(1, 4, 60)
    assert np.allclose(silhouettes(points, np.ones(60), label), silhouette_samples(points, label))
    each = silhouette_samples(np.repeat(points, often, axis=0), np.repeat(label, often))
    assert np.allclose(np.repeat(silhouettes(points, often.astype(float), label), often), each)
