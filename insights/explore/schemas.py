"""What the API says of a view."""

from typing import TYPE_CHECKING

from pydantic import BaseModel

from feedback.collect.counters import K
from insights.explore.figures import Bar, Figure

if TYPE_CHECKING:
    from insights.explore.explorer import Explored
    from insights.explore.weighing import Weighed


class BarOut(BaseModel):
    """`n` people of `of`, and their share (0..1); or a share alone, of weights; or a value that is no number of people; or
    `at_least`, a share, of a small group that said the same. All are null where they may not be told."""

    label: str
    n: int | None
    of: int | None
    share: float | None
    value: float | None
    at_least: float | None

    @classmethod
    def of_bar(cls, bar: Bar) -> "BarOut":
        """One bar."""
        return cls(label=bar.label, n=bar.n, of=bar.of, share=bar.share, value=bar.value, at_least=bar.at_least)


class SplitOut(BaseModel):
    """Bars that belong together: the parts of a split for one answer, the answers for one row of a matrix."""

    label: str
    bars: list[BarOut]


class FigureOut(BaseModel):
    """One chart. `field`: of the question or its item; `extras`: means, scores and bases, one for each part of a split."""

    field: str
    question: int
    wording: str
    item: str
    finding: str
    test: str
    note: str
    groups: list[SplitOut]
    extras: dict[str, list[str]]

    @classmethod
    def of_figure(cls, figure: Figure) -> "FigureOut":
        """One figure."""
        return cls(
            field=figure.name, question=figure.question.id, wording=figure.title, item=figure.about, finding=figure.finding,
            test=figure.test, note=figure.note,
            groups=[SplitOut(label=g.label, bars=[BarOut.of_bar(bar) for bar in g.bars]) for g in figure.groups],
            extras={e.label: list(e.cells) for e in figure.extras},
        )  # fmt: skip


class WeightsOut(BaseModel):
    """What weights cost. `trimmed`: the share of people whose weight stands at a bound; `furthest`: the largest distance of
    a share from its margin, 0..1."""

    people: int
    effective_n: float
    design_effect: float
    trimmed: float
    converged: bool
    furthest: float

    @classmethod
    def of_weights(cls, weighed: "Weighed") -> "WeightsOut":
        """From weights that were made."""
        raked = weighed.raked
        return cls(
            people=weighed.people, effective_n=round(raked.effective_n, 1), design_effect=round(raked.design_effect, 4),
            trimmed=round(raked.trimmed / weighed.people, 4), converged=raked.converged, furthest=round(raked.furthest[0], 6),
        )  # fmt: skip


class ViewOut(BaseModel):
    """A view of a poll: `base` of `n` responses, filtered by `where`, split by `by`."""

    poll: str
    n: int
    base: int
    k: int
    where: list[str]
    by: str
    margins: list[str]
    figures: list[FigureOut]
    weights: WeightsOut | None

    @classmethod
    def of(cls, shown: "Explored") -> "ViewOut":
        """From a view that may be shown."""
        figures = [FigureOut.of_figure(f) for q in shown.poll.questions for f in shown.figures_of(q)]
        return cls(
            poll=shown.poll.slug, n=shown.n, base=shown.base, k=K, where=list(shown.wish.wheres), by=shown.wish.by,
            margins=list(shown.wish.margins), figures=figures,
            weights=WeightsOut.of_weights(shown.weighed) if shown.weighed else None,
        )  # fmt: skip
