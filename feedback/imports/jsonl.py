"""Our own JSON lines: {"submission_id", "submitted_at", "language", "answers": {field: [{item, option, number, date, text}]}}.

An answer's kind follows from what stands in it: an option without an item is one choice, or several where one response
has several; an item with an option is a row of a grid, or of pairs where an item stands twice in one response or all options
are items too; an item with a number is one of several things that were rated. Of numbers about items, −1, 0 and 1 alone are
statements; 1, 2, 3 … each once are a ranking; anything else is points. A number alone is a number, one with its label a step
of an agreement scale, a day a day, a text a text. A text about an item is the words of "Other", which is that item.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from feedback.imports.columns import Column
from feedback.imports.files import JSON_LINES
from feedback.imports.parsed import MOST_SEEN, Field, Incoming, Layout, RefusedRow, moment
from heard.kit.csvio import Sheet, must_be_so_few
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.web import clean_text
from polls.kinds.number import LARGEST, exact

NAME = "jsonl"


def fits(sheets: Sequence[Sheet]) -> bool:
    """By its lines, which are JSON."""
    return len(sheets) == 1 and sheets[0].head == [JSON_LINES]


def survey(sheets: Sequence[Sheet]) -> Layout:
    """The questions of the file."""
    layout = Layout({}, notes=[*_only(sheets).told])
    found: dict[str, _Found] = {}
    items = 0
    for line in _lines(sheets):
        if isinstance(line, RefusedRow):
            continue
        layout.rows += 1
        for name, values in line.answers.items():
            one = found.setdefault(name, _Found())
            items -= len(one.items)
            one.see(values)
            items += len(one.items)
            must_be_so_few(_only(sheets).name, max(len(found), items))
    for name, one in found.items():
        layout.fields[name] = made = Field(name, one.kind(), name, total=one.total, other=one.other)
        for label in one.options:
            made.see(label)
        about = one.items | one.options if made.kind == "pair" else one.items
        for label in about if one.about else ():
            layout.items[_item(name, label)] = (name, made.see_item(_item(name, label), label))
        if made.kind in ("rating", "number"):
            made.labels = {n: n for n in one.numbers.different}
    return layout


def responses(sheets: Sequence[Sheet], layout: Layout) -> Iterator[Incoming | RefusedRow]:
    """A response a line."""
    for line in _lines(sheets):
        if isinstance(line, RefusedRow):
            yield line
            continue
        cells: dict[str, list[str]] = {}
        for name, values in line.answers.items():
            about = [v for v in values if v.item and not v.text]
            for value in about:
                cells.setdefault(_item(name, value.item), []).append(value.option or value.number)
            if not about:
                words = {v.item: f": {v.text}" for v in values if v.item and v.text}
                cells[name] = [v.option + words.get(v.option, "") for v in values if v.option]
                cells[name] += [v.number or v.day or v.text for v in values if not v.option and not v.item]
        yield Incoming(line.line, line.submission, line.time, line.language, cells)


class _Value(NamedTuple):
    item: str
    option: str
    number: str
    day: str
    text: str


class _Line(NamedTuple):
    line: int
    submission: str
    time: datetime | None
    language: str
    answers: dict[str, list[_Value]]


@dataclass
class _Found:
    """What the answers to one question have shown so far; see the rules above."""

    options: dict[str, None] = field(default_factory=dict)
    items: dict[str, None] = field(default_factory=dict)
    numbers: Column = field(default_factory=Column)
    several: bool = False
    about: bool = False
    other: bool = False
    texts: bool = False
    days: bool = False
    chosen: bool = False
    twice: bool = False
    stances: bool = True
    places: bool = True
    total: int = 0

    def see(self, values: list[_Value]) -> None:
        if len(self.options) < MOST_SEEN:
            self.options.update((v.option, None) for v in values if v.option)
        self.chosen |= any(v.option for v in values)
        about = [v for v in values if v.item and not v.text]
        self.other |= any(v.item and v.text for v in values)
        self.several |= sum(bool(v.option) for v in values) > 1
        self.texts |= any(v.text and not v.item for v in values)
        self.days |= any(v.day for v in values)
        self.numbers.see(v.number for v in values if v.number)
        if about:
            self.about = True
            self.items.update((v.item, None) for v in about)
            self.twice |= len({v.item for v in about}) < len(about)
            numbers = [v.number for v in about if v.number]
            self.stances &= {*numbers} <= {"-1", "0", "1"}
            self.places &= sorted(numbers) == sorted(str(n + 1) for n in range(len(numbers)))
            self.total = max(self.total, sum(int(n) for n in numbers if n.isdigit() and len(n) < 7))

    def kind(self) -> str:
        if self.about and self.chosen:
            return "pair" if self.twice or self.items.keys() == self.options.keys() else "matrix"
        if self.about:
            ranked = self.places and self.total > 1
            return "ranking" if ranked else "statements" if self.stances else "points"
        if self.chosen:
            return "multiple" if self.several else "likert" if self.numbers.n else "single"
        if self.days and not (self.texts or self.numbers.n):
            return "date"
        return "long_text" if self.texts or not self.numbers.n else "rating" if self.numbers.steps else "number"


def _item(name: str, label: str) -> str:
    return f"{name} [{label}]"


def _only(sheets: Sequence[Sheet]) -> Sheet:
    if not fits(sheets):
        raise BadInput(
            _("This is not the “%(form)s” format.") % {"form": NAME},
            hint=_("Each line is an object of JSON, as our own export writes it."),
        )
    return sheets[0]


def _lines(sheets: Sequence[Sheet]) -> Iterator[_Line | RefusedRow]:
    for row in _only(sheets).rows():
        try:
            yield _line(row.line, row.cells[0])
        except BadInput as refusal:
            yield RefusedRow(row.line, refusal.message)


def _line(at: int, text: str) -> _Line:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:  # too deep, or a figure of a million digits
        raise BadInput(_("The line is no JSON that can be read.")) from error
    answers = given.get("answers") if isinstance(given, dict) else None
    if not isinstance(answers, dict) or not isinstance(given.get("submission_id"), str):
        raise BadInput(_("The line has no “submission_id” and “answers” as our export writes them."))
    made = {}
    for name, values in answers.items():
        if not isinstance(values, list) or not all(isinstance(v, dict) for v in values):
            raise BadInput(_("The answer to “%(name)s” is no list of values.") % {"name": name[:80]})
        made[clean_text(name)[:200]] = [_value(v) for v in values]
    language = given.get("language")
    return _Line(
        at, clean_text(given["submission_id"]).strip(), moment(_text(given.get("submitted_at"))),
        language[:8] if isinstance(language, str) else "", made,
    )  # fmt: skip


def _value(given: Mapping[str, Any]) -> _Value:
    number = given.get("number")
    if (
        isinstance(number, bool)
        or not isinstance(number, int | float | None)
        or (number is not None and not abs(number) <= LARGEST)
    ):
        raise BadInput(_("“%(value)s” is no number.") % {"value": str(number)[:40]})
    item, option, day, text = (_text(given.get(part)) for part in ("item", "option", "date", "text"))
    return _Value(item, option, "" if number is None else exact(number), day, text)


def _text(given: Any) -> str:
    if given is not None and not isinstance(given, str):
        raise BadInput(_("“%(value)s” is no text.") % {"value": str(given)[:40]})
    return clean_text(given or "")
