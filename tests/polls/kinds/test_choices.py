"""Other and Don't know, on one choice and on several."""

from dataclasses import replace

import pytest

from heard.kit.errors import BadInput
from polls.kinds.kind import BadAnswer, FrozenOption, Value, kind_of
from tests.polls.kinds.questions import ballot_part, counted, question, results_part, round_trip, told

PINNED = (FrozenOption(78, "Other", "other"), FrozenOption(79, "Don't know", "dont_know"))
ONE, MANY = (
    replace(asked, options=asked.options + PINNED)
    for asked in (question("single", "Mon", "Tue"), question("multiple", "Mon", "Tue", min=2))
)
OTHER = [Value(option=78), Value(item=78, text="At noon")]


def typed(asked, sent, words):
    """What a form says with these boxes ticked and this in the line beside Other."""
    kind = kind_of(asked.kind)
    return kind.check(asked, kind.from_form(asked, {"q7": sent, "q7-other": [words]}))


def test_they_are_made_when_wished_and_in_the_language_of_the_poll():
    both = {"other": True, "dont_know": True}
    assert kind_of("single").pinned_options(both) == (("other", "Other"), ("dont_know", "Don't know"))
    assert kind_of("multiple").pinned_options({}) == ()
    with pytest.raises(BadInput, match="no setting"):
        kind_of("yes_no").settings({"other": True})
    with pytest.raises(BadInput, match="true or false"):
        kind_of("single").settings({"other": "yes"})


def test_other_keeps_the_person_s_words():
    assert typed(ONE, ["78"], " At \r\n noon ") == told(ONE, {"option": 78, "text": "At noon"}) == OTHER
    assert typed(MANY, ["71", "78"], "At noon") == [Value(option=71), *OTHER]
    assert told(MANY, {"options": [71, 78], "text": "At noon"}) == [Value(option=71), *OTHER]


def test_words_alone_mean_other_and_other_needs_no_words():
    assert typed(ONE, [], "At noon") == told(ONE, {"text": "At noon"}) == OTHER
    assert typed(ONE, ["78"], "  ") == [Value(option=78)]
    assert typed(MANY, ["71"], "At noon") == [Value(option=71), *OTHER]


def test_words_beside_another_choice_are_refused_and_not_dropped():
    with pytest.raises(BadAnswer, match="You chose “Mon” and wrote something beside “Other”"):
        typed(ONE, ["71"], "At noon")


def test_words_without_an_other_are_refused():
    plain = question("single", "Mon", "Tue")
    with pytest.raises(BadAnswer, match="takes no “text”"):
        told(plain, {"option": 71, "text": "At noon"})


@pytest.mark.parametrize("values", [
    [Value(option=71), Value(item=78, text="x")], [Value(option=78), Value(item=71, text="x")], [Value(text="x")],
    [Value(option=78), Value(item=78, text="x" * 501)], [Value(option=78, item=78)], [Value(option=78), Value(item=78)],
])  # fmt: skip
def test_words_stand_beside_other_only_and_have_a_limit(values):
    with pytest.raises(BadAnswer):
        kind_of("single").check(ONE, values)


def test_dont_know_goes_with_nothing_else_and_needs_no_second_choice():
    assert typed(MANY, ["79"], "") == [Value(option=79)]
    for sent, words in ((["71", "79"], ""), (["79"], "At noon")):
        with pytest.raises(BadAnswer, match="goes with no other choice"):
            typed(MANY, sent, words)
    with pytest.raises(BadAnswer, match="at least 2"):
        typed(MANY, [], "At noon")


def test_the_base_is_people_and_both_stand_last():
    result = counted(ONE, [OTHER, [Value(option=71)], [Value(option=79)], [Value(option=78)]])
    assert (result.n, [(o.label, o.count) for o in result.options]) == (
        4, [("Mon", 1), ("Tue", 0), ("Other", 2), ("Don't know", 1)],
    )  # fmt: skip
    assert "Don&#39;t know" in results_part(ONE, result)


def test_the_words_are_a_comment():
    assert kind_of("single").comment(OTHER) == "At noon"
    assert ONE.has_comments
    assert not question("single", "Mon", "Tue").has_comments


@pytest.mark.parametrize("asked", [ONE, MANY])
def test_the_ballot_has_a_line_beside_other_that_is_filled_in_again(asked):
    values = kind_of(asked.kind).as_form(asked, OTHER)
    assert values == {"q7": ["78"], "q7-other": ["At noon"]}
    part = ballot_part(asked, values=values)
    assert part.count('name="q7-other"') == 1
    assert 'value="At noon"' in part
    assert part.index("Tue") < part.index("At noon") < part.index("know")


@pytest.mark.parametrize("values", [OTHER, [Value(option=78)], [Value(option=79)], [Value(option=71)]])
def test_the_long_format_keeps_the_words(values):
    assert round_trip(ONE, values) == values
    assert kind_of("single").to_long(ONE, OTHER) == ["Other: At noon"]


def test_more_choices_than_can_be_ticked_together_is_a_gap():
    assert kind_of("multiple").gaps(MANY) == []
    assert kind_of("multiple").gaps(replace(MANY, settings={"min": 4}))
