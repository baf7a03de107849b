"""The long format, one row an answer: submission_id, collected_at, field_id, field_type, value, email, language.

Our own export adds field_label (the wording). Several rows with one submission_id and field_id are several values. A kind
that asks about several things has a field for each, whose question is named by field_group_id and field_group_label;
without these the part of the field_id before its last "/" is the question. The column email is not read: a response
holds no address.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from feedback.imports.parsed import Field, Incoming, Layout, RefusedRow, kind_named, moment, need_columns
from heard.kit.csvio import Sheet
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.web import clean_text
from polls.kinds.kind import kinds

NEEDED = ("submission_id", "field_id", "value")


NAME = "long"


def fits(sheets: Sequence[Sheet]) -> bool:
    """By its columns."""
    return len(sheets) == 1 and set(NEEDED) <= set(sheets[0].head)


def survey(sheets: Sequence[Sheet]) -> Layout:
    """The questions of the file. Raises BadInput for missing columns and unknown types."""
    need_columns(sheets[0].head, NEEDED, "long")
    layout = Layout({})
    types: dict[str, str] = {}
    said: Counter[tuple[str, str]] = Counter()
    submissions = set()
    for row in _rows(sheets[0]):
        if isinstance(row, RefusedRow):
            continue
        submissions.add(row.submission)
        if _has_items(row.type):
            found = _group(layout, row)
            layout.items[row.field] = (found.id, found.see_item(row.field, row.label))
            if row.value.strip().isdigit() and len(row.value.strip()) < 7:
                found.totals[row.submission] += int(row.value)
        else:
            found = layout.fields.setdefault(row.field, Field(row.field, "", row.label))
        types.setdefault(found.id, row.type)
        found.see(row.value)
        said[row.submission, row.field] += bool(row.value)
    several = {field for (_submission, field), n in said.items() if n > 1}
    for field, found in layout.fields.items():
        if not found.items:
            found.kind = kind_named(types[field], field in several)
    layout.rows = len(submissions)
    return layout


def responses(sheets: Sequence[Sheet], layout: Layout) -> Iterator[Incoming | RefusedRow]:
    """The rows of each submission together, wherever they stand."""
    found: dict[str, Incoming] = {}
    for row in _rows(sheets[0]):
        if isinstance(row, RefusedRow):
            yield row
            continue
        first = Incoming(row.line, row.submission, row.time, row.language)
        found.setdefault(row.submission, first).cells.setdefault(row.field, []).extend([row.value] if row.value else [])
    yield from found.values()


class _Row(NamedTuple):
    line: int
    submission: str
    field: str
    value: str
    type: str
    label: str
    group: str
    wording: str  # of the group
    time: datetime | None
    language: str


def _rows(sheet: Sheet) -> Iterator[_Row | RefusedRow]:
    at = {name: i for i, name in enumerate(sheet.head)}
    for line, cells in sheet.rows():
        row = {name: cells[i] for name, i in at.items()}
        try:
            submission, field, value = (clean_text(row[name]) for name in NEEDED)
            submission, field = submission.strip(), field.strip()
            if not submission or not field:
                raise BadInput(_("submission_id and field_id must not be empty."))
            label, group, wording = (
                clean_text(row.get(name, "")).strip() for name in ("field_label", "field_group_id", "field_group_label")
            )
            yield _Row(
                line, submission, field, value, row.get("field_type", ""), label or field, group, wording,
                moment(row.get("collected_at", "")), row.get("language", "").strip()[:8],
            )  # fmt: skip
        except BadInput as refusal:
            yield RefusedRow(line, refusal.message)


def _has_items(name: str) -> bool:
    kind = kinds().get(name.strip().lower())
    return kind is not None and kind.has_items


def _group(layout: Layout, row: _Row) -> Field:
    """The question that a field of an item belongs to."""
    kind = row.type.strip().lower()
    name = row.group or row.field.rpartition("/")[0] or kind
    return layout.fields.setdefault(name, Field(name, kind, row.wording or name))
