"""Sending each row once: claim with a lease, send with no transaction open, record.

For any table with the columns of `Leased`. A lease that ran out is claimed again, so nothing is lost when a worker dies;
whoever sends keeps its Message-ID, so that a mailbox can tell the copy (trust.md, D6).
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import col

from heard.kit import pausing, work
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.mail import Outcome

LEASE = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(hours=48)
# Trouble of this machine, not of one mail: the lease runs out, and the mail is made again.
PASSING = (OperationalError, InterfaceError, PoolTimeout, OSError, MemoryError)
UNREACHED = (1, 2, 5, 10, 20, 30, 60)  # minutes before the next try when the mail server itself is away
PUT_OFF = (30, 60, 120, 240, 480)  # when it answers "not now" for one address (RFC 5321, 4.5.4.1: at least 30)


class Leased(Protocol):
    """A row that is sent once. status: queued, sending, sent, failed, or a word of its own for what is not sent."""

    id: int | None
    status: str
    attempts: int
    error: str
    lease_until: datetime | None
    created_at: datetime
    sent_at: datetime | None


class Claimed(NamedTuple):
    """A row that this worker sends now. `attempt` is the fence: whoever took it over later has a higher one."""

    id: int
    attempt: int


def claim(
    session: DbSession, table: Any, which: ColumnElement[bool], *, lease: timedelta | None = None
) -> Claimed | None:
    """The next row that waits or whose lease ran out, taken by one conditional UPDATE; None: nothing to do, or sending is
    paused."""
    if pausing.paused(session):
        return None
    moment = now()
    ready = or_(
        and_(col(table.status) == "queued", or_(col(table.lease_until).is_(None), col(table.lease_until) <= moment)),
        and_(col(table.status) == "sending", col(table.lease_until) <= moment),
    )
    for _try in range(20):
        next_one = session.scalars(
            select(table.id).where(which, ready).order_by(col(table.attempts), col(table.id)).limit(1)
        ).first()
        if next_one is None:
            return None
        taken = session.execute(
            update(table)
            .where(col(table.id) == next_one, ready)
            .values(status="sending", lease_until=moment + (lease or LEASE), attempts=table.attempts + 1)
            .returning(col(table.attempts))
            .execution_options(synchronize_session=False)
        ).first()
        if taken is not None:
            return Claimed(next_one, taken[0])
    return None  # others are faster; they do the work


def record(session: DbSession, table: Any, claimed: Claimed, outcome: Outcome) -> datetime | None:
    """Write down what became of it, unless another worker took it over meanwhile. Returns when to try again, if so."""
    # its time alone: whoever reads the row afterwards in this session must not get it as it was before
    created_at = session.scalar(select(table.created_at).where(table.id == claimed.id))
    if created_at is None:
        return None  # deleted while its mail was on its way
    values: dict[str, object] = {"error": outcome.detail[:500], "lease_until": None}
    again = None
    if outcome.state == "sent":
        values |= {"status": "sent", "sent_at": now(), "error": ""}
    elif outcome.state == "never" or now() - created_at > GIVE_UP_AFTER:
        values |= {"status": "failed"}
    else:
        waits = PUT_OFF if outcome.reached else UNREACHED
        again = now() + timedelta(minutes=waits[min(claimed.attempt, len(waits)) - 1])
        values |= {"status": "queued", "lease_until": again}
    settle(session, table, claimed, values)
    return again


def leave(session: DbSession, table: Any, claimed: Claimed, status: str) -> None:
    """It is not sent after all, for the reason that `status` says."""
    settle(session, table, claimed, {"status": status, "lease_until": None})


def settle(session: DbSession, table: Any, claimed: Claimed, values: dict[str, object]) -> None:
    """Write what became of a claimed row, unless another worker has it now."""
    session.execute(
        update(table)
        # a worker that woke up after its lease must not overwrite what its successor wrote
        .where(col(table.id) == claimed.id, col(table.status) == "sending", col(table.attempts) == claimed.attempt)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def next_try(session: DbSession, table: Any, which: ColumnElement[bool]) -> datetime | None:
    """When the earliest row that is not done may be touched again; None when all are done."""
    waiting = col(table.status).in_(["queued", "sending"])
    row = session.execute(select(table.lease_until).where(which, waiting).order_by(table.lease_until).limit(1)).first()
    return (row[0] or now()) if row else None


def put_off(session: DbSession, kind: str, key: object, tries: int, **args: Any) -> bool:
    """For a mail that has no row of its own: the same work later, with `tries` one more. False: it was tried for two days."""
    waits = [PUT_OFF[min(n, len(PUT_OFF) - 1)] for n in range(tries + 1)]
    if timedelta(minutes=sum(waits)) > GIVE_UP_AFTER:
        return False
    work.due(session, kind, key, wait=timedelta(minutes=waits[-1]), tries=tries + 1, **args)
    return True
