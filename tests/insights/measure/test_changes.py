"""What moved from one period to the next: which period goes before, and what is more than chance."""

from datetime import date
from random import Random

import pytest

from insights.measure.changes import Moved, change_of, changes_of, span_before


@pytest.mark.parametrize(
    ("since", "until", "before"),
    [
        ("2026-11-01", "2026-11-30", ("2026-10-01", "2026-10-31", 1)),
        ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28", 1)),
        ("2026-01-01", "2026-03-31", ("2025-10-01", "2025-12-31", 3)),
        ("2024-01-01", "2024-12-31", ("2023-01-01", "2023-12-31", 12)),
        ("2026-11-02", "2026-11-08", ("2026-10-26", "2026-11-01", 0)),
        ("2026-11-30", "2026-11-30", ("2026-11-29", "2026-11-29", 0)),
    ],
)
def test_the_period_before_is_as_long_and_ends_the_day_before(since, until, before):
    span = span_before(date.fromisoformat(since), date.fromisoformat(until))
    assert (span.since.isoformat(), span.until.isoformat(), span.months) == before


def test_where_the_calendar_begins_there_is_none():
    assert span_before(date.min, date(2026, 1, 5)) is None
    assert span_before(date.min, date(1, 12, 31)) is None


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        (Moved(60, 400, 20, 400, 20), "grew"),
        (Moved(20, 400, 60, 400, 60), "faded"),
        (Moved(30, 400, 2, 400, 2), "new"),
        (Moved(30, 400, 2, 400, 9), "grew"),  # said before the period before
        (Moved(24, 400, 20, 400, 20), "same"),
        (Moved(20, 29, 2, 400, 2), ""),  # too few to tell
        (Moved(4, 400, 3, 400, 3), ""),  # too small to be told in either period
    ],
)
def test_a_change_is_told_by_its_kind(moved, said):
    assert changes_of({1: moved}, least=5) == {1: said}


def test_many_shares_are_judged_together():
    edge = Moved(36, 400, 20, 400, 20)  # p = 0.027
    assert change_of(36, 400, 20, 400) == "grew"
    assert set(changes_of(dict.fromkeys(range(10), edge), least=5).values()) == {"same"}


def test_of_two_hundred_communities_where_nothing_changed_few_hear_of_a_change():
    draw, alarms = Random(3), 0
    for _community in range(200):
        shares = [draw.uniform(0.02, 0.3) for _theme in range(12)]
        counts = [[sum(draw.random() < p for _n in range(150)) for p in shares] for _period in range(2)]
        moved = {i: Moved(now, 150, was, 150, was) for i, (now, was) in enumerate(zip(*counts, strict=True))}
        alarms += any(kind not in ("same", "") for kind in changes_of(moved, least=5).values())
    assert alarms <= 16  # 5 % of 200, and chance beside it
