"""The map of themes as an SVG's numbers, and as Plotly reads it: circles as large as their themes, names that do not overlap.
Pure, without numpy: places come from feedback/themes/map.py, where they are kept between runs.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from feedback.themes.queries import ThemeRow

BOXES = {"wide": (960, 560), "narrow": (360, 420)}
"""Width and height in pixels, for a wide page and for a phone: names are as large as all text in both."""
COLOURS = ("--c1", "--c2", "--c3", "--c4", "--c5", "--c7")
"""Of the largest whole themes; not --c6, which is near --c1 on a dark page. As .k0 to .k5 in assets/theme_board.css."""
FILLED = 0.13  # of the box by circles, all themes together
LEAST, EDGE, LETTER, LINE = 5, 12, 7.6, 17  # pixels: a circle, the border, a letter's width, a line of text
LONGEST = 26  # characters of a name on the map
_ROUNDS = 60


@dataclass(frozen=True)
class Circle:
    """A finer theme. colour: the place of its whole theme among those with a colour, or None; name: "" where there is no room."""

    id: int
    label: str
    count: int
    share: float
    above: str
    colour: int | None
    x: float
    y: float
    r: float
    name: str
    name_x: float
    name_y: float
    anchor: str


@dataclass(frozen=True)
class Key:
    """A whole theme in the legend."""

    id: int
    label: str
    count: int
    colour: int


@dataclass(frozen=True)
class Drawing:
    """One box with its circles, the largest first."""

    kind: str
    width: int
    height: int
    circles: list[Circle]


@dataclass(frozen=True)
class ThemeMap:
    """`missing`: themes that have no place yet; `others`: whole themes without a colour of their own."""

    drawings: list[Drawing]
    keys: list[Key]
    others: int
    missing: int
    plotly: dict[str, Any]


def map_of(rows: Sequence[ThemeRow], spots: dict[int, tuple[float, float]], base: str) -> ThemeMap | None:
    """The finer themes that have a place, or None. base: what stands before a theme's id in its address."""
    coarse = [row for row in rows if row.parent is None]
    fine = sorted((r for r in rows if r.parent is not None and r.count), key=lambda r: (-r.count, r.id))
    placed = [row for row in fine if row.id in spots]
    if not placed:
        return None
    colours = {row.id: at for at, row in enumerate(coarse[: len(COLOURS)])}
    names = {row.id: row.label for row in coarse}
    drawings = [_drawn(kind, placed, spots, names, colours) for kind in BOXES]
    keys = [Key(row.id, row.label, row.count, colours[row.id]) for row in coarse[: len(COLOURS)]]
    figure = _figure(drawings[0].circles, base)
    return ThemeMap(drawings, keys, max(0, len(coarse) - len(COLOURS)), len(fine) - len(placed), figure)


def _drawn(
    kind: str, rows: Sequence[ThemeRow], spots: dict[int, tuple[float, float]], names: dict[int, str], colours: dict[int, int]
) -> Drawing:  # fmt: skip
    width, height = BOXES[kind]
    per = math.sqrt(FILLED * width * height / math.pi / max(1, sum(row.count for row in rows)))
    sizes = [max(LEAST, round(per * math.sqrt(row.count), 1)) for row in rows]
    places = _apart(_fitted([spots[row.id] for row in rows], sizes, width, height), sizes, width, height)
    written: list[tuple[float, float, float, float]] = []
    circles = []
    for row, (x, y), r in zip(rows, places, sizes, strict=True):
        name = row.label if len(row.label) <= LONGEST else row.label[: LONGEST - 1].rstrip() + "…"
        at = _name_at(name, x, y, r, written, [(*p, s) for p, s in zip(places, sizes, strict=True)], width, height)
        circles.append(
            Circle(
                row.id, row.label, row.count, row.share, names.get(row.parent or 0, ""), colours.get(row.parent or 0),
                x, y, r, *((name, *at) if at else ("", 0.0, 0.0, "")),
            )
        )  # fmt: skip
    return Drawing(kind, width, height, circles)


def _fitted(
    spots: Sequence[tuple[float, float]], sizes: Sequence[float], width: int, height: int
) -> list[tuple[float, float]]:
    """In the box, as large as fits, one scale for both directions."""
    left, right = min(x for x, _y in spots), max(x for x, _y in spots)
    low, top = min(y for _x, y in spots), max(y for _x, y in spots)
    room = max(sizes) + EDGE
    scale = min((width - 2 * room) / max(right - left, 1e-9), (height - 2 * room) / max(top - low, 1e-9), 1e6)
    middle = (left + right) / 2, (low + top) / 2
    return [(width / 2 + scale * (x - middle[0]), height / 2 - scale * (y - middle[1])) for x, y in spots]


