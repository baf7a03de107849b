"""What looks like many ballots of one hand. Pure: counts and times in, warnings out; nothing is set aside by them.

    burst    one network brought more in an hour than the poll counts of one network at level 2
    steady   and they came at equal intervals, as a program sends them
    alike    whole ballots are the same, far more often within a short time than chance or the rest of the poll explains

Alike means nothing where few answers are possible: polls whose ballots say fewer than three things are not looked at, and a
ballot is compared with the others question by question and as a whole, the larger of both chances counting.
"""

import itertools
from collections.abc import Mapping, Sequence
from math import exp, lgamma, log
from statistics import fmean, pstdev

FEWEST_ALIKE = 10  # the same ballots in ten minutes, before anything is said
FEWEST_SAID = 3  # answers of a ballot, one for each question or row
SURE = 1e-6  # chance may bring as many with this probability
STEADY_FROM, STEADY = 10, 0.15  # ballots; standard deviation of the intervals as a part of their mean
TENS = 6  # ten-minute steps in an hour


def bursts(counts: Mapping[int, int], most: int) -> tuple[int, int, int] | None:
    """(n, first, last) of a network that brought more than `most` ballots within an hour; None if it never did.

    `counts`: ballots by ten-minute step. All hours that are too full are one burst, from the first step to the last.
    """
    full = [
        (start, start + TENS - 1)
        for start in sorted(counts)
        if sum(counts.get(step, 0) for step in range(start, start + TENS)) > most
    ]
    if not full:
        return None
    first = full[0][0]
    last = max(step for step in counts if step <= full[-1][1])
    return sum(n for step, n in counts.items() if first <= step <= last), first, last


def is_steady(seconds: Sequence[float]) -> bool:
    """Whether moments (in seconds, in order) follow each other as evenly as a program sends. People come in fits and starts:
    of independent arrivals the deviation is as large as the mean."""
    gaps = [after - before for before, after in itertools.pairwise(seconds)]
    if len(gaps) < STEADY_FROM:
        return False
    mean = fmean(gaps)
    return mean > 0 and pstdev(gaps) / mean < STEADY


Said = Mapping[int, object]  # a ballot: what it says to each question, as anything that can be compared


def chance_of(ballot: Said, others: Sequence[Said]) -> float:
    """The probability that a ballot says exactly this, by a sample of the other ballots; 0..1, never 0.

    By question, as if they were independent, and as a whole, because they are not: the larger one. With Laplace's rule of
    succession, so that what nobody else has said is rare and not impossible.
    """
    base = len(others) + 2
    apart = 1.0
    for question, said in ballot.items():
        apart *= (sum(other.get(question) == said for other in others) + 1) / base
    whole = (sum(dict(other) == dict(ballot) for other in others)) / base
    return min(1.0, max(apart, whole))


def far_beyond_chance(n: int, of: int, chance: float) -> bool:
    """Whether n the same among `of` ballots are too many for this chance of each (Poisson's upper tail, < SURE)."""
    if n < FEWEST_ALIKE:
        return False
    return upper_tail(n, of * chance) < SURE


def upper_tail(n: int, mean: float) -> float:
    """P(X >= n) of a Poisson variable with this mean. Terms are added until they no longer matter."""
    if n <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    if n <= mean:
        return 1.0  # more than half of it, and nothing that needs to be known closer
    total, k = 0.0, n
    while True:
        term = exp(k * log(mean) - mean - lgamma(k + 1))
        total += term
        if term <= total * 1e-12:
            return min(1.0, total)
        k += 1
