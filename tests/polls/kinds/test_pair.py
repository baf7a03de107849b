from collections import Counter

import pytest

from polls.kinds.kind import BadAnswer, Value, kind_of
from polls.kinds.pair import Pair
from tests.polls.kinds.questions import again, ballot_part, counted, filled, question, results_part, round_trip, told

ASKED = question("pair", "Tea", "Coffee", "Water")
TEA_COFFEE, WATER_TEA = Value(72, option=71), Value(71, option=73)


def test_form_and_api_say_the_same():
    items = [{"item": 72, "option": 71}, {"item": 71, "option": 73}]
    assert filled(ASKED, {"-p71-72": "71", "-p71-73": "73"}) == told(ASKED, {"items": items}) == [WATER_TEA, TEA_COFFEE]


def test_pairs_may_be_left_out():
    assert filled(ASKED, {"-p71-72": ""}) == told(ASKED, {"items": []}) == told(ASKED, {}) == []


@pytest.mark.parametrize(("options", "pairs", "each"), [(2, 1, 1), (3, 3, 2), (5, 10, 4), (6, 6, 2), (40, 40, 2)])
def test_every_option_is_in_as_many_pairs_as_any_other_and_no_pair_comes_twice(options, pairs, each):
    shown = Pair().pairs(question("pair", *(f"Option {n}" for n in range(options))))
    assert len({frozenset(p) for p in shown}) == len(shown) == pairs
    assert set(Counter(o.id for p in shown for o in p).values()) == {each}


@pytest.mark.parametrize("form", [{"-p71-72": "73"}, {"-p71-72": "x"}, {"-p71-72": "99"}])
def test_what_is_not_of_the_pair_is_refused(form):
    with pytest.raises(BadAnswer):
        filled(ASKED, form)


@pytest.mark.parametrize(
    "items",
    [
        [{"item": 71, "option": 71}],
        [{"item": 99, "option": 71}],
        [{"item": 71, "option": 99}],
        [{"item": 72, "option": 71}, {"item": 71, "option": 72}],
        [{"item": 72, "option": 71}, {"item": 72, "option": 71}],
        [{"item": 72, "number": 1}],
    ],
)
def test_foreign_options_and_a_pair_twice_are_refused(items):
    with pytest.raises(BadAnswer):
        told(ASKED, {"items": items})


def test_wins_are_of_the_comparisons_an_option_was_in():
    result = counted(ASKED, [[TEA_COFFEE, WATER_TEA], [TEA_COFFEE], []])
    assert result.n == 2
    assert [(i.label, i.count, i.n) for i in result.items] == [("Tea", 2, 3), ("Coffee", 0, 2), ("Water", 1, 1)]
    assert result.items[0].share == 2 / 3
    assert "<b>2</b> of 3" in results_part(ASKED, result)


def test_the_sentence_names_who_wins_most_often_and_ties():
    many = counted(ASKED, [[TEA_COFFEE]] * 4)
    assert many.finding == "“Tea” wins most often: 4 of the 4 comparisons it was in."
    tie = counted(ASKED, [[TEA_COFFEE], [Value(71, option=72)]])
    assert tie.finding == "“Tea”, “Coffee”, “Water” win the same share of their comparisons."


def test_the_ballot_keeps_what_was_chosen():
    shown = ballot_part(ASKED, values={"q7-p71-73": ["73"]})
    assert shown.count("<fieldset") == 4
    assert 'value="73" id="q7-p71-73-73" checked' in shown


def test_it_comes_round_by_the_long_format_by_a_table_and_by_the_form():
    both = [WATER_TEA, TEA_COFFEE]
    assert set(round_trip(ASKED, both)) == set(again(ASKED, both)) == set(both)
    assert kind_of("pair").from_long_items(ASKED, {71: ["Coffee; Water"]}) == [
        Value(71, option=72),
        Value(71, option=73),
    ]
    assert kind_of("pair").told(ASKED, both) == ["Water rather than Tea", "Tea rather than Coffee"]
