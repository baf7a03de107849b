"""Wilson's interval and the tests of shares: known answers, and what holds for every share."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2_contingency, norm

from feedback.statistics.distributions import Z90
from feedback.statistics.proportions import wilson, z_of_half, z_of_two

SHARES = st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("votes", "n", "low", "high"),
    [(5, 5, 57, 100), (17, 20, 64, 95), (50, 100, 40, 60), (600, 1000, 57, 63), (9, 10, 60, 98)],
)
def test_known_answers(votes, n, low, high):
    assert tuple(round(100 * end) for end in wilson(votes, n)) == (low, high)


@given(SHARES)
def test_the_same_as_scipy(share):
    theirs = binomtest(*share).proportion_ci(method="wilson")
    assert wilson(*share) == (pytest.approx(theirs.low, abs=1e-9), pytest.approx(theirs.high, abs=1e-9))


@given(SHARES, st.integers(0, 10**6))
def test_a_known_crowd_narrows_it_around_the_share(share, more):
    votes, n = share
    low, high = wilson(votes, n)
    nearer, further = wilson(votes, n, of=n + more)
    ends = [0, low, nearer, votes / n, further, high, 1]
    assert all(one <= other + 1e-12 for one, other in pairwise(ends))


def test_all_of_a_crowd_leave_nothing_open():
    assert wilson(30, 40, of=40) == (0.75, 0.75)
    assert [round(end, 3) for end in wilson(50, 100, of=200)] == [0.431, 0.569]  # as of 100 × 199 / 100 people


@pytest.mark.parametrize(("votes", "n", "of"), [(1, 0, None), (-1, 5, None), (6, 5, None), (2, 5, 4)])
def test_what_is_no_share_is_refused(votes, n, of):
    with pytest.raises(ValueError, match=r"no share|drawn"):
        wilson(votes, n, of=of)


def test_z90_leaves_a_tenth_on_one_side():
    assert pytest.approx(norm.ppf(0.9), abs=1e-12) == Z90


@pytest.mark.parametrize(("said", "n", "z"), [(9, 10, 2.7136), (4, 10, -0.3015), (0, 0, 1.0), (49, 99, 0.0)])
def test_known_answers_of_one_share_against_a_half(said, n, z):
    assert z_of_half(said, n) == pytest.approx(z, abs=1e-4)


@given(SHARES, SHARES)
def test_two_shares_are_tested_as_scipy_tests_their_table(one, other):
    (said, n), (other_said, other_n) = one, other
    z = z_of_two(said, n, other_said, other_n)
    if (said, other_said) == (n, other_n):
        assert z == 0
        return
    table = [[said + 1, n - said], [other_said + 1, other_n - other_said]]
    assert z**2 == pytest.approx(chi2_contingency(table, correction=False).statistic, rel=1e-6, abs=1e-9)
    assert z == pytest.approx(-z_of_two(other_said, other_n, said, n))


@pytest.mark.parametrize("said", [-1, 11])
def test_what_is_no_share_is_not_tested(said):
    with pytest.raises(ValueError, match="no share"):
        z_of_half(said, 10)
    with pytest.raises(ValueError, match="no shares"):
        z_of_two(1, 2, said, 10)
