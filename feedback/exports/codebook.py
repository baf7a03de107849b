"""What the columns of an export mean: each question with its words, options and their codes, conditions, settings, and how
many answered. Pure, in the language of this context."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from feedback.collect.conditions import why_hidden
from feedback.collect.tallies import PollResults
from feedback.exports.fields import PollField, fields_of
from heard.kit.i18n import _, day
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion, QuestionResult, kind_of
from polls.publish.corrections import CorrectionRow
from polls.publish.editions import Series

HEAD = ("row", "field_id", "column", "kind", "wording", "code", "label", "asked_if", "settings", "answered")


class Code(NamedTuple):
    """An option: its code in the API and in JSON (a scale: the number of the step), and its words, which tables hold."""

    code: int
    label: str


class ItemEntry(NamedTuple):
    """One of several things that a question asks about."""

    field: PollField
    answered: int | None


@dataclass(frozen=True)
class Entry:
    """One question of the codebook."""

    question: FrozenQuestion
    kind: str  # its name for people
    column: str  # "" where its items have columns
    codes: tuple[Code, ...]
    items: tuple[ItemEntry, ...]
    asked_if: str
    settings: tuple[tuple[str, str], ...]
    answered: int | None  # None where that may not be told yet


@dataclass(frozen=True)
class Codebook:
    """What templates/feedback/codebook.html shows."""

    poll: FrozenPoll
    n: int | None
    entries: tuple[Entry, ...]
    series: Series
    corrections: Sequence[CorrectionRow]


def codebook_of(
    poll: FrozenPoll, results: PollResults, series: Series, corrections: Sequence[CorrectionRow]
) -> Codebook:
    """The codebook of a poll whose shown results these are; an anonymous poll that shows none yet tells no counts."""
    shown = not poll.anonymous or results.n > 0
    fields: dict[int, list[PollField]] = {q.id: [] for q in poll.questions}
    for field in fields_of(poll):
        fields[field.question.id].append(field)
    by_id = {result.id: result for result in results.questions}
    entries = tuple(_entry(poll, q, fields[q.id], by_id[q.id], shown) for q in poll.questions)
    return Codebook(poll, results.n if shown else None, entries, series, corrections)


def _entry(
    poll: FrozenPoll, question: FrozenQuestion, fields: list[PollField], result: QuestionResult, shown: bool
) -> Entry:
    kind = kind_of(question.kind)
    said = {item.id: item.n for item in result.items}
    return Entry(
        question, kind.label(), "" if kind.has_items else fields[0].head, _codes(question, result),
        tuple(ItemEntry(f, said.get(f.item.id) if shown else None) for f in fields if f.item),
        why_hidden(poll.questions, question) if question.conditions else "", _settings(question),
        result.n if shown else None,
    )  # fmt: skip


def _codes(question: FrozenQuestion, result: QuestionResult) -> tuple[Code, ...]:
    kind = kind_of(question.kind)
    if kind.has_items:
        return tuple(Code(o.id, o.label) for o in result.items[0].options) if result.items else ()
    options = [o for o in question.options if o.role != "row"]
    return tuple(Code(step if kind.has_steps else o.id, o.label) for step, o in enumerate(options, 1))


def _settings(question: FrozenQuestion) -> tuple[tuple[str, str], ...]:
    """Name and value, as the editor names them; what is at nothing is left out."""
    kind = kind_of(question.kind)
    choices = {name: dict(values) for name, values in kind.setting_choices().items()}
    said = [(_("Required"), _("yes"))] if question.required else []
    for name, words in kind.setting_labels().items():
        value = question.settings.get(name)
        if value is True:
            said.append((words, _("yes")))
        elif value not in (None, "", False):
            said.append((words, choices.get(name, {}).get(str(value), str(value))))
    return (*said, *([(_("Order"), _("another one on each ballot"))] if question.shuffled else []))


def rows_of(book: Codebook) -> list[list[str | int]]:
    """The codebook as a table, the heads first: a row for the poll, each question, each item, each option, each correction."""
    place = f"{book.series.place}/{book.series.of}"
    rows = [list[str | int](HEAD), _row("poll", wording=book.poll.title, label=f"edition {place}", answered=book.n)]
    for entry in book.entries:
        q = entry.question
        rows.append(
            _row(
                "question", field_id=q.field_id, column=entry.column, kind=q.kind, wording=q.wording, answered=entry.answered,
                asked_if=entry.asked_if, settings="; ".join(f"{name}: {value}" for name, value in entry.settings),
            )
        )  # fmt: skip
        rows += [
            _row("item", field_id=i.field.id, column=i.field.head, label=i.field.item.label, answered=i.answered)
            for i in entry.items
            if i.field.item
        ]
        rows += [_row("option", field_id=q.field_id, code=code.code, label=code.label) for code in entry.codes]
    for one in book.corrections:
        rows.append(_row("correction", code=day(one.at), kind=one.part, wording=one.before, label=one.after))
    return rows


def _row(name: str, **cells: str | int | None) -> list[str | int]:
    found = [cells.get(head) for head in HEAD[1:]]
    return [name, *("" if cell is None else cell for cell in found)]
