"""What tests of turns share: readers with a rhythm, a clock that is moved, and the worker's minute."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlmodel import select

import insights.jobs  # noqa: F401  (registers its jobs)
from heard.kit import mail, work
from heard.kit.clock import stopped_at
from heard.kit.db import reading, writing
from heard.kit.mail import Outcome
from insights.models import Turn
from insights.send import schedules, turn_jobs
from insights.send.schedules import Wish
from tests.insights.scene import library

MAYA, INES, RAVI = (f"{name}@garden.example" for name in ("maya", "ines", "ravi"))
MONDAY = datetime(2026, 11, 30, 12, tzinfo=UTC)  # the rhythm begins; each Tuesday at eight goes a brief
HOUR = timedelta(hours=1)


def reads(world, address=MAYA, audience="leadership", *, when=MONDAY, **wish):
    """A reader with a rhythm: weekly, Tuesday at eight in UTC, unless said otherwise."""
    with stopped_at(when), writing() as session:
        home = world.the_community(session)
        [row] = schedules.add(session, home, [address], audience, Wish(**wish), by=world.people["maya"])
        return row


def people_answer(world, when=MONDAY, **more):
    """Answers at this moment, and none of the work that would follow: it is no matter here."""
    with stopped_at(when):
        library(world, **more)
    with writing() as session:
        session.execute(delete(work.WorkDue))


def minute(moment, *, rounds=20):
    """What the worker does in a minute, at this moment."""
    with stopped_at(moment):
        turn_jobs.look_at_turns()
        work.run_due(rounds)


def turns_of(address=None):
    """Turns in the order of their periods: (until, state)."""
    with reading() as session:
        rows = session.exec(select(Turn).order_by(Turn.until, Turn.contact_id)).all()
        return [(row.until, row.state) for row in rows]


def states():
    """How many turns of each state."""
    found = {}
    for _until, state in turns_of():
        found[state] = found.get(state, 0) + 1
    return found


def everything(model):
    with reading() as session:
        return list(session.exec(select(model)))


class Box(list):
    """Mails that went out, in place of a mail server."""

    def __init__(self, monkeypatch):
        super().__init__()
        monkeypatch.setattr(mail, "send", self.take)

    def take(self, message):
        self.append(message)
        return Outcome("sent")

    def to(self, address):
        return [m for m in self if m["To"] == address and m["List-Id"]]
