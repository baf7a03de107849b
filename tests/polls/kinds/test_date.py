from datetime import date

import pytest

from heard.kit.errors import BadInput
from heard.kit.i18n import speaking
from polls.kinds.kind import BadAnswer, Value, kind_of
from tests.polls.kinds.questions import ballot_part, counted, question, results_part, round_trip, said, told

ASKED = question("date")
DAY = date(2026, 11, 22)


def answered(*days):
    return counted(ASKED, [said(ASKED, [d]) for d in days])


def test_form_and_api_say_the_same():
    assert said(ASKED, ["2026-11-22"]) == told(ASKED, {"date": "2026-11-22"}) == [Value(number=DAY.toordinal())]
    assert said(ASKED, [""]) == told(ASKED, {"date": ""}) == told(ASKED, {}) == []


@pytest.mark.parametrize(
    "sent", ["22.11.2026", "2026-11-31", "2026-02-29", "20261122", "2026-W47-7", "0000-01-01", "tomorrow"]
)
def test_what_is_no_day_is_refused(sent):
    with pytest.raises(BadAnswer, match="2026-11-22"):
        said(ASKED, [sent])


@pytest.mark.parametrize("given", [20261122, True, ["2026-11-22"], {"day": 1}])
def test_the_api_takes_a_string(given):
    with pytest.raises(BadAnswer):
        told(ASKED, {"date": given})


@pytest.mark.parametrize("number", [0, -1, 1.5, 10**7])
def test_a_number_that_is_no_day_is_refused(number):
    with pytest.raises(BadAnswer):
        kind_of("date").check(ASKED, [Value(number=number)])


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"first": "2026-11-23"}, "2026-11-23 or later"),
        ({"last": "2026-11-21"}, "2026-11-21 or earlier"),
        ({"first": "2027-01-01", "last": "2027-12-31"}, "from 2027-01-01 to 2027-12-31"),
    ],
)
def test_days_outside_the_limits_are_refused(settings, why):
    with pytest.raises(BadAnswer, match=why):
        said(question("date", **settings), ["2026-11-22"])


@pytest.mark.parametrize(
    "settings", [{"first": "soon"}, {"last": 5}, {"first": "2026-11-23", "last": "2026-11-22"}, {"first": "2026-02-30"}]
)
def test_impossible_settings_are_refused(settings):
    with pytest.raises(BadInput):
        kind_of("date").settings(settings)


def test_the_day_named_most_often_is_in_front():
    result = answered("2026-11-22", "2026-11-20", "2026-11-22")
    assert [(o.label, o.count) for o in result.options] == [("2026-11-20", 1), ("2026-11-22", 2)]
    assert result.finding == "“22 November 2026” leads with 2 of 3."
    assert result.mean is None
    with speaking("fr"):
        assert "22 novembre 2026" in results_part(ASKED, result)


def test_days_level_with_each_other_are_told_by_their_ends():
    result = answered("2026-11-20", "2026-11-22", "2026-12-24")
    assert result.finding == "From 20 November 2026 to 24 December 2026, 22 November 2026 in the middle: 3 answers."


def test_many_days_are_shown_by_month_and_many_months_by_year():
    months = answered(*(f"2026-{m:02}-{d:02}" for m in (1, 2) for d in range(1, 11)), "2026-02-11")
    assert [(o.label, o.count) for o in months.options] == [("2026-01", 10), ("2026-02", 11)]
    assert months.finding == "“February 2026” leads with 11 of 21."
    years = answered(*(f"{y}-{m:02}-01" for y in (2024, 2025) for m in range(1, 13)))
    assert [(o.label, o.count) for o in years.options] == [("2024", 12), ("2025", 12)]


def test_the_ballot_asks_for_a_day_within_the_limits():
    part = ballot_part(question("date", first="2026-11-01", last="2026-11-30"))
    assert 'type="date" min="2026-11-01" max="2026-11-30"' in part


def test_what_was_typed_stays_after_an_error():
    assert 'value="tomorrow"' in (part := ballot_part(ASKED, values={"q7": ["tomorrow"]}, error="No day."))
    assert 'type="text"' in part


def test_the_long_format_is_iso_and_people_read_it_in_words():
    values = [Value(number=DAY.toordinal())]
    assert round_trip(ASKED, values) == values
    assert kind_of("date").as_form(ASKED, values) == {"q7": ["2026-11-22"]}
    assert kind_of("date").told(ASKED, values) == ["22 November 2026"]
