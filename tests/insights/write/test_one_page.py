"""The PDF for leadership is one page of A4, however long its French names and however many polls it was made from."""

import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heard.accounts.models import Community
from heard.kit.i18n import speaking
from insights.models import Brief
from insights.write import composing, rendering
from tests.insights.some_facts import any_facts, library_facts, rich_facts
from tests.pdf_text import text_of

DAY = date(2026, 12, 12)
HOME = Community(slug="garden", name="Médiathèque intercommunale de Port-Ansel-sur-Mer", locale="fr")


def made(facts, *, locale="fr", **changed):
    """Its PDF, and the wording."""
    brief = Brief(
        id=1,
        community_id=1,
        audience="leadership",
        locale=locale,
        facts=facts,
        facts_hash="a" * 64,
        since=DAY,
        until=DAY,
    )
    with speaking(locale):
        tree = composing.frozen(composing.worded(facts, "leadership", DAY), []) | changed
    return rendering.pdf_of(brief, HOME, tree), tree


def sheets(pdf):
    """Width and height of each page, in points."""
    return [(round(float(w)), round(float(h))) for w, h in re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", pdf)]


@pytest.mark.parametrize("facts", [library_facts(), rich_facts()], ids=["short", "rich"])
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_a_brief_of_every_length_is_one_page_of_a4(facts, locale):
    pdf, _tree = made(facts, locale=locale)
    assert sheets(pdf) == [(595, 842)]


def test_where_there_is_no_room_for_how_all_was_measured_the_page_says_so():
    line = "« Consultation sur les horaires d’ouverture et les services de proximité » : 60 réponses du 18 au 20 novembre 2026."
    pdf, tree = made(library_facts(), locale="en", measured=[{"text": line, "position": 9}] * 150)
    assert sheets(pdf) == [(595, 842)]
    text = " ".join(text_of(pdf).split())
    assert tree["decision"]["sentence"]["text"].split()[0] in text
    assert "There was no room for all of this." in text
    assert 10 < text.count("Consultation") < 150


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_facts(), st.sampled_from(["fr", "en"]))
def test_any_facts_make_one_page(facts, locale):
    assert sheets(made(facts, locale=locale)[0]) == [(595, 842)]


@pytest.mark.long
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_facts(), st.sampled_from(["fr", "en"]))
def test_a_great_many_facts_make_one_page(facts, locale):
    assert sheets(made(facts, locale=locale)[0]) == [(595, 842)]
