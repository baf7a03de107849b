from dataclasses import replace

import pytest

from heard.kit.errors import BadInput
from polls.kinds.kind import BadAnswer, FrozenOption, Value, kind_of
from polls.kinds.ranking import ballots_from
from tests.polls.kinds.questions import again, ballot_part, counted, filled, question, results_part, round_trip, told

ASKED = question("ranking", "Tea", "Coffee", "Water")
BY_POINTS = question("ranking", "Tea", "Coffee", "Water", method="borda")
BY_PAIRS = question("ranking", "Tea", "Coffee", "Water", method="schulze")
CITIES = question("ranking", "Memphis", "Nashville", "Chattanooga", "Knoxville")


def ranked(*options: int) -> list[Value]:
    """These options, best first."""
    return [Value(option, number=rank) for rank, option in enumerate(options, 1)]


def test_form_and_api_say_the_same():
    form = {"-i71": "2", "-i72": "3", "-i73": "1"}
    assert filled(ASKED, form) == told(ASKED, {"options": [73, 71, 72]}) == ranked(73, 71, 72)


def test_the_end_may_be_left_out():
    assert filled(ASKED, {"-i71": "", "-i72": "1"}) == told(ASKED, {"options": [72]}) == ranked(72)
    assert told(ASKED, {"options": []}) == told(ASKED, {}) == []


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"-i71": "1", "-i72": "1"}, "Two options have the rank 1"),
        ({"-i71": "1", "-i72": "2", "-i73": "2"}, "Two options have the rank 2"),
        ({"-i71": "1", "-i72": "3"}, "rank 2 is missing"),
        ({"-i71": "2"}, "rank 1 is missing"),
        ({"-i71": "4"}, "from 1 to 3"),
        ({"-i71": "0"}, "from 1 to 3"),
        ({"-i71": "1.5"}, "from 1 to 3"),
        ({"-i71": "first"}, "from 1 to 3"),
    ],
)
def test_gaps_ties_and_what_is_no_rank_are_refused(form, why):
    with pytest.raises(BadAnswer, match=why):
        filled(ASKED, form)


@pytest.mark.parametrize("options", [[71, 71], [71, 99], "71", [None], [-1]])
def test_foreign_options_and_an_option_twice_are_refused(options):
    with pytest.raises(BadAnswer):
        told(ASKED, {"options": options})


def tennessee(method: str):
    """The capital of Tennessee (Wikipedia): 42, 26, 15 and 17 ballots."""
    orders = {(71, 72, 73, 74): 42, (72, 73, 74, 71): 26, (73, 74, 72, 71): 15, (74, 73, 72, 71): 17}
    asked = replace(CITIES, settings={"method": method})
    return asked, counted(asked, [ranked(*order) for order, n in orders.items() for _ in range(n)])


def test_borda_counts_first_places_and_average_ranks():
    result = counted(BY_POINTS, [ranked(71, 72, 73), ranked(72, 71, 73), ranked(72, 71), ranked(73), []])
    assert result.n == 4
    assert [(i.label, i.score, i.count, i.n, i.mean) for i in result.items] == [
        ("Tea", 4, 1, 3, 5 / 3), ("Coffee", 5, 2, 3, 4 / 3), ("Water", 2, 1, 3, 7 / 3)
    ]  # fmt: skip
    assert result.finding == (
        "“Coffee” comes first by Borda count, and 2 of 4 put it first. It also beats every other option one to one."
    )
    shown = results_part(BY_POINTS, result)
    assert shown.index("Coffee</bdi>") < shown.index("Tea</bdi>")
    assert "Borda count" in shown
    assert "1.7" in shown


def test_points_of_the_items_are_those_of_the_whole_ballots():
    _asked, result = tennessee("borda")
    assert tuple(i.score for i in result.items) == result.ranked.borda == (126, 194, 173, 107)


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("irv", "“Knoxville” wins by instant runoff, with 58 of 100 in the last round. One to one, “Nashville” beats every other option."),
        ("borda", "“Nashville” comes first by Borda count, and 26 of 100 put it first. It also beats every other option one to one."),
        ("schulze", "“Nashville” wins by the Schulze method. It also beats every other option one to one."),
    ],
)  # fmt: skip
def test_the_finding_names_winner_method_and_who_beats_all_others(method, words):
    asked, result = tennessee(method)
    assert result.finding == words
    shown = results_part(asked, result)
    assert words.split("”")[0] in shown
    assert shown.count('class="share top"') == 1
    top = shown[shown.index('class="share top"') :]
    assert top.index(words.split("”")[0].removeprefix("“")) < top.index("</li>")


