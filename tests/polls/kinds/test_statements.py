import pytest

from polls.kinds.kind import BadAnswer, Value, kind_of
from tests.polls.kinds.questions import again, ballot_part, counted, filled, question, results_part, round_trip, told

ASKED = question("statements", "More benches", "Longer hours", "A café")
MINE = [Value(71, number=1), Value(72, number=-1), Value(73, number=0)]


def test_form_and_api_say_the_same():
    items = [{"item": 71, "number": 1}, {"item": 72, "number": -1}, {"item": 73, "number": 0}]
    assert filled(ASKED, {"-i71": "1", "-i72": "-1", "-i73": "0"}) == told(ASKED, {"items": items}) == MINE


def test_a_pass_is_an_answer_and_what_is_left_out_is_none():
    assert filled(ASKED, {"-i71": "0"}) == [Value(71, number=0)]
    assert filled(ASKED, {"-i71": ""}) == told(ASKED, {}) == []


@pytest.mark.parametrize("sent", ["2", "-2", "0.5", "agree", "nan"])
def test_only_three_things_can_be_said(sent):
    with pytest.raises(BadAnswer, match="from -1 to 1"):
        filled(ASKED, {"-i71": sent})


@pytest.mark.parametrize(
    "items",
    [
        [{"item": 99, "number": 1}],
        [{"item": 71, "number": 1}, {"item": 71, "number": 0}],
        [{"item": 71, "option": 71}],
        [{"item": 71, "number": 2}],
    ],
)
def test_foreign_statements_and_a_statement_twice_are_refused(items):
    with pytest.raises(BadAnswer):
        told(ASKED, {"items": items})


def test_each_statement_has_a_base_of_its_own():
    result = counted(ASKED, [MINE, [Value(71, number=1)], [Value(72, number=1)], []])
    assert result.n == 3
    assert [(i.n, [o.count for o in i.options]) for i in result.items] == [
        (2, [2, 0, 0]), (2, [1, 1, 0]), (1, [0, 0, 1])
    ]  # fmt: skip
    assert [o.id for o in result.items[0].options] == [1, -1, 0]
    assert result.finding == "Most agree with “More benches”: 2 of 2."


def test_one_vote_is_not_everybody():
    votes = [[Value(71, number=1)]] * 9 + [[Value(71, number=-1)], [Value(72, number=1)]]
    result = counted(ASKED, votes)
    assert result.finding == "Most agree with “More benches”: 9 of 10."
    shown = results_part(ASKED, result)
    assert shown.index("More benches</h3>") < shown.index("Longer hours</h3>")


def test_nobody_agreeing_is_said():
    assert counted(ASKED, [[Value(71, number=-1)]]).finding == "Nobody agrees with any of the statements."


def test_the_ballot_keeps_what_was_chosen():
    shown = ballot_part(ASKED, values={"q7-i72": ["-1"]})
    assert shown.count("<fieldset") == 4
    assert 'value="-1" id="q7-i72-2" checked' in shown


def test_one_statement_is_enough():
    assert kind_of("statements").gaps(question("statements", "More benches")) == []
    assert kind_of("statements").gaps(question("statements")) == ["“Which one?” needs at least one statement."]


def test_it_comes_round_by_the_long_format_and_by_the_form():
    assert round_trip(ASKED, MINE) == again(ASKED, MINE) == MINE
    assert kind_of("statements").from_long_items(ASKED, {71: ["Agree"]}) == [Value(71, number=1)]
    assert kind_of("statements").told(ASKED, MINE) == ["More benches: Agree", "Longer hours: Disagree", "A café: Pass"]
