"""The database side of themes: ids that stay, names that stay, comments that come and go."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import delete, select, update
from sqlmodel import col

from feedback.answer import actions
from feedback.models import Action, Assignment, Comment, CommentVector, Theme, ThemeRun
from feedback.themes import edits as theme_edits
from feedback.themes import embedding
from feedback.themes import queries as theme_queries
from feedback.themes import refreshing as themes
from heard.kit import work
from heard.kit.db import DbSession, reading, writing
from polls.kinds.kind import Draft
from tests.feedback.said import ALL, COLD, HOURS, PARKING, WIFI, placed, say, theme_of

pytestmark = pytest.mark.both
TEXT = [Draft("long_text", "What should change?")]


@pytest.fixture(autouse=True)
def by_words(monkeypatch) -> None:
    monkeypatch.setattr(themes, "the_encoder", lambda: None)


@pytest.fixture
def poll(world) -> Iterator:
    return world.open_poll(TEXT, title="The library")


def rename(theme_id: int, label: str, world) -> None:
    with writing() as session:
        theme_edits.rename(session, session.get_one(Theme, theme_id), label, by=world.people["ravi"])


def rows(session: DbSession, poll_id: int) -> list[theme_queries.ThemeRow]:
    return theme_queries.themes_of(session, poll_id)


def test_first_run_gives_two_levels_whose_counts_agree(poll, session):
    say(poll.id, ALL)
    run = themes.refresh(poll.id)
    found = rows(session, poll.id)
    coarse, fine = [t for t in found if t.parent is None], [t for t in found if t.parent is not None]
    assert run is not None
    assert (run.kind, run.engine, run.comments) == ("full", "words", 60)
    assert 3 <= len(coarse) <= len(fine) <= 20
    assert {t.id: t.count for t in coarse} == {t.id: sum(f.count for f in fine if f.parent == t.id) for t in coarse}
    assert all(t.quotes and t.label and 0 < t.share <= 1 for t in found)
    assert len(placed(session, poll.id)) == 60


@pytest.mark.parametrize("count", [3, 10, 13])
def test_a_small_poll_has_themes_at_once(poll, session, count):
    say(poll.id, (HOURS + COLD)[:count])
    themes.refresh(poll.id)
    assert rows(session, poll.id)


def test_fewer_than_three_comments_have_no_themes(poll, session):
    say(poll.id, HOURS[:2])
    assert themes.refresh(poll.id) is None
    assert rows(session, poll.id) == []


def test_running_twice_changes_nothing(poll):
    say(poll.id, ALL)
    first = themes.refresh(poll.id)
    second = themes.refresh(poll.id)
    assert first is not None
    assert second is not None
    assert first.id == second.id


def test_an_update_keeps_every_old_comment_and_every_id(poll, session):
    say(poll.id, ALL)
    themes.refresh(poll.id)
    with reading() as before:
        stood, ids = placed(before, poll.id), {t.id for t in rows(before, poll.id)}
    new = say(
        poll.id,
        ["Please open on Sunday evening", "The heating upstairs is cold", "More books for my children"],
        later=5,
    )
    run = themes.refresh(poll.id)
    after = placed(session, poll.id)
    assert run is not None
    assert (run.kind, run.comments) == ("update", 63)
    assert {c: after[c] for c in stood} == stood
    assert {t.id for t in rows(session, poll.id)} == ids
    assert theme_of(session, new[1]).id in {after[c] for c, t in stood.items() if t}


def test_wholly_new_ground_opens_a_theme(poll, session, monkeypatch):
    monkeypatch.setattr(themes, "YOUNG", 0)
    say(poll.id, ALL)
    themes.refresh(poll.id)
    new = say(poll.id, WIFI, later=5)
    themes.refresh(poll.id)
    opened = theme_of(session, new[0])
    assert opened.emerged
    assert "wifi" in opened.label.lower()
    assert opened.parent_id in {t.id for t in rows(session, poll.id)}


def test_a_young_poll_that_grew_finds_its_themes_anew(poll, session):
    say(poll.id, HOURS[:4])
    themes.refresh(poll.id)
    say(poll.id, ALL, later=5)
    run = themes.refresh(poll.id)
    assert run is not None
    assert run.kind == "full"
    assert len([t for t in rows(session, poll.id) if t.parent is None]) >= 3


@pytest.mark.parametrize("full", [False, True])
def test_the_name_a_person_gave_survives(poll, session, world, full):
    comments = say(poll.id, ALL)
    themes.refresh(poll.id)
    with reading() as before:
        named = theme_of(before, comments[2]).id
    rename(named, "Cold rooms", world)
    say(poll.id, ["The heating is cold again", "Cold, cold, cold in the reading room", "Repair that heating"], later=5)
    themes.refresh(poll.id, full=full)
    again = theme_of(session, comments[2])
    assert (again.id, again.label, again.named_by) == (named, "Cold rooms", "person")


def test_a_full_refit_keeps_most_ids(poll, session):
    say(poll.id, ALL)
    themes.refresh(poll.id)
    with reading() as before:
        ids = {t.id for t in rows(before, poll.id)}
    run = themes.refresh(poll.id, full=True)
    assert run is not None
    assert run.number == 2
    assert {t.id for t in rows(session, poll.id)} == ids


def test_a_comment_that_a_person_placed_stays_there(poll, session):
    comments = say(poll.id, ALL)
    themes.refresh(poll.id)
    with writing() as moving:
        elsewhere = theme_of(moving, comments[1]).id
        moving.execute(
            update(Assignment)
            .where(col(Assignment.comment_id) == comments[0])
            .values(theme_id=elsewhere, placed_by="person")
        )
    say(poll.id, WIFI, later=5)
    themes.refresh(poll.id, full=True)
    assert theme_of(session, comments[0]).id == elsewhere


def test_a_withdrawn_comment_leaves_counts_and_quotes(poll, session):
    comments = say(poll.id, ALL)
    themes.refresh(poll.id)
    gone = comments[3::5]  # all about books
    with writing() as deleting:
        deleting.execute(delete(Comment).where(col(Comment.id).in_(gone)))
    run = themes.refresh(poll.id)
    found = rows(session, poll.id)
    assert run is not None
    assert run.comments == 48
    assert sum(t.count for t in found if t.parent is None) == theme_queries.themed(session, poll.id)
    assert not any("books" in t.label.lower() for t in found)
    assert not {str(c) for c in gone} & {q for t in session.scalars(select(Theme)) for q in t.quotes}


def test_an_empty_theme_goes_unless_it_was_answered(poll, session, world):
    comments = say(poll.id, ALL)
    themes.refresh(poll.id)
    with writing() as acting:
        answered = theme_of(acting, comments[3])
        actions.publish_action(acting, answered, "New books", "We bought forty.", "done", by=world.people["maya"])
        its = select(col(Assignment.comment_id)).where(col(Assignment.theme_id) == answered.id)
        acting.execute(delete(Comment).where(col(Comment.id).in_(its)))
    themes.refresh(poll.id)
    assert session.get(Theme, answered.id) is not None
    assert session.scalars(select(Action.title)).all() == ["New books"]
    assert answered.id not in {t.id for t in rows(session, poll.id)}


def test_a_comment_that_goes_away_while_we_think_is_left_out(poll, session, monkeypatch):
    comments = say(poll.id, ALL)
    think = themes._think

    def meanwhile(*given, **more):
        with writing() as deleting:
            deleting.execute(delete(Comment).where(col(Comment.id) == comments[0]))
        return think(*given, **more)

    monkeypatch.setattr(themes, "_think", meanwhile)
    run = themes.refresh(poll.id)
    assert run is not None
    assert run.comments == 59
    assert comments[0] not in placed(session, poll.id)


def test_two_workers_on_one_poll_write_once(poll, session, monkeypatch):
    say(poll.id, ALL)
    together, think, began = threading.Barrier(2, timeout=20), themes._think, []

    def at_the_same_time(*given, **more):
        began.append(1)
        if len(began) <= 2:
            together.wait()
        return think(*given, **more)

    monkeypatch.setattr(themes, "_think", at_the_same_time)
    workers = [threading.Thread(target=themes.refresh, args=(poll.id,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(session.scalars(select(ThemeRun.id)).all()) == 1
    assert len(placed(session, poll.id)) == 60


def test_quotes_are_masked(poll, session):
    say(poll.id, [f"Write to me at ann{n}@example.org about the opening hours" for n in range(6)])
    themes.refresh(poll.id)
    quotes = [q.text for t in rows(session, poll.id) for q in t.quotes]
    assert quotes
    assert not any("@" in q for q in quotes)


def test_an_anonymous_poll_reads_only_full_steps(world, session):
    poll = world.open_poll(TEXT, title="Quiet words", anonymous=True, voter_rule="open")
    for text in HOURS[:4]:
        world.vote(poll, {"q1": text})
    assert themes.refresh(poll.id) is None
    world.vote(poll, {"q1": HOURS[4]})
    world.vote(poll, {"q1": HOURS[5]})
    run = themes.refresh(poll.id)
    assert run is not None
    assert run.comments == 5
    assert rows(session, poll.id)


def test_the_job_does_what_intake_asked_for(poll, session):
    import feedback.jobs  # noqa: F401  (registers the job)

    say(poll.id, PARKING)
    with writing() as asking:
        work.due(asking, "themes", poll.id, poll_id=poll.id)
    assert work.run_due() == 1
    assert rows(session, poll.id)


@pytest.mark.skipif(embedding.model_source() is None, reason="the model package is not installed")
def test_with_the_model_vectors_are_kept_and_not_made_again(poll, session, minilm, monkeypatch):
    monkeypatch.setattr(themes, "the_encoder", lambda: minilm)
    say(poll.id, ALL)
    run = themes.refresh(poll.id)
    encoded = minilm.texts
    say(poll.id, WIFI[:2], later=5)
    themes.refresh(poll.id)
    vectors = session.scalars(select(CommentVector)).all()
    assert run is not None
    assert run.engine.startswith("minilm")
    assert minilm.texts == encoded + 2
    assert len(vectors) == 62
    assert all(len(v.vector) == 768 for v in vectors)


class Counting:
    """The encoder, and how many comments it was given by comment_vectors (labels are encoded too)."""

    def __init__(self, inner: embedding.Encoder) -> None:
        self.inner, self.name, self.texts = inner, inner.name, 0

    def encode(self, texts, progress=None):
        self.texts += len([t for t in texts if t in ALL + WIFI])
        return self.inner.encode(texts, progress)


@pytest.fixture(scope="session")
def minilm(tmp_path_factory) -> Counting:
    encoder = embedding.encoder(tmp_path_factory.mktemp("models"))
    assert encoder is not None
    return Counting(encoder)
