"""Languages, figures, days."""

from datetime import date

import pytest

from heard.kit import i18n


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr", "fr"),
        ("fr-CA,en;q=0.8", "fr"),
        ("de,en;q=0.5,fr;q=0.4", "en"),
        ("", "en"),
        ("en;q=0.1,fr;q=0.9", "fr"),
        ("x;q=no", "en"),
    ],
)
def test_the_first_language_that_we_speak_is_chosen(header, language):
    assert i18n.choose(header) == language


def test_figures_are_written_as_the_reader_writes_them():
    assert (i18n.number(3338), i18n.percent(0.123, 1)) == ("3,338", "12.3%")
    with i18n.speaking("fr"):
        assert (i18n.number(3338), i18n.percent(0.123, 1)) == ("3\u202f338", "12,3\u202f%")


def test_days_are_written_out():
    assert i18n.day(date(2026, 11, 23)) == "23 November 2026"
    with i18n.speaking("fr"):
        assert i18n.day(date(2026, 11, 23)) == "23 novembre 2026"
        assert i18n.day(date(2026, 10, 1)) == "1er octobre 2026"


def test_the_language_ends_with_its_block():
    with i18n.speaking("fr"):
        pass
    assert i18n.language() == "en"
