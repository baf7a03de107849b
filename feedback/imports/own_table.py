"""Our own table coming back into its poll, as CSV or workbook: its heads are those of the poll's fields, so nothing is guessed.

Each column goes to the field whose head it has, and its cells are taken apart by that question, as they were joined
(feedback/exports/fields.py). Columns that somebody put beside them are read as those of any plain table.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from feedback.exports.fields import OWN_HEADS, PollField, fields_of
from feedback.imports import csv_plain, long
from feedback.imports.tables import Asked, OneTable, Plan
from heard.kit.csvio import Sheet
from polls.frozen import FrozenPoll


def own_table(poll: FrozenPoll, sheets: Sequence[Sheet]) -> OneTable | None:
    """How to read the table that was made of this poll; None for any other file."""
    fields = {field.head.strip(): field for field in fields_of(poll)}
    head = {*sheets[0].head} if len(sheets) == 1 else set()
    if csv_plain.SUBMISSION not in head or fields.keys().isdisjoint(head):
        return None
    if long.fits(sheets) and not {*OWN_HEADS} <= head:  # and a question of the poll is called "value"
        return None
    return OneTable(csv_plain.NAME, csv_plain.fits, partial(_plan_of, fields))


def _plan_of(fields: dict[str, PollField], sheet: Sheet) -> Plan:
    """As of a plain table, with the poll's fields under their own ids, first: an id is theirs, whatever other heads say."""
    plan = csv_plain.plan_of(sheet)
    asked = [_known(one, fields.get(sheet.head[column])) for one in plan.asked for column in one.columns]
    return replace(plan, asked=sorted(asked, key=lambda one: one.question is None))


def _known(one: Asked, field: PollField | None) -> Asked:
    return replace(one, id=field.id, wording=field.head, question=field.question) if field else one
