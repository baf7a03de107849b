"""Responses of a file against the questions they answer. Pure: an Incoming in, its answers and what was wrong out.

What a file says of a choice it says again and again. So the same words about the same question are read and checked once.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from feedback.collect.ballots import check_submission_id
from feedback.collect.conditions import why_hidden
from feedback.exports.fields import fields_of_question
from feedback.imports.mapping import LEFT_OUT, Choices
from feedback.imports.parsed import Incoming, Labels, Layout, RefusedRow
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from polls.kinds.kind import FrozenOption, FrozenQuestion, Value, kind_of
from polls.logic import visible
from polls.write.drafts import folded

REMEMBERED = 5_000  # different values of a question; of a text that everybody writes anew, none
LONGEST_REASON = 500


class Said(NamedTuple):
    """One checked answer, ready to be stored: its rows as (question, item, option, number, text), the counters it moves, and
    what becomes a comment."""

    values: tuple[Value, ...]
    rows: tuple[tuple[int, int | None, int | None, float | None, str | None], ...]
    cells: tuple[str, ...]
    comment: str


class Checked(NamedTuple):
    """A response that may be taken, with its answers by question id: one for each question that was asked."""

    response: Incoming
    said: dict[int, Said]


class Checker:
    """Checks the responses of one file against one set of questions."""

    def __init__(self, questions: Sequence[FrozenQuestion], layout: Layout, choices: Choices) -> None:
        self._questions = questions
        self._conditions = any(q.conditions for q in questions)
        self._left_out = _left_out(layout, choices)
        self._places = _places(questions, layout, choices)
        self._labels = {q.id: Labels(q) for q in questions if any(o.role != "row" for o in q.options)}
        self._memory: dict[int, dict[str, Said | str]] = {q.id: {} for q in questions}
        self._empty = {q.id: _said(q, []) for q in questions}
        self._texts = {q.id for q in questions if kind_of(q.kind).is_text}

    def check(self, response: Incoming, refused: list[RefusedRow]) -> Checked | None:
        """The response with its answers, or None where nothing of it can be taken. A value that cannot be taken is added to
        `refused`; the rest of its response stays."""
        try:
            check_submission_id(response.submission_id)
        except BadInput as refusal:
            refused.append(refused_row(response.line, refusal.message))
            return None
        found: dict[int, Said] = {}
        about: dict[int, dict[int, list[str]]] = {}
        for name, cells in response.cells.items():
            place = self._places.get(name)
            if place is None:
                if name not in self._left_out:
                    why = _("The poll has no field “%(name)s”.") % {"name": name[:80]}
                    refused.append(refused_row(response.line, why))
                continue
            question, item = place
            if item is not None:
                about.setdefault(question.id, {})[item.id] = self._labelled(question, cells)
                continue
            said = self._one(question, cells)
            if isinstance(said, str):
                refused.append(refused_row(response.line, said))
            else:
                found[question.id] = said
        for question in (q for q in self._questions if q.id in about) if about else ():
            try:
                kind = kind_of(question.kind)
                found[question.id] = _said(
                    question, kind.check(question, kind.from_long_items(question, about[question.id]))
                )
            except BadInput as refusal:
                refused.append(refused_row(response.line, refusal.message))
        if self._conditions:
            self._drop_hidden(response, found, refused)
        if not found:
            return None
        return Checked(response, self._asked(found))

    def _one(self, question: FrozenQuestion, cells: list[str]) -> Said | str:
        """The answer in these cells, or why it is none; remembered where it is one of few."""
        if not cells:
            return self._empty[question.id]
        if len(cells) > 1 or question.id in self._texts:
            return self._read(question, cells)
        memory, cell = self._memory[question.id], cells[0]
        said = memory.get(cell)
        if said is None:
            if len(memory) >= REMEMBERED:
                memory.clear()
            said = memory[cell] = self._read(question, cells)
        return said

    def _read(self, question: FrozenQuestion, cells: list[str]) -> Said | str:
        kind = kind_of(question.kind)
        try:
            return _said(question, kind.check(question, kind.from_long(question, self._labelled(question, cells))))
        except BadInput as refusal:
            return refusal.message

    def _labelled(self, question: FrozenQuestion, cells: list[str]) -> list[str]:
        """Options are found as a reader would find them."""
        labels = self._labels.get(question.id)
        return [labels[c] for c in cells] if labels is not None else cells

    def _drop_hidden(self, response: Incoming, found: dict[int, Said], refused: list[RefusedRow]) -> None:
        """Answers to questions that are not asked of somebody with the other answers are reported and left out."""
        asked = self._visible(found)
        for question in (q for q in self._questions if q.id in found and q.id not in asked):
            if found.pop(question.id).values:
                why = question.refuse(why_hidden(self._questions, question)).message
                refused.append(refused_row(response.line, why))

    def _asked(self, found: dict[int, Said]) -> dict[int, Said]:
        """In ballot order, with those that were asked and left empty."""
        asked: Iterable[int] = self._visible(found) if self._conditions else self._empty
        return {question: found.get(question) or self._empty[question] for question in asked}

    def _visible(self, found: Mapping[int, Said]) -> list[int]:
        return visible(self._questions, {question: said.values for question, said in found.items()})


def refused_row(line: int, why: str) -> RefusedRow:
    """As it is stored."""
    return RefusedRow(line, why[:LONGEST_REASON])


def _said(question: FrozenQuestion, values: list[Value]) -> Said:
    kind = kind_of(question.kind)
    rows = tuple((question.id, v.item, v.option, v.number, v.text) for v in values)
    comment = kind.comment(values) if kind.has_comments(question) else ""
    nothing = ((question.id, None, None, None, None),)  # asked and left empty
    return Said(tuple(values), rows or nothing, tuple(kind.cells(question, values)), comment)


def _left_out(layout: Layout, choices: Choices) -> set[str]:
    """The file's names of what somebody does not want."""
    out = {name for name, choice in choices.items() if choice.to == LEFT_OUT}
    return out | {item for item, (group, _label) in layout.items.items() if group in out}


def _places(
    questions: Sequence[FrozenQuestion], layout: Layout, choices: Choices
) -> dict[str, tuple[FrozenQuestion, FrozenOption | None]]:
    """Question and item by the names that the file has for them; an item is found by its label, else by its id."""
    fields: dict[str, tuple[FrozenQuestion, FrozenOption | None]] = {}
    by_label = {}
    for question in questions:
        for one in fields_of_question(question):
            fields[one.id] = (question, one.item)
            if one.item:
                by_label[question.field_id, folded(one.item.label)] = (question, one.item)
    fields |= {q.field_id: (q, None) for q in questions}
    goes_to = {name: choice.to or name for name, choice in choices.items() if choice.to != LEFT_OUT}
    found = {name: fields[to] for name, to in goes_to.items() if to in fields}
    for name, (group, label) in layout.items.items():
        if (key := (goes_to.get(group, LEFT_OUT), folded(label))) in by_label:
            found[name] = by_label[key]
        elif group in goes_to and name in fields:
            found[name] = fields[name]
    return found
