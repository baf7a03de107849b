import pytest

from heard.kit.errors import BadInput
from polls.kinds.kind import BadAnswer, Value, kind_of
from tests.polls.kinds.questions import ballot_part, counted, question, results_part, round_trip, said, told

ASKED = question("rating", low_label="poor", high_label="great")


def test_form_and_api_say_the_same():
    assert said(ASKED, ["4"]) == told(ASKED, {"number": 4}) == told(ASKED, {"number": 4.0}) == [Value(number=4)]


@pytest.mark.parametrize("sent", ["0", "6", "3.5", "nan", "inf", "-1", "1e400", "four", "1" * 5000])
def test_what_is_not_a_step_of_the_scale_is_refused(sent):
    with pytest.raises(BadAnswer, match="from 1 to 5"):
        said(ASKED, [sent])


@pytest.mark.parametrize("number", [True, "x", [], {}, 2.5, 10**400])
def test_the_api_refuses_them_too(number):
    with pytest.raises(BadAnswer):
        told(ASKED, {"number": number})


def test_mean_and_distribution():
    result = counted(ASKED, [[Value(number=n)] for n in (5, 5, 4, 1)])
    assert (result.mean, result.low, result.high) == (3.75, 1, 5)
    assert [(o.label, o.count) for o in result.options] == [("1", 1), ("2", 0), ("3", 0), ("4", 1), ("5", 2)]
    assert result.finding == "3.8 on average, on a scale from 1 to 5, from 4 answers."
    assert "5: great" in results_part(ASKED, result)


@pytest.mark.parametrize(
    "settings",
    [
        {"low": 5, "high": 1},
        {"low": 0, "high": 50},
        {"low": 1.5},
        {"low": True},
        {"high_label": "x" * 61},
        {"low_label": 3},
    ],
)
def test_impossible_settings_are_refused(settings):
    with pytest.raises(BadInput):
        kind_of("rating").settings(settings)


def test_a_scale_may_begin_at_zero():
    zero = question("rating", low=0, high=10)
    assert said(zero, ["0"]) == [Value(number=0)]
    assert 'value="0"' in ballot_part(zero)


def test_the_chosen_step_is_chosen_again_after_an_error():
    assert 'value="4" checked' in ballot_part(ASKED, values={"q7": ["4"]})


def test_the_long_format_reads_what_others_write():
    assert round_trip(ASKED, [Value(number=4)]) == [Value(number=4)]
    assert kind_of("rating").from_long(ASKED, [" 4.0 "]) == [Value(number=4)]
