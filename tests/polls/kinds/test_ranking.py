import pytest

from polls.kinds.kind import BadAnswer, Value, kind_of
from tests.polls.kinds.questions import again, ballot_part, counted, filled, question, results_part, round_trip, told

ASKED = question("ranking", "Tea", "Coffee", "Water")


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


def test_borda_counts_first_places_and_average_ranks():
    result = counted(ASKED, [ranked(71, 72, 73), ranked(72, 71, 73), ranked(72, 71), ranked(73), []])
    assert result.n == 4
    assert [(i.label, i.score, i.count, i.n, i.mean) for i in result.items] == [
        ("Tea", 4, 1, 3, 5 / 3), ("Coffee", 5, 2, 3, 4 / 3), ("Water", 2, 1, 3, 7 / 3)
    ]  # fmt: skip
    assert result.finding == "“Coffee” comes first by Borda count, and 2 of 4 put it first."
    shown = results_part(ASKED, result)
    assert shown.index("Coffee</bdi>") < shown.index("Tea</bdi>")
    assert "Borda count" in shown
    assert "1.7" in shown


def test_a_tie_in_front_is_said():
    result = counted(ASKED, [ranked(71, 72), ranked(72, 71)])
    assert result.finding == "“Tea”, “Coffee” are level in front, with 3 points each by Borda count."


def test_the_ballot_keeps_the_ranks():
    shown = ballot_part(ASKED, values={"q7-i72": ["2"]})
    assert shown.count("<select") == 3
    assert shown.count('<option value="2" selected>2</option>') == 1


def test_it_comes_round_by_the_long_format_and_by_the_form():
    assert round_trip(ASKED, ranked(73, 71)) == again(ASKED, ranked(73, 71)) == ranked(73, 71)
    assert kind_of("ranking").told(ASKED, ranked(73, 71)) == ["1. Water", "2. Tea"]
