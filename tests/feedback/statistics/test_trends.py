"""Trends: periods that may be told, and a break that is found no oftener than it should be where there is none."""

import random

from hypothesis import given
from hypothesis import strategies as st

from feedback.statistics.trends import Period, change_point, joined

WEEKS = st.lists(st.integers(0, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=40)


def weeks(*counts):
    return [Period(at, at, hits, n) for at, (hits, n) in enumerate(counts)]


@given(WEEKS)
def test_joined_periods_lose_nothing_and_hide_small_groups(counts):
    before, after = weeks(*counts), joined(weeks(*counts), 5)
    for part in ("hits", "n"):
        assert sum(getattr(p, part) for p in after) == sum(getattr(p, part) for p in before)
    assert len(after) <= 1 or all(min(p.hits, p.n - p.hits) >= 5 for p in after)
    assert [p.first for p in after][1:] == [p.last + 1 for p in after][:-1]


@given(WEEKS, WEEKS)
def test_what_comes_later_moves_no_earlier_border(counts, more):
    before, after = joined(weeks(*counts), 5), joined(weeks(*counts, *more), 5)
    kept = before[:-1]
    assert after[: len(kept)] == kept


def test_a_break_is_found_where_it_is():
    found = change_point(weeks((10, 50), (9, 50), (11, 50), (30, 50), (28, 50)))
    assert (found.at, found.before, found.after) == (3, 0.2, 0.58)
    assert found.p < 1e-6


def test_one_odd_week_in_a_long_row_is_no_break():
    assert change_point(weeks((10, 50), (12, 50), (16, 50), (9, 50), (11, 50))) is None
    assert change_point(weeks((10, 50))) is None
    assert change_point([]) is None


def test_large_counts_leave_the_sharpest_border_first():
    """Their p is nothing everywhere; the strength decides."""
    found = change_point(weeks(*[(20_000, 100_000)] * 3, *[(60_000, 100_000)] * 2))
    assert found.at == 3


def _series(draw, shares, n):
    return weeks(*((sum(draw.random() < share for _ in range(n)), n) for share in shares))


def test_no_more_false_alarms_than_stated():
    """600 rows of ten weeks in which nothing changed, thin and thick: at most one in twenty is called changed."""
    draw = random.Random(6)
    for share, n in ((0.2, 25), (0.05, 15)):
        alarms = sum(change_point(_series(draw, [share] * 10, n)) is not None for _row in range(300))
        assert alarms <= 0.05 * 300


def test_a_doubled_share_is_seen():
    draw, seen = random.Random(6), 0
    for _row in range(100):
        found = change_point(_series(draw, [0.2] * 5 + [0.5] * 5, 40))
        seen += found is not None and 4 <= found.at <= 6
    assert seen >= 90
