"""Briefs of nothing, of one answer, of all alike, of themes that went, of strange letters and endless words."""

import json
from datetime import timedelta

import pytest
from sqlmodel import select

from feedback.models import Assignment, Comment, Theme
from feedback.themes import editing
from feedback.themes.editing import Wish
from heard.kit.clock import now, today
from heard.kit.db import reading, writing
from insights.models import Brief
from insights.write import briefs, rendering
from insights.write.evidence import evidence_of
from polls.models import Poll
from tests.insights.scene import answer, library, sort_into_themes, write

OLD_KEYS = ("period", "faded", "trials", "groups", "open_themes", "open", "answered", "loop", "urgent", "promised")


def text(world, audience="leadership", **more):
    return briefs.plain_text(write(world, audience, **more))


@pytest.mark.parametrize("audience", ["leadership", "product"])
@pytest.mark.parametrize("n", [0, 1])
def test_of_nobody_and_of_one_nothing_is_told(world, audience, n):
    library(world, n)
    said = text(world, audience)
    assert "Nobody answered in this period, or too few to tell anything." in said
    assert "none moved beyond chance" not in said


def test_where_all_say_the_same_it_is_said_once(world):
    library(world, 30)  # all of them chose Yes
    said = text(world)
    assert "“Yes” leads: 30 of 30 answers" in write(world).subject
    assert "Decision asked".upper() in said


def test_two_equal_months_move_nothing(world):
    poll = library(world, 60, at=now() - timedelta(days=2), themed=False)
    answer(poll, 60, at=now() - timedelta(days=35))
    sort_into_themes(poll)
    brief = write(world)
    assert brief.facts["period"]["before"] == 60
    assert {t["change"] for t in brief.facts["themes"] if t["parent"] is None} == {"same"}
    assert [line["text"] for line in brief.text["changes"]] == [
        "Of the themes that could be compared with the 30 days before, none moved beyond chance."
    ]


def test_a_poll_that_is_told_whole_has_nothing_before_it(world):
    poll = library(world, 60, anonymous=True)
    answer(poll, 60, at=now() - timedelta(days=35))
    facts = write(world).facts
    assert facts["period"] is None
    assert [key for t in facts["themes"] for key in ("before", "change") if key in t] == []


def test_four_before_are_not_counted_out(world):
    poll = library(world, 60, at=now() - timedelta(days=2), themed=False)
    answer(poll, 4, at=now() - timedelta(days=35))
    sort_into_themes(poll)
    facts = write(world).facts
    assert facts["period"] is None
    assert "n_before" not in json.dumps(facts)


def test_a_theme_that_was_deleted_or_merged_after_freezing_stays_in_the_brief(world):
    poll = library(world)
    brief = write(world, "product")
    before = briefs.plain_text(brief)
    with writing() as session:
        cold, hours = (
            session.exec(select(Theme).where(Theme.label == label)).one() for label in ("Cold rooms", "Opening hours")
        )
        editing.edit(
            session, session.get_one(Poll, poll.id), cold, Wish("merge", into=hours.id), by=world.people["maya"]
        )
        for one in session.exec(select(Assignment).where(Assignment.poll_id == poll.id)):
            session.delete(one)
    with reading() as session:
        kept = session.get_one(Brief, brief.id)
        assert briefs.plain_text(kept) == before
        for position in range(1, 10):
            assert evidence_of(session, kept, position, most=5).sentence


def test_a_brief_of_an_earlier_release_still_reads(world):
    library(world)
    for audience in ("leadership", "product"):
        brief = write(world, audience)
        old = {
            key: value
            for key, value in brief.text.items()
            if key not in ("changes", "urgent", "trials", "groups", "open", "loop")
        }
        for part in (
            *old.get("findings", []),
            *old.get("themes", []),
            *(q for p in old.get("polls", []) for q in p["questions"]),
        ):
            for key in ("was", "moved", "praise", "statements"):
                part.pop(key, None)
        for poll in old.get("polls", []):
            poll.pop("segments")
        old["words"] = {
            k: v
            for k, v in old["words"].items()
            if k not in ("changes", "urgent", "wishes", "praise", "open", "shared")
        }
        with writing() as session:
            row = session.get_one(Brief, brief.id)
            row.text, row.facts = old, {key: value for key, value in row.facts.items() if key not in OLD_KEYS}
            session.add(row)
        with reading() as session:
            row, community = session.get_one(Brief, brief.id), world.the_community(session)
            assert brief.text["bottom"]["text"] in briefs.plain_text(row)
            assert brief.text["bottom"]["text"].split("“")[0] in rendering.html_of(row, community)
            assert rendering.pdf_of(row, community)[:5] == b"%PDF-"


@pytest.mark.parametrize("label", ["שעות פתיחה", "🎉🔥 ❤️", "\u202eabc", "日本語" * 30, "a" * 120, "{{ 7*7 }}"])
def test_strange_labels_go_out_as_they_are(world, label):
    poll = library(world)
    with writing() as session:
        theme = session.exec(select(Theme).where(Theme.label == "Opening hours")).one()
        theme.label = label
        session.add(theme)
    for audience in ("leadership", "product"):
        brief = write(world, audience)
        with reading() as session:
            assert "49" not in rendering.html_of(brief, world.the_community(session)).replace(brief.facts_hash, "")
        assert len(brief.subject) <= 60
    assert poll.id


def test_an_answer_of_a_hundred_thousand_words_is_cut(world):
    library(world)
    with writing() as session:
        comment = session.exec(select(Comment)).first()
        comment.text = "word " * 100_000
        session.add(comment)
    brief = write(world, "product", since=today() - timedelta(days=9))
    assert len(briefs.plain_text(brief)) < 6000
    assert max(len(q["text"]) for t in brief.facts["themes"] for q in t["quotes"]) <= 400
