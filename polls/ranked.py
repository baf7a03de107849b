"""Ranked ballots: instant runoff with its rounds, Borda count, comparisons one to one, Schulze's method. Pure.

Options are places on the ballot, from 0. A ballot is a tuple of options, the best first; the end may be left out. What a
ballot leaves out stands below all that it ranks, and level among itself. A tie in front stays a tie: several winners.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

METHODS = ("irv", "borda", "schulze")


@dataclass(frozen=True)
class Round:
    """One round of an instant runoff."""

    votes: tuple[tuple[int, int], ...]  # (option, votes) of each that is still in, most votes first
    exhausted: int  # ballots that name nobody who is still in
    out: tuple[int, ...] = ()  # who leaves after this round
    drawn: tuple[int, ...] = ()  # who was level at the bottom, where a lot had to decide between them

    def of(self, option: int) -> int | None:
        """The votes of an option, or None when it had left before."""
        return next((votes for one, votes in self.votes if one == option), None)

    @property
    def counting(self) -> int:
        """Ballots that count in this round: all but the exhausted ones."""
        return sum(votes for _option, votes in self.votes)


@dataclass(frozen=True)
class Ranked:
    """What came out of ranked ballots, by each method; the winners are those of `method`."""

    method: str  # irv | borda | schulze
    ballots: int
    rounds: tuple[Round, ...]
    borda: tuple[int, ...]  # points, by option
    pairwise: tuple[tuple[int, ...], ...]  # [a][b]: ballots that prefer a to b
    condorcet: int | None  # who beats every other option one to one
    strengths: tuple[tuple[int, ...], ...]  # [a][b]: the strongest chain of victories from a to b
    schulze: tuple[tuple[int, ...], ...]  # the whole order, the best first; who stands together is level
    seed: str  # of the lots

    @property
    def drawn(self) -> bool:
        """Whether a lot decided who left the instant runoff."""
        return any(r.drawn for r in self.rounds)

    @property
    def standing(self) -> "tuple[Stand, ...]":
        """Every option by `method`, the best first."""
        return _standing(self, self.method)

    @property
    def runoff(self) -> "tuple[Stand, ...]":
        """Every option by instant runoff: who stayed longest first."""
        return _standing(self, "irv")

    @property
    def by_method(self) -> dict[str, tuple[int, ...]]:
        """The winners by each method."""
        most = max(self.borda)
        by_points = tuple(option for option, points in enumerate(self.borda) if points == most)
        level = sorted(o for o, votes in self.rounds[-1].votes if votes == self.rounds[-1].votes[0][1])
        return {"irv": tuple(level), "borda": by_points, "schulze": self.schulze[0]}

    @property
    def winners(self) -> tuple[int, ...]:
        """Those of `method`; several are level."""
        return self.by_method[self.method]


class Stand(NamedTuple):
    """An option in the order of a method.

    `figure` of `whole`: irv, votes of those that counted in the last round it was in (`round`, from 1); borda, points of
    the most there could be; schulze, how many options it is ahead of.
    """

    option: int
    figure: int
    whole: int
    round: int = 0


def ranked(ballots: Mapping[tuple[int, ...], int], options: int, method: str, seed: str) -> Ranked:
    """Everything at once. `ballots`: how often each was cast; `seed`: public, it decides the lots. 50 options and 100,000
    different ballots take about two seconds.

    Raises ValueError for a method there is not, no ballot, or a ballot that names an option twice or one there is not.
    """
    if method not in METHODS or options < 1:
        raise ValueError(method, options)
    cast = {ballot: n for ballot, n in ballots.items() if ballot and n > 0}
    for ballot in cast:
        if len(set(ballot)) < len(ballot) or min(ballot) < 0 or max(ballot) >= options:
            raise ValueError(ballot)
    if not cast:
        raise ValueError(ballots)
    orders, weights = _as_arrays(cast, options)
    rounds = instant_runoff(orders, weights, options, seed)
    points, preferred = borda(orders, weights, options), pairwise(orders, weights, options)
    strengths = beatpaths(preferred)
    return Ranked(
        method, sum(cast.values()), rounds, points, preferred, condorcet(preferred), strengths,
        schulze_order(strengths), seed,
    )  # fmt: skip


def _as_arrays(ballots: Mapping[tuple[int, ...], int], options: int) -> tuple[Any, Any]:
    """Orders (ballot × place, -1 where it has ended) and how often each was cast."""
    import numpy as np

    orders = np.full((len(ballots), options + 1), -1, dtype=np.int16)
    for row, ballot in enumerate(ballots):
        orders[row, : len(ballot)] = ballot
    return orders, np.fromiter(ballots.values(), dtype=np.int64, count=len(ballots))


def lot(seed: str, option: int) -> str:
    """An option's lot: SHA-256 of "<seed>-<place on the ballot, from 1>" in hex. The lowest leaves."""
    return sha256(f"{seed}-{option + 1}".encode()).hexdigest()


