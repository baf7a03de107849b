"""The fields of a poll in exports and imports: one a question, and one an item where a question asks about several. Pure."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenOption, FrozenQuestion, Value, kind_of

OWN_HEADS = ("submission_id", "mark", "submitted_at", "language")  # what a table says of a response beside its answers
BETWEEN = "; "  # several options in one cell of a table


class PollField(NamedTuple):
    """A field: a question (`item` None) or one item of it. `head`: its column in a table, no two of a poll are the same."""

    id: str
    question: FrozenQuestion
    item: FrozenOption | None
    head: str


def fields_of(poll: FrozenPoll) -> list[PollField]:
    """In ballot order. An item's id is its question's with the item's place: q12/1, q12/2 … (kept over export and import)."""
    taken, found = {*OWN_HEADS, "collected_at"}, []
    for field in (field for question in poll.questions for field in fields_of_question(question)):
        names = (field.head if n == 1 else f"{field.head} ({n})" for n in range(1, len(taken) + 2))
        field = field._replace(head=next(name for name in names if name not in taken))
        taken.add(field.head)
        found.append(field)
    return found


def fields_of_question(question: FrozenQuestion) -> list[PollField]:
    """One question's; the head is the wording, with the item in brackets."""
    kind = kind_of(question.kind)
    if not kind.has_items:
        return [PollField(question.field_id, question, None, question.wording)]
    items = enumerate(kind.items(question), 1)
    return [PollField(f"{question.field_id}/{n}", question, i, f"{question.wording} [{i.label}]") for n, i in items]


def cells_of(question: FrozenQuestion, values: list[Value]) -> list[list[str]]:
    """What each of the question's fields holds, in the order of `fields_of_question`."""
    kind = kind_of(question.kind)
    if not kind.has_items:
        return [kind.to_long(question, values)]
    by_item = kind.to_long_items(question, values)
    return [by_item.get(item.id, []) for item in kind.items(question)]


def json_of(question: FrozenQuestion, values: Sequence[Value]) -> list[dict[str, object]]:
    """The values as JSON lines and webhooks tell them: item and option by their labels, a number, a day, a text."""
    labels = {o.id: o.label for o in question.options}
    told = []
    for v in values:
        figure = {} if v.number is None else kind_of(question.kind).figure(question, v.number)
        said = {"item": labels.get(v.item or 0), "option": labels.get(v.option or 0), **figure, "text": v.text}
        told.append({name: what for name, what in said.items() if what is not None})
    return told


def one_cell(question: FrozenQuestion, cells: Sequence[str]) -> str:
    """A field's values as one cell of a table: "Tea; Cake". Where labels hold the sign between them, and it would not come
    back as it was, they are a list in JSON: ["Tea; black", "Cake"]."""
    plain = BETWEEN.join(cells)
    if not question.options or (len(cells) < 2 and ";" not in plain and not plain.startswith("[")):
        return plain
    return plain if split_cell(question, plain) == list(cells) else json.dumps(list(cells), ensure_ascii=False)


def split_cell(question: FrozenQuestion, cell: str) -> list[str]:
    """A table's cell as the values it was joined from. A label, or one with words beside it ("Other: …", which reach to the
    end of the cell), is known by the question; what is not known stays whole."""
    if not cell or not question.options:
        return [cell] if cell else []
    labels = [o.label for o in question.options if o.role != "row"]
    if listed := _listed(cell):  # before the labels: one that looks like a list is written as a list of itself
        return listed
    if cell in labels:
        return [cell]
    open_ends = tuple(f"{o.label}:" for o in question.options if o.role == "other")
    return _known(cell, sorted(labels, key=len, reverse=True), open_ends) or [cell]


def _listed(cell: str) -> list[str]:
    """The values of a list in JSON, written as we write it; [] for anything else."""
    try:
        found = json.loads(cell) if cell.startswith('["') else []
    except ValueError:
        return []
    mine = all(isinstance(one, str) for one in found) and json.dumps(found, ensure_ascii=False) == cell
    return found if mine else []


def _known(cell: str, labels: Sequence[str], open_ends: tuple[str, ...]) -> list[str]:
    """The labels, longest first, that make up the cell; [] where none do. From the left, and each place is tried once, so
    that no cell takes long."""
    ways: list[tuple[int, list[str]]] = [(0, [])]
    tried = set()
    while ways:
        at, found = ways.pop()
        if at in tried:
            continue
        tried.add(at)
        if open_ends and cell.startswith(open_ends, at):
            return [*found, cell[at:]]
        for label in reversed(labels):
            end = at + len(label)
            if end == len(cell) and cell.endswith(label):
                return [*found, label]
            if cell.startswith(label + BETWEEN, at):
                ways.append((end + len(BETWEEN), [*found, label]))
    return []
