"""The long format, one row an answer: submission_id, collected_at, field_id, field_type, value, email, language.

Our own export adds field_label (the wording). Several rows with one submission_id and field_id are several values. A kind
that asks about several things has a field for each, whose question is named by field_group_id and field_group_label;
without these the part of the field_id before its last "/" is the question. The column email is not read: a response
holds no address.
"""

from collections.abc import Mapping

from feedback.collect.imports.parsed import Field, Incoming, Parsed, RefusedRow, kind_named, moment, need_columns
from heard.kit.csvio import Table
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.web import clean_text
from polls.kinds.kind import kinds

NEEDED = ("submission_id", "field_id", "value")


def fits(head: list[str]) -> bool:
    """Whether a file with these columns is one of ours."""
    return set(NEEDED) <= set(head)


def parse(table: Table) -> Parsed:
    """The questions and responses of the file. Raises BadInput for missing columns and unknown types."""
    need_columns(table.head, NEEDED, "long")
    at = {name: i for i, name in enumerate(table.head)}
    parsed = Parsed({}, [], [])
    responses: dict[str, Incoming] = {}
    types: dict[str, str] = {}
    for line, cells in table.rows:
        row = {name: cells[i] for name, i in at.items()}
        try:
            submission, field_id, value = (clean_text(row[name]) for name in NEEDED)
            submission, field_id = submission.strip(), field_id.strip()
            if not submission or not field_id:
                raise BadInput(_("submission_id and field_id must not be empty."))
            response = responses.get(submission) or Incoming(
                line, submission, moment(row.get("collected_at", "")), row.get("language", "").strip()[:8]
            )
        except BadInput as refusal:
            parsed.refused.append(RefusedRow(line, refusal.message))
            continue
        responses[submission] = response
        label = clean_text(row.get("field_label", "")).strip() or field_id
        if _has_items(row.get("field_type", "")):
            found = _group(parsed, field_id, row)
            parsed.items[field_id] = (found.id, found.see_item(field_id, label))
            field_of_type = found.id
            if value.strip().isdigit() and len(value.strip()) < 7:
                found.totals[submission] += int(value)
        else:
            found, field_of_type = parsed.fields.setdefault(field_id, Field(field_id, "", label)), field_id
        types.setdefault(field_of_type, row.get("field_type", ""))
        found.see(value)
        response.cells.setdefault(field_id, []).extend([value] if value else [])
    parsed.responses = list(responses.values())
    for field_id, found in parsed.fields.items():
        if found.items:
            continue
        several = any(len(r.cells.get(field_id, ())) > 1 for r in parsed.responses)
        found.kind = kind_named(types[field_id], several)
    return parsed


def _has_items(name: str) -> bool:
    kind = kinds().get(name.strip().lower())
    return kind is not None and kind.has_items


def _group(parsed: Parsed, field_id: str, row: Mapping[str, str]) -> Field:
    """The question that a field of an item belongs to."""
    kind = row["field_type"].strip().lower()
    name = clean_text(row.get("field_group_id", "")).strip() or field_id.rpartition("/")[0] or kind
    wording = clean_text(row.get("field_group_label", "")).strip() or name
    return parsed.fields.setdefault(name, Field(name, kind, wording))
