"""Whether anything goes out at all: mails, webhooks. One row, or none.

A restored copy must not send what its original has sent, so `heard restore` leaves the row behind, and a person takes it away.
While it is there no job that sends is begun (heard/kit/work.py), and nothing is claimed for sending (heard/kit/leases.py).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from heard.kit.clock import now
from heard.kit.db import DbSession, UtcTime, upsert

LATE = timedelta(hours=24)  # what has waited longer is not sent without a question


class SendingPause(SQLModel, table=True):
    """While it is there, nothing is sent. `reason`: restored (a copy was read back), clock (it jumped ahead), person."""

    __tablename__ = "sending_pauses"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)
    id: int = Field(default=1, primary_key=True)
    reason: str = Field(max_length=20)
    at: datetime = Field(sa_type=UtcTime)


class Heap(NamedTuple):
    """Things of one kind that wait to be sent, in the room that knows them.

    words: "3 mails of briefs", in the language of the context. how_many: wait, or have waited since before a moment.
    leave: those that have waited since before a moment are not sent by themselves any more; their room shows them.
    freshen: those are sent all the same, for a person has said so; None where age stops nothing.
    """

    words: Callable[[int], str]
    how_many: Callable[[DbSession, datetime | None], int]
    leave: Callable[[DbSession, datetime], None]
    freshen: Callable[[DbSession, datetime], None] | None = None


HEAPS: list[Heap] = []


def waits(heap: Heap) -> None:
    """Register what is asked about before anything goes out again."""
    HEAPS.append(heap)


def paused(session: DbSession) -> SendingPause | None:
    """Why and since when nothing is sent; None: everything goes out."""
    return session.get(SendingPause, 1)


def pause(session: DbSession, reason: str) -> None:
    """Nothing goes out from now on. What stood first stays."""
    row = {"id": 1, "reason": reason, "at": now()}
    session.execute(upsert(session, SendingPause).on_conflict_do_nothing(), row)


def go_on(session: DbSession, *, with_old: bool = True) -> None:
    """Everything goes out again; what is old (old_before) only where a person has said so. Twice changes nothing."""
    row = paused(session)
    if row is None:
        return
    for heap in HEAPS:
        if not with_old:
            heap.leave(session, old_before(row))
        elif heap.freshen:
            heap.freshen(session, old_before(row))
    session.delete(row)
    session.flush()


def old_before(row: SendingPause) -> datetime:
    """What has waited since before this moment needs a person's word: in a restored copy all that was in it, for its original
    may have sent it; else what is older than a day."""
    return row.at if row.reason == "restored" else now() - LATE
