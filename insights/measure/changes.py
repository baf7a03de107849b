"""What changed from one period to the next: which period goes before, and which shares moved by more than chance. Pure.

A change is told only where both periods have at least ENOUGH in their base, and a test of two shares (tables.association:
chi-square, or Fisher's where it is thin) finds it. Several shares that are looked at together are judged together, by Holm's
procedure: of twenty briefs of a community in which nothing changed, about one tells a change that was chance.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from feedback.statistics.tables import association

ENOUGH = 30
FALSE_ALARMS = 0.05


class Span(NamedTuple):
    """Days, both ends included. `months`: how many calendar months they are; 0: other days."""

    since: date
    until: date
    months: int = 0

    @property
    def days(self) -> int:
        """How many."""
        return (self.until - self.since).days + 1


def span_before(since: date, until: date) -> Span | None:
    """The period of equal length that ends the day before `since`: whole calendar months go before whole calendar months.

    None where the calendar begins.
    """
    last = calendar.monthrange(until.year, until.month)[1]
    if since.day == 1 and until.day == last:
        months = 12 * (until.year - since.year) + until.month - since.month + 1
        first = 12 * since.year + since.month - 1 - months
        if first < 12:
            return None
        return Span(date(first // 12, first % 12 + 1, 1), since - timedelta(days=1), months)
    days = (until - since).days + 1
    if (since - date.min).days < days:
        return None
    return Span(since - timedelta(days=days), since - timedelta(days=1))


@dataclass(frozen=True)
class Moved:
    """A count of `n` now and of `n_before` before; `ever`: how often before the period, however long ago."""

    count: int
    n: int
    before: int
    n_before: int
    ever: int


def changes_of(moved: Mapping[int, Moved], *, least: int) -> dict[int, str]:
    """For each of several shares that are looked at together: "new", "grew", "faded", "same", or "" where too few were asked.

    new: grew, and fewer than `least` had said so before. Shares of fewer than `least` in both periods are not looked at.
    Source: S. Holm, Scand. J. Statist. 6 (1979) 65-70.
    """
    found = dict.fromkeys(moved, "")
    tested = []
    for key, one in moved.items():
        if min(one.n, one.n_before) < ENOUGH or max(one.count, one.before) < least:
            continue
        found[key] = "same"
        test = association([[one.count, one.n - one.count], [one.before, one.n_before - one.before]])
        tested.append((test.p if test else 1.0, key))
    for place, (p, key) in enumerate(sorted(tested)):
        if p >= FALSE_ALARMS / (len(tested) - place):
            break
        found[key] = _direction(moved[key], least)
    return found


def change_of(count: int, n: int, before: int, n_before: int) -> str:
    """The same of one share alone: "grew", "faded", "same" or ""."""
    return changes_of({0: Moved(count, n, before, n_before, ever=n_before)}, least=1)[0]


def _direction(one: Moved, least: int) -> str:
    if one.count * one.n_before < one.before * one.n:
        return "faded"
    return "new" if one.ever < least else "grew"
