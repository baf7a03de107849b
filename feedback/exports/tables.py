"""Responses as text, row by row: CSV for people, JSON lines for programs, the long format for other systems. Never a receipt."""

import json
from collections.abc import Iterator
from datetime import datetime

from feedback.collect.queries import StoredResponse
from feedback.exports.fields import OWN_HEADS, cells_of, fields_of, fields_of_question, json_of, one_cell
from heard.kit import csvio
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion
from polls.logic import asked_in, visible

LONG_HEAD = (
    "submission_id", "collected_at", "field_id", "field_type", "field_label", "value", "email", "language",
    "field_group_id", "field_group_label")  # fmt: skip
EVERY_ITEM = 100  # a question with more items writes only those that were answered: few of 2,000 statements are
MARK = "\ufeff"  # in front of a table, it tells spreadsheets that it is UTF-8
# JSON leaves these as they are, and many a reader of lines ends a line at them.
_LINE_ENDS = {ord(c): f"\\u{ord(c):04x}" for c in "\x85\u2028\u2029"}


def csv_rows(poll: FrozenPoll, rows: Iterator[StoredResponse]) -> Iterator[str]:
    """One row a response; the heads are the wordings, with a column for each item of a question."""
    yield MARK + csvio.line([*OWN_HEADS, *(f.head for f in fields_of(poll))])
    for row in rows:
        yield csvio.line([*own_cells(row), *answer_cells(poll, row)])


def set_aside_rows(poll: FrozenPoll, rows: Iterator[StoredResponse]) -> Iterator[str]:
    """The same of ballots that are set aside, with the reason in front."""
    yield MARK + csvio.line(["set_aside", *OWN_HEADS, *(f.head for f in fields_of(poll))])
    for row in rows:
        yield csvio.line([row.set_aside, *own_cells(row), *answer_cells(poll, row)])


def json_rows(poll: FrozenPoll, rows: Iterator[StoredResponse]) -> Iterator[str]:
    """One line a response; answers by field_id, each with the values it is stored as: none where it was left empty. A
    question that was not asked is not in it."""
    for row in rows:
        answers = {q.field_id: json_of(q, row.answers.get(q.id, [])) for q in asked(poll, row)}
        line = {
            "submission_id": row.submission_id, "mark": row.mark, "submitted_at": written(row.submitted_at),
            "language": row.language, "answers": answers,
        }  # fmt: skip
        yield json.dumps(line, ensure_ascii=False).translate(_LINE_ENDS) + "\n"


def long_rows(poll: FrozenPoll, rows: Iterator[StoredResponse]) -> Iterator[str]:
    """One row a value; a question or item left empty has a row with an empty value (formats.md 5 and a label), a question
    that was not asked has none.

    An item has a field of its own, its question is the field's group.
    """
    yield csvio.line(LONG_HEAD)
    fields_by = {question.id: fields_of_question(question) for question in poll.questions}
    for row in rows:
        for question in asked(poll, row):
            fields = list(zip(fields_by[question.id], _cells(question, row), strict=True))
            if len(fields) > EVERY_ITEM:
                fields = [(field, cells) for field, cells in fields if cells] or fields[:1]
            for field, cell in [(field, cell) for field, cells in fields for cell in cells or [""]]:
                label, group = (field.item.label, question) if field.item else (question.wording, None)
                yield csvio.line([
                    row.submission_id, written(row.submitted_at), field.id, question.kind, label, cell, "", row.language,
                    group.field_id if group else "", group.wording if group else "",
                ])  # fmt: skip


def own_cells(row: StoredResponse) -> list[str]:
    """What a table says of a response beside its answers, in the order of OWN_HEADS."""
    return [row.submission_id, row.mark, written(row.submitted_at), row.language]


def answer_cells(poll: FrozenPoll, row: StoredResponse) -> list[str]:
    """Its answers, a cell for each field of the poll."""
    return [one_cell(q, cells) for q in poll.questions for cells in _cells(q, row)]


def asked(poll: FrozenPoll, row: StoredResponse) -> list[FrozenQuestion]:
    """The questions that this response was asked."""
    return asked_in(poll.questions, visible(poll.questions, row.answers)) if poll.has_conditions else [*poll.questions]


def written(at: datetime) -> str:
    """A moment in a file."""
    return at.isoformat()


def _cells(question: FrozenQuestion, row: StoredResponse) -> list[list[str]]:
    return cells_of(question, row.answers.get(question.id, []))
