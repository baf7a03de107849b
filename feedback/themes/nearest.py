"""The answers nearest to one answer: in its theme, and elsewhere. By the kept vectors, or by words where there are none.

Of a poll of more than 20,000 answers, 20,000 stand for all: ids are drawn by chance, so the smallest are a fair sample.
Loads numpy when it is asked.
"""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from feedback.models import Assignment, Comment, CommentVector
from feedback.themes.text import folded, masked, same_key, words
from heard.kit.db import DbSession, release

LANDMARKS, SHOWN = 20_000, 3
_LOOKED_AT = 30  # of each side: some say the same and are left out
_COMPARED = 500  # by words
_A, _C, _V = Assignment.__table__, Comment.__table__, CommentVector.__table__  # type: ignore[attr-defined]


class Near(NamedTuple):
    """An answer near another one, masked. theme: its finer one, None alone."""

    comment_id: int
    text: str
    theme: int | None


def nearest(
    session: DbSession, comment: Comment, theme: int | None, away: Collection[int]
) -> tuple[list[Near], list[Near]]:
    """Up to 3 answers of the same theme and 3 of others, nearest first; none that says the same. For one that stands alone
    all are others. away: themes that the reader does not see. Ends the transaction before it reckons."""
    own = session.execute(select(_V.c.model, _V.c.vector).where(_V.c.comment_id == comment.id)).first()
    rows = _others(session, comment, theme, own.model if own else "", away)
    release(session)
    order = _by_vectors(comment, own.vector, rows) if own else _by_words(comment, rows)
    here = [rows[i] for i in order if theme is not None and rows[i].theme_id == theme][:_LOOKED_AT]
    there = [rows[i] for i in order if theme is None or rows[i].theme_id != theme][:_LOOKED_AT]
    seen = {same_key(comment.text)}
    return _told(session, here, seen), _told(session, there, seen)


def _others(
    session: DbSession, comment: Comment, theme: int | None, model: str, away: Collection[int]
) -> Sequence[Any]:
    """What it is compared with: of its theme a quarter of the landmarks at most, the rest of the whole poll."""
    query = (
        select(_A.c.comment_id, _A.c.theme_id, _C.c.language, _V.c.vector if model else _C.c.text)
        .join(_C, _C.c.id == _A.c.comment_id)
        .where(_A.c.poll_id == comment.poll_id, _A.c.comment_id != comment.id)
        .order_by(_A.c.comment_id)
    )
    if model:
        query = query.join(_V, _V.c.comment_id == _A.c.comment_id).where(_V.c.model == model)
    if away:
        query = query.where(or_(_A.c.theme_id.is_(None), _A.c.theme_id.not_in(away)))
    mine = session.execute(query.where(_A.c.theme_id == theme).limit(LANDMARKS // 4)).all() if theme is not None else []
    others = query.where(_A.c.theme_id.is_distinct_from(theme)) if theme is not None else query
    return [*mine, *session.execute(others.limit(LANDMARKS - len(mine)))]


def _by_vectors(comment: Comment, own: bytes, rows: Sequence[Any]) -> list[int]:
    import numpy as np

    from feedback.themes.similarity import centred, means_of

    vectors = (
        np.frombuffer(b"".join([own, *(row.vector for row in rows)]), "<f2")
        .reshape(len(rows) + 1, -1)
        .astype(np.float32)
    )
    languages = [comment.language, *(row.language for row in rows)]
    points = centred(vectors, languages, means_of(vectors, languages))
    return _best_first(points[1:] @ points[0])


def _by_words(comment: Comment, rows: Sequence[Any]) -> list[int]:
    """By the likeness that themes are found with, among those that share most of its rarer words."""
    from feedback.themes.similarity import Answers, Space

    own = set(words(folded(comment.text)))
    held = [own.intersection(words(folded(row.text))) for row in rows]
    times = Counter(word for some in held for word in some)
    worth = [sum(math.log((1 + len(rows)) / times[word]) for word in some) for some in held]
    some = sorted((i for i in range(len(rows)) if held[i]), key=lambda i: (-worth[i], i))[:_COMPARED]
    answers = Answers([comment.text, *(rows[i].text for i in some)])
    points = Space(answers).points
    alike = (points.sparse[1:] @ points.sparse[0].T).toarray()[:, 0] if some else []
    return [some[i] for i in _best_first(alike) if alike[i] > 0] if some else []


def _best_first(alike: Any) -> list[int]:
    import numpy as np

    return [int(i) for i in np.argsort(-alike, kind="stable")]


def _told(session: DbSession, rows: Sequence[Any], seen: set[str]) -> list[Near]:
    """The first few that say something of their own."""
    found = session.execute(select(_C.c.id, _C.c.text).where(_C.c.id.in_([row.comment_id for row in rows])))
    texts = {row.id: row.text for row in found}
    told: list[Near] = []
    for row in rows:
        text = texts.get(row.comment_id)
        if text is not None and same_key(text) not in seen and len(told) < SHOWN:
            seen.add(same_key(text))
            told.append(Near(row.comment_id, masked(text), row.theme_id))
    return told
