"""Differences of means: known answers, and scipy's."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from feedback.statistics.differences import Difference, independent_difference, paired_difference

# Hours of sleep gained with two drugs by ten patients: Student, Biometrika 6 (1908), table on page 20.
FIRST_DRUG = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SECOND_DRUG = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def test_students_own_example():
    """The mean difference is 1.58 hours; its 95 % interval 0.70 to 2.46 (the usual answer of statistics packages)."""
    found = paired_difference(FIRST_DRUG, SECOND_DRUG)
    assert found.mean == pytest.approx(1.58)
    assert (found.low, found.high) == (pytest.approx(0.7001142, abs=1e-6), pytest.approx(2.4598858, abs=1e-6))


def test_the_same_numbers_as_two_groups_of_people():
    """Welch's test on the same data: −0.205 to 3.365."""
    found = independent_difference(FIRST_DRUG, SECOND_DRUG)
    assert (found.low, found.high) == (pytest.approx(-0.2054832, abs=1e-6), pytest.approx(3.3654832, abs=1e-6))


def test_an_interval_by_hand():
    """Differences 1, 2, 3, 4, 5: mean 3, standard error √0.5, t(4) = 2.776445."""
    found = paired_difference([0, 0, 0, 0, 0], [1, 2, 3, 4, 5])
    assert found.mean == 3
    assert found.high - found.mean == pytest.approx(2.776445 * math.sqrt(0.5), abs=1e-5)


def test_nobody_differs_from_anybody():
    assert paired_difference([1, 2, 3], [2, 3, 4]) == Difference(1, 1, 1)
    assert independent_difference([2, 2], [3, 3]) == Difference(1, 1, 1)


@pytest.mark.parametrize(("before", "after"), [([1], [2]), ([], []), ([1, 2], [1, 2, 3])])
def test_what_makes_no_pairs_is_refused(before, after):
    with pytest.raises(ValueError, match="pairs"):
        paired_difference(before, after)


STEPS = st.lists(st.integers(1, 7), min_size=3, max_size=40).filter(lambda steps: len(set(steps)) > 1)


@given(STEPS, STEPS)
def test_two_groups_as_scipy_compares_them(before, after):
    found = independent_difference(before, after)
    theirs = stats.ttest_ind(after, before, equal_var=False).confidence_interval()
    assert (found.low, found.high) == (pytest.approx(theirs.low, abs=1e-7), pytest.approx(theirs.high, abs=1e-7))
