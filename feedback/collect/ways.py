"""By which ways the answers of a poll came, from its counters ("via:l7", "via:email"). Pure.

A way is a tracked link, named by its place or by the manager, or what stands in Response.source. Of an anonymous poll, and
in briefs, a way that fewer than K people came by is not told: it goes into "other ways" with others, and with the next
smallest as long as they are too few together, so that what is left out cannot be reckoned (trust.md, R1).
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from feedback.collect.counters import K
from feedback.collect.tallies import WAY

REST = "rest"


class WayCount(NamedTuple):
    """`way`: what follows "via:" in the cell, or REST."""

    way: str
    n: int


def ways_of(cells: Mapping[str, int]) -> list[WayCount]:
    """Every way that somebody came by, the largest first."""
    found = (WayCount(cell.removeprefix(WAY), n) for cell, n in cells.items() if cell.startswith(WAY) and n)
    return _sorted(found)


def folded(ways: Iterable[WayCount], *, least: int = K) -> list[WayCount]:
    """The same without small counts: these become one row at the end, of `least` at least; fewer people are not told."""
    kept = _sorted(ways)
    small = [way for way in kept if way.n < least or way.way == REST]
    kept = [way for way in kept if way not in small]
    while small and kept and sum(way.n for way in small) < least:
        small.append(kept.pop())
    together = sum(way.n for way in small)
    return [*kept, WayCount(REST, together)] if together >= least else kept


def _sorted(ways: Iterable[WayCount]) -> list[WayCount]:
    return sorted(ways, key=lambda way: (-way.n, way.way))
