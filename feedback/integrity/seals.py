"""Seals: what the last minute brought to a poll, each chained to the one before, so that no ballot appears or goes later
without a trace.

Each minute the worker looks whether some ballot is not sealed as it is now; where nobody votes it only looks. A seal names
no order: its marks are sorted. Of an anonymous poll it is a day that is sealed, once it is over, and only ballots of whole
steps (counters.py): when within the day a ballot came is told by nothing.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import exists, func, or_, select, text, update
from sqlalchemy.exc import IntegrityError

from feedback.collect.storing import day_of
from feedback.integrity.models import Seal
from feedback.models import Response
from heard.kit.clock import now
from heard.kit.db import DbSession, reading, writing
from polls.models import Poll

MOST = 10_000  # ballots in one seal
TRIES = 5
ADDED, WITHDRAWN, CHANGED = "+", "-", "~"
_R, _S, _P = Response.__table__, Seal.__table__, Poll.__table__  # type: ignore[attr-defined]
_UNSEALED = text("responses.sealed <> 1")  # the words of ix_responses_unsealed, which is as small as what waits


def hash_of(former: str, number: int, at: datetime, lines: Sequence[str]) -> str:
    """SHA-256 in hex over a seal: the hash of the seal before ("" for the first one), its number, its time (UTC, ISO 8601)
    and its lines, each of these on a line of its own."""
    return hashlib.sha256("\n".join([former, str(number), at.isoformat(), *lines]).encode()).hexdigest()


def ordered(lines: Iterable[str]) -> list[str]:
    """Lines as a seal keeps them, each a sign and a mark: by mark, and a ballot that came and went as + and -."""
    return sorted(lines, key=lambda line: (line[1:], line[:1]))


def seal(session: DbSession, poll_id: int) -> int:
    """Seal what is not sealed as it is now, MOST ballots at the most; returns how many.

    Raises IntegrityError when another worker has taken the number.
    """
    anonymous = session.scalar(select(_P.c.anonymous).where(_P.c.id == poll_id))
    mine = select(_R.c.id, _R.c.mark, _R.c.sealed, _R.c.withdrawn_at).where(_R.c.poll_id == poll_id, _UNSEALED)
    if anonymous:
        mine = mine.where(_whole_days())
    # A ballot that is being changed in this moment is sealed the next time: nobody waits for anybody.
    rows = session.execute(mine.order_by(_R.c.id).limit(MOST).with_for_update(skip_locked=True)).all()
    if not rows:
        return 0
    last = session.execute(
        select(_S.c.number, _S.c.hash).where(_S.c.poll_id == poll_id).order_by(_S.c.number.desc()).limit(1)
    ).first()
    former, number = (last.hash, last.number + 1) if last else ("", 1)
    at = day_of(now()) if anonymous else now().replace(microsecond=0)
    lines = ordered(line for row in rows for line in _lines(row.mark, row.sealed, row.withdrawn_at))
    chained = hash_of(former, number, at, lines)
    session.add(Seal(poll_id=poll_id, number=number, at=at, marks="\n".join(lines), hash=chained))
    session.flush()
    session.execute(update(_R).where(_R.c.id.in_([row.id for row in rows])).values(sealed=1))
    return len(rows)


def _lines(mark: str, sealed: int, withdrawn_at: datetime | None) -> list[str]:
    since = [ADDED] if sealed == 0 else [CHANGED] if withdrawn_at is None else []
    return [sign + mark for sign in ([*since, WITHDRAWN] if withdrawn_at else since)]


def _whole_days():
    """Of an anonymous poll: ballots of whole steps, of days that are over."""
    return _R.c.released & (func.coalesce(_R.c.changed_at, _R.c.submitted_at) < day_of(now()))


def waiting(session: DbSession) -> list[int]:
    """Polls with something to seal; an anonymous one once a day."""
    sealed_today = exists().where(_S.c.poll_id == _P.c.id, _S.c.at >= day_of(now()))
    due = or_(~_P.c.anonymous, _whole_days() & ~sealed_today)
    found = select(_R.c.poll_id).join(_P, _P.c.id == _R.c.poll_id).where(_UNSEALED, due).distinct()
    return sorted(session.scalars(found))


def seal_all() -> None:
    """Seal every poll that has something to seal, in pieces with a transaction each. Safe to run twice and twice at once:
    a number is taken once, and who comes second looks again."""
    with reading() as session:
        polls = waiting(session)
    for poll_id in polls:
        while _piece(poll_id) == MOST:
            pass


def _piece(poll_id: int) -> int:
    for attempt in range(TRIES):
        try:
            with writing() as session:
                return seal(session, poll_id)
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")
