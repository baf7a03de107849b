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
    assert kind_of("statements").told(ASKED, MINE) == ["Agree: More benches", "Disagree: Longer hours", "Pass: A café"]


def test_members_add_one_thought_where_they_may():
    open_to_all = question("statements", "More benches", members_add=True)
    assert filled(open_to_all, {"-own": " A\n café ", "-i71": "1"}) == [Value(71, number=1), Value(text="A café")]
    assert told(open_to_all, {"text": "A café"}) == filled(open_to_all, {"-own": "A café"}) == [Value(text="A café")]
    assert again(open_to_all, [Value(71, number=1), Value(text="A café")]) == [
        Value(71, number=1),
        Value(text="A café"),
    ]
    assert kind_of("statements").own_words([Value(71, number=1), Value(text="A café")]) == "A café"
    assert kind_of("statements").own_words(MINE) == kind_of("single").own_words([Value(text="A café")]) == ""


def test_a_thought_of_ones_own_is_no_answer():
    open_to_all = question("statements", "More benches", members_add=True)
    kind = kind_of("statements")
    assert kind.cells(open_to_all, [Value(text="A café")]) == []
    assert kind.cells(open_to_all, [Value(71, number=1), Value(text="A café")]) == ["7:n", "7:i71:v1"]
    assert kind.to_long_items(open_to_all, [Value(text="A café")]) == {}
    assert not kind.has_comments(open_to_all)


@pytest.mark.parametrize("own", ["more  benches", "MORE BENCHES.", "?!", "x" * 281])
def test_a_thought_that_is_there_already_or_is_none_is_refused(own):
    with pytest.raises(BadAnswer):
        filled(question("statements", "More benches", members_add=True), {"-own": own})


def test_nobody_adds_where_they_may_not():
    with pytest.raises(BadAnswer, match="takes no statements of your own"):
        filled(ASKED, {"-own": "A café"})
    assert "-own" not in ballot_part(ASKED)


def test_the_ballot_says_who_reads_first():
    read = ballot_part(question("statements", "More benches", members_add=True))
    at_once = ballot_part(question("statements", "More benches", members_add=True, check_first=False))
    assert "The organisers read it before it appears." in read
    assert "It appears for everybody, without your name." in at_once


def test_where_members_add_none_need_be_there():
    empty = question("statements", members_add=True)
    assert kind_of("statements").gaps(empty) == []
    assert 'for="q7"' in ballot_part(empty)
    assert 'id="q7"' in ballot_part(empty)
    assert counted(empty, []).finding == "Nobody has answered this yet."
    assert results_part(empty, counted(empty, []))


def test_the_bar_of_a_statement_is_whole_and_says_its_base():
    shown = results_part(ASKED, counted(ASKED, [MINE] * 29 + [[Value(71, number=-1)]]))
    first = shown[: shown.index("</ul>")]
    assert 'class="fill agree" x="0%" width="96.67%"' in first.replace("0.0%", "0%")
    assert "of 30 people" in first
    assert "Agree <b>29</b> · 97%" in first
    assert "of 29 people" in shown  # and there no percent: fewer than 30
    assert "Disagree <b>29</b></li>" in shown
