"""Moods told by words, in English and French: invented answers with what people would say of them (moods.txt)."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.themes.moods import is_content, is_urgent, mood_of, mood_of_nps, mood_of_rating

ANSWERS = [
    (language, int(mood), urgent == "1", text)
    for line in (Path(__file__).parent / "moods.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
    for language, mood, urgent, text in [line.split(" ", 3)]
]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nineteen_of_twenty_moods_are_told_right_where_the_most_frequent_one_is_right_in_half(language):
    some = [(mood, text) for spoken, mood, _urgent, text in ANSWERS if spoken == language]
    right = sum(mood_of(text, language) == mood for mood, text in some)
    most = Counter(mood for mood, _text in some).most_common(1)[0][1]
    assert right >= 0.95 * len(some)
    assert most <= 0.5 * len(some)


def test_the_language_may_be_unknown():
    right = sum(mood_of(text) == mood for _language, mood, _urgent, text in ANSWERS)
    assert right >= 0.94 * len(ANSWERS)


def test_every_urgent_answer_is_found_and_no_other_one():
    assert [text for language, _mood, urgent, text in ANSWERS if is_urgent(text, language) != urgent] == []


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("The room is warm", 1), ("The room is not warm", -1), ("No problems", 1), ("Not a problem", 1),
        ("Good", 1), ("Good, but the floor is dirty and smells", -1), ("The floor was dirty but the help was excellent", 0),
        ("Ce n'est pas propre", -1), ("Sans problème", 1), ("Très bien mais trop cher", 0), ("🙂", 1), ("👎👎", -1),
        ("The doors close at eight 😡", -1),
    ],
)  # fmt: skip
def test_denials_contrasts_and_emoji_count(text, mood):
    assert mood_of(text) == mood


@pytest.mark.parametrize("text", ["", "…", "🎈", "Muy amable, gracias", "等待时间太长"])
def test_what_has_no_words_or_is_in_another_language_is_not_told(text):
    assert mood_of(text) is None
    assert not is_urgent(text)


def test_a_known_language_that_is_neither_english_nor_french_is_not_guessed():
    assert mood_of("super", "de") is None
    assert mood_of("super 👍", "de") == 1


def test_nothing_is_praise_where_one_asks_what_should_change_and_none_where_one_asks_what_was_good():
    assert mood_of("Nothing", "en", "What should change?") == 1
    assert mood_of("Nothing", "en", "What did you like best?") == -1
    assert mood_of("Rien", "fr", "Qu'avez-vous apprécié ?") == -1


@given(st.text(max_size=300), st.sampled_from(["", "en", "fr", "de"]))
def test_no_text_breaks_it(text, language):
    assert mood_of(text, language) in (None, -1, 0, 1)
    assert is_urgent(text, language) in (True, False)


def test_a_hundred_thousand_words_are_read_as_far_as_any_answer():
    assert mood_of("the staff were kind " * 25_000, "en") == 1


def test_ends_of_a_scale_are_moods():
    assert [mood_of_rating(step, 1, 5) for step in range(1, 6)] == [-1, -1, 0, 1, 1]
    assert [mood_of_nps(step) for step in (0, 6, 7, 8, 9, 10)] == [-1, -1, 0, 0, 1, 1]


@pytest.mark.parametrize(
    "text",
    [
        "Nothing.", "None. Quite satisfied.", "Nothing could be better, everyone is helpful", "Very friendly staff, thank you",
        "Excellent service", "I can’t think of anything", "It could not have been better", "No complaints", "Not a thing",
        "Rien à redire", "Personnel très aimable, merci", "Tout était parfait", "N/A",
    ],
)  # fmt: skip
def test_praise_and_nothing_to_change_is_content(text):
    assert is_content(text)


@pytest.mark.parametrize(
    "text",
    [
        "Shorter waiting times", "The staff were friendly but the wait was long", "Nothing, except the cold rooms",
        "Staff could be more helpful",
        "Not friendly", "Please open on Sunday", "No one answered the phone", "Good, only too late", "", "…", "The library",
        "Personnel aimable mais trop d’attente", "Il faudrait ouvrir le dimanche", "Muy amable, gracias",
    ],
)  # fmt: skip
def test_wishes_complaints_and_what_is_not_understood_are_not(text):
    assert not is_content(text)
