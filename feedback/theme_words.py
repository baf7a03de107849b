"""Name, keywords and quotes of every theme, at both levels. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feedback import labelling
from feedback.embedding import Encoder
from feedback.identities import NONE, Placed


@dataclass(frozen=True)
class Words:
    """What a theme is called and who speaks for it (comment ids)."""

    label: str
    keywords: list[str]
    quotes: list[int]


def words_of(
    ids: np.ndarray, texts: Sequence[str], vectors: np.ndarray | None, placed: Placed, encoder: Encoder | None
) -> dict[int, Words]:
    """{theme: its words}, fine and coarse. ids int64 (n,) of the comments, in the order of texts and vectors."""
    found: dict[int, Words] = {}
    for level in (placed.theme, placed.coarse):
        keys = _largest_first(level)
        number = {key: i for i, key in enumerate(keys)}
        themes = np.array([number.get(t, -1) for t in level.tolist()], np.int64)
        for key, label in zip(keys, labelling.labels(texts, themes, vectors, encoder), strict=True):
            rows = np.flatnonzero(level == key)
            quotes = labelling.quotes(
                [texts[row] for row in rows], placed.score[rows], None if vectors is None else vectors[rows]
            )
            found[key] = Words(label.text[:120], label.keywords, [int(ids[rows[q]]) for q in quotes])
    return found


def _largest_first(level: np.ndarray) -> list[int]:
    keys, sizes = np.unique(level[level != NONE], return_counts=True)
    first = {key: int(np.flatnonzero(level == key)[0]) for key in keys.tolist()}
    return [key for _size, _first, key in sorted(zip((-sizes).tolist(), first.values(), keys.tolist(), strict=True))]
