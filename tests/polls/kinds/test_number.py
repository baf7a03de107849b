import pytest

from heard.kit.errors import BadInput
from heard.kit.i18n import speaking
from polls.kinds.kind import BadAnswer, Value, kind_of
from tests.polls.kinds.questions import ballot_part, counted, question, results_part, round_trip, said, told

ASKED = question("number", unit="minutes")


def test_form_and_api_say_the_same():
    assert said(ASKED, ["12.5"]) == told(ASKED, {"number": 12.5}) == [Value(number=12.5)]
    assert said(ASKED, [" "]) == told(ASKED, {}) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12,5", 12.5),
        ("1 000", 1000),
        ("1\u202f000,25", 1000.25),
        ("−3", -3),
        ("+.5", 0.5),
        ("0,0000001", 0),
        ("-0", 0),
    ],
)
def test_numbers_are_read_as_people_type_them(typed, meant):
    assert said(ASKED, [typed]) == [Value(number=meant)]


def test_a_comma_before_three_digits_depends_on_the_language_of_the_poll():
    assert said(ASKED, ["1,500"]) == [Value(number=1500)]
    with speaking("fr"):
        assert said(ASKED, ["1,500"]) == [Value(number=1.5)]


@pytest.mark.parametrize("sent", ["many", "nan", "inf", "1e3", "1,2,3", "٣", "1" * 50, "1000000000001", "--1", "."])
def test_what_is_no_number_is_refused(sent):
    with pytest.raises(BadAnswer, match="Write a number"):
        said(ASKED, [sent])


@pytest.mark.parametrize("number", [True, "12", [], float("nan"), float("inf"), 10**400])
def test_the_api_takes_a_number(number):
    with pytest.raises(BadAnswer):
        told(ASKED, {"number": number})


@pytest.mark.parametrize(
    ("settings", "sent", "why"),
    [
        ({"min": 1, "max": 10, "whole": True}, "0", "a whole number from 1 to 10"),
        ({"min": 1, "max": 10}, "10.5", "a number from 1 to 10"),
        ({"min": 0.5}, "0", "0.5 or more"),
        ({"max": 1000}, "1001", "1,000 or less"),
        ({"whole": True}, "2.5", "a whole number"),
        ({"min": 1, "whole": True}, "1.5", "1 or more"),
        ({"max": 1, "whole": True}, "2", "1 or less"),
    ],
)
def test_the_limits_are_told(settings, sent, why):
    with pytest.raises(BadAnswer, match=why):
        said(question("number", **settings), [sent])


@pytest.mark.parametrize(
    "settings",
    [
        {"min": 2, "max": 2},
        {"min": "2"},
        {"max": True},
        {"min": float("nan")},
        {"max": 10**13},
        {"whole": 1},
        {"whole": True, "min": 0.5},
        {"unit": "x" * 21},
        {"unit": 3},
    ],
)
def test_impossible_settings_are_refused(settings):
    with pytest.raises(BadInput):
        kind_of("number").settings(settings)


def test_mean_middle_and_ends():
    result = counted(ASKED, [[Value(number=n)] for n in (10, 2.5, 10, 40)] + [[]])
    assert (result.n, result.mean, result.least, result.middle, result.most) == (4, 15.625, 2.5, 10, 40)
    assert [(o.label, o.count) for o in result.options] == [("2.5", 1), ("10", 2), ("40", 1)]
    assert result.finding == "15.6\u00a0minutes on average, 10 in the middle, from 4 answers between 2.5 and 40."
    with speaking("fr"):
        assert ">2,5<" in results_part(ASKED, result)


def test_large_numbers_are_counted_exactly():
    result = counted(ASKED, [[Value(number=1234567)], [Value(number=1234568)], [Value(number=0.000001)]])
    assert [o.label for o in result.options] == ["0.000001", "1234567", "1234568"]


@pytest.mark.parametrize("spread", [1, 7, 0.01, 10**9])
def test_many_numbers_become_at_most_twelve_bars_that_hold_everybody(spread):
    result = counted(ASKED, [[Value(number=round(n * spread, 6))] for n in range(-7, 50)])
    assert len(result.options) <= 12
    assert sum(o.count for o in result.options) == result.n == 57
    assert result.options[0].count > 0
    assert result.options[-1].count > 0


def test_bars_of_whole_numbers_do_not_overlap():
    result = counted(ASKED, [[Value(number=n)] for n in range(100)])
    assert [o.label for o in result.options][:2] == ["0–9", "10–19"]
    assert [o.count for o in result.options] == [10] * 10


def test_bars_of_other_numbers_say_where_they_end():
    result = counted(ASKED, [[Value(number=n + 0.5)] for n in range(13)])
    assert [o.label for o in result.options][:2] == ["0–<2", "2–<4"]
    assert "0 to below 2" in results_part(ASKED, result)


def test_the_ballot_asks_for_a_number_within_the_limits():
    part = ballot_part(question("number", min=1, max=9, whole=True, unit="persons"))
    assert 'type="number" inputmode="numeric" step="1" min="1" max="9"' in part
    assert "persons" in part


def test_what_was_typed_stays_after_an_error():
    assert 'type="text" inputmode="decimal" step="any" value="12 or so"' in ballot_part(
        ASKED, values={"q7": ["12 or so"]}
    )


def test_the_long_format_has_a_point_and_people_read_it_their_way():
    assert round_trip(ASKED, [Value(number=12.5)]) == [Value(number=12.5)]
    assert kind_of("number").to_long(ASKED, [Value(number=1200000)]) == ["1200000"]
    assert kind_of("number").as_form(ASKED, [Value(number=12.5)]) == {"q7": ["12.5"]}
    with speaking("fr"):
        assert kind_of("number").told(ASKED, [Value(number=12.5)]) == ["12,5 minutes"]
