"""Encoding a large poll by several workers, on PostgreSQL: shares of its comments, a job each. (SQLite has one worker.)

A reading that lacks many vectors asks for the shares and ends. Shares are parts of the 63 bits that comments' ids are drawn
from, so every worker cuts them alike. Whoever is at one holds a lock of the database, which goes with its connection: the
share of a worker that was killed is free at once, and whatever is asked for twice is done once. The worker who ends the last
share looks what is left: of another one that was killed, and he asks for it again, or nothing, and he asks for the reading.
Where nobody is left to look, the reading falls silent (feedback/themes/readings.py), and is begun anew.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select, text
from sqlmodel import col

from feedback.models import Comment, CommentVector
from feedback.themes import comment_vectors
from feedback.themes.embedding import Encoder, Progress
from feedback.themes.readings import ReadingStopped, telling_of_share
from heard.kit import work
from heard.kit.db import engines, reading, writing
from heard.kit.work import WorkDue

SHARE = 5_000
"""Comments, more or less: about five seconds of two cores."""
ALONE = 2 * SHARE
"""Up to so many one worker encodes by itself."""
IDS = 2**63


def spread(poll_id: int, comments: int, encoder: Encoder | None, tell: Progress | None = None) -> bool:
    """Ask for shares when many of a poll's comments lack a vector. True: the reading ends here and is asked for again."""
    if encoder is None or comments <= ALONE or engines().write.dialect.name != "postgresql":
        return False
    of = 1 << (-(-comments // SHARE) - 1).bit_length()  # a power of two, so that shares stay as the poll grows
    missing = _missing(poll_id, encoder.name, of)
    if sum(missing.values()) <= ALONE:
        return False
    if tell:
        tell(comments - sum(missing.values()), comments)
    _ask(poll_id, of, missing)
    return True


def share(poll_id: int, of: int, part: int, encoder: Encoder | None) -> None:
    """Encode one of so many shares, unless another worker is at it. Running it twice encodes nothing twice."""
    if encoder is None:
        return
    try:
        with _held(poll_id, of, part) as ours:
            if not ours:
                return
            with telling_of_share(poll_id) as tell:
                comment_vectors.of(*_comments(poll_id, encoder.name, of, part), encoder, tell)
    except ReadingStopped:
        return
    _what_is_left(poll_id, of, encoder)


def _what_is_left(poll_id: int, of: int, encoder: Encoder) -> None:
    """Whoever ends the last share asks for the reading, or for what somebody began and did not end."""
    if _waits(poll_id, of):
        return
    missing = _missing(poll_id, encoder.name, of)
    for part in missing:
        with _held(poll_id, of, part) as free:
            if not free:
                return  # another worker is at it, and looks when it ends
    if sum(missing.values()) > SHARE // 2:
        _ask(poll_id, of, missing)
        return
    with writing() as session:
        work.due(session, "themes", f"{poll_id}:encoded", poll_id=poll_id)


def _ask(poll_id: int, of: int, parts: Iterable[int]) -> None:
    with writing() as session:
        for part in parts:
            work.due(session, "encode", f"{poll_id}:{of}:{part}", poll_id=poll_id, of=of, part=part)


def _waits(poll_id: int, of: int) -> bool:
    """Whether a share waits that no worker has taken yet."""
    with reading() as session:
        waits = select(col(WorkDue.id)).where(
            col(WorkDue.kind) == "encode", col(WorkDue.key).startswith(f"{poll_id}:{of}:")
        )
        return session.scalars(waits.limit(1)).first() is not None


@contextmanager
def _held(poll_id: int, of: int, part: int) -> Iterator[bool]:
    """Whether we have the lock of a share until the end of the block. On a connection of its own, outside of transactions."""
    number = lock_of(f"{poll_id}:{of}:{part}")
    with engines().write.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        ours = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": number}))
        try:
            yield ours
        finally:
            if ours:
                connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": number})


def lock_of(name: str) -> int:
    """PostgreSQL names such locks by 64-bit integers."""
    return int.from_bytes(hashlib.sha256(f"encode {name}".encode()).digest()[:8], "big", signed=True)


def _missing(poll_id: int, model: str, of: int) -> dict[int, int]:
    """{share: how many of its comments have no vector of this model}, without those that have all."""
    part = (col(Comment.id) // (IDS // of)).label("part")
    query = _without_vector(poll_id, model).with_only_columns(part, func.count()).group_by(part).order_by(part)
    with reading() as session:
        return {int(part): n for part, n in session.execute(query)}


def _comments(poll_id: int, model: str, of: int, part: int) -> tuple[list[int], list[str]]:
    first, last = part * IDS // of, (part + 1) * IDS // of - 1
    query = _without_vector(poll_id, model).where(col(Comment.id).between(first, last)).order_by(col(Comment.id))
    with reading() as session:
        rows = session.execute(query).all()
    return [row[0] for row in rows], [row[1] for row in rows]


def _without_vector(poll_id: int, model: str) -> Any:
    there = (col(CommentVector.comment_id) == col(Comment.id)) & (col(CommentVector.model) == model)
    return (
        select(col(Comment.id), col(Comment.text))
        .join(CommentVector, there, isouter=True)
        .where(col(Comment.poll_id) == poll_id, col(CommentVector.comment_id).is_(None))
    )
