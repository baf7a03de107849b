"""A poll's responses as text: CSV for people, JSON lines for programs, the long format for other systems.

Never a receipt. Rows come in the order of random ids; of an anonymous poll, with a day instead of a time, and while it
is open only those that belong to a published step of K (feedback/collect/counters.py).
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime

from feedback.collect.counters import K
from feedback.collect.queries import StoredResponse, is_closed, snapshot, standing, stored_responses
from feedback.exports.fields import cells_of, fields_of, fields_of_question
from heard.kit import csvio
from heard.kit.db import DbSession, reading
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _
from polls.frozen import FrozenPoll, frozen_poll
from polls.kinds.kind import FrozenQuestion, Value
from polls.logic import asked_in, visible

LONG_HEAD = (
    "submission_id", "collected_at", "field_id", "field_type", "field_label", "value", "email", "language",
    "field_group_id", "field_group_label")  # fmt: skip
OWN_HEADS = ("submission_id", "mark", "submitted_at", "language")
EVERY_ITEM = 100  # a question with more items writes only those that were answered: few of 2,000 statements are
BETWEEN = "; "  # several options in one cell of the CSV


class TooFewToShow(Refused):
    """An anonymous poll with so few responses that a row could be somebody."""

    code, status = "too_few", 409


def export(slug: str, form: str) -> Iterator[str]:
    """The responses in pieces of text. Raises NotFound, BadInput for an unknown form, TooFewToShow: before the first piece."""
    if form not in FORMS:
        raise BadInput(
            _("There is no export format “%(form)s”.") % {"form": form[:40]},
            hint=_("Formats: %(names)s.") % {"names": ", ".join(FORMS)},
        )
    with reading() as session:
        poll = frozen_poll(session, slug)
        if poll.anonymous and standing(session, poll.id) < K:
            raise TooFewToShow(
                _("“%(title)s” is anonymous: its answers can be taken along from %(k)s responses on.")
                % {"title": poll.title, "k": K},
                hint=_("Wait until more people have answered."),
            )
    return _pieces(poll, FORMS[form])


def _pieces(
    poll: FrozenPoll, write: "Callable[[FrozenPoll, Iterator[StoredResponse]], Iterator[str]]"
) -> Iterator[str]:
    with snapshot() as session:
        yield from write(poll, _rows(session, poll))


def _rows(session: DbSession, poll: FrozenPoll) -> Iterator[StoredResponse]:
    return stored_responses(session, poll.id, only_released=poll.anonymous and not is_closed(poll))


def _csv(poll: FrozenPoll, rows: Iterator[StoredResponse]) -> Iterator[str]:
    """One row a response; the heads are the wordings, with a column for each item of a question.

    The mark in front tells spreadsheets that it is UTF-8.
    """
    yield "\ufeff" + csvio.line([*OWN_HEADS, *(f.head for f in fields_of(poll))])
    for row in rows:
        yield csvio.line(
            [
                row.submission_id,
                row.mark,
                _time(row.submitted_at),
                row.language,
                *(BETWEEN.join(cells) for q in poll.questions for cells in _cells(q, row)),
            ]
        )


def _jsonl(poll: FrozenPoll, rows: Iterator[StoredResponse]) -> Iterator[str]:
    """One line a response; answers by field_id, each with the rows it is stored as: none where it was left empty. A
    question that was not asked is not in it."""
    for row in rows:
        answers = {q.field_id: [_json(q, v) for v in row.answers.get(q.id, [])] for q in _asked(poll, row)}
        line = {
            "submission_id": row.submission_id, "mark": row.mark, "submitted_at": _time(row.submitted_at),
            "language": row.language, "answers": answers,
        }  # fmt: skip
        yield json.dumps(line, ensure_ascii=False) + "\n"


def _long(poll: FrozenPoll, rows: Iterator[StoredResponse]) -> Iterator[str]:
    """One row a value; a question or item left empty has a row with an empty value (formats.md 5 and a label), a question
    that was not asked has none.

    An item has a field of its own, its question is the field's group.
    """
    yield csvio.line(LONG_HEAD)
    for row in rows:
        for question in _asked(poll, row):
            fields = list(zip(fields_of_question(question), _cells(question, row), strict=True))
            if len(fields) > EVERY_ITEM:
                fields = [(field, cells) for field, cells in fields if cells] or fields[:1]
            for field, cell in [(field, cell) for field, cells in fields for cell in cells or [""]]:
                label, group = (field.item.label, question) if field.item else (question.wording, None)
                yield csvio.line([
                    row.submission_id, _time(row.submitted_at), field.id, question.kind, label, cell, "", row.language,
                    group.field_id if group else "", group.wording if group else "",
                ])  # fmt: skip


FORMS: dict[str, Callable[[FrozenPoll, Iterator[StoredResponse]], Iterator[str]]] = {
    "csv": _csv,
    "jsonl": _jsonl,
    "long": _long,
}


def _asked(poll: FrozenPoll, row: StoredResponse) -> list[FrozenQuestion]:
    return asked_in(poll.questions, visible(poll.questions, row.answers)) if poll.has_conditions else [*poll.questions]


def _cells(question: FrozenQuestion, row: StoredResponse) -> list[list[str]]:
    return cells_of(question, row.answers.get(question.id, []))


def _json(question: FrozenQuestion, value: Value) -> dict[str, object]:
    labels = {o.id: o.label for o in question.options}
    said = {
        "item": labels.get(value.item or 0), "option": labels.get(value.option or 0), "number": value.number, "text": value.text,
    }  # fmt: skip
    return {name: what for name, what in said.items() if what is not None}


def _time(at: datetime) -> str:
    return at.isoformat()
