"""Other words for a sentence: through the page, by three people; what is refused, what is stored, where it shows."""

import re

import pytest
from sqlmodel import select

from heard.kit.db import writing
from insights.models import Brief, Finding
from insights.send import approving
from insights.write import briefs, edits, rendering, shown
from tests.insights.scene import library, write


@pytest.fixture
def brief(world):
    library(world)
    return write(world)


def at_of(brief, part):
    """A sentence by its place in the brief: its position, its words, what names them."""
    place = brief.text[part].get("sentence", brief.text[part])["position"]
    with writing() as session:
        return next(r for r in edits.sentences_of(session, session.get_one(Brief, brief.id)) if r.position == place)


def figure_in(text):
    """Its first figure."""
    return re.search(r"\d+", text)[0]


def save(client, brief, position, text, **more):
    return client.post(f"/m/garden/briefs/{brief.id}/sentences/{position}", data={"text": text, **more})


def finding(session, brief, position):
    session.rollback()  # to see what others have written
    return session.exec(select(Finding).where(Finding.brief_id == brief.id, Finding.position == position)).one()


@pytest.mark.parametrize(("person", "status"), [("maya", 303), ("ravi", 403), ("vic", 403), ("olu", 404)])
def test_only_managers_change_words(brief, client, session, person, status):
    answer = save(client.sign_in(person), brief, 2, f"In short: {at_of(brief, 'bottom').text}")
    assert answer.status_code == status
    assert bool(finding(session, brief, 2).edited) == (status == 303)


@pytest.mark.both
def test_words_are_kept_beside_ours_and_shown_everywhere(world, client, session):
    library(world)
    brief = write(world)
    row = at_of(brief, "bottom")
    text = f"In short: {row.text}"
    maya = client.sign_in("maya")
    assert save(maya, brief, row.position, text, began=row.began).status_code == 303
    kept = finding(session, brief, row.position)
    assert (kept.edited, kept.edited_by, kept.sentence) == (text, world.people["maya"].id, row.text)
    stored = session.get_one(Brief, brief.id)
    assert stored.text["bottom"]["text"] == row.text, "what was made stays"
    for ending in ("txt", "html", "eml"):
        assert "In short: " in " ".join(maya.get(f"/m/garden/briefs/{brief.id}/brief.{ending}").text.split())
    for path in (f"/b/{briefs.token_of(stored)}", f"/b/{briefs.token_of(stored)}/evidence/{row.position}"):
        assert "In short: " in client.get(path).text
    assert b"In short" in rendering.document(
        stored, world.the_community(session), "txt", shown.to_read(session, stored)
    )


def test_an_empty_field_or_our_own_words_bring_ours_back(brief, client, session):
    maya, row = client.sign_in("maya"), at_of(brief, "bottom")
    for back in ("", row.text):
        save(maya, brief, row.position, f"In short: {row.text}")
        assert finding(session, brief, row.position).edited
        save(maya, brief, row.position, back)
        kept = finding(session, brief, row.position)
        assert (kept.edited, kept.edited_by, kept.edited_at) == ("", None, None)


def test_a_refusal_names_what_is_wrong_and_keeps_what_was_typed(brief, client, session):
    row = at_of(brief, "bottom")
    text = row.text.replace(figure_in(row.text), "39", 1)
    answer = save(client.sign_in("maya"), brief, row.position, text)
    assert answer.status_code == 422
    assert f"a figure is missing: {figure_in(row.text)}" in answer.text
    assert f">\n{text.replace('“', '“')}</textarea>" in answer.text
    assert finding(session, brief, row.position).edited == ""


