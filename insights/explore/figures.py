"""What a chart shows, once for page, Plotly, picture, table, CSV and API: groups of bars. Pure.

One group: the answers to a question. Several: the rows of a matrix with its answers, or the answers of a question with a
bar for each part of a split. A bar that may not be told has no figure anywhere: `n` and `share` are None (trust.md, R1).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from heard.kit.i18n import _, number, percent
from insights.write.findings import ENOUGH_FOR_SHARES
from insights.write.wording import figure as in_band
from insights.write.wording import signed
from polls.kinds.kind import FrozenQuestion, ItemResult, QuestionResult, kind_of

if TYPE_CHECKING:
    from feedback.analysis.asking import Asked
    from feedback.analysis.crossing import Category, CrossTable

MANY = 7
"""From so many bars in a group on, a group is drawn as one row of columns: a split by weeks."""


@dataclass(frozen=True)
class Bar:
    """`n` people of `of`; or a share alone, which weights made; or a `value` that is no number of people; or what is told of
    a small group that said the same: a share of `at_least`. `plain`: it is an answer; False: “No answer”."""

    label: str
    n: int | None = None
    of: int | None = None
    share: float | None = None  # 0..1
    value: float | None = None
    plain: bool = True
    at_least: float | None = None  # 0..1

    @property
    def hidden(self) -> bool:
        """Whether it may not be told."""
        return self.n is self.value is self.share is self.at_least is None

    @property
    def told(self) -> str:
        """Its figure in words: “7 of 12” below 30, “62%” from 30 on, a value with one decimal."""
        if self.value is not None:
            return number(self.value, 1)
        if self.at_least is not None:
            return f"≥\u00a0{percent(self.at_least)}"
        if self.n is None:
            return "–" if self.share is None else percent(self.share, 1 if (self.of or 0) >= 1000 else 0)
        return in_band(self.n, self.of) if self.of else number(self.n)

    @property
    def beside(self) -> str:
        """What stands beside the bar: the count, and the share where the base is large enough for one."""
        if self.n is None or self.value is not None:
            return self.told
        return number(self.n) + (f" · {self.told}" if (self.of or 0) >= ENOUGH_FOR_SHARES else "")


@dataclass(frozen=True)
class Group:
    """Bars that belong together; `label` "" where there is one group only."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Extra:
    """A figure below the table, one for each column: a mean, a score, the base."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """One chart. `name`: of its field (q12, q12/3); `title`: the question; `about`: the item, where it is about one;
    `counted`: what the bars are counts of, where it is not people who gave an answer; `by_item`: a group is an item, and its
    bars are answers; `upper`: how many of the last answers are the upper end of a scale."""

    name: str
    question: FrozenQuestion
    groups: tuple[Group, ...]
    about: str = ""
    finding: str = ""
    test: str = ""
    note: str = ""
    counted: str = ""
    by_item: bool = False
    upper: int = 0
    extras: tuple[Extra, ...] = ()

    @property
    def title(self) -> str:
        """The question."""
        return self.question.wording

    @property
    def columns(self) -> tuple[str, ...]:
        """The heads of the table: the bars of a group, where there are several groups."""
        return tuple(bar.label for bar in self.groups[0].bars) if self.split and self.groups else ()

    @property
    def split(self) -> bool:
        """Whether there are several groups."""
        return any(group.label for group in self.groups)

    @property
    def strips(self) -> bool:
        """Whether a group is drawn as a row of columns."""
        return self.split and len(self.columns) >= MANY

    @property
    def empty(self) -> bool:
        """Whether nothing of it may be told."""
        return all(bar.hidden for group in self.groups for bar in group.bars)

    @property
    def signs(self) -> list[str]:
        """What “–” and “≥” mean, where it has them."""
        bars = [bar for group in self.groups for bar in group.bars]
        hidden = _("– is hidden: fewer than 5 people, or a number from which such a group could be reckoned.")
        alike = _("≥: in a small group everybody gave this answer, or all but one; which of the two is not told.")
        told = (any(bar.hidden for bar in bars), hidden), (any(bar.at_least is not None for bar in bars), alike)
        return [words for there, words in told if there]

    @property
    def top(self) -> float:
        """What a bar of full length stands for: everybody, or the largest value."""
        values = [bar.value for group in self.groups for bar in group.bars if bar.value is not None]
        return max(values, default=1.0) or 1.0

    @property
    def high(self) -> float:
        """The largest share, for columns: they are as tall as what they are compared with."""
        return max((bar.share or 0.0 for group in self.groups for bar in group.bars), default=0.0) or 1.0

    def length(self, bar: Bar) -> float:
        """0..1 of the room for it."""
        return (bar.value if bar.value is not None else bar.share or bar.at_least or 0.0) / self.top


def of_result(question: FrozenQuestion, result: QuestionResult) -> Figure | None:
    """The figure of everybody's answers; None of a text, and where nobody answered."""
    if not result.n or not (result.options or result.items):
        return None
    made = Figure(question.name, question, (), finding=result.finding)
    if not result.items:
        labels = _labels(question, result)
        bars = tuple(Bar(label, o.count, result.n, o.share) for label, o in zip(labels, result.options, strict=True))
        return replace(made, groups=(Group("", bars),))
    if result.items[0].options:
        groups = (Group(i.label, tuple(Bar(o.label, o.count, i.n, o.share) for o in i.options)) for i in result.items)
        return replace(made, groups=tuple(groups), by_item=True)
    counted = _("points on average") if result.items[0].count is None else ""
    bars = tuple(sorted(map(_of_item, result.items), key=lambda bar: -(bar.value or bar.share or 0)))
    if not counted:
        counted = _("first places") if result.ranked is not None else _("comparisons won")
    return replace(made, groups=(Group("", bars),), counted=counted)


