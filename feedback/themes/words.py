"""Name, keywords, quotes and summary of every theme, at both levels. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from feedback.themes import labelling
from feedback.themes import quotes as speaking
from feedback.themes.embedding import Encoder
from feedback.themes.identities import NONE, Placed


@dataclass(frozen=True)
class Words:
    """What a theme is called and who speaks for it (comment ids). spot: where it stands on the map."""

    label: str
    keywords: list[str]
    quotes: list[int]
    summary: str = ""
    spot: tuple[float, float] | None = None


def words_of(
    ids: np.ndarray,
    texts: Sequence[str],
    vectors: np.ndarray | None,
    placed: Placed,
    encoder: Encoder | None,
    spoken: Sequence[str] = (),
    *,
    anonymous: bool = False,
) -> dict[int, Words]:
    """{theme: its words}, fine and coarse. ids int64 (n,) of the comments, in the order of texts, vectors and languages
    spoken."""
    fine, coarse = _largest_first(placed.theme), _largest_first(placed.coarse)
    names = _labels([(fine, placed.theme), (coarse, placed.coarse)], texts, vectors, encoder)
    quotes: dict[int, list[int]] = {}
    summaries: dict[int, str] = {}
    for key in fine:
        rows = np.flatnonzero(placed.theme == key)
        own, score = [texts[r] for r in rows.tolist()], placed.score[rows]
        languages = [spoken[r] for r in rows.tolist()] if len(spoken) else []
        some = None if vectors is None else vectors[rows]
        chosen = speaking.quotes(own, score, some, languages, anonymous=anonymous)
        quotes[key] = [int(ids[rows[place]]) for place in chosen]
        summaries[key] = speaking.summary(own, score, languages, anonymous=anonymous)
    for key in coarse:
        parts = [part for part in fine if placed.parents[part] == key]
        quotes[key] = _in_turn([quotes[part] for part in parts])
        summaries[key] = next((summaries[part] for part in parts if summaries[part]), "")
    return {key: Words(name.text[:120], name.keywords, quotes[key], summaries[key]) for key, name in names.items()}


def _labels(
    levels: list[tuple[list[int], np.ndarray]],
    texts: Sequence[str],
    vectors: np.ndarray | None,
    encoder: Encoder | None,
) -> dict[int, labelling.Label]:
    numbered = []
    for keys, level in levels:
        number = {key: i for i, key in enumerate(keys)}
        numbered.append(np.array([number.get(t, -1) for t in level.tolist()], np.int64))
    found = labelling.named(texts, numbered, vectors, encoder)
    return {
        key: name for (keys, _), names in zip(levels, found, strict=True) for key, name in zip(keys, names, strict=True)
    }


def _in_turn(quotes: list[list[int]], count: int = 3) -> list[int]:
    """The first quotes of the parts, the largest part first, then their second ones: a coarse theme speaks with them."""
    rounds = [q for turn in zip_longest(*quotes) for q in turn if q is not None]
    return rounds[:count]


def _largest_first(level: np.ndarray) -> list[int]:
    keys, sizes = np.unique(level[level != NONE], return_counts=True)
    first = {key: int(np.flatnonzero(level == key)[0]) for key in keys.tolist()}
    return [key for _size, _first, key in sorted(zip((-sizes).tolist(), first.values(), keys.tolist(), strict=True))]
