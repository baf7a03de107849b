"""A figure as a picture to take along: SVG and PNG from one drawing, by Typst. What makes it honest stands inside: the
question, how many, when, how people were recruited."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Literal
from xml.sax.saxutils import escape

from feedback.collect.results_view import recruited, what_they_mean
from heard.kit import typeset
from heard.kit.clock import today
from heard.kit.colour import accent_colours
from heard.kit.i18n import _, day, language, ngettext, number
from heard.kit.settings import settings
from insights.explore.explorer import Explored
from insights.explore.figures import Bar, Figure
from polls.kinds.kind import FrozenQuestion

TEMPLATE, WORDMARK = "insights/figure.typ", "assets/wordmark.svg"


@dataclass(frozen=True)
class Picture:
    """What is on it, in the reader's language. `alt` says the same in words."""

    data: str
    form: Literal["svg", "png"]
    alt: str

    @property
    def version(self) -> str:
        """Changes exactly when the picture does."""
        return hashlib.sha256(f"{self.form} {self.data}".encode()).hexdigest()[:20]

    def draw(self) -> bytes:
        """The picture. An SVG carries its words for those who hear it."""
        drawn = typeset.typeset(TEMPLATE, json.loads(self.data), form=self.form)
        if self.form == "png":
            return drawn
        head, sep, rest = drawn.decode().partition(">")
        return f'{head} role="img"{sep}<title>{escape(self.alt)}</title>{rest}'.encode()


def picture_of(shown: Explored, question: FrozenQuestion, form: Literal["svg", "png"], address: str) -> Picture:
    """The figures of one question in a view. `address`: of the page that shows them."""
    poll, figures = shown.poll, shown.figures_of(question)
    colours = accent_colours(poll.accent)
    data = {
        "figures": [_drawn(figure) for figure in figures], "about": " · ".join([*_counted(figures), about(shown)]), "locale": language(),
        "foot": [*_signs(figures), f"{recruited(poll)} {what_they_mean(poll)}", f"{poll.title} · {settings().base_url}{address}"],
        "accent": colours.light, "soft": colours.soft_light,
        "wordmark": typeset.source(WORDMARK).decode().replace("#0b5d63", "#56615f"),
    }  # fmt: skip
    alt = " ".join([question.wording, *(figure.finding for figure in figures), about(shown)])
    return Picture(json.dumps(data, ensure_ascii=False, sort_keys=True), form, alt)


def about(shown: Explored) -> str:
    """ "40 of 112 responses · Members since: less than a year · 28 November 2026"."""
    n = ngettext("%(n)s response", "%(n)s responses", shown.n) % {"n": number(shown.n)}
    if shown.base != shown.n:
        n = _("%(count)s of %(n)s") % {"count": number(shown.base), "n": n}
    filters = [f"{f.about}: {f.words}" for f in shown.filters]
    by = [_("side by side: %(what)s") % {"what": shown.by}] if shown.by else []
    weights = [_("beside weights by %(what)s") % {
        "what": ", ".join(m.question.wording for m in shown.weighed.margins)
    }] if shown.weighed else []  # fmt: skip
    return " · ".join([n, *filters, *by, *weights, day(today())])


def _counted(figures: list[Figure]) -> list[str]:
    return [figures[0].counted] if figures and figures[0].counted else []


def _signs(figures: list[Figure]) -> list[str]:
    return list(dict.fromkeys(sign for figure in figures for sign in figure.signs))


def _drawn(figure: Figure) -> dict[str, Any]:
    most = max((bar.n or 0 for bar in figure.groups[0].bars), default=0)
    extras = [
        {"label": e.label, "said": ", ".join(f"{name} {cell}" for name, cell in zip(figure.columns, e.cells, strict=False)) or e.cells[0]}
        for e in ([] if figure.strips else figure.extras)
    ]  # fmt: skip
    return {
        "title": figure.title, "about": figure.about, "finding": figure.finding, "split": figure.split, "strips": figure.strips,
        "extras": extras,
        "groups": [
            {"label": g.label, "bars": [_bar(figure, bar, not figure.split and bool(most) and bar.n == most) for bar in g.bars]}
            for g in figure.groups
        ],
    }  # fmt: skip


def _bar(figure: Figure, bar: Bar, top: bool) -> dict[str, Any]:
    return {
        "label": bar.label, "figure": bar.told if figure.split else bar.beside, "length": round(figure.length(bar), 4), "tall":
        round((bar.share or 0) / figure.high, 4), "hidden": bar.hidden, "plain": bar.plain, "top": top,
    }  # fmt: skip
