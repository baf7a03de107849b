"""What of an answer is marked as shared with its theme."""

from hypothesis import given
from hypothesis import strategies as st

from feedback.themes.shared_words import marked, shared


def test_forms_of_a_word_and_all_praise_are_shared_and_stop_words_are_not():
    parts = marked("The lovely staff opened early, not the opening hour", ["good staff", "opening hours"])
    assert parts == [
        ("The ", False), ("lovely staff opened", True), (" early, not the ", False), ("opening hour", True),
    ]  # fmt: skip
    assert shared("An hour of opening", ["staff", "opening hours", "of the"]) == ["opening hours"]


def test_elisions_and_accents_are_seen_through():
    assert marked("L’accueil à l'école", ["accueil", "ecole"]) == [
        ("L’accueil", True),
        (" à ", False),
        ("l'école", True),
    ]


@given(st.text(max_size=60), st.lists(st.text(max_size=10), max_size=4))
def test_the_parts_put_together_are_the_text(text, keywords):
    assert "".join(part for part, _shared in marked(text, keywords)) == text
