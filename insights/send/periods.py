"""When a brief with a rhythm is drafted and goes, and about which days it is. Pure.

A period is a day, a week from Monday to Sunday, or a month, in the days of all briefs: days in UTC. A rule names the local
moments at which it goes (each day, one weekday, one day of the month, at an hour of the reader's zone); each of these
moments is about the last period that is over by then. So there is one turn for each local day, week or month, and one for
each period, also where the clocks change (trust.md, U4).
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from heard.kit.zones import zone_of

DAY = timedelta(days=1)
DRAFTED_BEFORE = timedelta(hours=24)
MORNING, EVENING = 8, 20  # nobody is told of a draft at night
_LONGEST = {"daily": 3, "weekly": 9, "monthly": 33}  # days within which the next moment of a rule lies


class Rule(NamedTuple):
    """rhythm: daily, weekly, monthly. weekday: 1 Monday to 7. day: of the month, its last one where it is shorter."""

    rhythm: str
    weekday: int
    day: int
    hour: int
    zone: str


class Period(NamedTuple):
    """The days that a brief is about, both included, and when it is drafted and goes (UTC)."""

    since: date
    until: date
    drafts_at: datetime
    due_at: datetime


def next_period(rule: Rule, after: datetime) -> Period:
    """The period whose brief goes next, later than `after`."""
    return next(periods(rule, after, after + DAY * _LONGEST[rule.rhythm]))


def periods(rule: Rule, after: datetime, before: datetime) -> Iterator[Period]:
    """The periods whose briefs go later than `after` and not later than `before`, in the order of time."""
    zone = zone_of(rule.zone)
    day = (
        after.astimezone(zone).date() - 2 * DAY
    )  # an hour in a gap may land on the next day, or lie in a day that is left out
    last = before.astimezone(zone).date() + DAY
    while day <= last:
        if _fits(rule, day) and (period := _of(rule, day)) and after < period.due_at <= before:
            yield period
        day += DAY


def _fits(rule: Rule, day: date) -> bool:
    if rule.rhythm == "weekly":
        return day.isoweekday() == rule.weekday
    return rule.rhythm == "daily" or day.day == min(rule.day, monthrange(day.year, day.month)[1])


@lru_cache(maxsize=10_000)
def _of(rule: Rule, day: date) -> Period | None:
    """The period whose brief goes on this local day; None for a day that the zone left out (Samoa, 30 December 2011)."""
    zone = zone_of(rule.zone)
    if first_valid(datetime.combine(day, time()), zone).astimezone(zone).date() != day:
        return None
    local = datetime.combine(day, time(rule.hour))
    due = first_valid(local, zone)
    since, until = _last_over(rule.rhythm, day - DAY * _days_back(local, zone))
    over = datetime.combine(until + DAY, time(), UTC)
    return Period(since, until, max(due - DRAFTED_BEFORE, over), due)


def first_valid(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment (UTC) of a time on the wall: the first of two, and where the clocks jump over it, the jump itself."""
    early, late = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0))
    if late.astimezone(zone).replace(tzinfo=None) == local:
        return late  # fold 0: it exists, and of two it is the first
    # In a gap (PEP 495) fold 1 lies before the jump and fold 0 at it or after it.
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        if middle.astimezone(zone).replace(tzinfo=None) < local:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


def _days_back(local: datetime, zone: ZoneInfo) -> int:
    """How many days before its own day the last day in UTC lies that is over at this hour, in summer and in winter alike.

    1; or 2 east of UTC in the morning: in Tokyo the day in UTC is over at nine. Were it asked for the one moment only,
    the answer would change with the clocks, and one day be told twice and another one never.
    """
    at = local.replace(tzinfo=zone)
    standard = _offset(at) - (at.dst() or timedelta())
    year = [at + n * timedelta(days=30) for n in range(-6, 7)]
    ahead = max(_offset(one) for one in year if _offset(one) - (one.dst() or timedelta()) == standard)
    return 1 if timedelta(hours=local.hour) >= ahead else 2


def _offset(at: datetime) -> timedelta:
    return at.utcoffset() or timedelta()


def _last_over(rhythm: str, day: date) -> tuple[date, date]:
    """The last whole period of this rhythm that ends on the day or before."""
    if rhythm == "daily":
        return day, day
    if rhythm == "weekly":
        sunday = day - DAY * (day.isoweekday() % 7)
        return sunday - 6 * DAY, sunday
    end = day if (day + DAY).day == 1 else day.replace(day=1) - DAY
    return end.replace(day=1), end


def by_day(moment: datetime, zone_name: str) -> datetime:
    """The moment itself between eight and twenty of this zone, else the next morning at eight."""
    zone = zone_of(zone_name)
    local = moment.astimezone(zone)
    if MORNING <= local.hour < EVENING:
        return moment
    day = local.date() + DAY if local.hour >= EVENING else local.date()
    return first_valid(datetime.combine(day, time(MORNING)), zone)


def read_from(period: Period, zone_name: str) -> datetime | None:
    """From when somebody in this zone can read the draft by day, an hour at least before it goes; None: nobody can, as with
    a daily one at eight, which is drafted at midnight."""
    ready = by_day(period.drafts_at, zone_name)
    return ready if ready + timedelta(hours=1) <= period.due_at else None


def rhythm_of(since: date, until: date) -> str:
    """Which rhythm has this period: daily, weekly or monthly."""
    if since == until:
        return "daily"
    return "weekly" if until - since == 6 * DAY else "monthly"
