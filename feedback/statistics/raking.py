"""Weights that make a sample like its crowd where the shares of the crowd are known from elsewhere. Pure."""

import math
from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass

LOWEST, HIGHEST = 0.3, 3.0
MOST_ROUNDS = 500
NEAR = 1e-6  # of a share


class ImpossibleMargin(ValueError):
    """A share that no weights can give to this sample: the message says which."""


@dataclass(frozen=True)
class Raked:
    """The weight of everybody who gave the same answers, by these answers; their mean over all people is 1.

    `effective_n`: the size of a sample without weights that says as much; `design_effect`: n / effective_n.
    `converged`: every margin has its share. `furthest`: the largest distance of a share from its margin, 0..1, and where:
    (question, answer). `trimmed`: people whose weight stands at a bound.
    """

    weights: Mapping[tuple[str, ...], float]
    design_effect: float
    effective_n: float
    rounds: int
    converged: bool
    furthest: tuple[float, str, str]
    trimmed: int


def rake(
    people: Mapping[tuple[str, ...], int], margins: Mapping[str, Mapping[str, float]], *,
    low: float = LOWEST, high: float = HIGHEST,
) -> Raked:  # fmt: skip
    """Iterative proportional fitting: question after question, the weights of those who gave an answer are raised or
    lowered so that together they have its share; each round ends with weights cut to low..high times their mean.

    people: how many gave these answers, one to each question of `margins`, in its order. margins: by question the share of
    each answer in the crowd, as shares or counts. Where the bounds keep a margin from being reached, the result says so
    (`converged`). Raises ImpossibleMargin for an answer that nobody gave or that the margin lacks, and ValueError for no
    people, no margins, or bounds that do not lie around 1.
    Sources: W. E. Deming and F. F. Stephan, Ann. Math. Stat. 11 (1940) 427-444; M. P. Battaglia, D. C. Hoaglin and M. R.
    Frankel, Survey Practice 2 (5), 2009 (bounds inside the rounds); L. Kish, Survey Sampling (1965), §11.2 (the effect).
    """
    groups = +Counter(people)  # all of a group weigh the same
    if not groups or not margins or not 0 <= low < 1 < high:
        raise ValueError("no people, no margins, or bounds that do not lie around 1")
    shares = {
        question: _shares(question, margin, {group[at] for group in groups})
        for at, (question, margin) in enumerate(margins.items())
    }
    weights = dict.fromkeys(groups, 1.0)
    rounds, before = 0, dict[tuple[str, ...], float]()
    furthest = _furthest(groups, weights, shares)
    while furthest[0] > NEAR and rounds < MOST_ROUNDS and not _stands(before, weights):
        before = weights
        weights = _cut(groups, _fitted(groups, weights, shares), low, high)
        furthest, rounds = _furthest(groups, weights, shares), rounds + 1
    effect = design_effect(groups, weights)
    edge = sum(n for group, n in groups.items() if not low * 1.000001 < weights[group] < high * 0.999999)
    return Raked(weights, effect, groups.total() / effect, rounds, furthest[0] <= NEAR, furthest, edge)


def design_effect(people: Mapping[tuple[str, ...], int], weights: Mapping[tuple[str, ...], float]) -> float:
    """By how much unequal weights widen the variance of a mean: n Σw² / (Σw)². Raises ZeroDivisionError for none.

    Source: L. Kish, as above.
    """
    whole = math.fsum(n * weights[group] for group, n in people.items())
    return sum(people.values()) * math.fsum(n * weights[group] ** 2 for group, n in people.items()) / whole**2


def _shares(question: str, margin: Mapping[str, float], given: Set[str]) -> dict[str, float]:
    """The margin as shares of 1. `given`: the answers that people gave."""
    whole = math.fsum(margin.values())
    if not all(math.isfinite(share) and share >= 0 for share in margin.values()) or not whole > 0:
        raise ImpossibleMargin(f"{question}: shares are numbers from 0 on, and not all of them 0")
    for answer in sorted(given):
        if not margin.get(answer):
            raise ImpossibleMargin(f"{question}: people answered “{answer}”, and it has no share")
    for answer, share in margin.items():
        if share and answer not in given:
            raise ImpossibleMargin(f"{question}: nobody answered “{answer}”, so no weight can give it its share")
    return {answer: share / whole for answer, share in margin.items() if share}


_Groups = Counter[tuple[str, ...]]
_Weights = dict[tuple[str, ...], float]


def _fitted(groups: _Groups, weights: _Weights, shares: Mapping[str, Mapping[str, float]]) -> _Weights:
    """One round over all questions, without bounds."""
    whole = groups.total()
    for at, margin in enumerate(shares.values()):
        now = _sums(groups, weights, at)
        weights = {group: w * whole * margin[group[at]] / now[group[at]] for group, w in weights.items()}
    return weights


def _cut(groups: _Groups, weights: _Weights, low: float, high: float) -> _Weights:
    """Within the bounds, and the mean 1: the one factor before the cut that gives it is found by halving."""
    whole = groups.total()

    def cut(factor: float) -> _Weights:
        return {group: min(high, max(low, w * factor)) for group, w in weights.items()}

    if all(low <= w <= high for w in weights.values()):
        return weights
    below, above = 0.0, high / min(weights.values())
    for _halving in range(100):
        middle = (below + above) / 2
        heavy = math.fsum(w * groups[group] for group, w in cut(middle).items()) > whole
        below, above = (below, middle) if heavy else (middle, above)
    return cut(above)


def _sums(groups: _Groups, weights: _Weights, at: int) -> dict[str, float]:
    sums: dict[str, float] = {}
    for group, n in groups.items():
        sums[group[at]] = sums.get(group[at], 0.0) + n * weights[group]
    return sums


def _furthest(groups: _Groups, weights: _Weights, shares: Mapping[str, Mapping[str, float]]) -> tuple[float, str, str]:
    whole = math.fsum(n * weights[group] for group, n in groups.items())
    return max(
        (abs(now / whole - shares[question][answer]), question, answer)
        for at, question in enumerate(shares)
        for answer, now in _sums(groups, weights, at).items()
    )


def _stands(before: _Weights, weights: _Weights) -> bool:
    """Whether a round changed nothing: the bounds hold the margins off."""
    return bool(before) and max(abs(before[group] - w) for group, w in weights.items()) < NEAR / 100
