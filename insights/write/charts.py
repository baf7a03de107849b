"""Charts of a brief for the manager's page, as Plotly reads them: plain values, made without Plotly. Pure.

A chart's title says its finding; colours come from the page (charts.js), so that dark mode has its own.
"""

from typing import Any, NamedTuple

from heard.kit.i18n import _
from insights.measure.measures import Facts
from insights.write.wording import cut, figure

THEMES = 15
BAR = 34
"""Pixels for one bar with its label."""


class Chart(NamedTuple):
    """One figure: its title, the poll that it is of ("" for all), and the rows that the table beside it shows."""

    title: str
    poll: str
    plotly: dict[str, Any]
    rows: list[tuple[str, str, str]]  # label, count, share


def charts_of(facts: Facts) -> list[Chart]:
    """A chart of the largest themes, and one of each closed question with answers."""
    coarse = [t for t in facts["themes"] if t["parent"] is None][:THEMES]
    charts = []
    if coarse:
        rows = [(t["label"], t["count"], t["n"]) for t in coarse]
        charts.append(_bars(_("What people write about"), "", rows))
    for poll in facts["polls"]:
        for question in (q for q in poll["questions"] if q["options"]):
            rows = [(o["label"], o["count"], question["n"]) for o in question["options"]]
            charts.append(_bars(question["wording"], poll["title"], rows))
    return charts


def _bars(title: str, poll: str, rows: list[tuple[str, int, int]]) -> Chart:
    labels = [cut(label, 7, 42) for label, _count, _base in rows]
    # Two options may be cut to the same words; Plotly would pile them up.
    unseen = [label + "\u200b" * labels[:i].count(label) for i, label in enumerate(labels)]
    figures = [figure(count, base) if base else "" for _label, count, base in rows]
    plotly = {
        "data": [
            {
                "type": "bar", "orientation": "h", "x": [count for _label, count, _base in rows], "y": unseen, "text": figures,
                "textposition": "auto", "cliponaxis": False, "hovertemplate": "%{y}: %{x}<extra></extra>",
                "marker": {"color": "--accent"},
            }
        ],
        "layout": {
            "height": 48 + BAR * len(rows),
            "margin": {"l": 8, "r": 48, "t": 8, "b": 32},
            "bargap": 0.35,
            "xaxis": {"rangemode": "tozero", "fixedrange": True, "tickformat": ",d"},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True, "ticksuffix": "  ", "type": "category"},
            "showlegend": False,
        },
    }  # fmt: skip
    return Chart(
        title,
        poll,
        plotly,
        [(label, str(count), share) for (label, count, _b), share in zip(rows, figures, strict=True)],
    )
