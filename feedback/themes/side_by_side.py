"""What a full reading would change: the themes as they are, as they would be, and how many answers go from where to where.

Pure: arrays in, values that JSON holds out. A theme that would be new has a number below zero, as in `identities`.
"""

import base64
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from feedback.themes.identities import NONE, Before, Placed
from feedback.themes.words import Words

MOST_FLOWS = 6
"""Themes that are named as where the answers of one came from, or would go."""


class Named(NamedTuple):
    """A theme that stands: its name, and whether a full reading leaves that as it is."""

    label: str
    stays: bool


def side_by_side(
    before: Before, placed: Placed, words: Mapping[int, Words], standing: Mapping[int, Named]
) -> dict[str, Any]:
    """now: the themes that have answers; then: those that would have some; coarse ones first, the largest first.

    `n`: answers of each; `stay`: of those now in it; `fresh`: that no reading has seen yet; `from`, `to`: [theme, answers],
    0: in none. And of all: `n`, `moves` (would be in another fine theme, or in none), `held` (people hold them).
    """
    fine = _flows(before.theme, placed.theme, before.read)
    coarse = _flows(before.coarse, placed.coarse, before.read)
    above = {theme: before.parents[theme] for theme in fine.now} | dict.fromkeys(coarse.now)
    would = {theme: placed.parents[theme] for theme in fine.then} | dict.fromkeys(coarse.then)
    return {
        "n": len(before.theme),
        "moves": sum(n for (old, new), n in fine.pairs.items() if old != new),
        "held": int((before.pinned & before.read).sum()),
        "now": [
            {"id": theme, "parent": above[theme], "label": standing[theme].label, "n": n, "to": level.out_of(theme)}
            for level in (coarse, fine)
            for theme, n in _largest_first(level.now)
        ],
        "then": [
            {
                "id": theme, "parent": would[theme], "n": n, "stay": level.pairs.get((theme, theme), 0),
                "fresh": level.fresh.get(theme, 0), "from": level.into(theme),
                "label": _name(standing.get(theme), words[theme]), "keywords": words[theme].keywords,
                "quotes": [str(quote) for quote in words[theme].quotes], "summary": words[theme].summary,
                "spot": words[theme].spot,
            }
            for level in (coarse, fine)
            for theme, n in _largest_first(level.then)
        ],
    }  # fmt: skip


def _name(standing: Named | None, found: Words) -> str:
    return standing.label if standing and standing.stays else found.label


def _largest_first(sizes: Mapping[int, int]) -> list[tuple[int, int]]:
    return sorted(sizes.items(), key=lambda size: (-size[1], -size[0] if size[0] < 0 else size[0]))


@dataclass(frozen=True)
class _Flows:
    """pairs: {(theme now, theme then): answers that were read}, fresh: {theme then: answers that were not}; NONE: none."""

    pairs: dict[tuple[int, int], int]
    fresh: dict[int, int]

    @property
    def now(self) -> dict[int, int]:
        return self._sums(0)

    @property
    def then(self) -> dict[int, int]:
        sums = self._sums(1)
        return {theme: sums.get(theme, 0) + self.fresh.get(theme, 0) for theme in {*sums, *self.fresh} - {NONE}}

    def _sums(self, side: int) -> dict[int, int]:
        sums: dict[int, int] = {}
        for pair, n in self.pairs.items():
            sums[pair[side]] = sums.get(pair[side], 0) + n
        return {theme: n for theme, n in sums.items() if theme != NONE}

    def into(self, theme: int) -> list[list[int]]:
        """[theme now, answers] of the others that would be in this one."""
        return _most({old: n for (old, new), n in self.pairs.items() if new == theme != old})

    def out_of(self, theme: int) -> list[list[int]]:
        """[theme then, answers] of those in this one that would be in others."""
        return _most({new: n for (old, new), n in self.pairs.items() if old == theme != new})


def _most(flows: Mapping[int, int]) -> list[list[int]]:
    return [[theme, n] for theme, n in _largest_first(flows)][:MOST_FLOWS]


def _flows(now: np.ndarray, then: np.ndarray, read: np.ndarray) -> _Flows:
    pairs, counts = np.unique(np.stack([now[read], then[read]]), axis=1, return_counts=True)
    fresh, news = np.unique(then[~read], return_counts=True)
    both = zip(pairs[0].tolist(), pairs[1].tolist(), strict=True)
    return _Flows(dict(zip(both, counts.tolist(), strict=True)), dict(zip(fresh.tolist(), news.tolist(), strict=True)))


@dataclass(frozen=True)
class Places:
    """Where each comment would be. ids, theme int64 (n,), score float32 (n,), the language each is in; by rising ids."""

    ids: np.ndarray
    theme: np.ndarray
    score: np.ndarray
    spoken: list[str]


def packed(ids: np.ndarray, placed: Placed, spoken: Sequence[str]) -> dict[str, Any]:
    """The places of all comments, small: about 20 bytes each. In the order of ids, which tells nothing of when they came."""
    order = np.argsort(ids)
    languages, said = np.unique(np.array(list(spoken), dtype=str), return_inverse=True)
    return {
        "ids": _text(ids[order].astype("<i8")), "theme": _text(placed.theme[order].astype("<i4")),
        "score": _text(placed.score[order].astype("<f4")), "spoken": _text(said[order].astype("<u2")),
        "languages": languages.tolist(),
    }  # fmt: skip


def unpacked(kept: Mapping[str, Any]) -> Places:
    """What `packed` gave."""
    ids, theme = (_array(kept[name], kind).astype(np.int64) for name, kind in (("ids", "<i8"), ("theme", "<i4")))
    spoken = [kept["languages"][place] for place in _array(kept["spoken"], "<u2").tolist()]
    return Places(ids, theme, _array(kept["score"], "<f4"), spoken)


def _text(array: np.ndarray) -> str:
    return base64.b64encode(zlib.compress(array.tobytes())).decode()


def _array(text: str, kind: str) -> np.ndarray:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), kind)
