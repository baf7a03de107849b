"""Encoding a large poll by several workers, on PostgreSQL: shares of its comments, a job each. (SQLite has one worker.)

A reading that lacks many vectors asks for the shares and ends; a share that leaves little to do asks for the reading again.
Shares are parts of the 63 bits that comments' ids are drawn from, so every worker cuts them alike. Whoever is at one holds a
lock of the database, which goes with its connection: the share of a worker that was killed is free at once, and whatever is
asked for twice is done once.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select, text
from sqlmodel import col

from feedback.models import Comment, CommentVector
from feedback.themes import comment_vectors
from feedback.themes.embedding import Encoder
from heard.kit import work
from heard.kit.db import engines, reading, writing

SHARE = 5_000
"""Comments, more or less: about five seconds of two cores."""
ALONE = 2 * SHARE
"""Up to so many one worker encodes by itself."""
IDS = 2**63


def spread(poll_id: int, comments: int, encoder: Encoder | None) -> bool:
    """Ask for shares when many of a poll's comments lack a vector. True: the reading ends here and is asked for again."""
    if encoder is None or comments <= ALONE or engines().write.dialect.name != "postgresql":
        return False
    if _missing(poll_id, encoder.name) <= ALONE:
        return False
    of = 1 << (-(-comments // SHARE) - 1).bit_length()  # a power of two, so that shares stay as the poll grows
    parts = [part for part in range(of) if _missing(poll_id, encoder.name, of, part)]
    with writing() as session:
        for part in parts:
            work.due(session, "encode", f"{poll_id}:{of}:{part}", poll_id=poll_id, of=of, part=part)
    return True


def share(poll_id: int, of: int, part: int, encoder: Encoder | None) -> None:
    """Encode one of so many shares, unless another worker is at it. Running it twice encodes nothing twice."""
    if encoder is None:
        return
    with _held(f"{poll_id}:{of}:{part}") as ours:
        if not ours:
            return
        ids, texts = _comments(poll_id, encoder.name, of, part)
        comment_vectors.of(ids, texts, encoder)
    if _missing(poll_id, encoder.name) <= SHARE // 2:
        with writing() as session:
            work.due(session, "themes", f"{poll_id}:encoded", poll_id=poll_id)


@contextmanager
def _held(name: str) -> Iterator[bool]:
    """Whether we have the lock of this name until the end of the block. On a connection of its own, outside of transactions."""
    number = lock_of(name)
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


def _missing(poll_id: int, model: str, of: int = 1, part: int = 0) -> int:
    """How many comments of a share have no vector of this model."""
    with reading() as session:
        return session.scalar(_without_vector(func.count(), poll_id, model, of, part)) or 0


def _comments(poll_id: int, model: str, of: int, part: int) -> tuple[list[int], list[str]]:
    columns = _without_vector(col(Comment.id), poll_id, model, of, part).add_columns(col(Comment.text))
    with reading() as session:
        rows = session.execute(columns.order_by(col(Comment.id))).all()
    return [row[0] for row in rows], [row[1] for row in rows]


def _without_vector(what: Any, poll_id: int, model: str, of: int, part: int) -> Any:
    first, last = part * IDS // of, (part + 1) * IDS // of - 1
    there = (col(CommentVector.comment_id) == col(Comment.id)) & (col(CommentVector.model) == model)
    return (
        select(what)
        .select_from(Comment)
        .join(CommentVector, there, isouter=True)
        .where(col(Comment.poll_id) == poll_id, col(Comment.id).between(first, last))
        .where(col(CommentVector.comment_id).is_(None))
    )
