import pytest

from heard.kit.errors import BadInput
from polls.kinds.kind import BadAnswer, Value, kind_of
from tests.polls.kinds.questions import ballot_part, counted, question, results_part, round_trip, said, told

SHORT, LONG = question("short_text"), question("long_text")


@pytest.mark.parametrize("asked", [SHORT, LONG])
def test_form_and_api_say_the_same(asked):
    assert said(asked, ["  More benches "]) == told(asked, {"text": "More benches"}) == [Value(text="More benches")]


@pytest.mark.parametrize("asked", [SHORT, LONG])
@pytest.mark.parametrize("empty", ["", "   ", "\r\n"])
def test_white_space_is_no_answer(asked, empty):
    assert said(asked, [empty]) == told(asked, {"text": empty}) == []


@pytest.mark.parametrize(("asked", "longest"), [(SHORT, 500), (LONG, 10_000)])
def test_the_longest_text_fits_and_one_more_character_does_not(asked, longest):
    assert said(asked, ["x" * longest])
    with pytest.raises(BadAnswer, match=f"{longest:,} are the most"):
        said(asked, ["x" * (longest + 1)])


@pytest.mark.parametrize("text", ["nul\0", "half \ud800"])
def test_what_cannot_be_stored_is_refused(text):
    with pytest.raises(BadInput):
        told(LONG, {"text": text})


@pytest.mark.parametrize("given", [3, ["x"], {"x": 1}, True])
def test_the_api_takes_a_string(given):
    with pytest.raises(BadAnswer):
        told(SHORT, {"text": given})


def test_paragraphs_are_kept():
    assert said(LONG, ["One.\r\n\r\nTwo."]) == [Value(text="One.\n\nTwo.")]
    assert round_trip(LONG, [Value(text="One.\n\nTwo.")]) == [Value(text="One.\n\nTwo.")]


def test_its_answers_become_comments_and_its_result_is_a_number_of_people():
    assert kind_of("short_text").is_text
    assert kind_of("long_text").is_text
    result = counted(SHORT, [[Value(text="a")], [Value(text="b")], []])
    assert result.n == 2
    assert "2 people wrote something." in results_part(SHORT, result)


def test_the_text_is_kept_after_an_error():
    assert "my long story" in ballot_part(LONG, values={"q7": ["my long story"]}, error="Too long.")
