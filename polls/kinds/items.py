"""What the kinds that ask about several things one by one have in common. No kind itself: it has no name."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from heard.kit.i18n import _
from heard.kit.web import clean_text
from polls.kinds.kind import FrozenOption, FrozenQuestion, Kind, Value, whole_number
from polls.write.drafts import folded


class WithItems(Kind):
    """A value is about one item: an option that is ranked or rated, a statement, a row."""

    has_items = True

    def items(self, question: FrozenQuestion) -> tuple[FrozenOption, ...]:
        """The options."""
        return tuple(o for o in question.options if o.role == "option")

    def from_form(self, question: FrozenQuestion, form: Mapping[str, Sequence[str]]) -> list[Value]:
        """A field q<id>-i<item> for each item."""
        sent = [(i.id, v) for i in self.items(question) for v in form.get(question.item_name(i.id), ()) if v.strip()]
        return [self.value(question, item, v.strip()) for item, v in sent]

    def as_form(self, question: FrozenQuestion, values: list[Value]) -> dict[str, list[str]]:
        """A field for each item that was answered."""
        return {question.item_name(v.item): [_written(v)] for v in values if v.item is not None and not v.empty}

    def value(self, question: FrozenQuestion, item: int, sent: str) -> Value:
        """What a form says about an item. Raises BadAnswer."""
        raise LookupError(f"{self.name} reads no form")

    def check(self, question: FrozenQuestion, values: list[Value]) -> list[Value]:
        """Items and options of ours, each item once; in ballot order."""
        items = [v.item for v in values]
        self.ours(question, items)
        if len(set(items)) < len(items):
            raise question.refuse(_("It was answered twice for the same item."))
        return super().check(question, in_ballot_order(question, values))

    def ours(self, question: FrozenQuestion, items: Sequence[int | None]) -> None:
        """Raise BadAnswer for an item that this question does not ask about."""
        if not set(items) <= {i.id for i in self.items(question)}:
            raise question.refuse(_("This item does not belong to the question."))

    def to_long(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """Nothing: each item has a field of its own."""
        return []

    def from_long(self, question: FrozenQuestion, cells: list[str]) -> list[Value]:
        """Nothing but nothing."""
        if cells:
            raise question.refuse(_("Each of its items has a field of its own."))
        return []

    def told(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """A line for each item that was answered: "Price: Good"."""
        cells = self.to_long_items(question, values)
        between = _("%(item)s: %(answer)s")
        return [
            between % {"item": i.label, "answer": ", ".join(cells[i.id])}
            for i in self.items(question)
            if cells.get(i.id)
        ]


def in_ballot_order(question: FrozenQuestion, values: Sequence[Value]) -> list[Value]:
    """By the places of their items and options: what is stored does not depend on the order that somebody saw."""
    places = {o.id: at for at, o in enumerate(question.options)}
    return sorted(values, key=lambda v: (places.get(v.item or 0, -1), places.get(v.option or 0, -1)))


def items_of(question: FrozenQuestion, answer: Mapping[str, Any], field: str) -> list[tuple[int, Any]]:
    """(item, what `field` holds) for each of the API's {"items": [{"item": id, field: …}]}. Raises BadAnswer."""
    given = answer.get("items")
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(i, Mapping) for i in given):
        raise question.refuse(_("“items” is a list of items."))
    for item in given:
        if set(item) != {"item", field}:
            raise question.refuse(_("Each of its items has “item” and “%(field)s”.") % {"field": field})
    return [(id_of(question, item["item"]), item[field]) for item in given]


def id_of(question: FrozenQuestion, sent: Any) -> int:
    """An id of an item or option. Raises BadAnswer."""
    try:
        return whole_number(sent)
    except (ValueError, TypeError) as error:
        raise question.refuse(_("This option does not belong to the question.")) from error


def whole_from(question: FrozenQuestion, sent: Any, low: int, high: int) -> int:
    """A whole number in low..high. Raises BadAnswer."""
    try:
        if isinstance(sent, bool) or len(str(sent)) > 12 or not float(sent).is_integer():
            raise ValueError(sent)
        found = int(float(sent))
        if not low <= found <= high:
            raise ValueError(sent)
    except (ValueError, TypeError, OverflowError) as error:
        words = _("Choose a whole number from %(low)s to %(high)s.")
        raise question.refuse(words % {"low": low, "high": high}) from error
    return found


def label_finder(question: FrozenQuestion) -> Callable[[str], int]:
    """Finds an option's id by its label. Raises BadAnswer where there is none."""
    by_label = {o.label: o.id for o in question.options if o.role != "row"}

    def find(label: str) -> int:
        if label not in by_label:
            raise question.refuse(_("There is no option “%(label)s”.") % {"label": label[:80]})
        return by_label[label]

    return find


def as_read(text: str) -> str:
    """Words for an item as two readers would compare it: without case, doubled white space and the full stop at its end."""
    return folded(text).rstrip(" .!。")


def one_line(text: str) -> str:
    """Words for an item as they are kept: no line breaks, no doubled white space. Raises BadInput for what cannot be stored."""
    return " ".join(clean_text(text).split())


def counted(question: FrozenQuestion, cells: Mapping[str, int], letter: str) -> dict[int, dict[int, int]]:
    """By item, how often each number (letter "v") or option (letter "o") was given."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for item, what, n in _about(question, cells):
        if what[0] == letter and n:
            found[item][int(what[1:])] = n
    return found


def _about(question: FrozenQuestion, cells: Mapping[str, int]) -> Iterator[tuple[int, str, int]]:
    start = f"{question.id}:i"
    for cell, n in cells.items():
        if cell.startswith(start):
            item, _sep, what = cell[len(start) :].partition(":")
            yield int(item), what, n


def _written(value: Value) -> str:
    return str(value.option) if value.option is not None else f"{value.number:g}"
