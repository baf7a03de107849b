"""When briefs with a rhythm go: exactly one for each local day, week or month, whatever the clocks do (trust.md, U4)."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.send import periods
from insights.send.periods import DAY, Period, Rule

# Both edges of summer time, half hours and quarters, a change of half an hour, of two; and no change at all.
ZONES = (
    "UTC", "Europe/Paris", "Europe/London", "Europe/Dublin", "America/New_York", "America/Santiago", "America/Scoresbysund",
    "America/St_Johns", "Asia/Kathmandu", "Asia/Tokyo", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham",
    "Africa/Casablanca", "Asia/Beirut", "Antarctica/Troll",
)  # fmt: skip
RHYTHMS = ("daily", "weekly", "monthly")
START = datetime(2026, 11, 28, 12, tzinfo=UTC)


def at(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def one_after_the_other(rule, found):
    """Each period follows the one before; each is over before it is drafted, and it is drafted before it goes."""
    for before, after in pairwise(found):
        assert before.until + DAY == after.since, (rule, before, after)
        assert before.due_at < after.due_at
    for period in found:
        over = datetime.combine(period.until + DAY, time(), UTC)
        assert over <= period.drafts_at <= period.due_at, (rule, period)
        assert period.due_at - period.drafts_at <= timedelta(hours=24)
        assert periods.rhythm_of(period.since, period.until) == rule.rhythm


def local_days(rule, found):
    return [period.due_at.astimezone(ZoneInfo(rule.zone)).date() for period in found]


def expected_days(rule, first, last):
    """The local days on which it goes, by counting them."""
    days = [first + DAY * n for n in range((last - first).days + 1)]
    if rule.rhythm == "weekly":
        return [d for d in days if d.isoweekday() == rule.weekday]
    if rule.rhythm == "monthly":
        return [d for d in days if d.day == min(rule.day, monthrange(d.year, d.month)[1])]
    return days


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    rule=st.builds(
        Rule,
        st.sampled_from(RHYTHMS),
        st.integers(1, 7),
        st.integers(1, 31),
        st.integers(0, 23),
        st.sampled_from(ZONES),
    ),
    start=st.dates(date(2024, 1, 1), date(2032, 1, 1)),
)
def test_each_local_period_has_one_turn(rule, start):
    since = datetime.combine(start, time(), UTC)
    found = list(periods.periods(rule, since, since + 250 * DAY))
    one_after_the_other(rule, found)
    days = local_days(rule, found)
    landed = {d for d in days if days.count(d) == 2}  # an hour before midnight that the clocks jump over: the day after
    if days and not landed:
        assert days == expected_days(rule, days[0], days[-1]), rule
    assert not landed or (rule.zone, rule.hour) == ("America/Scoresbysund", 23)


@pytest.mark.long
@pytest.mark.parametrize("zone", ZONES)
def test_over_two_years_each_hour_of_each_zone_has_one_turn_a_local_day(zone):
    for hour in range(24):
        rule = Rule("daily", 1, 1, hour, zone)
        found = list(periods.periods(rule, START, START + 731 * DAY))
        one_after_the_other(rule, found)
        days = local_days(rule, found)
        if (zone, hour) != ("America/Scoresbysund", 23):
            assert days == expected_days(rule, days[0], days[-1]), rule
        assert len(found) in (730, 731)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    rule=st.builds(
        Rule,
        st.sampled_from(RHYTHMS),
        st.integers(1, 7),
        st.integers(1, 31),
        st.integers(0, 23),
        st.sampled_from(ZONES),
    ),
    moment=st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC)),
    later=st.timedeltas(timedelta(0), timedelta(days=40)),
)
def test_whenever_one_asks_the_answer_is_the_same(rule, moment, later):
    asked = periods.next_period(rule, moment)
    assert asked.due_at > moment
    if moment + later < asked.due_at:
        assert periods.next_period(rule, moment + later) == asked
    assert list(periods.periods(rule, moment, asked.due_at)) == [asked]


@pytest.mark.parametrize(
    ("rule", "after", "since", "until", "due"),
    [
        (Rule("daily", 1, 1, 8, "Europe/Paris"), "2026-11-28T06:00", "2026-11-27", "2026-11-27", "2026-11-28T07:00"),
        (Rule("weekly", 1, 1, 8, "Europe/Paris"), "2026-11-28T06:00", "2026-11-23", "2026-11-29", "2026-11-30T07:00"),
        (Rule("weekly", 7, 1, 8, "Europe/Paris"), "2026-11-28T06:00", "2026-11-16", "2026-11-22", "2026-11-29T07:00"),
        (Rule("monthly", 1, 2, 8, "Europe/Paris"), "2026-11-28T06:00", "2026-11-01", "2026-11-30", "2026-12-02T07:00"),
        (Rule("monthly", 1, 31, 8, "UTC"), "2028-02-10T06:00", "2028-01-01", "2028-01-31", "2028-02-29T08:00"),
        (Rule("monthly", 1, 1, 8, "UTC"), "2028-02-10T06:00", "2028-02-01", "2028-02-29", "2028-03-01T08:00"),
        (Rule("daily", 1, 1, 8, "UTC"), "2028-02-29T09:00", "2028-02-29", "2028-02-29", "2028-03-01T08:00"),
        # in Tokyo the day in UTC is over at nine
        (Rule("daily", 1, 1, 8, "Asia/Tokyo"), "2026-11-28T06:00", "2026-11-27", "2026-11-27", "2026-11-28T23:00"),
        (Rule("daily", 1, 1, 9, "Asia/Tokyo"), "2026-11-28T06:00", "2026-11-28", "2026-11-28", "2026-11-29T00:00"),
    ],
)  # fmt: skip
def test_a_brief_is_about_the_last_period_that_is_over(rule, after, since, until, due):
    found = periods.next_period(rule, at(after))
    assert (found.since, found.until) == (date.fromisoformat(since), date.fromisoformat(until))
    assert found.due_at == at(due)


@pytest.mark.parametrize(
    ("zone", "local", "moment"),
    [
        ("Europe/Paris", "2026-03-29T02:00", "2026-03-29T01:00"),  # jumped over: the jump itself
        ("Australia/Lord_Howe", "2026-10-04T02:00", "2026-10-03T15:30"),  # by half an hour only
        ("Asia/Beirut", "2026-03-29T00:00", "2026-03-28T22:00"),
        ("Europe/Paris", "2026-10-25T02:00", "2026-10-25T00:00"),  # twice: the first
        ("Australia/Lord_Howe", "2026-04-05T01:00", "2026-04-04T14:00"),
        ("Antarctica/Troll", "2026-03-29T02:00", "2026-03-29T01:00"),  # two hours: from one to three
        ("Asia/Kathmandu", "2026-03-29T02:00", "2026-03-28T20:15"),
    ],
)
def test_an_hour_that_is_jumped_over_is_the_jump_and_one_that_comes_twice_its_first(zone, local, moment):
    assert periods.first_valid(datetime.fromisoformat(local), ZoneInfo(zone)) == at(moment)


def test_a_day_that_a_zone_left_out_has_no_turn_and_each_other_day_has_one():
    """Samoa went from 29 to 31 December 2011. Both its clock and its distance to UTC changed, so no day is told twice."""
    found = list(
        periods.periods(Rule("daily", 1, 1, 8, "Pacific/Apia"), at("2011-12-27T00:00"), at("2012-01-03T00:00"))
    )
    one_after_the_other(Rule("daily", 1, 1, 8, "Pacific/Apia"), found)
    days = local_days(Rule("daily", 1, 1, 8, "Pacific/Apia"), found)
    assert date(2011, 12, 30) not in days
    assert len(set(days)) == len(days)


def test_a_draft_is_written_a_day_ahead_and_never_before_its_period_is_over():
    weekly = periods.next_period(Rule("weekly", 2, 1, 8, "UTC"), START)
    assert weekly == Period(date(2026, 11, 23), date(2026, 11, 29), at("2026-11-30T08:00"), at("2026-12-01T08:00"))
    daily = periods.next_period(Rule("daily", 2, 1, 8, "UTC"), START)
    assert (daily.drafts_at, daily.due_at) == (at("2026-11-29T00:00"), at("2026-11-29T08:00"))


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-11-28T09:30", "2026-11-28T09:30"),
        ("2026-11-28T20:00", "2026-11-29T08:00"),
        ("2026-11-28T00:10", "2026-11-28T08:00"),
    ],
)
def test_evenings_are_free(moment, told):
    assert periods.by_day(at(moment, "Europe/Paris"), "Europe/Paris") == at(told, "Europe/Paris")


@pytest.mark.parametrize(
    ("rule", "zone", "read_from"),
    [
        (Rule("daily", 1, 1, 8, "UTC"), "UTC", None),  # drafted at midnight
        (Rule("daily", 1, 1, 9, "UTC"), "UTC", "2026-11-29T08:00"),
        (Rule("daily", 1, 1, 8, "Asia/Tokyo"), "Asia/Tokyo", "2026-11-28T09:00"),  # about the day before the last
        (Rule("daily", 1, 1, 8, "America/New_York"), "America/New_York", "2026-11-28T19:00"),
        (Rule("weekly", 1, 1, 8, "UTC"), "UTC", None),  # Monday at eight, about the week that ended at midnight
        (Rule("weekly", 2, 1, 8, "UTC"), "Europe/Paris", "2026-11-30T09:00"),
    ],
)  # fmt: skip
def test_from_when_a_draft_can_be_read_by_day_before_it_goes(rule, zone, read_from):
    found = periods.next_period(rule, at("2026-11-29T01:00", rule.zone) if rule.rhythm == "daily" else START)
    assert periods.read_from(found, zone) == (at(read_from, zone) if read_from else None)
