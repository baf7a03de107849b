"""Which questions a person is asked: "show this question if …", and the order of options. Pure.

A condition looks at an earlier question. The conditions of a poll form a graph from question to question; one with a
loop is refused when it is written, and one that looks ahead keeps a poll from being published. A question that is not
shown cannot be answered, and counts as left empty for those that look at it.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from polls.kinds.kind import Draft, FrozenOption, FrozenQuestion, Value

OPERATORS = ("is", "is_not", "at_least", "at_most", "answered", "not_answered")


@dataclass(frozen=True)
class Condition:
    """What an editor or the API writes. `on`: the place of the question it looks at, from 0.

    is, is_not: one of the options with these labels was chosen, or none of them by somebody who answered.
    at_least, at_most: the number that was given. answered, not_answered: whatever it was.
    """

    on: int
    operator: str
    options: tuple[str, ...] = ()
    number: float | None = None


@dataclass(frozen=True)
class ShowIf:
    """All or any of the conditions must hold. Without conditions a question is always shown."""

    conditions: tuple[Condition, ...] = ()
    when: str = "all"  # all | any

    def __bool__(self) -> bool:
        return bool(self.conditions)


@dataclass(frozen=True)
class FrozenCondition:
    """The same on a stored poll. `on`: the question's id; `options`: ids; `missing`: labels that no option has (any more)."""

    on: int
    operator: str
    options: frozenset[int] = frozenset()
    number: float | None = None
    missing: tuple[str, ...] = ()
    steps: frozenset[int] = frozenset()  # the options as numbers, where the question stores the steps of a scale

    def holds(self, values: Sequence["Value"]) -> bool:
        """Whether it holds for the values of the question it looks at; none where that was not shown or left empty."""
        given = [v for v in values if not v.empty]
        if self.operator in ("answered", "not_answered"):
            return bool(given) == (self.operator == "answered")
        if self.operator in ("is", "is_not"):
            chosen = any(v.option in self.options or v.number in self.steps for v in given)
            return bool(given) and chosen == (self.operator == "is")
        figures = [v.number for v in given if v.number is not None and v.item is None]
        if not figures or self.number is None:
            return False
        return figures[0] >= self.number if self.operator == "at_least" else figures[0] <= self.number


def visible(questions: Sequence["FrozenQuestion"], answers: Mapping[int, Sequence["Value"]]) -> list[int]:
    """The ids of the questions that somebody with these answers is asked, in ballot order.

    Works from the first question to the last, so that what hangs on a hidden question is hidden too.
    """
    shown: dict[int, Sequence[Value]] = {}
    for question in questions:
        if asks(question, shown):
            shown[question.id] = answers.get(question.id, ())
    return list(shown)


def asks(question: "FrozenQuestion", answers: Mapping[int, Sequence["Value"]]) -> bool:
    """Whether a question is asked of somebody with these answers to the questions before it; hidden ones are not in it."""
    if not question.conditions:
        return True
    held = (c.holds(answers.get(c.on, ())) for c in question.conditions)
    return all(held) if question.show_when == "all" else any(held)


def loop_in(drafts: Sequence["Draft"]) -> list[int]:
    """The places of questions whose conditions lead back to themselves, in the order of the loop; [] when none do."""
    state: dict[int, str] = {}
    for start in range(len(drafts)):
        path: list[int] = []
        pending = [(start, iter(_looks_at(drafts, start)))] if start not in state else []
        if pending:
            state[start] = "open"
            path = [start]
        while pending:
            at, rest = pending[-1]
            following = next(rest, None)
            if following is None:
                pending.pop()
                path.pop()
                state[at] = "done"
            elif state.get(following) == "open":
                return path[path.index(following) :]
            elif following not in state:
                state[following] = "open"
                path.append(following)
                pending.append((following, iter(_looks_at(drafts, following))))
    return []


def _looks_at(drafts: Sequence["Draft"], at: int) -> list[int]:
    return sorted({c.on for c in drafts[at].show_if.conditions if 0 <= c.on < len(drafts)})


def ordered(question: "FrozenQuestion", seed: int | None) -> tuple["FrozenOption", ...]:
    """The options (without rows) as the ballot with this seed shows them; without a seed, as they were written.

    Sorted by SHA-256 of seed, question and option, so the order is the same on every machine and can be told again from
    the stored seed. The last `keep_last` options, "Other" and "Don't know" stay last.
    """
    options = tuple(o for o in question.options if o.role != "row")
    written = [o for o in options if o.role == "option"]
    if not question.shuffled or seed is None or len(written) < 2:
        return options
    free = len(written) - min(question.keep_last, len(written))
    moved = sorted(written[:free], key=lambda o: hashlib.sha256(f"{seed}:{question.id}:{o.id}".encode()).digest())
    return (*moved, *written[free:], *(o for o in options if o.role != "option"))


def asked_in(questions: Iterable["FrozenQuestion"], shown: Collection[int]) -> list["FrozenQuestion"]:
    """The questions with these ids, in ballot order."""
    return [q for q in questions if q.id in shown]
