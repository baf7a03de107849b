"""The two distributions against scipy, which only tests load."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from feedback.statistics.distributions import Z, chi_square_tail, student_point


@given(st.floats(0, 3000), st.integers(1, 500))
def test_the_tail_of_chi_square(statistic, degrees):
    assert chi_square_tail(statistic, degrees) == pytest.approx(stats.chi2.sf(statistic, degrees), rel=1e-7, abs=1e-13)


@given(st.floats(0.5, 1e6))
def test_the_point_of_student(degrees):
    assert student_point(degrees) == pytest.approx(stats.t.ppf(0.975, degrees), rel=1e-8)


def test_points_of_the_printed_tables():
    """R. A. Fisher and F. Yates, Statistical Tables (1938), tables III and IV."""
    assert [round(student_point(n), 3) for n in (1, 4, 10, 30)] == [12.706, 2.776, 2.228, 2.042]
    assert [round(chi_square_tail(x, n), 3) for x, n in ((3.841, 1), (9.488, 4), (23.209, 10))] == [0.05, 0.05, 0.01]
    assert student_point(1e9) == pytest.approx(Z)


@pytest.mark.parametrize(
    ("call", "values"), [(chi_square_tail, (-1, 1)), (chi_square_tail, (1, 0)), (student_point, (0,))]
)
def test_what_is_no_statistic_is_refused(call, values):
    with pytest.raises(ValueError, match="degrees"):
        call(*values)
