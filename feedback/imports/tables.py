"""What the tools have in common whose files have a row for each response: which columns are which question.

A format reads the heads and makes a Plan. A question has one column, or several: its options with a tick in those that
were chosen, or its rows with an answer each. Where the heads do not say which, the cells do: ticks (Y, Yes, x, or the
option's own words) are several choices; the same few answers in every column are a grid; else each column is a question of
its own. The plan is made of heads only and the rest stands in the Layout, so the second reading takes what the first found.
"""

import hashlib
import html
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from typing import NamedTuple

from feedback.exports.fields import split_cell
from feedback.imports.columns import MOST_CHOICES, Column, taken_apart
from feedback.imports.parsed import OTHER, Field, Incoming, Layout, RefusedRow, folded, moment
from heard.kit.csvio import Sheet
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from polls.kinds.kind import FrozenQuestion
from polls.write.drafts import LONGEST

BATCH = 250  # few enough that the garbage collector does not go through them again and again
# What stands in the column of an option: chosen, or not. The option's own words mean chosen too.
TICKS = frozenset(
    ("y", "yes", "oui", "ja", "sí", "si", "sì", "sim", "x", "✓", "✔", "1", "true", "checked", "selected", "quoted")
)
NO_TICKS = frozenset(
    ("", "n", "no", "non", "nein", "nee", "não", "0", "false", "unchecked", "not selected", "not quoted", "n/a")
)
_TAG = re.compile(
    r"</?(?:a|b|big|br|center|div|em|font|h[1-6]|i|img|li|mark|ol|p|s|small|span|strong|sub|sup|u|ul)(?:[\s/][^<>]{0,500})?>",
    re.IGNORECASE,
)


@dataclass
class Asked:
    """A question of the file. `columns`: where its answers stand, each with the option's or row's words ("" where one column
    is the question). `own`: the column with the words of "Other". `question`: the poll's, where its one column was made of
    it."""

    id: str
    wording: str
    columns: dict[int, str]
    own: int | None = None
    question: FrozenQuestion | None = None

    @property
    def parts(self) -> bool:
        """Whether it has a column for each of its options or rows."""
        return any(self.columns.values())


