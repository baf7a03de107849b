"""Goal T2: what new answers do to themes that stand."""

import random
from collections import Counter
from dataclasses import dataclass

import numpy as np

from benchmarks.themes_sets import Labelled, ari_of, v_of
from feedback.themes.clustering import cluster, join

SEEDS = range(7, 12)


@dataclass(frozen=True)
class Update:
    """theme, coarse (n,) of all, the old answers first; how many were old; opened: new themes, at both levels."""

    theme: np.ndarray
    coarse: np.ndarray
    old: int
    opened: int


def updated(some: Labelled, old: np.ndarray, portions: list[np.ndarray]) -> Update:
    """The rows `old` clustered, then each portion joining in its turn. A new theme is one at both levels, as in the product."""
    found = cluster(some.answers.take(old))
    theme, coarse, seen, opened = found.theme, found.coarse, old, 0
    for rows in portions:
        joined = join(some.answers.take(seen), theme, some.answers.take(rows))
        above = {int(low): int(high) for low, high in zip(theme, coarse, strict=True)} | {-1: -1}
        fresh, top = len(joined.beside), int(coarse.max(initial=-1)) + 1
        above |= {joined.first + step: top + step for step in range(fresh)}
        seen, theme = np.concatenate([seen, rows]), np.concatenate([theme, joined.theme])
        coarse, opened = np.array([above[label] for label in theme.tolist()]), opened + fresh
    return Update(theme, coarse, len(old), opened)


def steadiness(some: Labelled) -> dict[str, list[float]]:
    """{measure: its value for each of five orders of the answers}: +10 %, nothing of it new."""
    found: dict[str, list[float]] = {}
    for seed in SEEDS:
        mixed = some.shuffled(seed)
        count = len(mixed.truth)
        cut = round(count / 1.1)
        before, full = cluster(mixed.answers.take(np.arange(cut))), cluster(mixed.answers)
        after = updated(mixed, np.arange(cut), [np.arange(cut, count)])
        figures = {
            "stability": ari_of(list(map(str, before.theme)), after.theme[:cut]),
            "stability, coarse": ari_of(list(map(str, before.coarse)), after.coarse[:cut]),
            "stability of a full re-run": ari_of(list(map(str, before.theme)), full.theme[:cut]),
            "drift": drift(after.theme, cut),
            "drift, coarse": drift(after.coarse, cut),
            "false themes": after.opened,
            "V lost to a full re-run": v_of(mixed.truth, full.theme) - v_of(mixed.truth, after.theme),
        }
        for name, value in figures.items():
            found.setdefault(name, []).append(float(value))
    return found


def drift(theme: np.ndarray, old: int) -> float:
    """Half the sum of the changes of all shares, from the old answers to all of them."""
    shares = [np.bincount(each[each >= 0], minlength=int(theme.max()) + 1) / len(each) for each in (theme[:old], theme)]
    return float(np.abs(shares[0] - shares[1]).sum() / 2)


def new_labels(some: Labelled) -> tuple[int, int, int]:
    """(labels found, labels, themes opened) over five orders: half of +10 % are of labels that no answer had before."""
    hit = there = opened = 0
    for seed in SEEDS:
        mixed = some.shuffled(seed)
        unseen, known, arriving = _half_unseen(mixed, seed)
        after = updated(mixed, known, [arriving])
        first = int(after.theme[: after.old].max()) + 1
        said = [mixed.truth[row] for row in arriving.tolist()]
        fresh = after.theme[after.old :]
        most = {
            Counter(label for label, theme in zip(said, fresh, strict=True) if theme == each).most_common(1)[0][0]
            for each in range(first, first + after.opened)
        }
        hit, there, opened = hit + len(most & unseen), there + len(unseen), opened + after.opened
    return hit, there, opened


def _half_unseen(some: Labelled, seed: int) -> tuple[set[str], np.ndarray, np.ndarray]:
    """(labels that are kept back, rows that stand, rows that arrive)."""
    sizes = Counter(some.truth)
    order = sorted(sizes)
    random.Random(seed).shuffle(order)
    wanted, unseen = len(some.truth) / 22, set[str]()
    for label in order:
        if sum(sizes[each] for each in unseen) + sizes[label] <= wanted * 1.2:
            unseen.add(label)
    late = np.array([label in unseen for label in some.truth])
    known = np.flatnonzero(~late)
    cut = len(known) - int(late.sum())
    return unseen, known[:cut], np.concatenate([known[cut:], np.flatnonzero(late)])


def ten_in_a_row(some: Labelled) -> tuple[list[float], list[float], int]:
    """(V lost to a refit at the fine level, at the coarse one, themes opened), for five orders: ten updates, +30 % in all."""
    fine, coarse, opened = [], [], 0
    for seed in SEEDS:
        mixed = some.shuffled(seed)
        count = len(mixed.truth)
        cut = round(count / 1.3)
        after = updated(mixed, np.arange(cut), np.array_split(np.arange(cut, count), 10))
        full = cluster(mixed.answers)
        fine.append(v_of(mixed.truth, full.theme) - v_of(mixed.truth, after.theme))
        coarse.append(v_of(mixed.truth, full.coarse) - v_of(mixed.truth, after.coarse))
        opened += after.opened
    return fine, coarse, opened