@pytest.mark.parametrize(
    ("part", "change", "why"),
    [
        ("bottom", lambda text: text + " It is caused by the cold.", "a poll cannot say “caused by”"),
        ("bottom", lambda text: "well " * 25 + text, "at most 25 words"),
        ("subject", lambda text: "Much news on this: " + text + " and so on and so on", "at most 60 characters"),
        ("decision", lambda text: "so " * 250 + text, "fit on a page"),
        ("decision", lambda text: "Priya: open on one more evening.", "needs a day to come"),
        ("decision", lambda text: "Priya, by 7 May 2020: open on one more evening.", "the day named is past"),
        ("decision", lambda text: "Priya, by 7 May 2044: tell all 999 members.", "999 is not in the facts"),
    ],
)
def test_what_the_facts_or_the_page_do_not_bear_is_refused(brief, client, session, part, change, why):
    row = at_of(brief, part)
    answer = save(client.sign_in("maya"), brief, row.position, change(row.text))
    assert (answer.status_code, why in answer.text) == (422, True)
    assert finding(session, brief, row.position).edited == ""


def test_another_decision_may_be_written_with_other_names_and_another_day(brief, client, session):
    row = at_of(brief, "decision")
    assert (
        save(client.sign_in("maya"), brief, row.position, "Priya, by 7 May 2044: open on one more evening.").status_code
        == 303
    )
    tree = shown.to_readers(session, session.get_one(Brief, brief.id))
    assert tree["decision"]["needed"]
    assert tree["decision"]["sentence"]["text"].startswith("Priya")


def test_other_words_for_the_subject_name_the_brief_in_lists(brief, client, session):
    maya, row = client.sign_in("maya"), at_of(brief, "subject")
    save(maya, brief, row.position, f"Now {row.text}")
    assert f"Now {row.text}" in maya.get("/m/garden/briefs").text
    save(maya, brief, row.position, "")
    session.rollback()
    assert session.get_one(Brief, brief.id).subject == row.text


def test_how_it_was_measured_is_no_matter_of_style(brief, client):
    place = brief.text["measured"][0]["position"]
    assert save(client.sign_in("maya"), brief, place, "Well measured.").status_code == 404


@pytest.mark.both
def test_two_managers_at_once_lose_nothing(world, client, session):
    library(world)
    brief = write(world)
    row = at_of(brief, "bottom")
    first, second = f"First: {row.text}", f"Second: {row.text}"
    maya, ines = client.sign_in("maya"), client.sign_in("ines")
    assert save(maya, brief, row.position, first, began=row.began).status_code == 303
    late = save(ines, brief, row.position, second, began=row.began)
    assert late.status_code == 409
    assert "First: " in late.text
    assert f"{second}</textarea>" in late.text
    assert finding(session, brief, row.position).edited == first
    again = at_of(brief, "bottom")
    assert f'value="{again.began}"' in late.text, "saving once more puts it in its place"
    assert save(ines, brief, row.position, second, began=again.began).status_code == 303


def test_after_approval_nothing_moves(brief, world, client, session):
    row = at_of(brief, "bottom")
    with writing() as acting:
        approving.approve(acting, acting.get_one(Brief, brief.id), by=world.people["maya"])
    maya = client.sign_in("maya")
    assert save(maya, brief, row.position, f"In short: {row.text}").status_code == 409
    assert maya.post(f"/m/garden/briefs/{brief.id}/quotes", data={"comment": "1"}).status_code == 409
    assert finding(session, brief, row.position).edited == ""
    words = maya.get(f"/m/garden/briefs/{brief.id}/words")
    assert (words.status_code, words.headers["location"]) == (303, f"/m/garden/briefs/{brief.id}")


def test_french_words_are_read_as_french(world, client, session):
    library(world)
    brief = write(world, locale="fr")
    place = brief.text["bottom"]["position"]
    maya = client.sign_in("maya")
    plain = brief.text["bottom"]["text"].replace("\u202f", " ")  # as somebody types it
    assert save(maya, brief, place, "Bref, " + plain).status_code == 303
    assert (
        save(
            maya, brief, place, brief.text["bottom"]["text"].replace(figure_in(brief.text["bottom"]["text"]), "63", 1)
        ).status_code
        == 422
    )
    assert save(maya, brief, place, brief.text["bottom"]["text"] + " La moitié.").status_code == 422
