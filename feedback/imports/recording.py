"""A batch of an import into the database, in one transaction: responses, counters, rows not taken, and how far it has come.

The rules are those of intake for a ballot whose source is "import" (feedback/collect/recording.py): a submission that is
there stays as it is, a new one needs an open poll, and its first vote freezes the words.

Whoever records a batch says from where it goes on. When another worker has been faster, `imports.done` has moved, nothing is
written and the slower one ends: so no two ever double one. UNIQUE (poll_id, submission_id) stands behind that.
"""

import time
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import insert, select, update
from sqlmodel import col

from feedback.collect import storing
from feedback.collect.ballots import PollClosed
from feedback.collect.recording import StalePoll
from feedback.imports import bulk, uploads
from feedback.imports.bulk import Bulk
from feedback.imports.checking import Checked
from feedback.imports.keys import Keys, ResponseKeys
from feedback.imports.models import Import, ImportRefusal
from feedback.imports.parsed import Incoming, RefusedRow
from heard.kit.clock import now
from heard.kit.db import DbSession, writing
from polls.frozen import FrozenPoll, phase_of
from polls.models import Poll


class Overtaken(Exception):
    """Another worker has recorded this batch, or the import has ended."""


class Stopped(Exception):
    """Somebody has said: stop."""


@dataclass
class Batch:
    """What the next transaction records: `read` of the file, of which `size` are responses, the first of them number `start`;
    and, once they are checked, those that may be taken and what is refused. `last`: the file has no more."""

    start: int
    read: list[Incoming | RefusedRow] = field(default_factory=list)
    size: int = 0
    last: bool = False
    taken: list[Checked] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)


def record(import_id: int, poll: FrozenPoll, keys: Keys, batch: Batch) -> float:
    """Write a batch and commit it; the last one ends the import. All that can be made beforehand is made before the transaction
    begins. Returns for how many seconds nobody else could write.

    Raises Overtaken, Stopped, PollClosed, StalePoll (the poll has been edited: check the batch again), and the driver's
    IntegrityError when another process was faster with the same submission; nothing is written then.
    """
    by_key: dict[str, tuple[ResponseKeys, Checked]] = {}
    for one in batch.taken:
        made = keys.of(one.response.submission_id)
        by_key.setdefault(made.submission_id, (made, one))
    at = now()
    with writing() as session:
        stored_time = bulk.time_for(session)
        rows = bulk.bulk_of(poll, list(by_key.values()), at, stored_time)
        began = time.monotonic()
        found = _hold(session, import_id, batch.start)
        frozen, refusal = _poll_now(session, poll)
        if known := bulk.known_submissions(session, poll.id, list(by_key)) if by_key else set():
            fresh = [made for submission, made in by_key.items() if submission not in known]
            rows = bulk.bulk_of(poll, fresh, at, stored_time)
        if rows.responses:
            if refusal is not None:
                raise refusal
            if not frozen:
                session.execute(update(Poll).where(col(Poll.id) == poll.id).values(frozen=True))
            _write(session, poll, rows)
        _progress(session, found, batch, len(rows.responses))
        if batch.last:
            uploads.finish(session, found, "done")
    return time.monotonic() - began


def _hold(session: DbSession, import_id: int, start: int) -> Import:
    """The import's row, ours until the commit."""
    bulk.prepare(session)
    found = session.get(Import, import_id, with_for_update=True)
    if found is None or found.status != "running" or found.done != start:
        raise Overtaken
    if found.stopping:
        raise Stopped
    return found


def _poll_now(session: DbSession, poll: FrozenPoll) -> tuple[bool, Exception | None]:
    """Whether somebody has voted in the poll, and why it takes no new response now, or None. Locked as votes lock it."""
    columns = (Poll.slug, Poll.status, Poll.revision, Poll.opens_at, Poll.closes_at, Poll.frozen)
    query = select(*columns).where(col(Poll.id) == poll.id)  # type: ignore[call-overload]
    row = session.execute(query.with_for_update(read=poll.frozen, key_share=not poll.frozen)).first()
    phase = phase_of(row.status, row.opens_at, row.closes_at, now()) if row else "closed"
    if row is None or phase != "open":
        return True, PollClosed(poll, phase)
    stale = (row.slug, row.revision) != (poll.slug, poll.revision)
    return row.frozen, StalePoll() if stale else None


def _write(session: DbSession, poll: FrozenPoll, rows: Bulk) -> None:
    bulk.write(session, rows)
    moved = Counter(rows.cells)
    moved["n"] = moved["via:import"] = len(rows.responses)
    spoken = [poll.id] if rows.comments else []
    storing.count(session, [poll], Counter({(poll.id, cell): n for cell, n in moved.items()}), spoken)


def _progress(session: DbSession, found: Import, batch: Batch, taken: int) -> None:
    if batch.refused:
        session.execute(
            insert(ImportRefusal),
            [
                {"import_id": found.id, "number": number, "line": line, "reason": reason}
                for number, (line, reason) in enumerate(batch.refused, found.refused + 1)
            ],
        )
    found.done += batch.size
    found.rows = max(found.rows, found.done)
    found.taken += taken
    found.unchanged += len(batch.taken) - taken
    found.refused += len(batch.refused)
    session.add(found)
    session.flush()
