"""Two questions against each other: counts of those who gave both answers, with small groups hidden. Pure.

A field that takes one answer (a choice, a step, a number in stretches) splits the responses into its answers and "no
answer". Where several may be chosen, each option splits them into those who chose it and those who did not. So every part
of a table is a partition whose margins are public, and suppression.py can tell what may be shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from feedback.analysis.columns import NONE, Array, Columns, count, everybody, packed
from feedback.analysis.suppression import Counts, Kept, Truths, hidden_in_slices, kept_in
from feedback.exports.fields import PollField
from heard.kit.i18n import _
from polls.frozen import FrozenPoll
from polls.kinds.kind import QuestionResult, kind_of
from polls.kinds.number import MOST_BARS, bars

MOST_CELLS = 4000  # of a table in slices; more takes longer than somebody waits


@dataclass(frozen=True)
class Category:
    """An answer: its name, and who gave it."""

    label: str
    bits: Array
    n: int
    is_none: bool = False  # "no answer"
    start: float | None = None  # of a number: where its stretch begins
    option: int | None = None


@dataclass(frozen=True)
class Part:
    """A partition of the responses. `name`: of the field, and of the option where there is one for each."""

    name: str
    answers: tuple[Category, ...]


@dataclass(frozen=True)
class Side:
    """A field of a poll as one side of a table."""

    field: PollField
    parts: tuple[Part, ...]  # one, or one for each option where several may be chosen
    several: bool

    @property
    def shown(self) -> list[Category]:
        """The rows, or columns, of the table; "no answer" where there is any."""
        return [part.answers[at] for part in self.parts for at in _places(self, part)]


@dataclass(frozen=True)
class Cell:
    """A cell of the table; n and share (0..1 of its row) are None where they are hidden. `at_least`: of a hidden cell the
    share that is told nevertheless (trust.md, R4), or None."""

    n: int | None
    share: float | None
    at_least: float | None = None


@dataclass(frozen=True)
class CrossTable:
    """Two fields against each other. `base`: responses that it describes."""

    base: int
    rows: tuple[Category, ...]
    columns: tuple[Category, ...]
    cells: tuple[tuple[Cell, ...], ...]
    row_bases: tuple[int | None, ...]

    @property
    def hidden(self) -> int:
        """How many cells are hidden."""
        return sum(cell.n is None for row in self.cells for cell in row)

    @property
    def alike(self) -> bool:
        """Whether it tells of a small group that said the same."""
        return any(cell.at_least is not None for row in self.cells for cell in row)


def side_of(poll: FrozenPoll, field: PollField, result: QuestionResult, columns: Columns) -> Side:
    """A field as a side of a table. Its answers and their order are those of the result; `columns` says who gave them."""
    answers = _options(field, columns) or _numbers(field, result, columns)
    all_, given = everybody(columns.n), columns.bits("")
    for answer in answers:
        given = given | answer.bits
    if sum(a.n for a in answers) > count(given):
        return Side(field, tuple(split(f"{field.id}:{a.option}", a.bits, columns.n, a) for a in answers), several=True)
    nobody = Category(_("No answer"), all_ & ~given, columns.n - count(given), is_none=True)
    return Side(field, (Part(field.id, (*answers, nobody)),), several=False)


def split(name: str, bits: Array, n: int, answer: Category | None = None) -> Part:
    """Those who, and those who not."""
    rest = everybody(n) & ~bits
    return Part(name, (answer or Category("", bits, count(bits)), Category("", rest, count(rest))))


def _options(field: PollField, columns: Columns) -> list[Category]:
    question, about = field.question, f"{field.question.id}:" + (f"i{field.item.id}:" if field.item else "")
    if kind_of(question.kind).has_steps or not any(name.startswith(f"{about}o") for name in columns.arrays):
        return []
    options = [o for o in question.options if o.role != "row" and o is not field.item]
    found = [(o, columns.bits(f"{about}o{o.id}")) for o in options]
    return [Category(o.label, bits, count(bits), option=o.id) for o, bits in found]


def _numbers(field: PollField, result: QuestionResult, columns: Columns) -> list[Category]:
    """Numbers by the stretches of the question's result, those about an item by the item's."""
    values = columns.arrays.get(f"{field.question.id}:" + (f"i{field.item.id}:v" if field.item else "v"))
    if values is None:
        return []
    stretches = _item_stretches(field, result, values) if field.item else _stretches(field, result)
    starts = np.array([start for start, _label in stretches])
    there = values != NONE if values.dtype == np.int16 else ~np.isnan(values)
    place = np.where(there, np.searchsorted(starts, np.where(there, values, 0), "right") - 1, -1)
    found = []
    for at, (start, label) in enumerate(stretches):
        bits = packed(place == at)
        found.append(Category(label, bits, count(bits), start=start))
    return found


def _stretches(field: PollField, result: QuestionResult) -> list[tuple[float, str]]:
    if kind_of(field.question.kind).has_steps:
        return [(float(step), o.label) for step, o in enumerate(result.options, 1)]
    if (
        result.nps is not None
    ):  # eleven steps of few people each would hide its score; these three are what it is made of
        return [(0.0, _("0 to 6: would not")), (7.0, _("7 or 8: in between")), (9.0, _("9 or 10: would recommend"))]
    return [(float(getattr(o, "first", o.id)), str(getattr(o, "words", o.label))) for o in result.options]


def _item_stretches(field: PollField, result: QuestionResult, values: Array) -> list[tuple[float, str]]:
    """Stances by their names; other numbers as they are, or in stretches where they are many."""
    named = {float(o.id): o.label for item in result.items for o in item.options}
    if named:
        return sorted(named.items())
    numbers, often = np.unique(values[values != NONE], return_counts=True)
    counts = {float(v): int(n) for v, n in zip(numbers, often, strict=True)}
    made = bars(counts) if len(counts) > MOST_BARS else ()
    return [(bar.first, bar.words) for bar in made] or [(v, f"{v:g}") for v in counts]


def cross(one: Side, other: Side, base: int, k: int) -> CrossTable:
    """The table of two sides, over all responses."""
    blocks = [[_Block(_counted(part, rest), *_kept(k, part, rest)) for rest in other.parts] for part in one.parts]
    return _table(one, other, blocks, base, [c.n for c in one.shown])


def cross_in_slices(
    one: Side, other: Side, by: Part, takens: Sequence[Any], k: int
) -> list[CrossTable]:  # fmt: skip
    """The same over those who are in the `taken` slices of a third partition, a table for each choice of slices. What is
    hidden is the same whichever of the three is the filter, and whichever slices are taken: no difference of two tables
    tells what each of them hides."""
    cubes = [[_cube(k, part, rest, by) for rest in other.parts] for part in one.parts]
    sums = [(_counted(by, part), _kept(k, by, part).hidden) for part in one.parts]
    tables = []
    for taken in takens:
        chosen = np.flatnonzero(taken)
        blocks = [
            [_Block(cube.counts[chosen].sum(axis=0), np.asarray(cube.hidden[chosen].any(axis=0))) for cube in line]
            for line in cubes
        ]
        bases = [
            None if away[chosen, at].any() else int(counts[chosen, at].sum())
            for part, (counts, away) in zip(one.parts, sums, strict=True)
            for at in _places(one, part)
        ]
        tables.append(_table(one, other, blocks, sum(by.answers[at].n for at in chosen), bases))
    return tables


def _cube(k: int, part: Part, rest: Part, by: Part) -> "_Block":
    """(by, part, rest), reckoned with the three in the order of their names, whatever their roles."""
    roles = [by, part, rest]
    order = sorted(range(3), key=lambda at: roles[at].name)
    a, b, c = (roles[at] for at in order)
    counts = np.stack([_counted(b, c, within) for within in a.answers])
    hidden = hidden_in_slices(counts, k, (_kept(k, a, b), _kept(k, a, c), _kept(k, b, c)))
    back = np.argsort(order)
    return _Block(counts.transpose(back), hidden.transpose(back))


def _kept(k: int, one: Part, other: Part) -> Kept:
    """What the table of two partitions hides, the same whichever of them are the rows."""
    if one.name <= other.name:
        return kept_in(_counted(one, other), k)
    return kept_in(_counted(other, one), k).turned


class _Block(NamedTuple):
    """A partition of rows against one of columns, or three against each other. `least`: as of Kept, or none."""

    counts: Counts
    hidden: Truths
    least: Counts | None = None


def _counted(rows: Part, columns: Part, within: Category | None = None) -> Counts:
    found = np.zeros((len(rows.answers), len(columns.answers)), np.int64)
    for at, row in enumerate(rows.answers):
        bits = row.bits if within is None else row.bits & within.bits
        for place, column in enumerate(columns.answers):
            found[at, place] = count(bits & column.bits)
    return found


def _table(
    one: Side, other: Side, blocks: Sequence[Sequence[_Block]], base: int, bases: Sequence[int | None]
) -> CrossTable:
    lines: list[tuple[Cell, ...]] = []
    for part, line in zip(one.parts, blocks, strict=True):
        for at in _places(one, part):
            of = bases[len(lines)]
            lines.append(
                tuple(
                    _cell(block, at, place, of)
                    for block, rest in zip(line, other.parts, strict=True)
                    for place in _places(other, rest)
                )
            )
    return CrossTable(base, tuple(one.shown), tuple(other.shown), tuple(lines), tuple(bases))


def _cell(block: _Block, row: int, column: int, of: int | None) -> Cell:
    if not block.hidden[row, column]:
        n = int(block.counts[row, column])
        return Cell(n, n / of if of else None)
    # what is told of a small column's answer is no share of the row
    alike = block.least is not None and of is not None and block.least[row, column] == of - 1 > 0
    return Cell(None, None, nearly_all(of) if alike and of else None)


def nearly_all(of: int) -> float:
    """The share that is told of a small group that said the same: 0.9, or 0.8 of fewer than ten people, of whom nine tenths
    would be all. Either way it may be all of them, or all but one."""
    return 0.9 if of >= 10 else 0.8


def _places(side: Side, part: Part) -> list[int]:
    """The answers of a partition that are rows or columns: the option itself, or all but a "no answer" that nobody gave."""
    return [0] if side.several else [at for at, c in enumerate(part.answers) if not c.is_none or c.n]


def far_enough(bits: Array, n: int, sides: Iterable[Side], k: int) -> bool:
    """Whether a filter differs from everybody, from nobody, and from each answer to any question and its opposite by k
    responses or more, or by none (trust.md, R3)."""
    mine = count(bits)
    if mine < k or 0 < n - mine < k:
        return False
    apart = [count(bits ^ c.bits) for side in sides for part in side.parts for c in part.answers]
    return not any(0 < d < k or 0 < n - d < k for d in apart)
