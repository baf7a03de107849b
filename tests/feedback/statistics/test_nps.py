"""The promoter score and its interval."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.statistics.nps import promoter_score

COUNTS = st.tuples(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000)).filter(any)


def test_an_interval_by_hand():
    """50, 30 and 20 of 100: (51 − 21)/102, and 1.96 times the root of (72/102 − (30/102)²)/102: 29.41 ± 15.27."""
    found = promoter_score(50, 30, 20)
    assert found.score == 30
    assert (found.low, found.high) == (pytest.approx(14.14, abs=0.01), pytest.approx(44.68, abs=0.01))


@given(COUNTS, st.integers(0, 10_000))
def test_the_score_lies_within_and_turns_with_its_sides(counts, more):
    up, between, down = counts
    found, turned = promoter_score(up, between, down), promoter_score(down, between, up)
    assert -100 <= found.low <= found.score + 1e-9
    assert found.score - 1e-9 <= found.high <= 100
    assert turned == (pytest.approx(-found.score), pytest.approx(-found.high), pytest.approx(-found.low))
    narrower = promoter_score(up, between, down, of=sum(counts) + more)
    assert narrower.high - narrower.low <= found.high - found.low + 1e-9


def test_it_holds_the_truth_in_nineteen_of_twenty_samples():
    """Of 20 people with 40, 30 and 30 of 100 in truth: the plain interval falls short in such groups."""
    draw, inside = random.Random(6), 0
    for _sample in range(3000):
        said = draw.choices("+0-", (4, 3, 3), k=20)
        found = promoter_score(*map(said.count, "+0-"))
        inside += found.low <= 10 <= found.high
    assert 0.94 < inside / 3000 < 0.97


def test_no_answers_are_no_score():
    with pytest.raises(ValueError, match="no score"):
        promoter_score(0, 0, 0)
    assert promoter_score(3, 0, 1, of=4) == (50, 50, 50)
