"""Opinion groups: people who vote alike on statements, found from the votes alone. Pure; numpy only.

The published method of Polis: C. Small, M. Bjorkegren, T. Erkkilä, L. Shaw, C. Megill, "Polis: Scaling Deliberation by
Mapping High Dimensional Opinion Spaces", Recerca 26 (2021), DOI 10.6035/recerca.5516, and the description of its
mathematics at https://compdemocracy.org/algorithms. Whoever voted on at least seven statements (on all, where there are
fewer) takes part; what somebody did not vote on counts as the mean of its statement; two principal components; positions
drawn out by the root of statements over votes, so that people who voted on few do not all stand in the middle; k-means to
a hundred small clusters, and k-means of those to two to five groups, as many as have the best silhouette.

Ours: votes are sorted first and every choice by chance is seeded, so that the same votes in any order give the same
groups. Each small cluster counts once, however many people are in it: that finds planted groups better where they are of
different sizes (`python -m benchmarks.groups planted`). Of splits whose silhouettes differ by less than a standard error
the one with fewest groups is taken. A split in which every group has at least `K` people goes before one that has smaller
ones; people in groups below are counted with the group nearest to them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Votes = NDArray[np.int8]
Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
UNSEEN = -128
"""In a matrix of votes: this person did not vote on this statement."""
ENOUGH = 7
"""Votes from which somebody takes part."""
K = 5
BASES, MOST_GROUPS, STARTS = 100, 5, 10
ROUNDS, BASE_ROUNDS = 100, 20  # of k-means at the most; small clusters need not be settled to the last person
PIECE = 10_000  # people that are compared at once


@dataclass(frozen=True)
class Found:
    """Where people stand, and in which group: entries as in the matrix of votes."""

    group: Whole  # (people,); -1: in none. 0 is the largest group
    position: Floats  # (people, 2); nan for those who do not take part
    statements: Floats  # (statements, 2): where somebody would stand who agreed with this one and voted on nothing else
    sizes: tuple[int, ...]  # of the groups, largest first, none below K
    taking: int  # people who take part
    apart: int  # of them, whose votes are like those of fewer than K: counted with the group nearest to them
    explained: float  # of the variance, by the two components: 0..1
    silhouette: float  # the mean over people, -1..1; 0 where there are no groups
    why: str  # why there are no groups: "", or a reason


def found_in(votes: Votes, *, most: int = MOST_GROUPS, seed: int = 7) -> Found:
    """The groups in (people, statements) votes: 1, 0, -1 or UNSEEN; two groups at least, `most` at the most.

    `why` is "few_statements" (below two), "few_people" (below 2 K who take part), "alike" (all vote alike) or "small" (no
    split has two groups of K).
    """
    people, statements = votes.shape
    taking = np.flatnonzero((votes != UNSEEN).sum(axis=1) >= max(1, min(ENOUGH, statements)))
    if statements < 2:
        return _nothing(votes, len(taking), "few_statements")
    if len(taking) < 2 * K:
        return _nothing(votes, len(taking), "few_people")
    order = taking[np.lexsort(votes[taking].T[::-1])]
    position, components, explained = positions(votes[order])
    points, weights, of = _distinct(position)
    if len(points) < 2:
        return _nothing(votes, len(taking), "alike")
    chance = np.random.default_rng(seed)
    base = k_means(points, weights, min(BASES, len(points)), chance, starts=1, rounds=BASE_ROUNDS)
    split = _best_split(points, weights, base, most, chance)
    if split is None:
        return _nothing(votes, len(taking), "small")
    label, score = split
    group, apart = _numbered(label[of], position)
    sizes = tuple(np.bincount(group).tolist())
    whole = np.full(people, -1)
    whole[order] = group
    placed = np.full((people, 2), np.nan)
    placed[order] = position
    return Found(whole, placed, components.T * np.sqrt(statements), sizes, len(taking), apart, explained, score, "")


def _nothing(votes: Votes, taking: int, why: str) -> Found:
    people, statements = votes.shape
    nowhere = np.full((people, 2), np.nan)
    return Found(np.full(people, -1), nowhere, np.zeros((statements, 2)), (), taking, 0, 0.0, 0.0, why)


def positions(votes: Votes) -> tuple[Floats, Floats, float]:
    """(people, 2) positions, (2, statements) components of length 1, and the share of the variance that they explain.

    What was not voted on is the mean of its statement, so it moves nobody; the largest weight of a component is positive.
    """
    people, statements = votes.shape
    seen = votes != UNSEEN
    said = np.where(seen, votes, 0)
    means = said.sum(axis=0) / np.maximum(1, seen.sum(axis=0))
    scatter = np.zeros((statements, statements))
    for at in range(0, people, PIECE):
        part = _centred(votes[at : at + PIECE], means)
        scatter += part.T @ part
    values, vectors = np.linalg.eigh(scatter)
    components = vectors[:, ::-1][:, :2].T
    components = components * np.sign(components[np.arange(2), np.abs(components).argmax(axis=1)])[:, None]
    stretched = np.sqrt(statements / np.maximum(1, seen.sum(axis=1)))[:, None]
    where = [_centred(votes[at : at + PIECE], means) @ components.T for at in range(0, people, PIECE)]
    whole = float(values.clip(0).sum())
    explained = float(values[::-1][:2].clip(0).sum()) / whole if whole > 0 else 0.0
    return np.round(np.concatenate(where) * stretched, 9), components, explained


def _centred(votes: Votes, means: Floats) -> Floats:
    return np.where(votes != UNSEEN, votes - means, 0.0)


def _distinct(position: Floats) -> tuple[Floats, Floats, Whole]:
    """Different positions, how many stand on each, and which one is each person's."""
    points, of, often = np.unique(position, axis=0, return_inverse=True, return_counts=True)
    return points, often.astype(float), of.reshape(-1)


