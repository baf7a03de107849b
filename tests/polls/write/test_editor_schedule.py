"""Opening and closing as fields. Pure."""

from datetime import UTC, datetime

import pytest

from polls.write.drafts import PollDraft
from polls.write.editor_schedule import Schedule, moments_of, notes, problems, schedule_from, schedule_of

PARIS = "Europe/Paris"


def test_a_new_poll_closes_by_itself_after_a_week():
    assert moments_of(Schedule(), PARIS) == (None, None, 7)


def test_a_form_without_these_fields_never_closes_by_itself():
    assert moments_of(schedule_from({}), PARIS) == (None, None, None)


def test_times_are_those_of_the_community():
    typed = Schedule("2026-12-01T09:00", "at", "7", "2026-12-08T18:30")
    opens, closes, days = moments_of(typed, PARIS)
    assert (opens, closes, days) == (
        datetime(2026, 12, 1, 8, tzinfo=UTC),
        datetime(2026, 12, 8, 17, 30, tzinfo=UTC),
        None,
    )
    back = schedule_of(PollDraft("", opens_at=opens, closes_at=closes), PARIS)
    assert back == typed


@pytest.mark.parametrize(("typed", "field", "words"), [
    (Schedule("2026-03-29T02:30"), "opens_at", "that time does not exist"),
    (Schedule("", "at", "7", "2026-03-29T02:30"), "closes_at", "The next one is 03:30"),
    (Schedule("soon"), "opens_at", "is not a date and time"),
    (Schedule("", "at", "7", ""), "closes_at", "Say when it closes"),
    (Schedule("", "in_days", "a week"), "closes_in_days", "in figures"),
])  # fmt: skip
def test_what_cannot_be_is_told_at_its_field_and_stands_for_nothing(typed, field, words):
    assert words in problems(typed, PARIS)[field]
    assert list(problems(typed, PARIS)) == [field]
    opens, closes, days = moments_of(typed, PARIS)
    assert {"opens_at": opens, "closes_at": closes, "closes_in_days": days}[field] is None


def test_an_hour_that_comes_twice_is_told_and_taken():
    typed = Schedule("2026-10-25T02:30", "never")
    assert problems(typed, PARIS) == {}
    assert "02:30 comes twice" in notes(typed, PARIS)["opens_at"]
    assert moments_of(typed, PARIS)[0] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert notes(Schedule("2026-10-26T02:30"), PARIS) == {}


def test_what_is_not_chosen_is_not_looked_at():
    typed = Schedule("", "never", "a week", "nonsense")
    assert problems(typed, PARIS) == {}
