"""A large poll's comments are encoded in shares, by as many workers as there are."""

import numpy as np
import pytest
from sqlalchemy import func, select, text
from sqlmodel import col

import feedback.jobs  # noqa: F401  (registers what is due)
from feedback.models import CommentVector, ThemeRun
from feedback.themes import encoding, readings
from feedback.themes import refreshing as themes
from feedback.themes.embedding import DIMENSIONS
from heard.kit import work
from heard.kit.db import engines, writing
from polls.kinds.kind import Draft
from polls.models import Poll
from tests.feedback.said import say
from tests.journeys.server import wait_for


class Counting:
    """An encoder that knows what it was given; its vectors hang on the words."""

    name = "counting"

    def __init__(self) -> None:
        self.given: list[str] = []

    def encode(self, texts, progress=None):
        self.given += [text for text in texts if " of them" in text]  # and not the names that themes are to have
        made = [np.random.default_rng(sum(map(ord, text.split()[0]))).normal(size=DIMENSIONS) for text in texts]
        return np.array(made, np.float32)


@pytest.fixture
def encoder(monkeypatch):
    """Shares of ten comments; the encoder of every worker."""
    made = Counting()
    monkeypatch.setattr(encoding, "SHARE", 10)
    monkeypatch.setattr(encoding, "ALONE", 20)
    monkeypatch.setattr(themes, "the_encoder", lambda: made)
    return made


@pytest.fixture
def poll(world):
    made = world.open_poll([Draft("long_text", "What should change?")], title="The library")
    say(made.id, [f"{word} number {i} of them" for i in range(25) for word in ("hours", "cold", "parking", "quiet")])
    return made


def vectors(session) -> int:
    return session.scalar(select(func.count()).select_from(CommentVector))


@pytest.mark.both
def test_all_of_them_are_encoded_once_and_the_themes_follow(poll, session, encoder, database):
    themes.refresh(poll.id)
    shares = sum(row.kind == "encode" for row in work.waiting())
    assert (shares > 4) == (database == "postgresql")  # SQLite has one worker: it reads on by itself
    work.run_due()
    assert (vectors(session), len(encoder.given)) == (100, 100)
    assert session.scalars(select(col(ThemeRun.comments))).all() == [100]


@pytest.mark.both
def test_the_share_of_a_worker_that_dies_is_free_at_once(poll, encoder, database):
    if database == "sqlite":
        assert encoding.spread(poll.id, 100, encoder) is False
        return
    other = engines().write.connect().execution_options(isolation_level="AUTOCOMMIT")
    other.execute(text("SELECT pg_advisory_lock(:number)"), {"number": encoding.lock_of(f"{poll.id}:4:1")})
    encoding.share(poll.id, 4, 1, encoder)
    assert encoder.given == []
    other.invalidate()  # its connection breaks, as when a process is killed
    other.close()
    assert wait_for(lambda: encoding.share(poll.id, 4, 1, encoder) or encoder.given)  # the server sees it in a moment
    assert len(encoder.given) < 60


@pytest.mark.both
def test_a_share_that_a_killed_worker_took_and_did_not_do_is_asked_for_again(poll, session, encoder, database):
    themes.refresh(poll.id)
    taken = [row for row in work.waiting() if row.kind == "encode"][1::2]
    for row in taken:
        work.taken(row)
    work.run_due()
    assert len(taken) >= (3 if database == "postgresql" else 0)
    assert (vectors(session), len(encoder.given)) == (100, 100)
    assert session.scalars(select(col(ThemeRun.comments))).all() == [100]


@pytest.mark.both
def test_shares_that_wait_end_with_the_reading_that_somebody_stopped(poll, session, encoder, world, database):
    themes.refresh(poll.id)
    with writing() as stopping:
        stopped = readings.stop(stopping, stopping.get_one(Poll, poll.id), by=world.people["ravi"])
    work.run_due()
    expected = (True, 0, 0) if database == "postgresql" else (False, 100, 1)  # SQLite has read on by itself
    runs = len(session.scalars(select(col(ThemeRun.id))).all())
    assert (stopped, len(encoder.given), runs) == expected


def test_shares_hold_every_comment_once(poll, encoder):
    assert sum(encoding._missing(poll.id, "counting", 8).values()) == 100
    found = [i for part in range(8) for i in encoding._comments(poll.id, "counting", 8, part)[0]]
    assert len(found) == len(set(found)) == 100