def test_all_rounds_are_in_a_table_with_what_left_and_what_was_used_up():
    asked, result = tennessee("irv")
    shown = results_part(asked, result)
    rounds = shown[shown.index("Votes in each round") : shown.index("Each against each")]
    for words in ("<b>58</b>", "15<span", "Ballots used up"):
        assert words in rounds
    assert "No lot was needed" in shown
    assert "“7-100-N”" in shown


def test_below_thirty_answers_there_are_no_percents():
    asked, result = tennessee("irv")
    assert "58%" in results_part(asked, result)
    few = counted(ASKED, [ranked(71, 72)] * 20 + [ranked(72)] * 9)
    assert "<b>20</b></span>" in results_part(ASKED, few)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (ASKED, "“Tea”, “Coffee” are level by instant runoff, with 1 of 2 each in the last round."),
        (BY_POINTS, "“Tea”, “Coffee” are level in front, with 3 points each by Borda count."),
        (BY_PAIRS, "“Tea”, “Coffee” are level in front by the Schulze method."),
    ],
)
def test_a_tie_in_front_is_said(asked, words):
    result = counted(asked, [ranked(71, 72), ranked(72, 71)])
    assert result.finding == f"{words} No option beats every other one to one."
    assert results_part(asked, result).count('class="share top"') == 2


def test_a_lot_is_said_with_what_it_was_drawn_from():
    result = counted(ASKED, [ranked(71, 72)] * 2 + [ranked(72, 71), ranked(73, 71)])
    assert result.finding.endswith("On the way a lot decided a tie.")
    shown = results_part(ASKED, result)
    assert "A tie at the bottom was decided by lot" in shown
    assert "Round 1: level at the bottom: <bdi>Coffee</bdi>, <bdi>Water</bdi>. The lot fell on:" in shown


def test_two_options_need_no_word_on_one_to_one():
    asked = question("ranking", "Tea", "Coffee")
    result = counted(asked, [ranked(71, 72), ranked(71)])
    assert result.finding == "“Tea” wins by instant runoff, with 2 of 2 in the first round."
    assert "Each against each" not in results_part(asked, result)


def test_a_whole_ballot_is_a_counter_of_its_own():
    kind = kind_of("ranking")
    assert kind.cells(ASKED, ranked(73, 71)) == ["7:n", "7:i73:v1", "7:i71:v2", "7:b20"]
    assert kind.cells(ASKED, []) == []
    assert ballots_from({"7:b20": 3, "7:b102": 1, "7:b1": 0}) == {(2, 0): 3, (1, 0, 2): 1}


def test_fifty_options_fit_into_a_counter_and_more_are_not_published():
    kind, fifty = kind_of("ranking"), question("ranking", *(f"Option {n}" for n in range(50)))
    assert kind.gaps(fifty) == []
    cells = kind.cells(fifty, ranked(*range(120, 70, -1)))
    assert len("p:9223372036854775807" + cells[-1].removeprefix("7")) <= 80
    assert list(ballots_from({cells[-1]: 1})) == [tuple(range(49, -1, -1))]
    more = replace(fifty, options=(*fifty.options, FrozenOption(121, "One more")))
    assert kind.gaps(more) == ["“Which one?” has 51 options; a ranking holds at most 50."]
    assert not any(":b" in cell for cell in kind.cells(more, ranked(121)))
    assert counted(more, [ranked(121)]).finding.startswith("“One more” comes first by Borda count")


def test_what_was_counted_before_whole_ballots_were_is_told_by_points():
    cells = {"7:n": 2, "7:i71:v1": 1, "7:i71:v2": 1, "7:i72:v1": 1, "7:b0": 1}
    result = kind_of("ranking").result(ASKED, cells)
    assert result.ranked is None
    assert result.finding == "“Tea” comes first by Borda count, and 1 of 2 put it first."
    assert "All rounds" not in results_part(ASKED, result)


def test_a_question_older_than_the_choice_of_method_stays_with_points():
    old = replace(ASKED, settings={})
    assert counted(old, [ranked(71, 72)]).ranked.method == "borda"


def test_a_method_there_is_not_is_refused_with_those_there_are():
    with pytest.raises(BadInput, match="“coin” is none of: irv, borda, schulze"):
        kind_of("ranking").settings({"method": "coin"})
    assert kind_of("ranking").settings({}) == {"method": "irv"}


def test_the_ballot_keeps_the_ranks():
    shown = ballot_part(ASKED, values={"q7-i72": ["2"]})
    assert shown.count("<select") == 3
    assert shown.count('<option value="2" selected>2</option>') == 1


def test_it_comes_round_by_the_long_format_and_by_the_form():
    assert round_trip(ASKED, ranked(73, 71)) == again(ASKED, ranked(73, 71)) == ranked(73, 71)
    assert kind_of("ranking").told(ASKED, ranked(73, 71)) == ["1. Water", "2. Tea"]
