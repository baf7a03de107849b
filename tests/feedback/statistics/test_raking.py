"""Raking: a case by hand, what holds for every sample, and what cannot be done."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.statistics.raking import ImpossibleMargin, design_effect, rake


def people(**counts):
    """{"young_north": 3} as three people with an age and a place; {"young": 3}: with an age."""
    return {tuple(name.split("_")): n for name, n in counts.items()}


def shares(sample, raked, at):
    found = {}
    for group, n in sample.items():
        found[group[at]] = found.get(group[at], 0) + n * raked.weights[group] / sum(sample.values())
    return found


def test_one_margin_by_hand():
    """Of 20 young and 80 old, half should be young: weights 2.5 and 0.625; the effect is 100 (20·6.25 + 80·0.390625)/100²."""
    sample = people(young=20, old=80)
    found = rake(sample, {"age": {"young": 0.5, "old": 0.5}})
    assert found.converged
    assert found.weights == {("young",): pytest.approx(2.5), ("old",): pytest.approx(0.625)}
    assert (found.design_effect, found.effective_n) == (pytest.approx(1.5625), pytest.approx(64))


def test_two_margins_are_both_met():
    sample = people(young_north=30, young_south=10, old_north=20, old_south=40)
    margins = {"age": {"young": 55, "old": 45}, "place": {"north": 35, "south": 65}}
    found = rake(sample, margins)
    assert found.converged
    for at, margin in enumerate(margins.values()):
        assert shares(sample, found, at) == {a: pytest.approx(n / 100, abs=1e-5) for a, n in margin.items()}
    # fitting keeps the cross ratio of the sample: 30 · 40 / (10 · 20)
    w = found.weights
    ratio = w["young", "north"] * w["old", "south"] / (w["young", "south"] * w["old", "north"])
    assert ratio == pytest.approx(1, abs=1e-4)


SAMPLES = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy")), min_size=3, max_size=80)


@given(SAMPLES, st.lists(st.integers(1, 60), min_size=5, max_size=5))
def test_weights_stay_in_their_bounds_and_say_what_they_missed(sample, wanted):
    people_ = Counter(sample)
    margins = {
        question: {a: n for a, n in zip(answers, part, strict=True) if a in {group[at] for group in people_}}
        for at, (question, answers, part) in enumerate((("one", "abc", wanted[:3]), ("two", "xy", wanted[3:])))
    }
    found = rake(people_, margins)
    assert all(0.3 - 1e-9 <= w <= 3 + 1e-9 for w in found.weights.values())
    assert sum(n * found.weights[group] for group, n in people_.items()) == pytest.approx(len(sample))
    assert found.design_effect >= 1 - 1e-9
    assert found.effective_n <= len(sample) + 1e-9
    gaps = [
        abs(share - margin[a] / sum(margin.values()))
        for at, margin in enumerate(margins.values())
        for a, share in shares(people_, found, at).items()
    ]
    assert found.furthest[0] == pytest.approx(max(gaps), abs=1e-9)
    assert found.converged == (max(gaps) <= 1e-6)


def test_a_margin_that_the_bounds_keep_off_is_told():
    """One young person of a hundred cannot stand for half of the crowd: at most for three."""
    sample = people(young=1, old=99)
    found = rake(sample, {"age": {"young": 0.5, "old": 0.5}})
    assert (found.converged, found.trimmed) == (False, 1)
    assert found.weights[("young",)] == pytest.approx(3)
    assert found.furthest[0] == pytest.approx(0.47)


def test_margins_that_contradict_each_other_are_told():
    """All who are young live in the north: one margin says half, the other a tenth."""
    sample = people(young_north=50, old_south=50)
    found = rake(sample, {"age": {"young": 0.5, "old": 0.5}, "place": {"north": 0.4, "south": 0.6}})
    assert not found.converged
    assert found.furthest[0] == pytest.approx(0.1, abs=1e-6)


@pytest.mark.parametrize(
    ("margin", "words"),
    [
        ({"young": 0.5, "old": 0.4, "child": 0.1}, "nobody answered “child”"),
        ({"young": 1}, "people answered “old”"),
        ({"young": 1, "old": 0}, "people answered “old”"),
        ({"young": -1, "old": 2}, "shares are numbers"),
        ({}, "shares are numbers"),
    ],
)
def test_impossible_margins_are_named(margin, words):
    with pytest.raises(ImpossibleMargin, match=words):
        rake(people(young=3, old=3), {"age": margin})


@pytest.mark.parametrize(
    ("young", "margins", "low"), [(0, {"age": {"young": 1}}, 0.3), (1, {}, 0.3), (1, {"age": {"young": 1}}, 1.5)]
)
def test_nothing_to_weigh_is_refused(young, margins, low):
    with pytest.raises(ValueError, match="bounds"):
        rake(people(young=young), margins, low=low)


def test_equal_weights_have_no_effect():
    assert design_effect({("a",): 3}, {("a",): 2}) == pytest.approx(1)
    assert design_effect({("a",): 1, ("b",): 1}, {("a",): 1, ("b",): 3}) == pytest.approx(1.25)