def instant_runoff(orders: Any, weights: Any, options: int, seed: str) -> tuple[Round, ...]:
    """Every round of an instant runoff (alternative vote, ranked-choice voting).

    Each ballot counts for the best of its options that is still in. Whoever has more than half of the ballots that still
    count has won: ballots that name nobody who is still in do not. Else the last one leaves; options without any vote
    leave together, which is the same as one after the other. Where several are level at the bottom, the one with the
    lowest `lot` leaves. Where all who are left are level, the count ends: they are level in front.
    Source: A. Reynolds, B. Reilly, A. Ellis, Electoral System Design: The New International IDEA Handbook, 2005, on the
    Alternative Vote.
    """
    import numpy as np

    place = np.zeros(len(orders), dtype=np.int64)  # where each ballot has got to
    holder = orders[:, 0].astype(np.int64)
    inside = np.ones(options + 1, dtype=bool)  # the last one stands for -1: the ballot has ended
    rounds: list[Round] = []
    while True:
        heaps = np.bincount(holder[holder >= 0], weights=weights[holder >= 0], minlength=options)
        votes = {option: round(heaps[option]) for option in range(options) if inside[option]}
        shown = tuple(sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])))
        counting, most, least = sum(votes.values()), shown[0][1], shown[-1][1]
        exhausted = int(weights.sum()) - counting
        if most * 2 > counting or most == least:
            return (*rounds, Round(shown, exhausted))
        bottom = [option for option, n in shown if n == least]
        out: tuple[int, ...] = tuple(bottom)
        drawn: tuple[int, ...] = ()
        if least and len(bottom) > 1:
            out, drawn = (min(bottom, key=lambda option: lot(seed, option)),), out
        rounds.append(Round(shown, exhausted, out, drawn))
        inside[list(out)] = False
        moving = np.flatnonzero(np.isin(holder, out))
        while len(moving):
            place[moving] += 1
            holder[moving] = orders[moving, place[moving]]
            moving = moving[~inside[holder[moving]]]


def borda(orders: Any, weights: Any, options: int) -> tuple[int, ...]:
    """Points by option: with k options the first place of a ballot is worth k - 1, the next k - 2 …; left out, 0.

    Source: J.-C. de Borda, Mémoire sur les élections au scrutin, Histoire de l'Académie royale des sciences, 1781.
    """
    import numpy as np

    points = np.zeros(options + 1, dtype=np.int64)
    for place in range(options):
        np.add.at(points, orders[:, place], weights * (options - 1 - place))
    return tuple(int(n) for n in points[:options])


def pairwise(orders: Any, weights: Any, options: int) -> tuple[tuple[int, ...], ...]:
    """[a][b]: how many ballots prefer a to b. Ranked is preferred to left out; two that are left out are level.

    Source: M. de Condorcet, Essai sur l'application de l'analyse à la probabilité des décisions, 1785.
    """
    import numpy as np

    preferred = np.zeros((options, options))
    for start in range(0, len(orders), 20_000):  # so that it stays in the processor's memory
        some, cast = orders[start : start + 20_000], weights[start : start + 20_000].astype(float)
        places = np.full((options + 1, len(some)), options, dtype=np.int16)
        for place in range(options):
            places[some[:, place], np.arange(len(some))] = place
        places[options] = options
        for option in range(options):
            preferred[option] += (places[option] < places[:options]) @ cast
    return tuple(tuple(round(n) for n in row) for row in preferred)


def condorcet(preferred: tuple[tuple[int, ...], ...]) -> int | None:
    """The option that more ballots prefer than not against each other one, or None."""
    everybody = range(len(preferred))
    winners = (a for a in everybody if all(preferred[a][b] > preferred[b][a] for b in everybody if b != a))
    return next(winners, None)


def beatpaths(preferred: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
    """[a][b]: the strength of the strongest path of victories from a to b; 0 where there is none.

    A victory is as strong as the ballots for it (winning votes), a path as strong as its weakest victory. Source: M.
    Schulze, A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election
    method, Social Choice and Welfare 36 (2011) 267-303, section 2.
    """
    import numpy as np

    votes = np.array(preferred, dtype=np.int64)
    strengths = np.where(votes > votes.T, votes, 0)
    for middle in range(len(votes)):
        strengths = np.maximum(strengths, np.minimum(strengths[:, middle, None], strengths[middle]))
    np.fill_diagonal(strengths, 0)
    return tuple(tuple(int(n) for n in row) for row in strengths)


def schulze_order(strengths: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
    """The order by Schulze: a is ahead of b where its path to b is stronger than that of b to a.

    This is transitive (section 4.1 of the paper); where nobody is ahead of somebody, he wins. Those are level who have
    nobody ahead of them once everybody better has been taken out.
    """
    left, order = list(range(len(strengths))), []
    while left:
        best = tuple(a for a in left if all(strengths[a][b] >= strengths[b][a] for b in left))
        order.append(best)
        left = [option for option in left if option not in best]
    return tuple(order)


def _standing(result: Ranked, method: str) -> tuple[Stand, ...]:
    options = range(len(result.borda))
    if method == "borda":
        most = result.ballots * (len(options) - 1)
        return tuple(sorted((Stand(o, result.borda[o], most) for o in options), key=lambda s: (-s.figure, s.option)))
    if method == "schulze":
        ahead = {o: sum(result.strengths[o][b] > result.strengths[b][o] for b in options) for o in options}
        return tuple(
            Stand(o, ahead[o], len(options) - 1)
            for level in result.schulze
            for o in sorted(level, key=lambda o: -ahead[o])
        )
    last = {o: (at, votes, r.counting) for at, r in enumerate(result.rounds, 1) for o, votes in r.votes}
    order = sorted(last, key=lambda o: (-last[o][0], -last[o][1], o))
    return tuple(Stand(o, last[o][1], last[o][2], last[o][0]) for o in order)
