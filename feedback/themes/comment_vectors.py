"""Sentence vectors of comments, kept as float16 so that an update encodes only what is new. Short sessions of its own."""

from collections.abc import Iterator, Sequence

import numpy as np
from sqlalchemy import select
from sqlmodel import col

from feedback.models import Comment, CommentVector
from feedback.themes.embedding import DIMENSIONS, Encoder, Progress
from feedback.themes.text import cut
from heard.kit.db import reading, upsert, writing

PORTION = 60_000
"""Characters that are encoded between two looks at the world: about a second of two cores."""
_SOME = 1000  # rows a statement or a short transaction: votes wait for none of them
_V = CommentVector.__table__  # type: ignore[attr-defined]


def of(
    ids: Sequence[int], texts: Sequence[str], encoder: Encoder | None, progress: Progress | None = None
) -> np.ndarray | None:
    """Vectors float32 (n, 384) of length 1 for these comments, encoded where they are not kept; None without encoder.

    Equal texts are encoded once. Whatever ends us in between, a kill or a `progress` that raises, costs one portion.
    """
    if encoder is None:
        return None
    tell = progress or (lambda _done, _total: None)
    vectors = np.zeros((len(ids), DIMENSIONS), np.float32)
    missing = _fill(vectors, ids, encoder.name)
    done = len(ids) - len(missing)
    tell(done, len(ids))
    for places, fresh in _fresh(vectors, texts, missing, encoder):
        vectors[places] = fresh
        _keep([ids[i] for i in places], fresh, encoder.name)
        done += len(places)
        tell(done, len(ids))
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


def _fresh(
    vectors: np.ndarray, texts: Sequence[str], missing: Sequence[int], encoder: Encoder
) -> Iterator[tuple[list[int], np.ndarray]]:
    """(places, their vectors float16), a portion at a time: what others have said word by word first, then shorter texts
    before longer ones, as texts of one length are encoded together."""
    wanted: dict[str, list[int]] = {}
    for i in missing:
        wanted.setdefault(cut(texts[i]), []).append(i)
    lacking = set(missing)
    known = {text: i for i in range(len(texts)) if i not in lacking and (text := cut(texts[i])) in wanted}
    if known:
        yield _each([wanted.pop(text) for text in known], vectors[list(known.values())])
    for portion in _portions(sorted(wanted, key=len)):
        yield _each([wanted[text] for text in portion], encoder.encode(portion))


def _each(places: Sequence[Sequence[int]], vectors: np.ndarray) -> tuple[list[int], np.ndarray]:
    # Through float16, as they will come back: the first run and the tenth see the same numbers.
    counts = [len(some) for some in places]
    return [i for some in places for i in some], np.repeat(vectors.astype("<f2"), counts, axis=0)


def _portions(texts: Sequence[str]) -> Iterator[list[str]]:
    some: list[str] = []
    size = 0
    for text in texts:
        some.append(text)
        size += len(text)
        if size >= PORTION:
            yield some
            some, size = [], 0
    if some:
        yield some


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
