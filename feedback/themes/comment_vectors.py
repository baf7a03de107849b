"""Sentence vectors of comments, kept as float16 so that an update encodes only what is new. Short sessions of its own."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import select
from sqlmodel import col

from feedback.models import Comment, CommentVector
from feedback.themes.embedding import DIMENSIONS, Encoder, Progress
from heard.kit.db import reading, upsert, writing

_SOME = 1000  # rows a statement or a short transaction: votes wait for none of them
_V = CommentVector.__table__  # type: ignore[attr-defined]


def of(
    ids: Sequence[int], texts: Sequence[str], encoder: Encoder | None, progress: Progress | None = None
) -> np.ndarray | None:
    """Vectors float32 (n, 384) of length 1 for these comments, encoded where they are not kept; None without encoder."""
    if encoder is None:
        return None
    vectors = np.zeros((len(ids), DIMENSIONS), np.float32)
    missing = _fill(vectors, ids, encoder.name)
    if missing:
        # Through float16, as they will come back: the first run and the tenth see the same numbers.
        fresh = encoder.encode([texts[i] for i in missing], progress).astype("<f2")
        vectors[missing] = fresh
        _keep([ids[i] for i in missing], fresh, encoder.name)
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(length == 0, 1, length)


def _fill(vectors: np.ndarray, ids: Sequence[int], model: str) -> list[int]:
    """Put in what is kept; returns the places of the others."""
    place = {comment: i for i, comment in enumerate(ids)}
    found: set[int] = set()
    with reading() as session:
        for start in range(0, len(ids), _SOME):
            rows = session.execute(
                select(_V.c.comment_id, _V.c.vector).where(
                    _V.c.comment_id.in_(ids[start : start + _SOME]), _V.c.model == model
                )
            )
            for comment, raw in rows:
                vectors[place[comment]] = np.frombuffer(raw, "<f2")
                found.add(place[comment])
    return [i for i in range(len(ids)) if i not in found]


def _keep(ids: Sequence[int], vectors: np.ndarray, model: str) -> None:
    """Store them; a comment that went away meanwhile is left out."""
    for start in range(0, len(ids), _SOME):
        some = {comment: start + i for i, comment in enumerate(ids[start : start + _SOME])}
        with writing() as session:
            alive = session.scalars(
                select(col(Comment.id)).where(col(Comment.id).in_(some)).with_for_update(read=True, key_share=True)
            )
            rows = [{"comment_id": c, "model": model, "vector": vectors[some[c]].tobytes()} for c in alive]
            if rows:
                put = upsert(session, _V)
                session.execute(
                    put.on_conflict_do_update(
                        index_elements=["comment_id"], set_={"model": put.excluded.model, "vector": put.excluded.vector}
                    ),
                    rows,
                )
