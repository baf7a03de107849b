"""What a kind of question knows, and the registry of all kinds.

CONTRIBUTING.md says how to add one. Nothing else names kinds: there are no if-chains over them.
"""

import importlib
import pkgutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar

from heard.kit.errors import BadInput
from heard.kit.i18n import _
from polls.kinds.taps import Taps
from polls.logic import FrozenCondition, ShowIf
from polls.ranked import Ranked


class BadAnswer(BadInput):
    """A ballot holds a value that its question does not offer. `fields` names the question."""

    code = "bad_answer"


@dataclass(frozen=True)
class FrozenOption:
    """An option as it stands on the ballot."""

    id: int
    label: str
    role: str = "option"  # option | row | other | dont_know
    moderated: bool = False  # a statement that was taken out after people voted on it: its votes stay, nobody is asked


@dataclass(frozen=True)
class FrozenQuestion:
    """A question as it stands on the ballot; what kinds work on, without a session."""

    id: int
    kind: str
    wording: str
    help: str = ""
    required: bool = False
    field_id: str = ""
    options: tuple[FrozenOption, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    section: str = ""  # the heading of the section that begins with this question
    section_intro: str = ""
    shuffled: bool = False  # each ballot has an order of its own (polls.logic.ordered)
    keep_last: int = 0  # of the options, when they are shuffled
    show_when: str = "all"  # all | any of the conditions
    conditions: tuple[FrozenCondition, ...] = ()

    @property
    def name(self) -> str:
        """Its field name in forms: q12."""
        return f"q{self.id}"

    def option(self, option_id: int) -> FrozenOption:
        """The option with this id. Raises BadAnswer for a foreign one."""
        for option in self.options:
            if option.id == option_id and option.role != "row":
                return option
        raise self.refuse(_("This option does not belong to the question."))

    @property
    def has_comments(self) -> bool:
        """Whether its answers may hold open text."""
        return kind_of(self.kind).has_comments(self)

    @property
    def rows(self) -> tuple[FrozenOption, ...]:
        """The rows of a matrix."""
        return tuple(o for o in self.options if o.role == "row")

    @property
    def its_kind(self) -> "Kind":
        """Its kind, for templates that need to ask it something."""
        return kind_of(self.kind)

    def item_name(self, item_id: int) -> str:
        """The field name of one of its items in forms: q12-i34."""
        return f"{self.name}-i{item_id}"

    def refuse(self, why: str) -> BadAnswer:
        """The error for this question: `fields` leads the page to it."""
        return BadAnswer(f"“{self.wording}”: {why}", fields={self.name: why})


@dataclass(frozen=True)
class Value:
    """One row of `answers`: at most one of option, number, text; `item` says what it is about."""

    item: int | None = None
    option: int | None = None
    number: float | None = None
    text: str | None = None

    @property
    def empty(self) -> bool:
        """Asked and left empty."""
        return self.option is None and self.number is None and self.text is None


@dataclass(frozen=True)
class OptionResult:
    """One line of a result. `share` in 0..1 of those who answered the question."""

    id: int
    label: str
    count: int
    share: float
    role: str = "option"


@dataclass(frozen=True)
class ItemResult:
    """What came out for one row, statement or option of a question that asks about several. Its kind says which it fills."""

    id: int
    label: str
    n: int  # answers about this item
    options: tuple[OptionResult, ...] = ()
    count: int | None = None
    share: float | None = None  # 0..1
    mean: float | None = None
    score: float | None = None
    moderated: bool = False  # a statement that is no longer asked, and that no public page shows


@dataclass(frozen=True)
class QuestionResult:
    """What came out of one question: the one object that page, API, chart, export and brief read."""

    id: int
    kind: str
    wording: str
    n: int  # answered
    options: tuple[OptionResult, ...] = ()
    mean: float | None = None
    nps: int | None = None  # -100..100
    low: int | None = None  # ends of a rating scale
    high: int | None = None
    least: float | None = None  # of numbers and days: the lowest, the one in the middle, the highest
    middle: float | None = None
    most: float | None = None
    top: float | None = None  # 0..1: share of the two highest steps of a labelled scale
    unit: str = ""  # of a number
    items: tuple[ItemResult, ...] = ()
    ranked: Ranked | None = None  # of a ranking; its options are the places of `items`

    @property
    def finding(self) -> str:
        """What came out in one sentence, in the language of this context."""
        return kind_of(self.kind).finding(self) if self.n else _("Nobody has answered this yet.")


@dataclass(frozen=True)
class Draft:
    """What an editor or the API says of a question before it is stored."""

    kind: str
    wording: str
    options: tuple[str, ...] = ()
    help: str = ""
    required: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    field_id: str = ""  # its name in the long format, when it came from there
    rows: tuple[str, ...] = ()  # of a matrix
    section: str = ""  # a section with this heading begins here
    section_intro: str = ""
    shuffled: bool = False
    keep_last: int = 0
    show_if: ShowIf = field(default_factory=ShowIf)


class Kind:
    """A kind of question. Subclasses set name, label and purpose and override what differs; all methods are pure."""

    name: ClassVar[str]
    place: ClassVar[int] = 1000  # where it stands in the editor's list
    has_options: ClassVar[bool] = False  # the manager writes options
    has_rows: ClassVar[bool] = False  # and rows beside them
    most_options: ClassVar[int] = 1_000  # and as many rows
    has_steps: ClassVar[bool] = False  # its options are the steps of a scale: stored as numbers, never shuffled
    has_items: ClassVar[bool] = False  # it asks about several things one by one (items.py)
    nominal: ClassVar[bool] = False  # its options have no order of their own: a new question starts shuffled
    operators: ClassVar[Sequence[str]] = ("answered", "not_answered")  # of conditions that look at it (polls/logic.py)
    mark: ClassVar[str] = ""  # what stands before an option in a picture: circle where one is taken, box where several
    is_text: ClassVar[bool] = False  # its answers become comments, and themes
    has_mean: ClassVar[bool] = False  # an answer is one number, and a mean of them says something
    seconds: ClassVar[float] = 5  # to answer, beyond reading; polls/preview/minutes.py says where the figures come from
    seconds_per_item: ClassVar[float] = 0  # and for each option, row or statement that is dealt with one by one
    height: ClassVar[int] = 41  # px of its controls, measured in a frame of 600; polls/preview/heights.py adds words
    height_per_item: ClassVar[int] = 0  # and for each option, row or statement
    judged: ClassVar[str] = ""  # what gets one verdict each: "wording", "options" or "rows" (polls/preview/advice.py)
    default_settings: ClassVar[Mapping[str, Any]] = {}
    setting_inputs: ClassVar[Mapping[str, str]] = {}  # the editor's input types, where the default does not tell
    assets: ClassVar[tuple[str, ...]] = ()  # styles and scripts of its ballot beside app.css, of templates/assets
    setting_codes: ClassVar[frozenset[str]] = frozenset()  # names of settings that hold a code or a day, and no words

    def label(self) -> str:
        """Its name in the editor, in the reader's language."""
        raise LookupError(f"{type(self).__name__} has no label")

    def purpose(self) -> str:
        """A few words on what it is for, in the reader's language."""
        return ""

    def fixed_options(self, settings: Mapping[str, Any] | None = None) -> tuple[str, ...]:
        """Options that the kind brings when none are written, in the language of this context: yes, no, abstain."""
        return ()

    def words_of_ours(self, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """Labels that come from our own catalogue, in the language of this context, and need no translation by hand."""
        return (*self.fixed_options(settings), *(label for _role, label in self.pinned_options(settings)))

    def words_in(self, settings: Mapping[str, Any]) -> dict[str, str]:
        """The settings that people read, by name: words at the ends of a scale, a unit."""
        return {n: v for n, v in settings.items() if isinstance(v, str) and v.strip() and n not in self.setting_codes}

    def settings_seen(self, labels: Collection[str]) -> dict[str, Any]:
        """Settings that tell from the labels a file holds, for a poll made of it."""
        return {}

    def pinned_options(self, settings: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        """Role and label of options that stand last, in the language of this context: other, dont_know."""
        return ()

    def setting_labels(self) -> Mapping[str, str]:
        """The words beside each setting that the editor shows, in the language of this context."""
        return {}

    def setting_choices(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Settings that are one of several words: value and its words, in the language of this context."""
        return {}

    def settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The settings of a new question, checked and completed. Raises BadInput for unknown or impossible ones."""
        if unknown := sorted(set(given) - set(self.default_settings)):
            raise BadInput(
                _("“%(kind)s” has no setting “%(name)s”.") % {"kind": self.name, "name": unknown[0]},
                hint=_("Settings it has: %(names)s.") % {"names": ", ".join(self.default_settings) or "–"},
                fields={"settings": unknown[0]},
            )
        made = {**self.default_settings, **given}
        for name, default in self.default_settings.items():
            if isinstance(default, bool) and not isinstance(made[name], bool):
                raise BadInput(_("“%(name)s” is true or false.") % {"name": name}, fields={"settings": name})
        for name, choices in self.setting_choices().items():
            if made[name] not in (values := [value for value, _words in choices]):
                told = {"value": str(made[name])[:40], "words": ", ".join(values)}
                raise BadInput(_("“%(value)s” is none of: %(words)s.") % told, fields={"settings": name})
        return made

    def gaps(self, question: FrozenQuestion) -> list[str]:
        """What is missing before the question can be published, a sentence each."""
        gaps = [] if question.wording.strip() else [_("A question has no words yet.")]
        if self.has_options and sum(o.role == "option" for o in question.options) < 2:
            gaps.append(_("“%(wording)s” needs at least two options.") % {"wording": question.wording})
        return gaps

    def items(self, question: FrozenQuestion) -> tuple[FrozenOption, ...]:
        """What it asks about one by one: rows, statements, options to rank. Each has a field of its own in exports."""
        return ()

    def height_of(self, question: FrozenQuestion) -> int:
        """px of its controls in a frame, labels of one line each."""
        return self.height + self.height_per_item * sum(o.role != "row" and not o.moderated for o in question.options)

    def from_form(self, question: FrozenQuestion, form: Mapping[str, Sequence[str]]) -> list[Value]:
        """The values in a submitted form; [] when left empty. Raises BadAnswer."""
        raise LookupError(f"{self.name} reads no form")

    def as_form(self, question: FrozenQuestion, values: list[Value]) -> dict[str, list[str]]:
        """Stored values as the fields that `from_form` reads, to fill the ballot in beforehand."""
        sent = [
            v.text if v.text is not None else str(v.option) if v.option is not None else f"{v.number:g}"
            for v in values
            if not v.empty
        ]
        return {question.name: sent}

    def from_json(self, question: FrozenQuestion, answer: Mapping[str, Any]) -> list[Value]:
        """The values in one answer of the API: {option | options | number | text | date | items}. Raises BadAnswer."""
        raise LookupError(f"{self.name} reads no JSON")

    def taps(self, question: FrozenQuestion) -> Taps:
        """How a mail offers it, where one tap answers it; nothing: a mail leads to the ballot."""
        return Taps()

    def check(self, question: FrozenQuestion, values: list[Value]) -> list[Value]:
        """Rules that hold whatever the surface: foreign options, limits. Returns the values to store. Raises BadAnswer."""
        for value in values:
            if value.option is not None:
                question.option(value.option)
        if len({(v.item, v.option) for v in values}) < len(values):
            raise question.refuse(_("The same option was sent twice."))
        return values

    def has_comments(self, question: FrozenQuestion) -> bool:
        """Whether its answers may hold open text that becomes comments, and themes."""
        return self.is_text

    def comment(self, values: Sequence[Value]) -> str:
        """The open text in an answer, or ""."""
        return next((v.text for v in values if v.text), "")

    def takes_own_words(self, question: FrozenQuestion) -> str:
        """Whether people add items of their own: "" never, "read_first" after a manager's yes, "at_once"."""
        return ""

    def own_words(self, values: Sequence[Value]) -> str:
        """The item that somebody adds, or "". It is no answer: it goes to the suggestions, and is not counted."""
        return ""

    def cells(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """Counters that one response moves: "12:n" answered, "12:o5" option, "12:v7" number, "12:i3:o5" item."""
        if not values or all(v.empty for v in values):
            return []
        out = [f"{question.id}:n"]
        for value in values:
            item = f"i{value.item}:" if value.item is not None else ""
            if value.option is not None:
                out.append(f"{question.id}:{item}o{value.option}")
            elif value.number is not None:
                out.append(f"{question.id}:{item}v{value.number:g}")
        return out

    def result(self, question: FrozenQuestion, cells: Mapping[str, int]) -> QuestionResult:
        """The result from the counters of `cells`. The base is those who answered the question."""
        n = cells.get(f"{question.id}:n", 0)
        return QuestionResult(question.id, self.name, question.wording, n)

    def finding(self, result: QuestionResult) -> str:
        """One sentence about a result that somebody answered, true of its figures and of nothing else."""
        raise LookupError(f"{self.name} finds no words")

    def to_long(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """The values as cells of the long format, one line each."""
        raise LookupError(f"{self.name} writes no long format")

    def from_long(self, question: FrozenQuestion, cells: list[str]) -> list[Value]:
        """Back from the long format. Raises BadAnswer. Options are found by their label."""
        raise LookupError(f"{self.name} reads no long format")

    def to_long_items(self, question: FrozenQuestion, values: list[Value]) -> dict[int, list[str]]:
        """The same where there are items: cells by the item's id."""
        raise LookupError(f"{self.name} has no items")

    def from_long_items(self, question: FrozenQuestion, cells: Mapping[int, list[str]]) -> list[Value]:
        """Back from these. Raises BadAnswer."""
        raise LookupError(f"{self.name} has no items")

    def figure(self, question: FrozenQuestion, number: float) -> dict[str, object]:
        """A stored number as JSON lines and webhooks tell it."""
        return {"number": number}

    def told(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """The values as lines for the person who gave them."""
        return self.to_long(question, values)


def whole_number(text: str) -> int:
    """An id as a form or JSON sends it. Raises ValueError beyond what a database holds."""
    if not 0 <= (number := int(text)) < 2**63:
        raise ValueError(text)
    return number


def option_results(question: FrozenQuestion, cells: Mapping[str, int]) -> tuple[OptionResult, ...]:
    """Count and share of each option, in ballot order, options without votes included."""
    n = cells.get(f"{question.id}:n", 0)
    counts = [(o, cells.get(f"{question.id}:o{o.id}", 0)) for o in question.options if o.role != "row"]
    return tuple(OptionResult(o.id, o.label, count, count / n if n else 0.0, o.role) for o, count in counts)


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by its name: each module in this folder that has a class `<Something>(Kind)` with a name."""
    import polls.kinds as folder

    found: dict[str, Kind] = {}
    for module in sorted(m.name for m in pkgutil.iter_modules(folder.__path__) if m.name != "kind"):
        for thing in vars(importlib.import_module(f"polls.kinds.{module}")).values():
            if isinstance(thing, type) and issubclass(thing, Kind) and "name" in vars(thing):
                found[thing.name] = thing()
    return dict(sorted(found.items(), key=lambda kind: kind[1].place))


def kind_of(name: str) -> Kind:
    """The kind with this name. Raises BadInput with the names there are."""
    if name not in kinds():
        raise BadInput(
            _("There is no question kind “%(name)s”.") % {"name": name[:40]},
            hint=_("Kinds: %(names)s.") % {"names": ", ".join(kinds())},
            fields={"kind": name[:40]},
        )
    return kinds()[name]
