import pytest

from heard.kit.errors import BadInput
from polls.kinds.kind import BadAnswer, Value, kind_of
from tests.polls.kinds.questions import again, ballot_part, counted, filled, question, results_part, round_trip, told

ASKED = question("points", "Tea", "Coffee", "Water")
SHARED = [Value(71, number=7), Value(73, number=3)]


def test_form_and_api_say_the_same():
    items = [{"item": 71, "number": 7}, {"item": 72, "number": 0}, {"item": 73, "number": 3.0}]
    assert filled(ASKED, {"-i71": "7", "-i72": "", "-i73": "3"}) == told(ASKED, {"items": items}) == SHARED


def test_no_points_are_no_answer():
    assert filled(ASKED, {"-i71": "0", "-i72": ""}) == told(ASKED, {"items": [{"item": 71, "number": 0}]}) == []


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"-i71": "7", "-i72": "4"}, "You gave 11 points; there are 10"),
        ({"-i71": "11"}, "from 0 to 10"),
        ({"-i71": "-1"}, "from 0 to 10"),
        ({"-i71": "2.5"}, "from 0 to 10"),
        ({"-i71": "nan"}, "from 0 to 10"),
        ({"-i71": "many"}, "from 0 to 10"),
    ],
)
def test_over_the_budget_and_what_is_no_number_is_refused(form, why):
    with pytest.raises(BadAnswer, match=why):
        filled(ASKED, form)


@pytest.mark.parametrize(
    "items",
    [
        [{"item": 99, "number": 1}],
        [{"item": 71, "number": 1}, {"item": 71, "number": 1}],
        [{"item": 71, "option": 71}],
        [{"item": 71, "number": True}],
        [{"item": 71, "number": "x"}],
    ],
)
def test_foreign_items_and_an_item_twice_are_refused(items):
    with pytest.raises(BadAnswer):
        told(ASKED, {"items": items})


def test_the_mean_is_over_all_who_answered_and_the_share_of_all_points():
    result = counted(ASKED, [SHARED, [Value(71, number=4)], []])
    assert result.n == 2
    assert [(i.score, i.mean, i.n) for i in result.items] == [(11, 5.5, 2), (0, 0, 0), (3, 1.5, 1)]
    assert result.items[0].share == 11 / 14
    assert result.finding == "“Tea” gets most: 11 of the 14 points given."
    assert "<b>5.5</b>" in results_part(ASKED, result)


def test_a_tie_is_said():
    result = counted(ASKED, [[Value(71, number=5), Value(72, number=5)]])
    assert result.finding == "“Tea”, “Coffee” are level with 5 points each."


@pytest.mark.parametrize("budget", [0, 1001, 2.5, "10", True])
def test_impossible_budgets_are_refused(budget):
    with pytest.raises(BadInput):
        kind_of("points").settings({"budget": budget})


def test_the_ballot_tells_the_budget_and_keeps_what_was_typed():
    shown = ballot_part(question("points", "A", "B", budget=100), values={"q7-i72": ["many"]})
    assert "Share out up to 100 points." in shown
    assert 'max="100"' in shown
    assert 'value="many"' in shown


def test_it_comes_round_by_the_long_format_and_by_the_form():
    assert round_trip(ASKED, SHARED) == again(ASKED, SHARED) == SHARED
    assert kind_of("points").to_long_items(ASKED, SHARED) == {71: ["7"], 72: ["0"], 73: ["3"]}
    assert kind_of("points").to_long_items(ASKED, []) == {}
    assert kind_of("points").told(ASKED, SHARED) == ["Tea: 7", "Coffee: 0", "Water: 3"]
