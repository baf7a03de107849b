import pytest

from polls.kinds.kind import BadAnswer, Value
from tests.polls.kinds.questions import ballot_part, counted, question, results_part, round_trip, said, told

ASKED = question("single", "Mon", "Tue", "Wed")


def test_form_and_api_say_the_same():
    assert said(ASKED, ["72"]) == told(ASKED, {"option": 72}) == [Value(option=72)]


def test_left_empty_is_no_value():
    assert said(ASKED, [""]) == told(ASKED, {}) == []


@pytest.mark.parametrize("sent", [["99"], ["-1"], ["x"], ["71", "72"], ["9" * 30]])
def test_foreign_and_several_options_are_refused(sent):
    with pytest.raises(BadAnswer):
        said(ASKED, sent)


def test_shares_are_of_those_who_answered():
    result = counted(ASKED, [[Value(option=71)]] * 3 + [[Value(option=72)], []])
    assert [(o.count, o.share) for o in result.options] == [(3, 0.75), (1, 0.25), (0, 0)]
    assert result.finding == "“Mon” leads with 3 of 4."


def test_a_tie_is_said():
    result = counted(ASKED, [[Value(option=71)], [Value(option=72)]])
    assert result.finding == "“Mon” and “Tue” are level with 1 of 2 each."
    three = counted(ASKED, [[Value(option=o)] for o in (71, 72, 73)])
    assert three.finding == "3 options are level in front with 1 of 3 each."


@pytest.mark.parametrize(
    ("n", "shown", "hidden"), [(29, "29", "100%"), (30, "100%", "100.0%"), (1000, "100.0%", "100%")]
)
def test_percent_only_from_thirty_answers_on_and_a_decimal_from_a_thousand(n, shown, hidden):
    part = results_part(ASKED, counted(ASKED, [[Value(option=71)]] * n))
    words = part.replace('width="100%"', "").replace('width="100.0%"', "")  # the bars are drawn in any case
    assert shown in words
    assert hidden not in words


def test_what_was_chosen_is_chosen_again_after_an_error():
    assert 'value="72" id="q7-72" checked' in ballot_part(ASKED, values={"q7": ["72"]})


def test_the_long_format_names_the_label():
    assert round_trip(ASKED, [Value(option=73)]) == [Value(option=73)]
