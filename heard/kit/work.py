"""Work for later: a row in `work_due`, written in the same transaction as the thing it follows from.

`heard work` hands due rows to the engine (heard/worker.py). A row is unique by kind and key while it waits, so a
thousand votes ask for one refresh. Its `seq` moves with each wish: a wish that arrives while the row is being handed
over keeps the row, and the work runs once more (style.md, trap 10).

Jobs that send something out wait as rows while sending is paused (heard/kit/pausing.py), all of them, here.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, wraps
from typing import Any, NamedTuple

from sqlalchemy import JSON, Column, UniqueConstraint, case, delete, func, select
from sqlmodel import Field, SQLModel, col

from heard.kit import pausing
from heard.kit.clock import now
from heard.kit.db import DbSession, UtcTime, reading, upsert_in, writing


class WorkDue(SQLModel, table=True):
    """One thing that must happen; deleted when the engine has taken it."""

    __tablename__ = "work_due"
    # AUTOINCREMENT: an id is part of a workflow's id and must never come back.
    __table_args__ = (UniqueConstraint("kind", "key"), {"sqlite_autoincrement": True})
    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=40)
    key: str = Field(max_length=200)
    args: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    seq: int = Field(default=0, nullable=False)
    due_at: datetime = Field(sa_type=UtcTime, index=True)


class Due(NamedTuple):
    """A row that is ready to be handed over."""

    id: int
    seq: int
    kind: str
    args: dict[str, Any]

    @property
    def workflow_id(self) -> str:
        """Made from the row, so that handing it over twice starts it once."""
        return f"{self.kind}-{self.id}-{self.seq}"


HANDLERS: dict[str, Callable[..., None]] = {}
SENDS: set[str] = set()  # kinds of jobs that send something out
LOOKS: list[Callable[[], None]] = []


def handles(kind: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a job: a function of JSON values that opens its own short transactions and is safe to run twice."""

    def register(job: Callable[..., None]) -> Callable[..., None]:
        HANDLERS[kind] = job
        return job

    return register


def sends(kind: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a job that sends something out: it waits while sending is paused."""

    def register(job: Callable[..., None]) -> Callable[..., None]:
        SENDS.add(kind)
        HANDLERS[kind] = _unless_paused(kind, job)
        return job

    return register


def _unless_paused(kind: str, job: Callable[..., None]) -> Callable[..., None]:
    """For what the engine had already, from before the pause or before a restore: back into a row it goes."""

    @wraps(job)
    def asked(**args: Any) -> None:
        with reading() as session:
            go = pausing.paused(session) is None
        if go:
            return job(**args)
        with writing() as session:
            due(session, kind, f"held:{json.dumps(args, sort_keys=True)}"[:200], **args)

    return asked


def each_minute(look: Callable[[], None]) -> Callable[[], None]:
    """Register what a worker looks at once a minute. It reads, and where something is to be done it asks for a job (`due`):
    where nothing is, nothing is written."""
    LOOKS.append(look)
    return look


def due(session: DbSession, kind: str, key: object, *, wait: timedelta = timedelta(0), **args: Any) -> None:
    """This must happen, `wait` from now at the earliest; asked for again while it waits, it still happens once, at the
    earlier of the two times."""
    values = {"kind": kind, "key": str(key), "args": args, "seq": 0, "due_at": now() + wait}
    session.connection().execute(_wish(session.get_bind().dialect.name), values)


@cache
def _wish(dialect: str) -> Any:
    """Built once: each batch of votes has several wishes, and to build it takes longer than to run it."""
    row, put = WorkDue.__table__.c, upsert_in(dialect, WorkDue.__table__)  # type: ignore[attr-defined]
    sooner = case((put.excluded.due_at < row.due_at, put.excluded.due_at), else_=row.due_at)
    return put.on_conflict_do_update(index_elements=["kind", "key"], set_={"seq": row.seq + 1, "due_at": sooner})


def waiting(limit: int = 100) -> list[Due]:
    """Rows whose time has come, oldest first; while sending is paused, those that send nothing."""
    with reading() as session:
        held = list(SENDS) if pausing.paused(session) else []
        rows = session.execute(
            select(WorkDue.id, WorkDue.seq, WorkDue.kind, WorkDue.args)  # type: ignore[call-overload]
            .where(WorkDue.due_at <= now(), col(WorkDue.kind).not_in(held))
            .order_by(WorkDue.due_at)
            .limit(limit)
        )
        return [Due(*row) for row in rows]


def taken(row: Due) -> None:
    """The engine has it: drop the row, unless a new wish has arrived since."""
    with writing() as session:
        session.execute(delete(WorkDue).where(WorkDue.id == row.id, WorkDue.seq == row.seq))  # type: ignore[arg-type]


def backlog(session: DbSession) -> int:
    """How many things are due and not yet handed over (for /readyz and `heard check`)."""
    return session.scalar(select(func.count()).select_from(WorkDue).where(WorkDue.due_at <= now())) or 0  # type: ignore[arg-type]


def heap_of(words: Callable[[int], str], *kinds: str) -> pausing.Heap:
    """What waits as rows of these kinds alone, with no table of its own; for `pausing.waits`."""
    of_them = col(WorkDue.kind).in_(kinds)

    def count(session: DbSession, before: datetime | None = None) -> int:
        return session.scalar(select(func.count()).where(of_them, col(WorkDue.due_at) < (before or now()))) or 0

    def leave(session: DbSession, before: datetime) -> None:
        session.execute(delete(WorkDue).where(of_them, col(WorkDue.due_at) < before))

    return pausing.Heap(words, count, leave)


def run_due(rounds: int = 20) -> int:
    """Run what is due in this process, without the engine: for tests, `heard demo` and the command line. Returns how many."""
    done = 0
    for _round in range(rounds):
        rows = waiting()
        if not rows:
            break
        for row in rows:
            taken(row)
            HANDLERS[row.kind](**row.args)
            done += 1
    return done
