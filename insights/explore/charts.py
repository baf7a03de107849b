"""Figures as Plotly reads them: plain values, made without Plotly. Pure. What may not be told is in none of them."""

from html import escape
from typing import Any

from heard.kit.i18n import number, percent
from insights.explore.figures import Bar, Figure
from insights.write.findings import ENOUGH_FOR_SHARES
from insights.write.wording import cut

BAR, SLIM = 34, 25
"""Pixels for one bar with its label; for one of several in a group."""


def plotly_of(figure: Figure) -> dict[str, Any]:
    """Horizontal bars, beside each other where there are groups; of a split by many parts, a line for each answer."""
    if figure.strips:
        return _lines(figure)
    if not figure.split:
        [group] = figure.groups
        labels = [_short(bar.label) for bar in group.bars]
        return _drawn([_bars("", labels, group.bars)], len(labels) * BAR, figure)
    labels = [_short(group.label) for group in figure.groups]
    parts = [tuple(group.bars[at] for group in figure.groups) for at in range(len(figure.columns))]
    traces = [_bars(name, labels, bars) for name, bars in zip(figure.columns, parts, strict=True)]
    return _drawn(traces, len(labels) * (SLIM * len(parts) + 16), figure)


def _bars(name: str, labels: list[str], bars: tuple[Bar, ...]) -> dict[str, Any]:
    hover = [_said(bar, label) for bar, label in zip(bars, labels, strict=True)]
    return {
        "type": "bar", "orientation": "h", "name": _short(name), "y": _unseen(labels), "x": [_length(bar) or 0 for bar in bars],
        "text": [bar.beside for bar in bars], "textposition": "outside", "cliponaxis": False, "hovertext": hover,
        "hoverinfo": "text",
    }  # fmt: skip


def _drawn(traces: list[dict[str, Any]], height: int, figure: Figure) -> dict[str, Any]:
    longest = max((x for trace in traces for x in trace["x"]), default=0.0) or 1.0
    nothing = {"fixedrange": True, "showticklabels": False, "showgrid": False, "zeroline": False}
    layout = _layout(48 + height, legend=figure.split) | {
        "bargap": 0.35, "bargroupgap": 0.1, "xaxis": nothing | {"range": [0, longest * 1.2]},
        "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True, "ticksuffix": "  ", "type": "category"},
    }  # fmt: skip
    for at, trace in enumerate(traces):
        trace["marker"] = {"color": _colour(at) if len(traces) > 1 else "--accent"}
    return {"data": traces, "layout": layout}


def _colour(at: int) -> str:
    """A colour of the page, which charts.js looks up."""
    return f"--c{at % 7 + 1}"


def _lines(figure: Figure) -> dict[str, Any]:
    heads = _unseen([_short(head) for head in figure.columns])
    data = [
        {
            "type": "scatter", "mode": "lines+markers", "name": _short(group.label), "x": heads, "connectgaps": False,
            "y": [_length(bar) for bar in group.bars], "hovertext": [_said(bar, group.label) for bar in group.bars],
            "hoverinfo": "text", "marker": {"color": _colour(at)}, "line": {"color": _colour(at)},
        }
        for at, group in enumerate(figure.groups)
    ]  # fmt: skip
    layout = _layout(380, legend=True) | {
        "xaxis": {
            "type": "category",
            "fixedrange": True,
            "automargin": True,
            "tickmode": "array",
            "tickangle": 0,
            "tickvals": [heads[0], heads[-1]],
        },
        "yaxis": {"rangemode": "tozero", "fixedrange": True, "tickformat": ".0%", "automargin": True},
    }
    return {"data": data, "layout": layout}


def _layout(height: int, *, legend: bool) -> dict[str, Any]:
    above = {"orientation": "h", "traceorder": "normal", "y": 1.0, "yanchor": "bottom", "x": 0}
    return {"height": height, "margin": {"l": 8, "r": 8, "t": 8, "b": 8}, "showlegend": legend, "legend": above}


def _length(bar: Bar) -> float | None:
    if bar.value is not None:
        return round(bar.value, 4)
    share = bar.share if bar.at_least is None else bar.at_least
    return None if share is None else round(share, 4)


def _said(bar: Bar, about: str) -> str:
    """Words for the pointer: nothing that the table does not say."""
    label = _plain(bar.label)
    who = about if label.startswith(about.rstrip("…")) else f"{about} · {label}"
    if bar.hidden or bar.value is not None or bar.at_least is not None:
        return f"{who}: {bar.told}"
    counted = f"{number(bar.n)} / {number(bar.of)}" if bar.n is not None and bar.of else ""
    enough = bar.share is not None and (bar.of or 0) >= ENOUGH_FOR_SHARES
    share = percent(bar.share or 0, 1 if (bar.of or 0) >= 1000 else 0) if enough else ""
    return f"{who}: " + " · ".join(filter(None, (counted, share)))


def _short(label: str) -> str:
    return _plain(cut(label, 9, 42))


def _plain(words: str) -> str:
    """Plotly takes tags and entities for markup: what people wrote has none."""
    return escape(words, quote=False)


def _unseen(labels: list[str]) -> list[str]:
    """Two labels may be cut to the same words; Plotly would pile their bars up."""
    return [label + "\u200b" * labels[:at].count(label) for at, label in enumerate(labels)]
