"""Briefs from real rows: frozen facts, one hash, periods, evidence."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from feedback.models import Action, Theme
from heard.kit import tokens
from heard.kit.clock import now, today
from heard.kit.db import reading, writing
from heard.kit.errors import BadInput
from insights.models import Brief, Finding
from insights.write import briefs
from insights.write.support import Unsupported
from tests.insights.scene import answer, library, write

pytestmark = pytest.mark.both
LONG_AGO = timedelta(days=90)


def test_both_briefs_rest_on_the_same_facts(world):
    library(world)
    product, leadership, again = write(world, "product"), write(world), write(world)
    assert product.facts == leadership.facts == again.facts
    assert product.facts_hash == leadership.facts_hash == again.facts_hash
    assert product.facts_hash in briefs.plain_text(product)
    assert product.facts_hash in briefs.plain_text(leadership)


def test_the_facts_are_right(world):
    library(world)
    facts = write(world).facts
    hours, nps, change = facts["polls"][0]["questions"]
    assert [o["count"] for o in hours["options"]] == [37, 15, 8]
    assert (nps["nps"], nps["promoters"], nps["passives"], nps["detractors"]) == (20, 30, 12, 18)
    assert (change["n"], facts["responses"], facts["comments"]) == (60, 60, 60)
    assert [(t["label"], t["count"], t["n"]) for t in facts["themes"] if t["parent"] is None] == [
        ("Opening hours", 30, 60),
        ("Cold rooms", 30, 60),
    ]


def test_a_later_vote_moves_nothing(world):
    poll = library(world)
    brief = write(world)
    before, text = dict(brief.facts), briefs.plain_text(brief)
    answer(poll, 5)
    with reading() as session:
        kept = session.get_one(Brief, brief.id)
        assert kept.facts == before
        assert briefs.plain_text(kept) == text
    assert write(world).facts_hash != brief.facts_hash


def test_a_vote_before_the_period_is_not_in_it(world):
    poll = library(world, themed=False)
    whole = write(world).facts["polls"][0]
    answer(poll, 10, at=now() - LONG_AGO)
    part = write(world).facts["polls"][0]
    assert (part["n"], part["questions"][0]["options"], part["questions"][2]["n"]) == (
        60,
        whole["questions"][0]["options"],
        60,
    )
    assert part["questions"][1]["nps"] == 20
    all_of_it = write(world, since=today() - LONG_AGO).facts["polls"][0]
    assert (all_of_it["n"], all_of_it["first"]) == (70, (today() - LONG_AGO).isoformat())


def test_an_anonymous_poll_is_told_whole(world):
    poll = library(world, themed=False, anonymous=True)
    answer(poll, 10, at=now() - LONG_AGO)
    assert write(world).facts["polls"][0]["n"] == 70


def test_an_anonymous_poll_is_told_in_steps_of_five(world):
    poll = library(world, 6, themed=False, anonymous=True)
    assert write(world).facts["responses"] == 6
    answer(poll, 3)
    assert write(world).facts["responses"] == 6


def test_four_answers_are_held_back(world):
    library(world, 4, themed=False)
    facts = write(world).facts
    assert (facts["polls"], facts["held_back"]) == ([], 1)


def test_quotes_are_masked(world):
    library(world)
    facts = json.dumps(write(world).facts)
    assert "[e-mail]" in facts
    assert "ada@home.example" not in facts


def test_every_sentence_is_stored_with_what_is_behind_it(world):
    library(world)
    brief = write(world)
    with reading() as session:
        rows = session.exec(select(Finding).where(Finding.brief_id == brief.id).order_by(Finding.position)).all()  # type: ignore[arg-type]
    assert [r.position for r in rows] == list(range(1, len(rows) + 1))
    assert rows[1].sentence == brief.text["bottom"]["text"]
    behind = json.loads(rows[1].evidence)
    assert "themes/0/label" in behind["facts"]
    assert len(behind["comments"]) == 30


def test_a_sentence_without_evidence_cannot_be_stored(world):
    library(world)
    brief = write(world)
    with pytest.raises(IntegrityError), writing() as session:
        session.add(Finding(brief_id=brief.id, position=999, sentence="Trust us.", evidence="[]"))


def test_a_brief_with_an_unsupported_sentence_is_refused(world, monkeypatch):
    library(world)
    monkeypatch.setattr(
        "insights.write.leadership.next_step", lambda facts, told: briefs.Sentence("99 people wait.", ("responses",))
    )
    with pytest.raises(Unsupported, match="99 people wait"):
        write(world)
    with reading() as session:
        assert session.exec(select(Brief)).all() == []


def test_nothing_is_told_of_other_communities(world):
    library(world, community="outside")
    assert write(world).facts["polls"] == []


def test_what_was_done_is_in_the_brief_until_it_is_withdrawn(world):
    poll = library(world)
    with writing() as session:
        theme = session.exec(select(Theme).where(Theme.poll_id == poll.id, Theme.label == "Cold rooms")).one()
        action = Action(
            poll_id=poll.id,
            theme_id=theme.id or 0,
            title="New heating",
            public_note="It comes.",
            status="planned",
            created_at=now(),
        )
        session.add(action)
    assert write(world).text["next"]["text"].startswith("Planned: “New heating”, for “Cold rooms”.")
    with writing() as session:
        row = session.exec(select(Action)).one()
        row.withdrawn_at = now()
        session.add(row)
    assert write(world).facts["actions"] == []


def test_a_brief_is_written_in_the_language_asked_for(world):
    library(world)
    french = write(world, locale="fr")
    assert french.locale == "fr"
    assert french.facts_hash == write(world).facts_hash


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"since": date(2026, 2, 1), "until": date(2026, 1, 1)}, "since"), ({"audience": "everybody"}, "audience")],
)
def test_what_cannot_be_is_refused(world, wrong, field):
    with pytest.raises(BadInput) as caught:
        write(world, **wrong)
    assert field in caught.value.fields


def test_the_usual_period_is_thirty_days(world):
    brief = write(world)
    assert (brief.until, (brief.until - brief.since).days) == (today(), 29)


def test_the_token_is_not_in_the_database(world):
    brief = write(world)
    assert tokens.hashed(briefs.token_of(brief)) == brief.token_hash
