"""The map of opinion groups as an SVG's numbers: ovals of groups, marks of statements. Pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

WIDE, HIGH, EDGE = 400, 300, 16
SPREADS = 1.5  # standard deviations: of a round cloud of people about two thirds lie within
ROUND = 18  # pixels of a mark
LEAST = 14  # pixels of an oval whose people stand on one spot


class Oval(NamedTuple):
    """A group: its middle and its half axes, in the map's pixels; and the same in the units of positions, for the table."""

    place: int
    n: int
    x: float
    y: float
    rx: float
    ry: float
    across: float
    up: float
    wide: float
    high: float


class Mark(NamedTuple):
    """A statement that stands for a group, by its option's id: where somebody would stand who said only this."""

    item: int
    number: int
    x: float
    y: float


class Dot(NamedTuple):
    """Another statement."""

    item: int
    x: float
    y: float


class Map(NamedTuple):
    """Everything that is drawn, in a box of WIDE × HIGH."""

    ovals: list[Oval]
    marks: list[Mark]
    dots: list[Dot]


def map_of(result: Mapping[str, Any], marks: Mapping[tuple[int, int], int]) -> Map:
    """From what is stored. marks: numbers by (statement, stance); who disagrees stands opposite of who agrees.

    One scale for both directions, as large as the groups have room; a statement outside stands at the edge.
    """
    groups, where = result["groups"], {s["item"]: (s["x"], s["y"]) for s in result["statements"]}
    left = min(g["x"] - SPREADS * g["wide"] for g in groups)
    right = max(g["x"] + SPREADS * g["wide"] for g in groups)
    low = min(g["y"] - SPREADS * g["high"] for g in groups)
    top = max(g["y"] + SPREADS * g["high"] for g in groups)
    scale = min((WIDE - 4 * EDGE) / max(right - left, 1e-9), (HIGH - 4 * EDGE) / max(top - low, 1e-9), 1e6)
    middle = (left + right) / 2, (low + top) / 2

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            round(min(max(WIDE / 2 + scale * (x - middle[0]), EDGE), WIDE - EDGE), 1),
            round(min(max(HIGH / 2 - scale * (y - middle[1]), EDGE), HIGH - EDGE), 1),
        )

    ovals = [
        Oval(
            place, g["n"], *at(g["x"], g["y"]), max(LEAST, round(scale * SPREADS * g["wide"], 1)),
            max(LEAST, round(scale * SPREADS * g["high"], 1)), g["x"], g["y"], g["wide"], g["high"],
        )
        for place, g in enumerate(groups)
    ]  # fmt: skip
    taken = [(oval.x + aside, oval.y - oval.ry - 10) for oval in ovals for aside in (-20, 0, 20)]  # their names
    numbered: list[Mark] = []
    for (item, stance), number in marks.items():
        if item in where:
            spot = _free(at(stance * where[item][0], stance * where[item][1]), taken)
            taken.append(spot)
            numbered.append(Mark(item, number, *spot))
    told = {item for item, _stance in marks}
    return Map(ovals, numbered, [Dot(item, *at(x, y)) for item, (x, y) in where.items() if item not in told])


def _free(spot: tuple[float, float], taken: list[tuple[float, float]]) -> tuple[float, float]:
    """This spot, or the nearest one below it, or in the next columns from the top, where nothing lies."""
    x, y = spot
    while any((x - u) ** 2 + (y - v) ** 2 < ROUND**2 for u, v in taken):
        y += ROUND
        if y > HIGH - EDGE:
            x, y = x + ROUND if x + ROUND <= WIDE - EDGE else EDGE, EDGE
    return round(x, 1), round(y, 1)
