"""Asking for a cross table: words of an address in, a table that may be shown out."""

from dataclasses import dataclass
from math import prod

from feedback.analysis.contrasts import Contrast, contrast_in
from feedback.analysis.crossing import MOST_CELLS, Cell, CrossTable, Part, Side, cross, cross_in_slices
from feedback.analysis.filters import condition_in
from feedback.analysis.narrowing import Sides, field_named, narrowed
from feedback.analysis.offering import fields_to_cross  # noqa: F401  (who asks finds here what may be asked for)
from feedback.analysis.refusals import SmallGroup, UnknownField
from feedback.analysis.snapshots import columns_for
from feedback.collect.counters import K
from feedback.collect.tallies import results_of
from feedback.exports.fields import PollField
from heard.kit import csvio
from heard.kit.db import DbSession
from heard.kit.i18n import _, number, percent
from polls.frozen import FrozenPoll


@dataclass(frozen=True)
class Asked:
    """A table with the two fields it is about, and what it leaves out."""

    rows: PollField
    columns: PollField
    table: CrossTable
    n: int  # responses in all
    overlaps: bool = False  # a person may stand in several rows or columns


def crossed(session: DbSession, poll: FrozenPoll, rows: str, columns: str, where: str = "") -> Asked:
    """The table of two fields (by field id, or a question's number), over all responses or those for whom `where` holds.

    Raises UnknownField, BadFilter, SmallGroup, BeingPrepared. `session`: one that sees one moment.
    """
    one, other = field_named(poll, rows, "rows"), field_named(poll, columns, "columns")
    if one.id == other.id:
        raise UnknownField(_("Choose two different questions."), fields={"columns": other.id})
    if where:
        condition_in(poll, where)
    found = columns_for(session, poll)
    if found.n < K:
        raise SmallGroup
    sides = Sides(poll, found, results_of(poll, found.cells))
    first, second = sides.of(one), sides.of(other)
    overlaps = first.several or second.several
    if not where:
        return Asked(one, other, cross(first, second, found.n, K), found.n, overlaps)
    question, _condition = condition_in(poll, where)
    if question.id in (one.question.id, other.question.id):
        raise UnknownField(
            _("The filter looks at one of the two questions: choose another one."), fields={"where": where}
        )
    [by] = narrowed(sides, [where])
    if too_large(first, second, by.part):
        raise UnknownField(_("This table is too large for a filter."), fields={"where": where})
    [table] = cross_in_slices(first, second, by.part, [by.taken], K)
    return Asked(one, other, table, found.n, overlaps)


def too_large(one: Side, other: Side, by: Part) -> bool:
    """Whether a table in slices would take longer than somebody waits."""
    sizes = (max(len(part.answers) for part in side.parts) for side in (one, other))
    return len(by.answers) * prod(sizes) > MOST_CELLS


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
    """The table for spreadsheets, what is hidden is empty or “≥ 90%”; below it what its test says, or why there is none."""
    head = [asked.rows.head, *(c.label for c in asked.table.columns), _("All")]
    lines = [csvio.line(head)]
    for row, cells, of in zip(asked.table.rows, asked.table.cells, asked.table.row_bases, strict=True):
        lines.append(csvio.line([row.label, *map(_cell, cells), "" if of is None else of]))
    found = contrast(asked)
    said = [csvio.line([words]) for words in (found.finding, found.note) if words]
    return ["\ufeff", *lines, *([csvio.line([""]), *said] if said else [])]


def _cell(cell: Cell) -> str:
    if cell.at_least is not None:
        return f"≥ {percent(cell.at_least)}"
    return "" if cell.n is None else str(cell.n)
