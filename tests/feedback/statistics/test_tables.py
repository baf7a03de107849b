"""Tests of tables: known answers, scipy's answers, and what turning a table must not change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from feedback.statistics.tables import association, fisher

TABLES = st.tuples(st.integers(2, 5), st.integers(2, 5)).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(1, 400), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)
FOUR = st.tuples(*[st.integers(0, 60)] * 4)


def test_the_lady_tasting_tea():
    """R. A. Fisher, The Design of Experiments (1935), §5: three of four cups right; both tails 34 of 70."""
    found = association([[3, 1], [1, 3]])
    assert found.exact
    assert found.p == pytest.approx(34 / 70)


def test_two_sexes_and_three_parties():
    """A. Agresti, An Introduction to Categorical Data Analysis, 2nd ed. (2007), table 2.5: chi-square 30.07 with two degrees."""
    found = association([[762, 327, 468], [484, 239, 477]])
    assert (found.n, found.exact, found.rough) == (2757, False, False)
    assert found.p == pytest.approx(2.954e-7, rel=1e-3)
    assert found.v == pytest.approx((30.07 / 2757) ** 0.5, rel=1e-3)


@given(TABLES)
def test_the_same_as_scipy(table):
    found = association(table)
    statistic, p, _degrees, expected = stats.chi2_contingency(table, correction=False)
    if not found.exact:
        assert found.p == pytest.approx(p, rel=1e-6, abs=1e-12)
    assert found.w == pytest.approx((statistic / expected.sum()) ** 0.5, abs=1e-7)
    assert found.v == pytest.approx(stats.contingency.association(table), abs=1e-7)
    assert 0 <= found.v <= 1


@given(FOUR)
def test_fishers_test_is_scipys(four):
    a, b, c, d = four
    assert fisher(a, b, c, d) == pytest.approx(stats.fisher_exact([[a, b], [c, d]])[1], rel=1e-6)


@given(TABLES, st.randoms(use_true_random=False))
def test_order_and_sides_change_nothing(table, chance):
    rows = chance.sample(table, len(table))
    one, other = association(table), association([list(line) for line in zip(*rows, strict=True)])
    assert (other.p, other.v, other.n) == (pytest.approx(one.p), pytest.approx(one.v), one.n)


def test_what_nobody_chose_is_left_out():
    assert association([[30, 0, 20], [10, 0, 40], [0, 0, 0]]) == association([[30, 20], [10, 40]])


@pytest.mark.parametrize("table", [[], [[]], [[3, 4]], [[3], [4]], [[0, 0], [2, 3]], [[1, 0], [2, 0]]])
def test_one_line_is_no_table(table):
    assert association(table) is None


def test_thin_tables_say_that_they_are_rough():
    assert association([[9, 1, 1], [1, 9, 1]]).rough
    assert not association([[9, 1, 1], [1, 9, 1], [90, 90, 90]]).exact


@pytest.mark.parametrize("table", [[[1, -1], [2, 3]], [[1, 2], [3]]])
def test_what_is_no_table_of_counts_is_refused(table):
    with pytest.raises(ValueError, match="counts"):
        association(table)