def k_means(
    points: Floats, weights: Floats, k: int, chance: np.random.Generator, *, starts: int = STARTS, rounds: int = ROUNDS
) -> Whole:
    """The cluster of each weighted point, at most k of them: Lloyd's rounds from k-means++ starts (D. Arthur, S.
    Vassilvitskii, SODA 2007), the start with the smallest sum of squares."""
    best, least = np.zeros(len(points), np.int64), np.inf
    for _start in range(starts):
        centres = _first_centres(points, weights, k, chance)
        label = _nearest(points, centres)[0]
        for _round in range(rounds):
            centres = _centres(points, weights, label, centres)
            before, (label, far) = label, _nearest(points, centres)
            if np.array_equal(before, label):
                break
        spent = float((weights * far).sum())
        if spent < least - 1e-12:
            best, least = label, spent
    return best


def _first_centres(points: Floats, weights: Floats, k: int, chance: np.random.Generator) -> Floats:
    chosen = [int(chance.choice(len(points), p=weights / weights.sum()))]
    far = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < k and (weights * far).sum() > 0:
        chosen.append(int(chance.choice(len(points), p=weights * far / (weights * far).sum())))
        far = np.minimum(far, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
    return points[chosen]


def _nearest(points: Floats, centres: Floats) -> tuple[Whole, Floats]:
    label, least = np.zeros(len(points), np.int64), np.zeros(len(points))
    for at in range(0, len(points), PIECE):
        part = points[at : at + PIECE]
        far = (part[:, :1] - centres[:, 0]) ** 2
        far += (part[:, 1:] - centres[:, 1]) ** 2
        label[at : at + PIECE], least[at : at + PIECE] = far.argmin(axis=1), far.min(axis=1)
    return label, least


def _centres(points: Floats, weights: Floats, label: Whole, before: Floats) -> Floats:
    """The weighted mean of each cluster; an empty one stays where it was."""
    held = np.bincount(label, weights, len(before))
    sums = np.stack([np.bincount(label, weights * points[:, axis], len(before)) for axis in (0, 1)], axis=1)
    return np.where(held[:, None] > 0, sums / np.maximum(held, 1e-300)[:, None], before)


def _best_split(
    points: Floats, weights: Floats, base: Whole, most: int, chance: np.random.Generator
) -> tuple[Whole, float] | None:
    """The group of each point, and the mean silhouette of people: of all splits of the small clusters those in which nobody is in a group
    below K, where there are any; else those with two groups of K or more; of these the one with fewest groups whose mean
    silhouette is within a standard error of the best (the rule of L. Breiman and others, CART, 1984, section 3.4.3)."""
    used, at = np.unique(base, return_inverse=True)
    held: Floats = np.bincount(at, weights).astype(float)
    middle = np.stack([np.bincount(at, weights * points[:, axis]) / held for axis in (0, 1)], axis=1)
    tries, once = [], np.ones(len(used))
    for k in range(2, min(most, 2 + len(used) // 12, len(used)) + 1):
        label = k_means(middle, once, k, chance)
        sizes = np.bincount(label, held)
        sizes = sizes[sizes > 0]
        if (sizes >= K).sum() >= 2:
            tries.append((bool((sizes >= K).all()), silhouettes(middle, once, label), label))
    if not tries:
        return None
    open_to = [one for one in tries if one[0]] or tries
    _all_large, best, _label = max(open_to, key=lambda one: one[1].mean())
    least = best.mean() - best.std() / np.sqrt(len(best))
    _all_large, _each, label = next(one for one in open_to if one[1].mean() >= least)
    return label[at], float(np.average(silhouettes(middle, held, label), weights=held))


def silhouettes(points: Floats, weights: Floats, label: Whole) -> Floats:
    """The silhouette of each point, -1..1: how much nearer its own cluster is than the next one; 0 for one alone in its own.
    weights: how many stand on each point.

    Source: P. J. Rousseeuw, J. Comput. Appl. Math. 20 (1987) 53-65.
    """
    far = np.sqrt(((points[:, None, :] - points[None]) ** 2).sum(axis=2))
    labels, mine = np.unique(label, return_inverse=True)
    held = np.bincount(mine, weights)
    sums = np.stack([far[:, label == one] @ weights[label == one] for one in labels], axis=1)
    rows = np.arange(len(points))
    inside = sums[rows, mine] / np.maximum(held[mine] - 1, 1)
    means = sums / held
    means[rows, mine] = np.inf
    nearest = means.min(axis=1)
    wide = np.maximum(inside, nearest)
    return np.where((held[mine] > 1) & (wide > 0), (nearest - inside) / np.where(wide > 0, wide, 1), 0.0)


def _numbered(label: Whole, position: Floats) -> tuple[Whole, int]:
    """Groups numbered by size (of the same size, in the order of the sorted votes); and how many were in groups below K:
    counted beside them they could be reckoned from the counts of all, so they join the group whose middle is nearest."""
    _names, at, sizes = np.unique(label, return_inverse=True, return_counts=True)
    large = np.flatnonzero(sizes >= K)
    middle = np.stack([position[at == g].mean(axis=0) for g in large])
    few = ~np.isin(at, large)
    joined = np.searchsorted(large, at).clip(0, len(large) - 1)
    joined[few] = _nearest(position[few], middle)[0]
    first = [int(np.argmax(joined == g)) for g in range(len(large))]
    held = np.bincount(joined)
    order = sorted(range(len(large)), key=lambda g: (-held[g], first[g]))
    number = np.empty(len(large), np.int64)
    number[order] = np.arange(len(large))
    return number[joined], int(few.sum())
