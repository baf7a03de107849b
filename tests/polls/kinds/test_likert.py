import pytest

from heard.kit.errors import BadInput
from heard.kit.i18n import speaking
from polls.kinds.kind import BadAnswer, Draft, Value, kind_of
from polls.write.drafts import PollDraft, checked
from tests.polls.kinds.questions import ballot_part, counted, question, results_part, round_trip, said, told

FIVE = ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree")
ASKED = question("likert", *FIVE)


def test_form_and_api_by_option_or_by_number_say_the_same():
    assert said(ASKED, ["74"]) == told(ASKED, {"option": 74}) == told(ASKED, {"number": 4}) == [Value(number=4)]
    assert told(ASKED, {"option": 74, "number": 4}) == [Value(number=4)]
    assert said(ASKED, [""]) == told(ASKED, {}) == []


@pytest.mark.parametrize("answer", [{"number": 0}, {"number": 6}, {"number": 2.5}, {"number": True}, {"number": "4"},
                                    {"option": 99}, {"option": "x"}, {"option": 71, "number": 2}])  # fmt: skip
def test_what_is_no_step_is_refused(answer):
    with pytest.raises(BadAnswer):
        told(ASKED, answer)


def test_two_steps_are_refused():
    with pytest.raises(BadAnswer):
        said(ASKED, ["71", "72"])


def test_shares_in_the_scale_s_order_the_mean_and_the_two_highest():
    result = counted(ASKED, [[Value(number=n)] for n in (5, 4, 4, 1)] + [[]])
    assert [(o.id, o.label, o.count) for o in result.options] == list(
        zip(range(71, 76), FIVE, (1, 0, 0, 2, 1), strict=True)
    )
    assert (result.n, result.mean, result.top, result.low, result.high) == (4, 3.5, 0.75, 1, 5)
    assert result.finding == "3 of 4 chose “Agree” or “Strongly agree”: 3.5 on average, from 1 to 5."


def test_the_share_of_the_two_highest_is_shown_from_thirty_answers_on():
    many = counted(ASKED, [[Value(number=4)]] * 24 + [[Value(number=2)]] * 6)
    assert "80% chose" in results_part(ASKED, many)
    assert "% chose" not in results_part(ASKED, counted(ASKED, [[Value(number=4)]] * 29))


def test_a_short_scale_of_one_s_own_has_no_two_highest():
    result = counted(question("likert", "Bad", "Fine", "Good"), [[Value(number=3)]])
    assert result.top is None
    assert result.finding == "3.0 on average, on a scale from 1 to 3, from 1 answer."


@pytest.mark.parametrize("settings", [{"steps": 6}, {"steps": "5"}, {"steps": True}])
def test_five_or_seven(settings):
    with pytest.raises(BadInput):
        kind_of("likert").settings(settings)


def options_of(*written, steps=5, locale="en"):
    """What a draft with these options becomes."""
    draft = PollDraft("Trial", (Draft("likert", "It helps.", written, settings={"steps": steps}),), locale=locale)
    return checked(draft).questions[0].options


def test_without_options_the_usual_ones_stand_there_in_the_poll_s_language():
    assert options_of() == FIVE
    assert len(set(options_of(steps=7))) == 7
    with speaking("fr"):
        assert options_of() == FIVE
    assert options_of("Bad", "Good") == ("Bad", "Good")


def test_a_scale_of_twelve_steps_is_a_gap():
    assert "at most 11" in kind_of("likert").gaps(question("likert", *"ABCDEFGHIJKL"))[0]
    assert kind_of("likert").gaps(ASKED) == []


def test_the_chosen_step_is_chosen_again():
    values = kind_of("likert").as_form(ASKED, [Value(number=4)])
    assert 'value="74" id="q7-74" checked' in ballot_part(ASKED, values=values)


def test_the_long_format_names_the_label_and_reads_numbers_too():
    assert round_trip(ASKED, [Value(number=4)]) == [Value(number=4)]
    assert kind_of("likert").from_long(ASKED, ["2"]) == [Value(number=2)]
    with pytest.raises(BadAnswer):
        kind_of("likert").from_long(ASKED, ["Maybe"])
