"""Whether anything goes out at all: mails, webhooks. One row, or none.

A restored copy must not send what its original has sent, so `heard restore` leaves the row behind, and a person takes it away.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from heard.kit.clock import now
from heard.kit.db import DbSession, UtcTime


class SendingPause(SQLModel, table=True):
    """While it is there, nothing is sent. `reason`: restored (a copy was read back), late (the worker was away), person."""

    __tablename__ = "sending_pauses"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)
    id: int = Field(default=1, primary_key=True)
    reason: str = Field(max_length=20)
    at: datetime = Field(sa_type=UtcTime)


def paused(session: DbSession) -> SendingPause | None:
    """Why and since when nothing is sent; None: everything goes out."""
    return session.get(SendingPause, 1)


def pause(session: DbSession, reason: str) -> None:
    """Nothing goes out from now on. What stood first stays."""
    if paused(session) is None:
        session.add(SendingPause(reason=reason, at=now()))
        session.flush()


def go_on(session: DbSession) -> None:
    """Everything goes out again."""
    if (row := paused(session)) is not None:
        session.delete(row)
        session.flush()
