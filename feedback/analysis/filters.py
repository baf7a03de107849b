"""Which responses a condition of polls/logic.py holds for, over columns: "chose Tea", "number at least 5". Pure.

q12:is:34,35 · q12:is_not:34 · q12:at_least:5 · q12:at_most:5 · q12:answered · q12:not_answered
"""

from collections.abc import Sequence

import numpy as np

from feedback.analysis.columns import Array, Columns, everybody, packed
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion, kind_of
from polls.logic import OPERATORS, FrozenCondition


class BadFilter(BadInput):
    """A filter that says nothing of this poll."""

    code = "bad_filter"

    def __init__(self, text: str) -> None:
        super().__init__(
            _("“%(filter)s” is no filter of this poll.") % {"filter": text[:80]},
            hint=_("Such as q12:is:34 (option 34 of question 12) or q13:at_least:5."),
            fields={"where": text[:80]},
        )


def condition_in(poll: FrozenPoll, text: str) -> tuple[FrozenQuestion, FrozenCondition]:
    """The condition, and the question it looks at. Raises BadFilter."""
    name, _sep, rest = text.rpartition(":") if text.endswith(("answered", "not_answered")) else text.partition(":")
    operator, _sep, value = rest.partition(":")
    question = next((q for q in poll.questions if name in (q.field_id, q.name, str(q.id))), None)
    if question is None or operator not in OPERATORS or operator not in kind_of(question.kind).operators:
        raise BadFilter(text)
    if operator in ("answered", "not_answered"):
        return question, FrozenCondition(question.id, operator)
    if operator in ("at_least", "at_most"):
        try:
            return question, FrozenCondition(question.id, operator, number=float(value[:40]))
        except ValueError as error:
            raise BadFilter(text) from error
    ids = {str(o.id): at for at, o in enumerate(o for o in question.options if o.role != "row")}
    wanted = value.split(",")
    if not set(wanted) <= ids.keys():
        raise BadFilter(text)
    steps = frozenset(ids[w] + 1 for w in wanted) if kind_of(question.kind).has_steps else frozenset[int]()
    return question, FrozenCondition(question.id, operator, frozenset(map(int, wanted)), steps=steps)


def who_holds(question: FrozenQuestion, condition: FrozenCondition, columns: Columns) -> Array:
    """The responses for which it holds, as bits; the same as FrozenCondition.holds for each of them."""
    answered = columns.bits(f"{question.id}:n")
    numbers = columns.arrays.get(f"{question.id}:v", np.full(columns.n, np.nan))
    match condition.operator:
        case "answered":
            return answered
        case "not_answered":
            return everybody(columns.n) & ~answered
        case "at_least":
            return packed(numbers >= condition.number)
        case "at_most":
            return packed(numbers <= condition.number)
    chosen = _any([columns.bits(f"{question.id}:o{o}") for o in condition.options], columns)
    if condition.steps:
        chosen = chosen | packed(np.isin(numbers, sorted(condition.steps)))
    return answered & (chosen if condition.operator == "is" else ~chosen)


def _any(several: Sequence[Array], columns: Columns) -> Array:
    found = columns.bits("")
    for bits in several:
        found = found | bits
    return found
