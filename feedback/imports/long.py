"""The long format, one row an answer: submission_id, collected_at, field_id, field_type, value, email, language.

Our own export adds field_label (the wording). Several rows with one submission_id and field_id are several values. A kind
that asks about several things has a field for each, whose question is named by field_group_id and field_group_label;
without these the part of the field_id before its last "/" is the question. The column email is not read: a response
holds no address.

The rows of one submission normally stand together, and are given on as soon as the next one begins. Where they do not, the
file is read in rounds, each of which gathers a share of the submissions.
"""

import zlib
from array import array
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from feedback.imports import tables
from feedback.imports.parsed import Field, Incoming, Layout, RefusedRow, kind_named, moment, need_columns
from heard.kit.csvio import Sheet, must_be_so_few
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from polls.kinds.kind import kinds

NEEDED = ("submission_id", "field_id", "value")
A_ROUND = 100_000  # submissions that are gathered at once


NAME = "long"


def fits(sheets: Sequence[Sheet]) -> bool:
    """By its columns."""
    return len(sheets) == 1 and set(NEEDED) <= set(sheets[0].head)


def survey(sheets: Sequence[Sheet]) -> Layout:
    """The questions of the file. Raises BadInput for missing columns and unknown types."""
    sheet = tables.only(sheets)
    need_columns(sheet.head, NEEDED, "long")
    layout, together = _survey(sheet, 0)
    if not together:
        layout, _together = _survey(sheet, 1 + layout.rows // A_ROUND)
    return layout


def responses(sheets: Sequence[Sheet], layout: Layout) -> Iterator[Incoming | RefusedRow]:
    """The rows of each submission together, wherever they stand."""
    for found in _submissions(tables.only(sheets), layout.rounds):
        if isinstance(found, RefusedRow):
            yield found
            continue
        first = found[0]
        cells: dict[str, list[str]] = {}
        for row in found:
            several = cells.setdefault(row.field.id, [])
            if row.value:
                several.append(row.value)
        yield Incoming(first.line, first.submission, first.time, first.language, cells)


class _FieldOf(NamedTuple):
    """What the rows of one field say of it."""

    id: str
    type: str
    label: str
    group: str
    wording: str  # of the group


class _Row(NamedTuple):
    line: int
    submission: str
    field: _FieldOf
    value: str
    time: datetime | None
    language: str


def _survey(sheet: Sheet, rounds: int) -> tuple[Layout, bool]:
    """The questions, and whether the rows of each submission stand together."""
    layout = Layout({}, notes=[*sheet.told], rounds=rounds)
    types: dict[str, str] = {}
    several: set[str] = set()
    known: dict[_FieldOf, tuple[Field, bool]] = {}
    begun = array("q")
    for rows in _submissions(sheet, rounds):
        if isinstance(rows, RefusedRow):
            continue
        layout.rows += 1
        begun.append(hash(rows[0].submission))
        said: set[str] = set()
        totals: dict[str, int] = {}
        for row in rows:
            if (pair := known.get(row.field)) is None:
                pair = known[row.field] = _found(layout, row.field)
                types.setdefault(pair[0].id, row.field.type)
                must_be_so_few(sheet.name, max(len(layout.fields), len(layout.items)))
            found, about_item = pair
            if about_item and row.value.isascii() and row.value.strip().isdigit() and len(row.value.strip()) < 7:
                totals[found.id] = totals.get(found.id, 0) + int(row.value)
                found.total = max(found.total, totals[found.id])
            if row.value:
                found.see(row.value)
                if row.field.id in said:
                    several.add(row.field.id)
                said.add(row.field.id)
    for field, found in layout.fields.items():
        if not found.items:
            found.kind = kind_named(types[field], field in several)
    return layout, rounds > 0 or len(set(begun)) == len(begun)


def _found(layout: Layout, row: _FieldOf) -> tuple[Field, bool]:
    """The question that a field is or belongs to, and whether it is one of its items."""
    kind = row.type.strip().lower()
    if kind in kinds() and kinds()[kind].has_items:
        name = row.group or row.id.rpartition("/")[0] or kind
        found = layout.fields.setdefault(name, Field(name, kind, row.wording or name))
        layout.items[row.id] = (found.id, found.see_item(row.id, row.label))
        return found, True
    return layout.fields.setdefault(row.id, Field(row.id, "", row.label)), False


def _submissions(sheet: Sheet, rounds: int) -> Iterator[list[_Row] | RefusedRow]:
    """The rows of one submission after the other. 0 rounds: they stand together."""
    if rounds == 0:
        group: list[_Row] = []
        for row in _rows(sheet):
            if isinstance(row, RefusedRow):
                yield row
            elif group and row.submission != group[0].submission:
                yield group
                group = [row]
            else:
                group.append(row)
        if group:
            yield group
    for turn in range(rounds):
        gathered: dict[str, list[_Row]] = {}
        for row in _rows(sheet):
            if isinstance(row, RefusedRow):
                if turn == 0:
                    yield row
            elif rounds == 1 or zlib.crc32(row.submission.encode()) % rounds == turn:
                gathered.setdefault(row.submission, []).append(row)
        yield from gathered.values()


def _rows(sheet: Sheet) -> Iterator[_Row | RefusedRow]:
    at = {name: i for i, name in enumerate(sheet.head)}
    submission_at, field_at, value_at = (at[name] for name in NEEDED)
    time_at, language_at = at.get("collected_at"), at.get("language")
    describing = [at.get(name) for name in ("field_type", "field_label", "field_group_id", "field_group_label")]
    fields: dict[tuple[str, ...], _FieldOf] = {}
    time_of = _remembering()
    make = tuple.__new__
    for line, cells, problem in sheet.rows():
        said = (cells[field_at], *["" if i is None else cells[i] for i in describing]) if not problem else ()
        try:
            if problem:
                raise BadInput(problem)
            submission = cells[submission_at].strip()
            if (field := fields.get(said)) is None:
                name, kind, label, group, wording = said
                field = _FieldOf(name.strip(), kind, label.strip() or name.strip(), group.strip(), wording.strip())
                if len(fields) < 100_000:
                    fields[said] = field
            if not submission or not field.id:
                raise BadInput(_("submission_id and field_id must not be empty."))
            time = None if time_at is None else time_of(cells[time_at])
            language = "" if language_at is None else cells[language_at].strip()[:8]
            yield make(_Row, (line, submission, field, cells[value_at], time, language))
        except BadInput as refusal:
            yield RefusedRow(line, refusal.message)


def _remembering() -> Callable[[str], datetime | None]:
    """`moment`, which is not asked twice for the time of the row before."""
    last, at = "", None

    def time_of(text: str) -> datetime | None:
        nonlocal last, at
        if text != last:
            at = moment(text)
            last = text
        return at

    return time_of