def _apart(
    places: Sequence[tuple[float, float]], sizes: Sequence[float], width: int, height: int
) -> list[tuple[float, float]]:
    """Circles that lie on one another are pushed apart a little, so that each can be seen and met."""
    spots = [list(place) for place in places]
    for _ in range(_ROUNDS):
        for i, one in enumerate(spots):
            for j in range(i):
                other = spots[j]
                dx, dy = one[0] - other[0], one[1] - other[1]
                far, need = math.hypot(dx, dy), sizes[i] + sizes[j] + 2
                if far < need:
                    if far < 1e-6:  # on one spot: each in a direction of its own
                        dx, dy, far = math.cos(i), math.sin(i), 1.0
                    push = (need - far) / 2 / far
                    one[0], one[1] = one[0] + dx * push, one[1] + dy * push
                    other[0], other[1] = other[0] - dx * push, other[1] - dy * push
        for spot, r in zip(spots, sizes, strict=True):
            spot[0] = min(max(spot[0], r + 2), width - r - 2)
            spot[1] = min(max(spot[1], r + 2), height - r - 2)
    return [(round(x, 1), round(y, 1)) for x, y in spots]


def _name_at(
    name: str, x: float, y: float, r: float, written: list[tuple[float, float, float, float]],
    circles: Iterable[tuple[float, float, float]], width: int, height: int,
) -> tuple[float, float, str] | None:  # fmt: skip
    """Where a name has room beside its circle (x, y, anchor), or None. What is written is added to `written`."""
    wide = LETTER * len(name)
    others = [(u, v, s) for u, v, s in circles if (u, v) != (x, y)]
    for at_x, at_y, anchor, start in (
        (x + r + 4, y + 5, "start", x + r + 4),
        (x - r - 4, y + 5, "end", x - r - 4 - wide),
        (x, y - r - 5, "middle", x - wide / 2),
        (x, y + r + LINE - 3, "middle", x - wide / 2),
    ):
        box = (start, at_y - LINE + 4, start + wide, at_y + 4)
        inside = box[0] >= 2 and box[2] <= width - 2 and box[1] >= 2 and box[3] <= height - 2
        if inside and not any(_overlap(box, one) for one in written) and not any(_covers(box, *one) for one in others):
            written.append(box)
            return round(at_x, 1), round(at_y, 1), anchor
    return None


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _covers(box: tuple[float, float, float, float], x: float, y: float, r: float) -> bool:
    near = min(max(x, box[0]), box[2]) - x, min(max(y, box[1]), box[3]) - y
    return math.hypot(*near) < r


def _figure(circles: Sequence[Circle], base: str) -> dict[str, Any]:
    """The same circles for Plotly, in pixels of the wide box; words that begin with -- are colours of the page (charts.js)."""
    width, height = BOXES["wide"]
    colour = ["--edge" if c.colour is None else COLOURS[c.colour] for c in circles]
    trace = {
        "type": "scatter", "mode": "markers+text", "x": [c.x for c in circles], "y": [height - c.y for c in circles],
        "text": [c.name for c in circles], "textposition": [_beside(c) for c in circles], "cliponaxis": False,
        "customdata": [f"{base}{c.id}" for c in circles],
        "hovertext": [_plain(f"{c.label} · {c.count}") + (f"<br>{_plain(c.above)}" if c.above else "") for c in circles],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "size": [2 * c.r for c in circles], "color": colour, "opacity": 0.75, "line": {"color": colour, "width": 1.5},
        },
    }  # fmt: skip
    axis = {"visible": False, "zeroline": False, "showgrid": False}
    layout = {
        "height": height, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "showlegend": False, "hovermode": "closest", "dragmode": "zoom",
        "xaxis": axis | {"range": [0, width]}, "yaxis": axis | {"range": [0, height]},
    }  # fmt: skip
    return {"data": [trace], "layout": layout}


def _beside(circle: Circle) -> str:
    if circle.anchor == "middle":
        return "top center" if circle.name_y < circle.y else "bottom center"
    return "middle left" if circle.anchor == "end" else "middle right"


def _plain(text: str) -> str:
    """Plotly reads a few tags in its texts: what people wrote is none."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
