import pytest

from polls.kinds.kind import BadAnswer, FrozenQuestion, Value, kind_of
from tests.polls.kinds.questions import again, ballot_part, counted, filled, question, results_part, round_trip, told

ASKED = question("matrix", "Bad", "Fair", "Good")
BOTH = [Value(61, option=73), Value(62, option=71)]


def test_form_and_api_say_the_same():
    items = [{"item": 61, "option": 73}, {"item": 62, "option": 71}]
    assert filled(ASKED, {"-i61": "73", "-i62": "71"}) == told(ASKED, {"items": items}) == BOTH


def test_rows_may_be_left_out():
    assert filled(ASKED, {"-i62": "71"}) == [Value(62, option=71)]
    assert filled(ASKED, {"-i61": ""}) == told(ASKED, {"items": []}) == told(ASKED, {}) == []


@pytest.mark.parametrize("form", [{"-i61": "99"}, {"-i61": "61"}, {"-i61": "x"}, {"-i61": "-1"}])
def test_what_is_no_option_is_refused(form):
    with pytest.raises(BadAnswer):
        filled(ASKED, form)


@pytest.mark.parametrize(
    "items",
    [
        [{"item": 99, "option": 71}],
        [{"item": 71, "option": 71}],
        [{"item": 61, "option": 62}],
        [{"item": 61, "number": 1}],
        [{"item": 61}],
        [{"item": 61, "option": 71}, {"item": 61, "option": 72}],
        "61",
        [61],
    ],
)
def test_foreign_rows_and_options_and_a_row_twice_are_refused(items):
    with pytest.raises(BadAnswer):
        told(ASKED, {"items": items})


def test_each_row_has_a_base_of_its_own():
    result = counted(ASKED, [BOTH, [Value(61, option=73)], [Value(61, option=72)], []])
    assert result.n == 3
    assert [(i.label, i.n, [o.count for o in i.options]) for i in result.items] == [
        ("Price", 3, [0, 1, 2]), ("Taste", 1, [1, 0, 0])
    ]  # fmt: skip
    assert result.items[0].options[2].share == 2 / 3
    assert result.finding == "Most agreed on is “Taste”: 1 of 1 say “Bad”."
    shown = results_part(ASKED, result)
    assert shown.count('<ul class="shares">') == 2
    assert '<th scope="row"><bdi>Price</bdi></th>' in shown


def test_rows_that_are_split_evenly_are_not_what_people_agree_on():
    result = counted(ASKED, [[Value(61, option=71)], [Value(61, option=72)]])
    assert result.finding == "In no row does one answer lead."
    clear = counted(ASKED, [[Value(61, option=71), Value(62, option=73)], [Value(61, option=72), Value(62, option=73)]])
    assert clear.finding == "Most agreed on is “Taste”: 2 of 2 say “Good”."


def test_the_ballot_has_a_group_for_each_row_and_keeps_what_was_chosen():
    shown = ballot_part(ASKED, values={"q7-i62": ["71"]})
    assert shown.count("<fieldset") == 3
    assert 'value="71" id="q7-i62-71" checked' in shown


def test_a_grid_without_rows_is_not_ready():
    bare = FrozenQuestion(7, "matrix", "How?", options=ASKED.options[2:])
    assert kind_of("matrix").gaps(bare) == ["“How?” needs at least one row."]
    assert kind_of("matrix").gaps(ASKED) == []


def test_it_comes_round_by_the_long_format_and_by_the_form():
    assert round_trip(ASKED, BOTH) == again(ASKED, BOTH) == BOTH
    assert kind_of("matrix").told(ASKED, BOTH) == ["Price: Good", "Taste: Bad"]
