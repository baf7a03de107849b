"""Results from counters. A counter is a row (poll, cell) moved in the vote's own transaction.

Cells: "n" responses counted; "via:l7" those that came by link 7, "via:email" by an invitation, "via:page" without either
and so on; and for question 12 whatever its kind says (polls/kinds): "12:n" answered, "12:o5"
option 5, "12:v7" the number 7, "12:i3:o5" option 5 for item 3, "12:b201" a whole ranking. A cell that begins with "s:"
counts the same of ballots that are set aside, "p:" is a shown copy (counters.py). Pure: values in, values out.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from polls.frozen import FrozenPoll
from polls.kinds.kind import QuestionResult, Value, kind_of

WAY = "via:"


@dataclass(frozen=True)
class PollResults:
    """What came out of a poll: n responses, and a result for each question in ballot order."""

    slug: str
    title: str
    n: int
    questions: tuple[QuestionResult, ...]


def way_of(source: str, link_id: int | None) -> str:
    """The cell of the way by which a response came."""
    return f"{WAY}l{link_id}" if link_id else f"{WAY}{source}"


def cells_of(poll: FrozenPoll, answers: Mapping[int, list[Value]], way: str) -> Counter[str]:
    """The counters that one response moves, by question id of its answers. `way`: as way_of says."""
    moved: Counter[str] = Counter({"n": 1, way: 1})
    for question in poll.questions:
        moved.update(kind_of(question.kind).cells(question, answers.get(question.id, [])))
    return moved


def results_of(poll: FrozenPoll, cells: Mapping[str, int]) -> PollResults:
    """Every question's result from the poll's counters."""
    results = tuple(kind_of(q.kind).result(q, cells) for q in poll.questions)
    return PollResults(poll.slug, poll.title, cells.get("n", 0), results)


def for_everybody(results: PollResults) -> PollResults:
    """The same without the statements that were moderated out: what those may see who are no members."""
    shown = (replace(q, items=tuple(i for i in q.items if not i.moderated)) for q in results.questions)
    return replace(results, questions=tuple(shown))
