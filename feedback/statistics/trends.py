"""A share over periods: periods that are large enough to be told, and where the share changed. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from feedback.statistics.tables import association

FALSE_ALARMS = 0.05


@dataclass(frozen=True)
class Period:
    """`hits` of `n`, from `first` to `last` (days, or numbers of anything in an order)."""

    first: int
    last: int
    hits: int
    n: int

    @property
    def share(self) -> float:
        """0..1."""
        return self.hits / self.n if self.n else 0.0


@dataclass(frozen=True)
class Change:
    """The share was `before` in all periods up to the one at place `at`, and `after` from there on. `p`: how often chance
    alone makes a break as sharp anywhere in the series, at most."""

    at: int
    before: float
    after: float
    p: float


def joined(periods: Iterable[Period], k: int) -> list[Period]:
    """Neighbours joined until each period has k hits or more, and k others or more; one period where that cannot be.

    From the first one on, so that what comes later never moves an earlier border; a rest joins the period before it.
    """
    made: list[Period] = []
    open_: Period | None = None
    for period in periods:
        open_ = period if open_ is None else _together(open_, period)
        if min(open_.hits, open_.n - open_.hits) >= k:
            made.append(open_)
            open_ = None
    if open_ is not None:
        made[-1:] = [_together(made[-1], open_) if made else open_]
    return made


def _together(one: Period, other: Period) -> Period:
    return replace(one, last=other.last, hits=one.hits + other.hits, n=one.n + other.n)


def change_point(periods: Sequence[Period], *, false_alarms: float = FALSE_ALARMS) -> Change | None:
    """Where the share changed once and stayed changed, or None.

    Every border between two periods is tried: all before against all after, by the test of tables.association. The
    sharpest one is told if its p, times the number of borders, is below `false_alarms`. So a series in which nothing
    changed is called changed in at most that part of cases (Bonferroni), as long as people speak independently of each
    other; answers that come in waves of one mind raise more alarms.
    Source: K. J. Worsley, Biometrika 70 (1983) 455-464 (the largest chi-square over all borders).
    """
    best: tuple[tuple[float, float], int, float, float] | None = None
    all_hits, all_n = sum(p.hits for p in periods), sum(p.n for p in periods)
    hits = n = 0
    for at, period in enumerate(periods[:-1], 1):
        hits, n = hits + period.hits, n + period.n
        found = association([[hits, n - hits], [all_hits - hits, all_n - n - (all_hits - hits)]])
        if found is not None and (best is None or (found.p, -found.w) < best[0]):
            best = (found.p, -found.w), at, hits / n, (all_hits - hits) / (all_n - n)
    if best is None:
        return None
    (p, _w), at, before, after = best
    p = min(1.0, p * (len(periods) - 1))
    return Change(at, before, after, p) if p < false_alarms else None