def _labels(question: FrozenQuestion, result: QuestionResult) -> list[str]:
    """Of each bar: the option; the words of a bar of numbers or days; at the ends of a scale with the words that stand there."""
    labels = [str(getattr(o, "words", o.label)) for o in result.options]
    for at, name in ((0, "low_label"), (-1, "high_label")):
        if words := question.settings.get(name):
            labels[at] = f"{labels[at]}: {words}"
    return labels


def _of_item(item: ItemResult) -> Bar:
    if item.count is None:
        return Bar(item.label, value=item.mean or 0.0)
    return Bar(item.label, item.count, round(item.count / item.share) if item.share else item.n, item.share)


def of_table(asked: "Asked", result: QuestionResult) -> Figure:
    """The figure of a table: an answer is a group, a row of the table a bar in each; or one group, where nothing splits it.
    `result`: everybody's, which tells the kind of scale."""
    about, table = asked.columns, asked.table
    rows = [at for at in range(len(table.rows)) if _speaks(table, at)] or [0]
    split = len(table.rows) > 1
    if not split:
        [cells], [of] = table.cells, table.row_bases
        told = zip(table.columns, cells, strict=True)
        bars = (Bar(c.label, cell.n, of, cell.share, plain=not c.is_none, at_least=cell.at_least) for c, cell in told)
        groups = [Group("", tuple(bars))]
    else:
        groups = [Group(c.label, tuple(_of_cell(table, row, at) for row in rows)) for at, c in enumerate(table.columns)]
        groups = [g for g in groups if g.bars[0].plain or not all(bar.hidden for bar in g.bars)]
    item = about.item.label if about.item else ""
    bases = Extra(_("Base"), tuple("–" if (of := table.row_bases[row]) is None else number(of) for row in rows))
    extras = [bases] if split else []
    return Figure(
        about.id, about.question, tuple(groups), about=item, extras=(*extras, *_scores(asked, result, rows)),
        upper=0 if about.item else upper_end(result),
    )  # fmt: skip


def _speaks(table: "CrossTable", row: int) -> bool:
    """Whether a part of a split has anybody, and is not a “No answer” of which nothing may be told."""
    away = table.rows[row].is_none and all(cell.n is None for cell in table.cells[row])
    return table.row_bases[row] != 0 and not away


def _of_cell(table: "CrossTable", row: int, at: int) -> Bar:
    cell, of = table.cells[row][at], table.row_bases[row]
    plain = not table.columns[at].is_none
    return Bar(table.rows[row].label, cell.n, of, cell.share, plain=plain, at_least=cell.at_least)


def upper_end(result: QuestionResult) -> int:
    """How many of the last answers are the upper end of a scale: 9 and 10, or its two highest steps; 0: it is no scale."""
    if result.nps is not None:
        return 1  # of three groups
    return 2 if result.low is not None or kind_of(result.kind).has_steps else 0


def _scores(asked: "Asked", result: QuestionResult, rows: Sequence[int]) -> list[Extra]:
    """The mean of the steps of a scale, or the promoter score, of rows in which every cell is shown."""
    columns, table = asked.table.columns, asked.table
    if asked.overlaps or asked.columns.item is not None or not upper_end(result):
        return []
    counts = [
        None if any(c.n is None for c in cells) else [c.n or 0 for c in cells]
        for cells in (table.cells[row] for row in rows)
    ]
    label, figure = (_("Score (NPS)"), _score) if result.nps is not None else (_("On average"), _mean)
    return [Extra(label, tuple("–" if n is None else figure(columns, n) for n in counts))]


def _mean(columns: Sequence["Category"], counts: Sequence[int]) -> str:
    known = [(c.start or 0.0, n) for c, n in zip(columns, counts, strict=True) if not c.is_none]
    n = sum(n for _step, n in known)
    return number(sum(step * n for step, n in known) / n, 1) if n else "–"


def _score(columns: Sequence["Category"], counts: Sequence[int]) -> str:
    known = [(c.start or 0.0, n) for c, n in zip(columns, counts, strict=True) if not c.is_none]
    n, up = sum(n for _step, n in known), sum(n for step, n in known if step >= 9)
    if not n:
        return "–"
    return signed(round(100 * (up - sum(n for step, n in known if step < 7)) / n))
