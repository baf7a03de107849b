"""Moods beside themes: told by a rating, else by words; kept at each run; shown as shares."""

import pytest
from sqlmodel import col, select

from feedback.models import Assignment, Comment, Theme
from feedback.themes import queries as theme_queries
from feedback.themes import refreshing as themes
from feedback.themes.feelings import Moods, moods_of
from heard.kit.db import reading, writing
from polls.kinds.kind import Draft
from tests.feedback.said import COLD, HOURS, STAFF, say

pytestmark = pytest.mark.both
RATED = [Draft("rating", "How was it?"), Draft("long_text", "Why?")]
TEXT = [Draft("long_text", "What should change?")]


@pytest.fixture(autouse=True)
def by_words(monkeypatch) -> None:
    monkeypatch.setattr(themes, "the_encoder", lambda: None)


def stored() -> dict[str, tuple[int | None, bool]]:
    """{text: (mood, urgent)}."""
    felt = select(Comment.text, Assignment.mood, Assignment.urgent)
    with reading() as session:
        rows = session.execute(felt.join(Assignment, col(Assignment.comment_id) == Comment.id)).all()
    return {text: (mood, urgent) for text, mood, urgent in rows}


def test_words_tell_the_mood_of_new_comments(world):
    poll = world.open_poll(TEXT)
    say(
        poll.id,
        [
            "The staff is lovely",
            "The lift is broken",
            "The lift is dangerous, somebody fell down",
            "等待时间太长",
            "Tuesday",
        ],
    )
    themes.refresh(poll.id)
    assert stored() == {
        "The staff is lovely": (1, False), "The lift is broken": (-1, False), "等待时间太长": (None, False),
        "The lift is dangerous, somebody fell down": (-1, True), "Tuesday": (0, False),
    }  # fmt: skip


def test_a_rating_goes_before_the_words_but_not_in_an_anonymous_poll(world):
    for anonymous, mood in ((False, -1), (True, 1)):
        poll = world.open_poll(RATED, title=f"Tea {anonymous}", anonymous=anonymous)
        for number in range(5):
            world.vote(poll, {"q1": "1", "q2": f"Lovely tea number {number}, anonymous {anonymous}"})
        themes.refresh(poll.id)
        some = {found for text, (found, _urgent) in stored().items() if str(anonymous) in text}
        assert some == {mood}


def test_a_second_run_reads_new_comments_and_those_that_have_no_mood(world, monkeypatch):
    poll = world.open_poll(TEXT)
    say(poll.id, ["The staff is lovely", "The lift is broken", "Open on Sunday"])
    themes.refresh(poll.id)
    with writing() as other:
        lift = other.scalars(select(Comment).where(col(Comment.text).contains("lift"))).one()
        other.get_one(Assignment, lift.id).mood = None
    say(poll.id, ["Rude answers at the counter"], later=1)
    read = []
    monkeypatch.setattr("feedback.themes.feelings.mood_of", lambda text, *_more: read.append(text) or -1)
    themes.refresh(poll.id)
    assert sorted(read) == ["Rude answers at the counter", "The lift is broken"]
    assert {mood for mood, _urgent in stored().values()} == {1, -1, 0}


def test_shares_add_up_over_the_parts_of_a_theme(world, session):
    poll = world.open_poll(TEXT)
    say(poll.id, STAFF + COLD + HOURS)
    themes.refresh(poll.id)
    found = moods_of(session, poll.id)
    rows = theme_queries.themes_of(session, poll.id)
    for coarse in [row for row in rows if row.parent is None]:
        parts = [found[row.id] for row in rows if row.parent == coarse.id]
        assert found[coarse.id].n == sum(part.n for part in parts) == coarse.count
        assert found[coarse.id].praise == sum(part.praise for part in parts)
        assert found[coarse.id].complaint == sum(part.complaint for part in parts)


def test_a_theme_page_tells_the_mood_from_five_comments_on_and_a_summary_that_still_stands(world, client, session):
    poll = world.open_poll(TEXT)
    ids = say(poll.id, STAFF)
    themes.refresh(poll.id)
    theme = next(t for t in session.scalars(select(Theme).where(col(Theme.parent_id).is_(None))) if t.summary)
    page = client.sign_in("ravi").get(f"/m/garden/themes/{theme.id}").text
    assert "told by their rating or their words" in page
    assert f"“{theme.summary}”" in page
    with writing() as other:
        for comment in other.scalars(
            select(Comment).where(col(Comment.id).in_(ids), col(Comment.text).contains(theme.summary))
        ):
            other.delete(comment)
    with reading() as later:
        assert theme_queries.summary_of(later, theme) == ""


def test_where_ratings_decide_no_mood_of_fewer_than_five_is_told(world, session):
    assert Moods(10, 9, 1, 0).told
    assert not Moods(10, 9, 1, 0, crossed=True).told
    assert Moods(10, 5, 5, 0, crossed=True).told
    assert not Moods(4, 4, 0, 0).told
    poll = world.open_poll(RATED)
    say(poll.id, STAFF)
    themes.refresh(poll.id)
    assert {some.crossed for some in moods_of(session, poll.id).values()} == {True}
