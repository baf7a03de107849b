import pytest

from heard.kit.errors import BadInput
from polls.kinds.kind import BadAnswer, Value, kind_of
from tests.polls.kinds.questions import ballot_part, counted, question, results_part, round_trip, said, told

ASKED = question("multiple", "Spade", "Rake", "Hose", min=1, max=2)


def test_all_values_of_one_field_are_kept():
    assert said(ASKED, ["71", "73"]) == told(ASKED, {"options": [71, 73]}) == [Value(option=71), Value(option=73)]


def test_the_order_that_somebody_saw_is_not_kept():
    assert said(ASKED, ["73", "71"]) == told(ASKED, {"options": [73, 71]}) == [Value(option=71), Value(option=73)]


@pytest.mark.parametrize("sent", [["71", "72", "73"], ["71", "71"], ["71", "99"], ["-71"]])
def test_too_many_twice_and_foreign_are_refused(sent):
    with pytest.raises(BadAnswer):
        said(ASKED, sent)


@pytest.mark.parametrize("answer", [{"options": "71"}, {"options": [None]}, {"options": {"a": 1}}])
def test_the_api_takes_a_list_of_ids(answer):
    with pytest.raises(BadAnswer):
        told(ASKED, answer)


def test_fewer_than_the_least_is_refused_but_nothing_is_left_to_required():
    strict = question("multiple", "Spade", "Rake", "Hose", min=2)
    with pytest.raises(BadAnswer, match="at least 2"):
        said(strict, ["71"])
    assert said(strict, []) == []


def test_the_base_is_people_and_not_ticks():
    result = counted(ASKED, [[Value(option=71), Value(option=72)], [Value(option=71)]])
    assert (result.n, [o.share for o in result.options]) == (2, [1, 0.5, 0])
    assert "add up to more" in results_part(ASKED, result)


@pytest.mark.parametrize("settings", [{"min": 3, "max": 2}, {"min": -1}, {"max": "2"}, {"max": True}, {"min": 10**9}])
def test_impossible_settings_are_refused(settings):
    with pytest.raises(BadInput):
        kind_of("multiple").settings(settings)


def test_more_choices_than_options_is_a_gap():
    assert kind_of("multiple").gaps(question("multiple", "A", "B", min=3))


@pytest.mark.parametrize(
    ("settings", "rule"),
    [
        ({}, "all that fit"),
        ({"max": 2}, "up to 2"),
        ({"min": 1, "max": 2}, "1 to 2"),
        ({"min": 2, "max": 2}, "Choose 2."),
        ({"min": 2}, "2 or more"),
    ],
)
def test_the_ballot_says_how_many(settings, rule):
    assert rule in ballot_part(question("multiple", "A", "B", "C", **settings))


def test_the_long_format_has_a_line_an_option():
    assert round_trip(ASKED, [Value(option=71), Value(option=73)]) == [Value(option=71), Value(option=73)]
