import pytest
from hypothesis import given
from hypothesis import strategies as st

from heard.kit.i18n import speaking
from polls.kinds.kind import Draft, FrozenOption, FrozenQuestion, Kind, kinds
from polls.preview.minutes import minutes, minutes_words

SCORE = Draft("nps", "How likely is it that you would recommend our community to a friend or colleague?")
REASON = Draft("long_text", "What is the reason for your score?")


def test_no_questions_take_no_time():
    assert minutes([]) == 0.0


def test_an_ordinary_question_takes_about_ten_seconds_on_a_computer():
    ordinary = Draft("single", "Which of these evenings suits you best?", ("Monday", "Tuesday", "Thursday", "Friday"))
    seconds = (minutes([ordinary, ordinary]) - minutes([ordinary])) * 60 / 1.35
    assert 6 <= seconds <= 12


def test_a_score_and_its_reason_take_about_two_minutes():
    assert minutes_words(minutes([SCORE, REASON])) == "about 2 minutes"


def test_what_a_draft_says_the_ballot_says():
    options = ("Monday", "Tuesday")
    frozen = FrozenQuestion(
        1, "single", "Which day?", options=tuple(FrozenOption(i, label) for i, label in enumerate(options))
    )
    assert minutes([Draft("single", "Which day?", options)]) == minutes([frozen])


def test_rows_count_and_not_the_options_beside_them():
    one = Draft("matrix", "How was it?", ("Good", "Bad"), rows=("Room",))
    two = Draft("matrix", "How was it?", ("Good", "Bad"), rows=("Room", "Food"))
    assert minutes([two]) - minutes([one]) == pytest.approx(1.35 * (0.3 + 4) / 60)


def test_a_kind_that_is_not_there_takes_the_usual_time():
    assert minutes([Draft("holograph", "?")]) > 0


def test_every_kind_says_its_own_seconds():
    assert all("seconds" in vars(type(kind)) and kind.seconds > 0 for kind in kinds().values())
    assert Kind.seconds_per_item == 0


@pytest.mark.parametrize(
    ("m", "words"),
    [
        (0.0, "less than a minute"),
        (0.75, "less than a minute"),
        (1.0, "about 1 minute"),
        (1.2, "about 1 minute"),
        (1.3, "about 2 minutes"),
        (3.1, "about 3 minutes"),
        (1000.0, "about 1,000 minutes"),
    ],
)
def test_minutes_are_said_in_words_and_rather_too_many_than_too_few(m, words):
    with speaking("en"):
        assert minutes_words(m) == words


@given(st.lists(st.sampled_from([SCORE, REASON, Draft("yes_no", "Shall we meet?")]), min_size=1, max_size=20))
def test_one_more_question_never_takes_less_time(questions):
    assert minutes(questions) > minutes(questions[:-1]) >= 0
