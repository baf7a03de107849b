"""How far the reading of a poll's comments is, for those who wait for it; and the wish that it should end.

One row a poll, written by the worker every second or so, in short transactions of its own. It goes with the run that the
reading ends in. Where somebody stopped the reading, the row stays and says so: neither shares of it that still wait nor a
worker that is started anew take it up by themselves. That row goes when comments have come, or somebody asks for a reading.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from sqlalchemy import case, delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from feedback.models import ThemeReading
from heard.accounts import audit
from heard.accounts.models import Account
from heard.kit import logs
from heard.kit.clock import now
from heard.kit.db import DbSession, upsert, writing
from polls.models import Poll

TELLS = timedelta(seconds=1)
"""What a reading says of itself is at most so old, while it encodes."""
BEATS = 10.0
"""Seconds between two signs of life of a reading that thinks."""
SILENT = timedelta(minutes=1)
"""Without a sign of life for so long, its worker was killed."""
_R = ThemeReading.__table__  # type: ignore[attr-defined]
log = logs.logger("heard.themes")


class ReadingStopped(Exception):
    """Somebody stopped this reading. Vectors that were made by then are kept, and the themes stay as they are."""


def reading_of(session: DbSession, poll_id: int) -> ThemeReading | None:
    """The reading of a poll that runs, or that was stopped; None where there is none."""
    return session.get(ThemeReading, poll_id)


def state_of(row: ThemeReading) -> str:
    """running; stopped by somebody; or silent: its worker was killed, and another one takes it over."""
    if row.cancelled_at is not None:
        return "stopped"
    return "silent" if now() - row.seen_at > SILENT else "running"


def silent(session: DbSession) -> list[int]:
    """The polls whose reading a worker began and, it seems, cannot end."""
    query = select(_R.c.poll_id).where(_R.c.cancelled_at.is_(None), _R.c.seen_at < now() - SILENT)
    return list(session.scalars(query.order_by(_R.c.poll_id)))


def stop(session: DbSession, poll: Poll, *, by: Account) -> bool:
    """Have the reading end after the comments it is at. False where none runs. Twice changes nothing."""
    found = session.execute(
        update(_R).where(_R.c.poll_id == poll.id, _R.c.cancelled_at.is_(None)).values(cancelled_at=now())
    )
    if not found.rowcount:  # type: ignore[attr-defined]
        return False
    audit.record(session, by, "themes.stopped", poll.slug, community_id=poll.community_id)
    return True


def go_on(session: DbSession, poll_id: int) -> None:
    """Somebody asks for a reading: that one was stopped before is over."""
    session.execute(delete(_R).where(_R.c.poll_id == poll_id, _R.c.cancelled_at.is_not(None)))


def ended(session: DbSession, poll_id: int) -> None:
    """There is a run, or nothing to read. One that somebody stopped in the last moment has ended too."""
    session.execute(delete(_R).where(_R.c.poll_id == poll_id))


class Telling:
    """How a reading says how far it is: an `embedding.Progress` that stops it, too."""

    def __init__(self, poll_id: int) -> None:
        self._poll_id, self._done, self._untold = poll_id, 0, 0
        self._told_at, self._lock = now(), threading.Lock()  # the sign of life has a thread of its own

    def __call__(self, done: int, total: int) -> None:
        """So many comments of `total` have their vector. Raises ReadingStopped."""
        with self._lock:
            self._untold += done - self._done
            self._done = done
        if now() - self._told_at >= TELLS:
            self.look()

    def look(self) -> None:
        """Say it now. Raises ReadingStopped."""
        if self.tell():
            raise ReadingStopped

    def tell(self) -> bool:
        """Say it now; whether somebody has stopped the reading."""
        with self._lock:
            sum_of = _R.c.done + self._untold  # several workers may be at it
            told = (
                update(_R)
                .where(_R.c.poll_id == self._poll_id)
                .values(done=case((sum_of > _R.c.total, _R.c.total), else_=sum_of), seen_at=now())
                .returning(_R.c.cancelled_at)
            )
            with writing() as session:
                stopped = session.scalar(told) is not None
            self._untold, self._told_at = 0, now()
        return stopped


@contextmanager
def telling(poll_id: int, total: int) -> Iterator[Telling]:
    """A reading of so many comments, for the length of the block. Raises ReadingStopped where somebody stopped it before,
    and no comments have come since. Whoever ends in a run takes the row along (`ended`); a fault does, too."""
    with writing() as session:
        _begin(session, poll_id, total)
    with _alive(poll_id) as tell:
        yield tell


@contextmanager
def telling_of_share(poll_id: int) -> Iterator[Telling]:
    """A part of a reading that another worker began. Raises ReadingStopped where somebody stopped it."""
    with _alive(poll_id) as tell:
        tell.look()
        yield tell
        tell.look()


def _begin(session: DbSession, poll_id: int, total: int) -> None:
    row = session.get(ThemeReading, poll_id, with_for_update=True)
    if row is not None and row.cancelled_at is not None:
        if total <= row.total:
            raise ReadingStopped
        session.delete(row)
        session.flush()
    at = now()
    put = upsert(session, _R).values(poll_id=poll_id, done=0, total=total, began_at=at, seen_at=at)
    session.execute(
        put.on_conflict_do_update(index_elements=["poll_id"], set_={"done": 0, "total": total, "seen_at": at})
    )


@contextmanager
def _alive(poll_id: int) -> Iterator[Telling]:
    """With a sign of life now and then, whatever is done in between."""
    tell, over = Telling(poll_id), threading.Event()
    thread = threading.Thread(target=_beat, args=(tell, over), name=f"reading-{poll_id}", daemon=True)
    thread.start()
    try:
        yield tell
    except ReadingStopped:
        raise
    except Exception:
        # Without a row no sign of life is missed: what fails is tried again by the engine, and not for ever.
        with suppress(SQLAlchemyError), writing() as session:
            ended(session, poll_id)
        raise
    finally:
        over.set()
        thread.join()


def _beat(tell: Telling, over: threading.Event) -> None:
    while not over.wait(BEATS):
        try:
            tell.tell()
        except SQLAlchemyError as error:  # away or busy: the next sign of life is soon
            log.warning("reading.untold", why=logs.reason(error))
