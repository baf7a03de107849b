"""Local times at both ends of summer time, in zones with full, half and quarter hours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heard.kit import zones
from heard.kit.errors import BadInput

ZONES = [
    "Europe/Paris", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Kolkata",
    "Pacific/Auckland", "Pacific/Apia", "America/Sao_Paulo", "Africa/Casablanca", "UTC", "Pacific/Chatham",
]  # fmt: skip


def test_a_time_that_the_clocks_jump_over_is_refused_with_the_next_one():
    with pytest.raises(BadInput, match=r"02:30.*next one is 03:30") as refused:
        zones.moment("2026-03-29T02:30", "Europe/Paris", field="opens_at")
    assert "opens_at" in refused.value.fields
    with pytest.raises(BadInput, match="02:15"):
        zones.moment("2026-10-04T02:15", "Australia/Lord_Howe")


def test_a_time_that_comes_twice_means_the_first():
    assert zones.moment("2026-10-25T02:30", "Europe/Paris") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert zones.comes_twice("2026-10-25T02:30", "Europe/Paris")
    assert not zones.comes_twice("2026-10-25T04:30", "Europe/Paris")


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-02-30T10:00", "2026-13-01T10:00", "29/03/2026"])
def test_what_is_no_time_is_said(text):
    with pytest.raises(BadInput, match="is not a date and time"):
        zones.moment(text, "UTC")


@given(at=st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)), zone=st.sampled_from(ZONES))
def test_every_moment_comes_back_from_its_local_time(at, zone):
    at = at.replace(second=0, microsecond=0, tzinfo=UTC)
    text = zones.local_text(at, zone)
    back = zones.moment(text, zone)
    assert back == at or (zones.comes_twice(text, zone) and timedelta(0) < at - back <= timedelta(hours=1))


@given(at=st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)), zone=st.sampled_from(ZONES))
def test_a_week_later_is_the_same_time_on_the_wall_but_for_a_jump(at, zone):
    at = at.replace(tzinfo=UTC)
    before, after = at.astimezone(ZoneInfo(zone)), zones.days_later(at, 7, zone).astimezone(ZoneInfo(zone))
    shift = after.replace(tzinfo=None) - before.replace(tzinfo=None) - timedelta(days=7)
    assert timedelta(0) <= shift <= timedelta(hours=1)


@pytest.mark.parametrize("name", ["Europe/Atlantis", "", "Europe", "../etc/passwd", "x\0y"])
def test_a_zone_that_is_not_known_any_more_is_utc(name):
    assert zones.in_words(datetime(2026, 11, 28, 8, tzinfo=UTC), name) == "28 November 2026, 08:00"
