"""What an import format makes of a file: the questions it found and the responses, before anything is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

from heard.kit.clock import now
from heard.kit.csvio import Sheet
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from polls.kinds.kind import Draft, FrozenQuestion, kind_of, kinds
from polls.write.drafts import folded


class RefusedRow(NamedTuple):
    """A row that was not taken, and why."""

    line: int
    reason: str


# Words of other tools for the two options that stand last, as `folded` gives them.
OTHER = frozenset((
    "other", "others", "other (please specify)", "other, please specify", "-oth-", "autre", "autres", "autre (veuillez préciser)",
    "autre (préciser)", "sonstiges", "andere", "anderes", "otro", "otra", "otros", "outro", "outra", "altro", "anders",
))  # fmt: skip
UNSURE = frozenset((
    "don't know", "don’t know", "dont know", "do not know", "i don't know", "i don’t know", "ne sait pas", "je ne sais pas",
    "weiß nicht", "weiss nicht", "no sé", "não sei", "non so", "weet niet",
))  # fmt: skip
MOST_SEEN = 1_001  # different values that are remembered: one more than a question has options


def other_words(text: str) -> str | None:
    """What stands behind the colon of "Other: words", in any of the languages; None for another text."""
    name, colon, words = text.partition(":")
    return words.strip() if colon and len(name) < 40 and folded(name) in OTHER else None


@dataclass
class Field:
    """A question as the file shows it. `labels`: its distinct values in order of appearance, at most MOST_SEEN.

    "Other", with words behind it or without, and "Don't know" are no labels but settings of the question.
    """

    id: str
    kind: str
    wording: str
    labels: dict[str, str] = field(default_factory=dict)  # by folded label
    items: dict[str, str] = field(default_factory=dict)  # label by the file's id of the item
    total: int = 0  # the largest sum of the numbers about its items in one response
    between: str = ""  # several options in one cell are joined by it
    other: bool = False
    unsure: bool = False
    _items_seen: set[str] = field(default_factory=set, repr=False, init=False)
    _seen: set[str] = field(
        default_factory=set, repr=False, init=False
    )  # as they came, so that nothing is folded twice

    def see(self, value: str) -> None:
        """Remember a value; two that look the same to a reader are one."""
        if value in self._seen or len(self._seen) >= MOST_SEEN:
            return
        self._seen.add(value)
        text = folded(value)
        if text in OTHER or other_words(value) is not None:
            self.other = True
        elif text in UNSURE:
            self.unsure = True
        elif text:
            self.labels.setdefault(text, value.strip())

    def see_item(self, item_id: str, label: str) -> str:
        """Remember one of several things that the question asks about; its label, made different from the others'."""
        if item_id not in self.items:
            self.items[item_id] = f"{label} ({item_id})" if folded(label) in self._items_seen else label
            self._items_seen |= {folded(label), folded(self.items[item_id])}
        return self.items[item_id]

    def draft(self) -> Draft:
        """The question for a new poll: options and scale from what was found."""
        if kind_of(self.kind).has_items:
            return self._draft_with_items()
        kind, options = self.kind, tuple(self.labels.values())
        settings = {**kind_of(kind).settings_seen(options), **self._pinned(kind)}
        if fixed := kind_of(kind).fixed_options(settings):
            if set(options) <= set(fixed) and not self.other | self.unsure:
                return Draft(kind, self.wording, fixed, settings=settings, field_id=self.id)
            kind, settings = "single", self._pinned("single")
        if not kind_of(kind).has_options:
            return Draft(kind, self.wording, settings=self._scale(kind), field_id=self.id)
        return Draft(kind, self.wording, _two_at_least(options), settings=settings, field_id=self.id)

    def _pinned(self, kind: str) -> dict[str, object]:
        """Settings for "Other" and "Don't know", where the kind has them."""
        seen = {"other": self.other, "dont_know": self.unsure}
        return {name: True for name, there in seen.items() if there and name in kind_of(kind).default_settings}

    def _draft_with_items(self) -> Draft:
        numbered = sorted(self.items.items(), key=lambda item: _place(item[0]))
        items = tuple(label for _id, label in numbered)
        settings = kind_of(self.kind).default_settings
        if "budget" in settings:
            settings = {"budget": max(settings["budget"], self.total)}
        if kind_of(self.kind).has_rows:
            return Draft(
                self.kind, self.wording, _two_at_least(tuple(self.labels.values())), settings=settings, field_id=self.id,
                rows=items,
            )  # fmt: skip
        return Draft(self.kind, self.wording, _two_at_least(items), settings=settings, field_id=self.id)

    def _scale(self, kind: str) -> dict[str, object]:
        settings = kind_of(kind).default_settings
        if not {"low", "high"} <= set(settings):
            return {}
        numbers = [float(v) for v in self.labels.values() if v.replace(".", "", 1).isdigit() and len(v) < 6]
        low, high = (int(f([*numbers, settings[end]])) for f, end in ((min, "low"), (max, "high")))
        return {"low": low, "high": high} if high - low <= 10 else {}


