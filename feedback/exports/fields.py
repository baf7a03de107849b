"""The fields of a poll in exports and imports: one a question, and one an item where a question asks about several. Pure."""

from typing import NamedTuple

from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenOption, FrozenQuestion, Value, kind_of


class PollField(NamedTuple):
    """A field: a question (`item` None) or one item of it."""

    id: str
    question: FrozenQuestion
    item: FrozenOption | None

    @property
    def head(self) -> str:
        """Its column in a table: the wording, with the item in brackets."""
        return f"{self.question.wording} [{self.item.label}]" if self.item else self.question.wording


def fields_of(poll: FrozenPoll) -> list[PollField]:
    """In ballot order. An item's id is its question's with the item's place: q12/1, q12/2 … (kept over export and import)."""
    return [field for question in poll.questions for field in fields_of_question(question)]


def fields_of_question(question: FrozenQuestion) -> list[PollField]:
    """One question's."""
    kind = kind_of(question.kind)
    if not kind.has_items:
        return [PollField(question.field_id, question, None)]
    items = enumerate(kind.items(question), 1)
    return [PollField(f"{question.field_id}/{n}", question, item) for n, item in items]


def cells_of(question: FrozenQuestion, values: list[Value]) -> list[list[str]]:
    """What each of the question's fields holds, in the order of `fields_of_question`."""
    kind = kind_of(question.kind)
    if not kind.has_items:
        return [kind.to_long(question, values)]
    by_item = kind.to_long_items(question, values)
    return [by_item.get(item.id, []) for item in kind.items(question)]
