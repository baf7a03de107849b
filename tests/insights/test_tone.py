"""Content comments, by their words, in English and French."""

import pytest

from insights.tone import is_content


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
