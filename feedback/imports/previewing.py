"""What a file holds and what would become of it, before anything is written: what the preview page shows.

Every response is read and checked as it will be when it is brought in. Kept as JSON in `imports.mapping` until then.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from feedback.imports import mapping
from feedback.imports.checking import Checked, Checker
from feedback.imports.mapping import Choice, Choices
from feedback.imports.opening import Opened
from feedback.imports.parsed import Field, Incoming, RefusedRow
from heard.kit.errors import BadInput
from heard.kit.i18n import _, speaking
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion, kind_of
from polls.write.drafts import PollDraft, checked

FIRST_ROWS, SHOWN_REFUSED, SHOWN_OPTIONS, EXAMPLES = 5, 20, 12, 3
TRIED = 200  # different values of a question that a kind must be able to take to be offered
LONGEST_CELL = 120


@dataclass
class FoundQuestion:
    """A question of the file. `kinds`: those that fit, the found one first; `examples` of its answers, where it has no options."""

    id: str
    wording: str
    kind: str
    to: str
    kinds: list[str]
    options: list[str]
    more_options: int
    items: int  # that it asks about one by one
    answers: int
    examples: list[str]
    problem: str = ""


@dataclass
class Found:
    """What templates/feedback/imports/preview.html shows of a file."""

    form: str
    responses: int  # that can be taken
    notes: list[str]
    questions: list[FoundQuestion]
    heads: list[str]  # of the first rows as they will be recorded
    first: list[list[str]]
    refused: list[list[Any]]  # line and reason of the first ones
    refused_in_all: int
    problem: str = ""  # why it cannot be brought in like this
    fields: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """To be kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Found":
        """Back from it."""
        questions = [FoundQuestion(**one) for one in kept["questions"]]
        return cls(**{**kept, "questions": questions})


def look_through(opened: Opened, poll: FrozenPoll | None, choices: Choices, locale: str) -> Found:
    """Read a file to its end. `poll`: the one that its answers go to, None for a new one that speaks `locale`."""
    layout, problem, fields = opened.layout, "", dict[str, str]()
    try:
        if poll is None:
            with speaking(locale):
                drafts = mapping.drafts(layout, choices)
                questions = mapping.previewed(drafts)
                checked(PollDraft("-", tuple(drafts), locale=locale))  # what could not be stored is told now
        else:
            questions = poll.questions
            mapping.must_fit(poll, layout, choices)
    except BadInput as refusal:
        problem, questions, fields = f"{refusal.message} {refusal.hint}".strip(), (), refusal.fields
    seen = _Seen(opened, Checker(questions, layout, choices))
    if not seen.taken and not problem:
        problem = _("The file holds no response that could be taken.")
    asked = [q for q in questions if poll is None or q.field_id in _targets(poll, choices)]
    heads, rows = _as_recorded(asked, seen.first)
    return Found(
        opened.form.NAME, seen.taken, layout.notes,
        [_question(name, one, choices.get(name, Choice()), seen) for name, one in layout.fields.items()],
        heads, rows, [[r.line, r.reason] for r in seen.refused], seen.refused_in_all, problem, fields,
    )  # fmt: skip


class _Seen:
    """One reading of the file."""

    def __init__(self, opened: Opened, checker: Checker) -> None:
        self.taken = self.refused_in_all = 0
        self.first: list[Checked] = []
        self.refused: list[RefusedRow] = []
        self.answers: Counter[str] = Counter()
        self.values: dict[str, dict[str, None]] = {name: {} for name in opened.layout.fields}
        groups = {item: group for item, (group, _label) in opened.layout.items.items()}
        for one in opened.responses():
            told: list[RefusedRow] = []
            if isinstance(one, Incoming):
                self._count(one, groups)
                taken = checker.check(one, told)
                if taken is not None:
                    self.taken += 1
                    if len(self.first) < FIRST_ROWS:
                        self.first.append(taken)
            else:
                told.append(one)
            self.refused_in_all += len(told)
            self.refused += told[: SHOWN_REFUSED - len(self.refused)]

    def _count(self, response: Incoming, groups: Mapping[str, str]) -> None:
        said = set()
        for name, cells in response.cells.items():
            if cells:
                group = groups.get(name, name)
                said.add(group)
                values = self.values.get(group)
                if values is not None and len(values) < TRIED:
                    values.update(dict.fromkeys(cells))
        self.answers.update(said)


def _targets(poll: FrozenPoll, choices: Choices) -> set[str]:
    wanted = {choice.to for choice in choices.values()}
    return {
        q.field_id for q in poll.questions if any(to == q.field_id or to.startswith(f"{q.field_id}/") for to in wanted)
    }


def _question(name: str, found: Field, choice: Choice, seen: _Seen) -> FoundQuestion:
    values = list(seen.values[name])
    options = list(found.items.values()) or list(found.labels.values())
    return FoundQuestion(
        name, choice.wording or found.wording, choice.kind or found.kind, choice.to, mapping.kinds_that_fit(found, values),
        [_short(o) for o in options[:SHOWN_OPTIONS]], max(0, len(options) - SHOWN_OPTIONS), len(found.items),
        seen.answers[name], [] if options else [_short(v) for v in values[:EXAMPLES]],
    )  # fmt: skip


def _as_recorded(questions: Sequence[FrozenQuestion], first: Sequence[Checked]) -> tuple[list[str], list[list[str]]]:
    """The first rows, a column for each question that is not left out."""
    rows = []
    for one in first:
        row = [str(one.response.line)]
        for question in questions:
            said = one.said.get(question.id)
            words = kind_of(question.kind).told(question, list(said.values)) if said else []
            row.append(_short("; ".join(words)))
        rows.append(row)
    return [_short(q.wording) for q in questions], rows


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= LONGEST_CELL else one_line[: LONGEST_CELL - 1] + "…"
