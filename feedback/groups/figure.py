"""The map of opinion groups as Plotly reads it: plain values, made without Plotly. Pure.

The same ovals and statements as on the drawing that it covers, in the same pixels: nobody's own place is in it. Whoever points
at a statement reads it, whoever points at an oval how many people it stands for.
"""

import math
import textwrap
from collections.abc import Mapping
from typing import Any

from feedback.groups.map import HIGH, WIDE, Map, Oval
from feedback.groups.queries import letter
from heard.kit.i18n import ngettext, number

STEPS = 48  # corners of an oval
COLOURS = ("#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a7a00")  # as in groups.css: a figure knows no tokens
LINE, LINES = 22, 7  # letters of a line of a hint, and how many lines


def figure_of(drawn: Map, labels: Mapping[int, str]) -> dict[str, Any]:
    """Traces and layout. labels: of the statements, by their ids."""
    ovals = [_oval(oval) for oval in drawn.ovals]
    dots = {
        "type": "scatter", "mode": "markers", "x": [dot.x for dot in drawn.dots], "y": [dot.y for dot in drawn.dots],
        "hovertext": [_broken(labels[dot.item]) for dot in drawn.dots], "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"color": "--accent"}, "opacity": 0.45,
    }  # fmt: skip
    marks = {
        "type": "scatter", "mode": "markers+text", "x": [m.x for m in drawn.marks], "y": [m.y for m in drawn.marks],
        "text": [str(m.number) for m in drawn.marks], "textposition": "top center", "cliponaxis": False,
        "hovertext": [_broken(labels[m.item]) for m in drawn.marks], "marker": {"color": "--accent"},
        "hovertemplate": "%{text}. %{hovertext}<extra></extra>",
    }  # fmt: skip
    names = {
        "type": "scatter", "mode": "text", "x": [oval.x for oval in drawn.ovals], "hoverinfo": "skip", "cliponaxis": False,
        "y": [oval.y - oval.ry - 8 for oval in drawn.ovals],
        "text": [f"<b>{letter(oval.place)} · {number(oval.n)}</b>" for oval in drawn.ovals],
    }  # fmt: skip
    bare: dict[str, Any] = {"visible": False}
    layout = {
        "height": 340, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "showlegend": False, "hovermode": "closest", "dragmode": "zoom",
        "xaxis": {**bare, "range": [0, WIDE]},
        "yaxis": {**bare, "range": [HIGH, 0], "scaleanchor": "x"},
        "hoverlabel": {"align": "left", "bgcolor": "#ffffff", "bordercolor": "#6f7673", "font": {"color": "#1d2322"}},
    }  # fmt: skip
    return {"data": [*ovals, dots, marks, names], "layout": layout}


def _oval(oval: Oval) -> dict[str, Any]:
    turns = [2 * math.pi * step / STEPS for step in range(STEPS + 1)]
    words = ngettext("Group %(name)s: %(n)s person", "Group %(name)s: %(n)s people", oval.n)
    said = words % {"name": letter(oval.place), "n": number(oval.n)}
    colour = COLOURS[oval.place % len(COLOURS)]
    return {
        "type": "scatter", "mode": "lines", "fill": "toself", "hoveron": "fills", "name": said, "text": said, "hoverinfo": "text",
        "x": [round(oval.x + oval.rx * math.cos(turn), 1) for turn in turns],
        "y": [round(oval.y + oval.ry * math.sin(turn), 1) for turn in turns],
        "line": {"color": colour, "width": 2}, "fillcolor": f"{colour}38",
    }  # fmt: skip


def _broken(text: str) -> str:
    """Short lines, so that a hint stays inside the map. Plotly reads some HTML in hints, so what people wrote is escaped."""
    lines = textwrap.wrap(text, LINE)
    shown = [*lines[: LINES - 1], f"{lines[LINES - 1]} …"] if len(lines) > LINES else lines
    return "<br>".join(one.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for one in shown)
