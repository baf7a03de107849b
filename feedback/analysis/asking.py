"""Asking for a cross table: words of an address in, a table that may be shown out."""

from dataclasses import dataclass

from feedback.analysis.columns import Array, Columns, count
from feedback.analysis.contrasts import Contrast, contrast_in
from feedback.analysis.crossing import (
    MOST_CELLS,
    CrossTable,
    Part,
    Side,
    cross,
    cross_in_slices,
    far_enough,
    side_of,
    split,
)
from feedback.analysis.filters import condition_in, who_holds
from feedback.analysis.snapshots import columns_for
from feedback.collect.counters import K
from feedback.collect.tallies import PollResults, results_of
from feedback.exports.fields import PollField, fields_of
from heard.kit import csvio
from heard.kit.db import DbSession
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _, number
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion, kind_of
from polls.logic import FrozenCondition


class SmallGroup(Refused):
    """A filter that leaves, or sets apart, fewer than k people."""

    code, status = "small_group", 409

    def __init__(self) -> None:
        super().__init__(
            _("This filter would tell of fewer than %(k)s people, or set so few apart.") % {"k": K},
            hint=_("Choose an answer that more people gave, or no filter."),
        )


class UnknownField(BadInput):
    """A side of a table that the poll does not have."""

    code = "unknown_field"


@dataclass(frozen=True)
class Asked:
    """A table with the two fields it is about, and what it leaves out."""

    rows: PollField
    columns: PollField
    table: CrossTable
    n: int  # responses in all
    overlaps: bool = False  # a person may stand in several rows or columns


def fields_to_cross(poll: FrozenPoll) -> list[PollField]:
    """The fields that may be a side of a table: all but texts."""
    return [field for field in fields_of(poll) if not kind_of(field.question.kind).is_text]


def crossed(session: DbSession, poll: FrozenPoll, rows: str, columns: str, where: str = "") -> Asked:
    """The table of two fields (by field id, or a question's number), over all responses or those for whom `where` holds.

    Raises UnknownField, BadFilter, SmallGroup, BeingPrepared. `session`: one that sees one moment.
    """
    one, other = _field(poll, rows, "rows"), _field(poll, columns, "columns")
    if one.id == other.id:
        raise UnknownField(_("Choose two different questions."), fields={"columns": other.id})
    if where:
        condition_in(poll, where)
    found = columns_for(session, poll)
    if found.n < K:
        raise SmallGroup
    sides = _Sides(poll, found, results_of(poll, found.cells))
    first, second = sides.of(one), sides.of(other)
    overlaps = first.several or second.several
    if not where:
        return Asked(one, other, cross(first, second, found.n, K), found.n, overlaps)
    question, condition = condition_in(poll, where)
    if question.id in (one.question.id, other.question.id):
        raise UnknownField(
            _("The filter looks at one of the two questions: choose another one."), fields={"where": where}
        )
    bits = who_holds(question, condition, found)
    by = sides.partition_for(question, condition, bits)
    if (
        len(by.answers) * max(len(p.answers) for p in first.parts) * max(len(p.answers) for p in second.parts)
        > MOST_CELLS
    ):
        raise UnknownField(_("This table is too large for a filter."), fields={"where": where})
    taken = [part.n > 0 and count(bits & part.bits) == part.n for part in by.answers]
    return Asked(one, other, cross_in_slices(first, second, by, taken, K), found.n, overlaps)


@dataclass(frozen=True)
class _Sides:
    poll: FrozenPoll
    columns: Columns
    results: PollResults

    def of(self, field: PollField) -> Side:
        """A field as a side of a table."""
        result = next(r for r in self.results.questions if r.id == field.question.id)
        return side_of(self.poll, field, result, self.columns)

    def partition_for(self, question: FrozenQuestion, condition: FrozenCondition, bits: Array) -> Part:
        """A partition by the question that a filter looks at, of which the filter takes whole parts. Raises SmallGroup."""
        all_ = [self.of(field) for field in fields_to_cross(self.poll)]
        if not far_enough(bits, self.columns.n, all_, K):
            raise SmallGroup
        mine = next((side for side in all_ if side.field.question.id == question.id), None)
        # where several may be chosen, "A or B" and "A, B or C" may differ by one person, and so may "B" and "not A"
        if mine is not None and mine.several and (condition.operator != "is" or len(condition.options) > 1):
            raise SmallGroup
        if mine is not None and not mine.several and mine.field.item is None:
            if any(0 < count(bits & answer.bits) < answer.n for answer in mine.parts[0].answers):
                raise SmallGroup
            return mine.parts[0]
        option = ",".join(map(str, sorted(condition.options)))
        return split(f"{question.field_id}:{option or condition.operator}", bits, self.columns.n)


def _field(poll: FrozenPoll, name: str, which: str) -> PollField:
    offered = fields_to_cross(poll)
    found = next(
        (f for f in offered if name in (f.id, *(() if f.item else (f.question.name, str(f.question.id))))), None
    )
    if found is None:
        names = ", ".join(field.id for field in offered)[:300]
        raise UnknownField(
            _("This poll has no field “%(name)s” that a table could be made of.") % {"name": name[:80]},
            hint=_("Fields: %(names)s.") % {"names": names},
            fields={which: name[:80]},
        )
    return found


def finding(asked: Asked) -> str:
    """What stands out: the answer that the largest share of a row gave. Hidden cells are never it."""
    best = [
        (cell.share or 0, cell.n, row, column, of)
        for row, of, cells in zip(asked.table.rows, asked.table.row_bases, asked.table.cells, strict=True)
        for column, cell in zip(asked.table.columns, cells, strict=True)
        if cell.n and of and not row.is_none and not column.is_none
    ]
    if not best:
        return _("Too few people gave both answers to say something without telling on somebody.")
    _share, n, row, column, of = max(best, key=lambda found: found[:2])
    words = _(
        "Of those who answered “%(row)s”, %(n)s of %(of)s answered “%(column)s”: the largest share in this table."
    )
    return words % {"row": row.label, "column": column.label, "n": number(n), "of": number(of)}


def contrast(asked: Asked) -> Contrast:
    """Whether the answers of one question differ by those of the other; of those who answered both.

    An answer that nobody gave, as the results say, is no row and no column of the test.
    """
    if asked.overlaps:
        return Contrast(
            note=_("Not tested: people could choose several answers, so that one person stands in several cells."),
            why="several",
        )
    columns = [at for at, column in enumerate(asked.table.columns) if column.n and not column.is_none]
    rows = zip(asked.table.rows, asked.table.cells, strict=True)
    return contrast_in([[cells[at].n for at in columns] for row, cells in rows if row.n and not row.is_none])


def csv_lines(asked: Asked) -> list[str]:
    """The table for spreadsheets, what is hidden is empty; below it what its test says, or why there is none."""
    head = [asked.rows.head, *(c.label for c in asked.table.columns), _("All")]
    lines = [csvio.line(head)]
    for row, cells, of in zip(asked.table.rows, asked.table.cells, asked.table.row_bases, strict=True):
        lines.append(csvio.line([row.label, *("" if c.n is None else c.n for c in cells), "" if of is None else of]))
    found = contrast(asked)
    said = [csvio.line([words]) for words in (found.finding, found.note) if words]
    return ["\ufeff", *lines, *([csvio.line([""]), *said] if said else [])]
