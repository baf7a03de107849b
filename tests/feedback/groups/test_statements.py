"""What groups say: counts by hand, hidden counts stay hidden, and the tests are those of the sources."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from feedback.groups import statements
from feedback.groups.finding import UNSEEN, K, found_in
from tests.feedback.groups.voting import camps

COUNTS = arrays(np.int64, st.tuples(st.integers(1, 5), st.integers(1, 8), st.just(3)), elements=st.integers(0, 12))


@given(COUNTS, st.data())
def test_nobody_reckons_what_fewer_than_five_said(counts, data):
    n = counts.sum(axis=2)
    rest = np.array(data.draw(st.lists(st.integers(0, 12), min_size=n.shape[1], max_size=n.shape[1])))
    shown = statements.may_be_shown(counts, n.sum(axis=0) + rest)
    assert (n[shown] >= K).all()
    hidden = n.sum(axis=0) + rest - np.where(shown, n, 0).sum(axis=0)
    assert all(left == 0 or left >= K or not shown[:, at].any() for at, left in enumerate(hidden))


def test_counts_are_those_by_hand():
    votes = camps(30, 20)
    votes[0, 3], votes[1, 3], votes[2, 3] = 0, UNSEEN, 1
    found = found_in(votes)
    counts = statements.counts_of(votes, found.group, 2)
    mine = votes[found.group == 0, 3].tolist()
    assert counts[0, 3].tolist() == [mine.count(1), mine.count(-1), mine.count(0)]
    assert statements.totals_of(votes).tolist() == [50, 50, 50, 49, 50, 50, 50, 50]


def test_what_all_agree_on_bridges_and_what_only_one_group_says_represents_it():
    votes = camps(30, 20)
    read = statements.read(votes, found_in(votes))
    assert [one.statement for one in read.bridging if one.stance == 1] == [0, 1] or {
        one.statement for one in read.bridging
    } == {0, 1}
    for group, own in enumerate(read.representative):
        assert own
        for one in own:
            side = 0 if one.stance == 1 else 1
            shares = read.counts[:, one.statement, side] / read.counts[:, one.statement].sum(axis=1)
            assert one.statement > 1
            assert shares[group] > 0.5 > shares[1 - group]
    assert {one.statement for one in read.dividing} <= set(range(2, 8))
    assert read.dividing


def test_a_statement_that_few_of_one_group_saw_neither_bridges_nor_shows_their_votes():
    votes = camps(30, 20)
    votes[30:47, 0] = UNSEEN
    read = statements.read(votes, found_in(votes))
    assert not read.shown[1, 0]
    assert 0 not in {one.statement for one in read.bridging}


def test_one_vote_is_not_everybody():
    assert statements.share(np.array([[[0, 0, 0]]]), 0)[0, 0] == 0.5


def test_statements_about_oneself_have_a_list_of_their_own():
    votes = camps(30, 20)
    about_self = np.arange(8) % 2 == 0
    read = statements.read(votes, found_in(votes), about_self)
    opinions = {one.statement for several in [*read.representative, read.bridging, read.dividing] for one in several}
    assert opinions
    assert all(at % 2 for at in opinions)
    assert {one.statement % 2 for several in read.people for one in several} == {0}


@settings(deadline=None)
@given(COUNTS)
def test_what_bridges_has_more_than_half_in_every_group(counts):
    found = statements.bridging(counts, (counts.sum(axis=2) >= K).all(axis=0))
    for one in found:
        side = 0 if one.stance == 1 else 1
        said, n = counts[:, one.statement, side], counts[:, one.statement].sum(axis=1)
        assert (2 * said > n - 1).all()
        assert abs(one.value - np.prod((said + 1) / (n + 2))) < 1e-12
    assert [one.value for one in found] == sorted((one.value for one in found), reverse=True)