@dataclass
class Plan:
    """Which column is what."""

    asked: list[Asked]
    time: tuple[int, ...] = ()  # columns; the first that is filled
    submission: Callable[[list[str]], str] | None = None  # None: a row is known again by its content
    language: int | None = None
    skip: int = 0  # rows below the heads that are heads too
    moment: Callable[[str], datetime | None] = moment
    why_not: Callable[[list[str]], str] | None = None  # why a row is no response, or ""
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Ids that fit, and the second of two alike called "… (2)"."""
        seen: Counter[str] = Counter()
        for one in self.asked:
            name = one.id[: LONGEST["field_id"]]
            seen[name] += 1
            one.id = f"{name[:190]} ({seen[name]})" if seen[name] > 1 else name


def survey(sheet: Sheet, plan: Plan) -> Layout:
    """The questions of the file. Raises BadInput when no column could be one."""
    if not plan.asked:
        raise BadInput(
            _("The file has no column that could be a question."),
            hint=_("Columns in the file: %(names)s.") % {"names": ", ".join(sheet.head)[:300]},
        )
    layout = Layout({}, notes=[*sheet.told, *plan.notes])
    columns = {i: Column() for one in plan.asked for i in (*one.columns, *([] if one.own is None else [one.own]))}
    contents = array("q")
    for batch in _batches(sheet, plan):
        layout.rows += len(batch.rows)
        turned = list(zip(*batch.rows, strict=True))
        for i, column in columns.items() if turned else ():
            column.see(turned[i])
        if plan.submission is None:
            contents.extend(_number(_content(plan, cells)) for cells in batch.rows)
    for one in plan.asked:
        _settle(layout, one, columns)
    layout.twins = _twins(contents)
    return layout


def responses(sheet: Sheet, plan: Plan, layout: Layout) -> Iterator[Incoming | RefusedRow]:
    """A response a row."""
    readers = [_reader(layout, one) for one in plan.asked]
    simple = [(name, i) for one in readers for name, i in one.simple]
    others = [read for one in readers for read in one.others]
    seen: Counter[int] = Counter()
    for batch in _batches(sheet, plan):
        yield from batch.refused
        for line, cells, time in zip(batch.lines, batch.rows, batch.times, strict=True):
            said = {name: [value] if (value := cells[i].strip()) else [] for name, i in simple}
            for read in others:
                read(cells, said)
            submission = plan.submission(cells) if plan.submission else by_content(plan, cells, seen, layout.twins)
            language = "" if plan.language is None else cells[plan.language].strip()[:8]
            yield Incoming(line, submission, time, language, said)


@dataclass
class OneTable:
    """A format whose files are one table with a row for each response: `plan_of` says which column is which (a `Format`)."""

    NAME: str
    fits: Callable[[Sequence[Sheet]], bool]
    plan_of: Callable[[Sheet], Plan]

    def survey(self, sheets: Sequence[Sheet]) -> Layout:
        """The questions of the file."""
        sheet = only(sheets)
        return survey(sheet, self.plan_of(sheet))

    def responses(self, sheets: Sequence[Sheet], layout: Layout) -> Iterator[Incoming | RefusedRow]:
        """A response a row."""
        sheet = only(sheets)
        return responses(sheet, self.plan_of(sheet), layout)


def only(sheets: Sequence[Sheet]) -> Sheet:
    """The one table of the file. Raises BadInput where there are several."""
    if len(sheets) != 1:
        raise BadInput(
            _("There are %(n)s tables, and this format has one.") % {"n": len(sheets)},
            hint=_("Bring one of them: %(names)s.") % {"names": ", ".join(s.name for s in sheets)[:300]},
        )
    return sheets[0]


def label(head: str) -> str:
    """The words of an option or a row."""
    return wording(head)[: LONGEST["option"]]


def wording(head: str) -> str:
    """The words of a head, without the marks of how they look. Any other mark is a word."""
    text = _TAG.sub(" ", head) if "<" in head else head
    return " ".join(html.unescape(text).split())[: LONGEST["wording"]]


def stem_and_item(head: str) -> tuple[str, str]:
    """ "Grid question [Row 1]" is ("Grid question", "Row 1"); without brackets the item is ""."""
    at = head.rfind("[")
    stem = head[:at].strip()
    return (stem, head[at + 1 : -1].strip()) if stem and head.endswith("]") else (head, "")


def by_content(plan: Plan, cells: Sequence[str], seen: Counter[int], twins: set[int] | None = None) -> str:
    """The same row gives the same id; the second row with the same content gives the second id."""
    content = _content(plan, cells)
    number = _number(content)
    if twins is not None and number not in twins:
        return f"row-{content}-1"
    seen[number] += 1
    return f"row-{content}-{seen[number]}"


def not_taken(heads: Iterable[str]) -> list[str]:
    """The sentence on columns that are left out because they tell about the person or the tool."""
    names = [" ".join(head.split())[:60] for head in heads if head.strip()]
    if not names:
        return []
    words = _("Not taken, because they say who or what sent the answers and are none: %(names)s.")
    return [words % {"names": ", ".join(names[:20]) + ("…" if len(names) > 20 else "")}]


class _Batch(NamedTuple):
    """Some thousand rows: what is no response, and of the others the lines, the cells and the times."""

    refused: list[RefusedRow]
    lines: list[int]
    rows: list[list[str]]
    times: Sequence[datetime | None]


def _batches(sheet: Sheet, plan: Plan) -> Iterator[_Batch]:
    """The rows that are responses. What is rare is looked for in a batch at once."""
    rows = islice(sheet.rows(), plan.skip, None)
    while batch := [*islice(rows, BATCH)]:
        refused = [RefusedRow(line, problem) for line, _cells, problem in batch if problem]
        if refused:
            batch = [row for row in batch if not row.problem]
        if plan.why_not:
            refused += [RefusedRow(row.line, why) for row in batch if (why := plan.why_not(row.cells))]
        times: dict[str, datetime | None] = {"": None}
        texts = [_time_text(plan, cells) for _line, cells, _problem in batch] if plan.time else []
        bad = dict[str, str]()
        for text in {*texts} - {""}:
            try:
                times[text] = plan.moment(text)
            except BadInput as refusal:
                bad[text] = refusal.message
        gone = {r.line for r in refused}
        if bad:
            refused += [
                RefusedRow(row.line, bad[text])
                for row, text in zip(batch, texts, strict=True)
                if text in bad and row.line not in gone
            ]
            gone |= {r.line for r in refused}
        if gone:
            texts = [text for row, text in zip(batch, texts, strict=True) if row.line not in gone] if texts else []
            batch = [row for row in batch if row.line not in gone]
        yield _Batch(
            refused, [row[0] for row in batch], [row[1] for row in batch],
            [times[text] for text in texts] if plan.time else [None] * len(batch),
        )  # fmt: skip


def _time_text(plan: Plan, cells: list[str]) -> str:
    return next((cells[i] for i in plan.time if cells[i]), "")


def _settle(layout: Layout, one: Asked, columns: dict[int, Column]) -> None:
    """What the cells make of a question with several columns, or of its one."""
    own = one.own is not None and columns[one.own].n > 0
    if one.question:
        layout.fields[one.id] = Field(one.id, one.question.kind, one.wording)
        return
    if not one.parts:
        (i,) = one.columns
        found = layout.fields[one.id] = columns[i].field(one.id, one.wording)
        if one.own is not None and (own or found.other) and columns[i].n:
            layout.fields[one.id] = found = _choice(one, columns[i])
            found.other = True
        return
    if all(_is_tick(columns[i], label) for i, label in one.columns.items()):
        found = layout.fields[one.id] = Field(one.id, "multiple", one.wording, other=one.own is not None)
        for label in one.columns.values():
            found.see(label)
        return
    answers = Counter[str]()
    for i in one.columns:
        answers.update(columns[i].different)
    numbers = all(columns[i].numbers for i in one.columns)
    if len(one.columns) > 1 and 2 <= len(answers) <= MOST_CHOICES and not numbers and max(map(len, answers)) <= 60:
        found = layout.fields[one.id] = Field(one.id, "matrix", one.wording)
        for i, label in one.columns.items():
            name = _item_id(one, i)
            layout.items[name] = (one.id, found.see_item(name, label))
        for answer in answers:
            found.labels.setdefault(folded(answer), answer)
        return
    for i, label in one.columns.items():
        words = f"{one.wording} [{label}]"[: LONGEST["wording"]] if label else one.wording
        layout.fields[_item_id(one, i)] = columns[i].field(_item_id(one, i), words)
    if own and one.own is not None:
        words = f"{one.wording} [{_('Other')}]"
        layout.fields[_item_id(one, one.own)] = columns[one.own].field(_item_id(one, one.own), words)


def _choice(one: Asked, column: Column) -> Field:
    """A question with a column for the words of "Other" is a choice, however often each was chosen."""
    found = Field(one.id, "single", one.wording)
    for label in column.different:
        found.see(label)
    return found


def _item_id(one: Asked, column: int) -> str:
    """The id of a column of a question: its place in the question, in brackets, so that no question has it too."""
    label = one.columns.get(column, "")
    if [*one.columns.values()].count(label) > 1 or not label:
        label = f"{label} {column}".strip()
    return f"{one.id[:100]} [{label[:90]}]"


def _is_tick(column: Column, label: str) -> bool:
    own = folded(label)
    return not column.full and all((t := folded(v)) in TICKS or t in NO_TICKS or t == own for v in column.different)


class _Reader:
    """How one question is read from a row: columns as they are, and what needs more than that."""

    def __init__(self) -> None:
        self.simple: list[tuple[str, int]] = []
        self.others: list[Callable[[list[str], dict[str, list[str]]], None]] = []


def _reader(layout: Layout, one: Asked) -> _Reader:
    made, found = _Reader(), layout.fields.get(one.id)
    if not one.parts:
        (i,) = one.columns
        if one.question and one.question.options:
            made.others.append(_apart(one.id, i, partial(split_cell, one.question)))
        elif found is not None and found.between and found.kind == "multiple":
            between, options = found.between, list(found.labels.values())
            made.others.append(_apart(one.id, i, lambda cell: taken_apart(cell, between, options)))
        elif one.own is not None and found is not None and found.other:
            made.others.append(_with_own(one.id, i, one.own))
        else:
            made.simple.append((one.id, i))
    elif found is None:
        made.simple += [(name, i) for i in (*one.columns, *([] if one.own is None else [one.own]))
                        if (name := _item_id(one, i)) in layout.fields]  # fmt: skip
    elif found.items:
        made.simple += [(_item_id(one, i), i) for i in one.columns]
    else:
        made.others.append(_ticked(one))
    return made


def _apart(name: str, i: int, apart: Callable[[str], list[str]]) -> Callable[[list[str], dict[str, list[str]]], None]:
    known: dict[str, list[str]] = {"": []}

    def read(cells: list[str], said: dict[str, list[str]]) -> None:
        cell = cells[i].strip()
        if cell in known:
            said[name] = [*known[cell]]
            return
        said[name] = parts = apart(cell)
        if len(known) < 2_000:
            known[cell] = [*parts]

    return read


def _with_own(name: str, i: int, own: int) -> Callable[[list[str], dict[str, list[str]]], None]:
    def read(cells: list[str], said: dict[str, list[str]]) -> None:
        cell, words = cells[i].strip(), cells[own].strip()
        if words and (not cell or folded(cell) in OTHER):
            said[name] = [f"Other: {words}"]
        elif words:
            said[name] = [cell, f"Other: {words}"]
        else:
            said[name] = [cell] if cell else []

    return read


def _ticked(one: Asked) -> Callable[[list[str], dict[str, list[str]]], None]:
    columns, own = list(one.columns.items()), one.own

    def read(cells: list[str], said: dict[str, list[str]]) -> None:
        chosen = [label for i, label in columns if (cell := cells[i]) and folded(cell) not in NO_TICKS]
        if own is not None and (words := cells[own].strip()) and folded(words) not in NO_TICKS:
            chosen = [label for label in chosen if folded(label) not in OTHER]
            chosen.append("Other" if folded(words) in TICKS or folded(words) in OTHER else f"Other: {words}")
        said[one.id] = [*dict.fromkeys(chosen)]

    return read


def _content(plan: Plan, cells: Sequence[str]) -> str:
    """What makes a row this row: its answers."""
    said = "\x1f".join(f"{one.wording}\x1e{cells[i].strip()}" for one in plan.asked for i in one.columns)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _number(content: str) -> int:
    """63 bits of it."""
    return int(content[:16], 16) >> 1


def _twins(contents: "array[int]") -> set[int]:
    """Those that are there twice. Sorted in place of remembered: 8 bytes each, not a hundred."""
    twins, before = set[int](), -1
    for content in sorted(contents):
        if content == before:
            twins.add(content)
        before = content
    return twins
