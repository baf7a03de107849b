"""Two real workers share the encoding of a large poll on PostgreSQL; one is killed, the other one takes its share over."""

import itertools
import os
import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import func, select, text
from sqlmodel import col

import feedback.jobs  # noqa: F401  (registers what is due)
from feedback.models import Assignment, CommentVector, Theme, ThemeReading, ThemeRun
from feedback.themes import embedding
from heard.kit import work
from heard.kit.db import reading, writing
from polls.kinds.kind import Draft
from tests.conftest import PEOPLED, pointing_to
from tests.feedback.said import say
from tests.journeys.server import wait_for
from tests.world import World

pytestmark = pytest.mark.long
SUBJECTS = (
    "parking", "heating", "opening hours", "children's books", "wifi", "staff", "toilets", "noise", "coffee", "bicycle racks",
    "lighting", "chairs",
)  # fmt: skip
SAID = (
    "please improve the", "I like the", "we need more", "the problem is the", "nobody cares about the", "thank you for the",
    "why is there no", "I am unhappy with the", "wonderful", "too little", "too expensive:", "I often miss the", "what about the",
    "broken again:", "new rules for the", "I never found the", "my wish:", "less money for the", "more signs for the", "better",
    "old people need the", "families need the", "students want the", "keep the", "close the", "move the", "ask us about the",
    "look after the", "I dislike the", "so sad about the", "repair the", "clean the",
)  # fmt: skip
WHERE = (
    "upstairs", "in the hall", "at night", "on Sunday", "in winter", "near the door", "for visitors", "on Monday", "in summer",
)  # fmt: skip
TEXTS = [" ".join(words) for words in itertools.product(SAID, SUBJECTS, WHERE)] * 3


class Workers:
    """Processes of `heard work`, by name: PostgreSQL knows their connections by it."""

    def __init__(self, folder):
        self.folder, self.all = folder, {}

    def start(self, name):
        with open(self.folder / f"{name}.log", "wb") as log:
            self.all[name] = subprocess.Popen(
                [sys.executable, "-m", "heard.cli", "work"], env=os.environ | {"PGAPPNAME": name}, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def log(self, name):
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def kill(self, name):
        os.killpg(self.all[name].pid, signal.SIGKILL)
        self.all[name].wait()

    def end(self):
        for name, process in self.all.items():
            if process.poll() is None:
                self.kill(name)


@pytest.fixture
def poll(postgres, tmp_path):
    """More than ten thousand comments."""
    url = postgres.new_database(PEOPLED)
    with pointing_to(url, tmp_path):
        embedding.encoder(tmp_path / "models")  # the graph is written once, and not by both of them at once
        made = World().open_poll([Draft("long_text", "What should change?")], title="The library")
        say(made.id, TEXTS)
        yield made
    postgres.drop(url)


@pytest.fixture
def workers(poll, tmp_path):
    made = Workers(tmp_path)
    yield made
    made.end()


@pytest.mark.skipif(embedding.model_source() is None, reason="the model package is not installed")
def test_the_share_of_a_killed_worker_is_taken_over_and_the_themes_are_those_of_one_worker(poll, workers):
    for name in ("first", "second"):
        workers.start(name)
    assert wait_for(lambda: all("work.started" in workers.log(name) for name in ("first", "second")))
    ask(poll.id)
    began = time.monotonic()
    assert wait_for(lambda: at_shares() == {"first", "second"} and made()), workers.log("first")
    at_kill, told = made(), progress(poll.id)
    workers.kill("second")
    print(f"killed after {time.monotonic() - began:.0f} s, {at_kill} vectors, told {told}; {left()} left")
    assert left() > 0
    assert wait_for(lambda: runs() == 1, seconds=110), workers.log("first")
    print(
        f"themes after {time.monotonic() - began:.0f} s; shares of the first: {workers.log('first').count('kind=encode')}"
    )
    together = themes(poll.id)
    assert (made(), progress(poll.id)) == (len(TEXTS), None)
    assert len(together) > 10
    workers.end()
    forget()
    ask(poll.id)
    work.run_due()
    assert (made(), runs()) == (len(TEXTS), 1)
    assert themes(poll.id) == together


def ask(poll_id):
    with writing() as session:
        work.due(session, "themes", poll_id, poll_id=poll_id)


def at_shares() -> set[str]:
    """The workers that hold the lock of a share."""
    holders = (
        "SELECT DISTINCT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory'"
    )
    with reading() as session:
        return set(session.execute(text(holders)).scalars())


def made() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(CommentVector))


def left() -> int:
    return len(TEXTS) - made()


def progress(poll_id):
    with reading() as session:
        row = session.get(ThemeReading, poll_id)
        return row and (row.done, row.total)


def runs() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(ThemeRun))


def themes(poll_id):
    """Every fine theme with its words and its comments; ids are left out, as another run gives others."""
    with reading() as session:
        rows = session.execute(
            select(col(Assignment.theme_id), col(Assignment.comment_id), col(Assignment.score)).where(
                col(Assignment.poll_id) == poll_id
            )
        ).all()
        named = {t.id: (t.label, t.keywords, t.quotes, t.summary) for t in session.scalars(select(Theme))}
    return sorted(
        (named.get(theme), sorted((c, s) for its, c, s in rows if its == theme)) for theme in {r[0] for r in rows}
    )


def forget():
    with writing() as session:
        for table in ("assignments", "themes", "theme_runs", "comment_vectors", "work_due"):
            session.execute(text(f"DELETE FROM {table}"))
