"""Which theme is which after a run: old themes keep their ids, new ones get numbers below zero until they are stored.

Pure: arrays in, arrays out. Loads scikit-network through clustering: for the worker, not for web modules.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

import numpy as np

from feedback.themes.clustering import cluster, join, matching
from feedback.themes.similarity import Answers

NONE = 0
"""In arrays of theme ids: stands alone. Ids of the database begin at 1."""
ENOUGH = 0.25
"""Share of the smaller of two themes that must be common for the new one to take over the old one's id."""
ENOUGH_KEPT = 0.5
"""The same for a theme that a person named or answered, as a share of its own comments."""


@dataclass(frozen=True)
class Before:
    """What stands. theme int64 (n,): fine theme id of each comment, NONE alone; read bool (n,): was there at the last run;
    pinned bool (n,): a person placed it, or its theme is held. parents: {fine id: coarse id}. kept: ids that may not lose
    their identity. held: fine ids that no run changes, their parents included.
    """

    theme: np.ndarray
    read: np.ndarray
    pinned: np.ndarray
    parents: Mapping[int, int] = field(default_factory=dict)
    kept: Set[int] = frozenset()
    held: Set[int] = frozenset()

    @property
    def coarse(self) -> np.ndarray:
        """The coarse theme of each comment, int64 (n,), NONE alone."""
        return _parents_of(self.theme, self.parents)


@dataclass(frozen=True)
class Placed:
    """What comes out. theme int64 (n,): fine theme, an id or a new number below zero, NONE alone. score float32 (n,).
    parents: {fine: coarse} of every fine theme in use. emerged: the new ones that an update opened.
    """

    theme: np.ndarray
    score: np.ndarray
    parents: dict[int, int]
    emerged: frozenset[int] = frozenset()

    @property
    def coarse(self) -> np.ndarray:
        """The coarse theme of each comment, int64 (n,), NONE alone."""
        return _parents_of(self.theme, self.parents)


def refit(answers: Answers, before: Before) -> Placed:
    """All comments clustered anew. A new theme that holds enough of an old one takes over its id, one to one.

    What people did stays: a pinned comment keeps its theme, and a theme that was named or answered, and that nothing
    new resembles, keeps its comments.
    """
    found = cluster(answers)
    fine = _take_over(before.theme, found.theme, before.kept, first=-1)
    coarse = _take_over(before.coarse, found.coarse, before.kept, first=-1 - len(fine))
    theme = np.append(fine, NONE)[found.theme]
    parents = {int(fine[new]): int(coarse[above]) for new, above in enumerate(found.parent)}
    for old in sorted(before.kept & set(before.parents) - set(fine.tolist())):
        members = before.theme == old
        if members.any():
            theme[members] = old
            parents[old] = _most(np.append(coarse, NONE)[found.coarse[members]]) or before.parents[old]
    _follow_people(theme, before)
    theme[before.pinned] = before.theme[before.pinned]
    for old in set(np.unique(theme).tolist()) - set(parents) - {NONE}:
        parents[old] = before.parents[old]
    parents |= {fine: before.parents[fine] for fine in before.held & set(parents) & set(before.parents)}
    _keep_coarse(theme, parents, before, set(coarse.tolist()))
    return _placed(theme, found.score, parents)


def update(answers: Answers, before: Before, score: np.ndarray) -> Placed:
    """Old comments stay where they are, new ones join by vote, and wholly new ground opens a theme."""
    theme, score, parents = before.theme.copy(), score.copy(), dict(before.parents)
    ids = np.unique(theme[theme > NONE])
    old, new = np.flatnonzero(before.read), np.flatnonzero(~before.read)
    if not len(new):
        return _placed(theme, score, parents)
    standing = np.where(theme[old] == NONE, -1, np.searchsorted(ids, theme[old]))
    joined = join(answers.take(old), standing, answers.take(new))
    opened = -1 - np.arange(len(joined.beside))
    theme[new] = np.concatenate([ids, opened, [NONE]])[
        np.where(joined.theme < 0, -1, joined.theme - joined.first + len(ids))
    ]
    score[new] = joined.score
    # New ground is unlike everything there was, so each opened theme stands at the coarse level too, until a refit.
    parents |= {number: number - len(opened) for number in opened.tolist()}
    return _placed(theme, score, parents, emerged=frozenset(n for n in [*opened.tolist(), *parents.values()] if n < 0))


def _placed(
    theme: np.ndarray, score: np.ndarray, parents: Mapping[int, int], emerged: frozenset[int] = frozenset()
) -> Placed:
    used = {t: parents[t] for t in np.unique(theme).tolist() if t != NONE}
    return Placed(theme, np.where(theme == NONE, 0, np.clip(score, 0, 1)).astype(np.float32), used, emerged)


def _take_over(before: np.ndarray, after: np.ndarray, kept: Set[int], *, first: int) -> np.ndarray:
    """For each theme of `after` (0 … k−1, −1 alone) the id of `before` it takes over, or a new number from `first` down."""
    count = int(after.max(initial=-1)) + 1
    keys = first - np.arange(count)
    ids = np.unique(before[before > NONE])
    pairs = matching(np.where(before > NONE, np.searchsorted(ids, before), -1).tolist(), after.tolist())
    for new, old in pairs.items():
        members, was = after == new, before == ids[old]
        common, size = int((members & was).sum()), int(was.sum())
        needed = ENOUGH_KEPT * size if int(ids[old]) in kept else ENOUGH * min(size, int(members.sum()))
        if common >= needed:
            keys[new] = ids[old]
    return keys


def _follow_people(theme: np.ndarray, before: Before) -> None:
    """A new theme most of whose comments people placed in an old one is that theme: what they merged stays merged."""
    for new in [t for t in np.unique(theme).tolist() if t < NONE]:
        members = theme == new
        home = _most(before.theme[members & before.pinned])
        if home != NONE and 2 * (before.theme[members & before.pinned] == home).sum() > members.sum():
            theme[members] = home


def _keep_coarse(theme: np.ndarray, parents: dict[int, int], before: Before, there: Set[int]) -> None:
    """A coarse theme that was named or answered, and not taken over, keeps the fine themes that come mostly from it."""
    lost = (before.kept & set(before.parents.values())) - there
    if not lost:
        return
    above = before.coarse
    for fine in set(parents) - before.held:
        was = above[(theme == fine) & (above != NONE)]
        most = _most(was)
        if most in lost and (was == most).sum() * 2 >= (theme == fine).sum():
            parents[fine] = most


def _parents_of(theme: np.ndarray, parents: Mapping[int, int]) -> np.ndarray:
    found, place = np.unique(theme, return_inverse=True)
    return np.array([parents.get(t, NONE) for t in found.tolist()], np.int64)[place].reshape(theme.shape)


def _most(values: np.ndarray) -> int:
    """The most frequent id, the smallest of equals; NONE of nothing."""
    some = values[values != NONE]
    if not len(some):
        return NONE
    found, count = np.unique(some, return_counts=True)
    return int(found[count.argmax()])