def _two_at_least(options: tuple[str, ...]) -> tuple[str, ...]:
    """A choice needs two; the file shows only what was chosen."""
    if len(options) < 2:
        options = (*options, *(o for o in (_("Something else"), _("Nothing of this")) if o not in options))[:2]
    return options


def _place(item_id: str) -> int:
    """The number at the end of q12/3; items without one keep the order of the file."""
    end = item_id.rpartition("/")[2]
    return int(end) if end.isascii() and end.isdigit() and len(end) < 7 else 0


@dataclass(slots=True)
class Incoming:
    """One response of the file: cells by field id, each with its lines."""

    line: int
    submission_id: str
    collected_at: datetime | None
    language: str
    cells: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Layout:
    """What the first reading of a file found: its questions, how many responses, and what a reader should know of it."""

    fields: dict[str, Field]
    items: dict[str, tuple[str, str]] = field(
        default_factory=dict
    )  # field id and label of an item, by its id in the file
    rows: int = 0
    notes: list[str] = field(default_factory=list)  # sentences for the preview: what was told from what
    title: str = ""  # for a new poll, where the file has one
    rounds: int = 1  # readings in which responses are gathered whose rows lie apart; 0: they stand together
    moderated: set[str] = field(default_factory=set)  # labels of statements that were taken out after votes on them
    twins: set[int] | None = None  # of rows without an id: the contents that are there twice; None: not known


class Format(Protocol):
    """An import format: a module of this folder with these functions (formats.py lists them).

    A file is read twice: `survey` finds its questions, `responses` gives what it holds, one response after the other in the
    order of the file and always the same, so that an import can go on where it was. Neither keeps the file in memory.
    """

    NAME: str

    def fits(self, sheets: Sequence[Sheet]) -> bool:
        """Whether these sheets look like one of its files, by their names and heads."""

    def survey(self, sheets: Sequence[Sheet]) -> Layout:
        """The questions of the file. Raises BadInput when it is none of this format."""

    def responses(self, sheets: Sequence[Sheet], layout: Layout) -> Iterator["Incoming | RefusedRow"]:
        """Its responses, and the rows that are none."""


class Labels(dict[str, str]):
    """The label of the option that a cell means; a cell that means none stays as it is. Learns as it is asked."""

    def __init__(self, question: FrozenQuestion) -> None:
        options = [o for o in question.options if o.role != "row"]
        self.folded = {folded(o.label): o.label for o in reversed(options)}
        self.other = next((o.label for o in options if o.role == "other"), "")
        for role, words in (("other", OTHER), ("dont_know", UNSURE)):
            pinned = next((o.label for o in options if o.role == role), None)
            self.folded = (dict.fromkeys(words, pinned) if pinned else {}) | self.folded

    def __missing__(self, cell: str) -> str:
        found = self.folded.get(folded(cell))
        if found is None and self.other and (words := other_words(cell)) is not None:
            return f"{self.other}: {words}"
        if len(self) < 2 * MOST_SEEN:
            self[cell] = cell if found is None else found
        return cell if found is None else found


def need_columns(head: Sequence[str], needed: Sequence[str], form: str) -> None:
    """Raise BadInput that names the missing columns and those there are."""
    if missing := [name for name in needed if name not in head]:
        raise BadInput(
            _("This is not the “%(form)s” format: the column “%(name)s” is missing.")
            % {"form": form, "name": missing[0]},
            hint=_("Columns in the file: %(names)s.") % {"names": ", ".join(head)[:300]},
        )


def moment(text: str) -> datetime | None:
    """A time as ISO 8601; without a zone it is UTC; "" is None. Raises BadInput."""
    if not text.strip():
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadInput(_("“%(text)s” is not a time such as 2026-11-23T10:00:00Z.") % {"text": text[:40]}) from error
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    if at > now():
        raise BadInput(_("“%(text)s” lies in the future.") % {"text": text[:40]})
    return at


def kind_named(name: str, several: bool) -> str:
    """Our kind for a type of the file; `several`: one response holds several values. Raises BadInput with the names."""
    kind = _ALIASES.get(name.strip().lower(), name.strip().lower())
    if kind not in kinds():
        raise BadInput(
            _("There is no field type “%(name)s”.") % {"name": name[:40]},
            hint=_("Types: %(names)s.") % {"names": ", ".join([*kinds(), *_ALIASES])},
        )
    return "multiple" if several and kind == "single" else kind


# Words of other tools for our kinds.
_ALIASES = {
    "": "long_text", "text": "long_text", "categorical": "single", "choice": "single", "multi": "multiple",
    "csat": "rating", "ces": "rating", "boolean": "single",
}  # fmt: skip
