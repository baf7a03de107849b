"""What a view may be about: fields, filters in words and as an address has them. Reads nothing large, loads nothing heavy."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback.collect import counters
from feedback.collect.queries import is_closed
from feedback.collect.ways import folded, ways_of
from feedback.collect.ways_view import words_for_ways
from feedback.exports.fields import PollField, fields_of
from heard.kit.db import DbSession
from heard.kit.i18n import _, number
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion, kind_of

WEEK, WAY = "week", "way"


@dataclass(frozen=True)
class Offered:
    """Filters that look at one thing: `name` of its field, its words, and a value with its words for each."""

    name: str
    words: str
    values: list[tuple[str, str]]


def answers_offered(question: FrozenQuestion) -> list[tuple[str, str]]:
    """Each option of a question; of a scale the steps from which on a filter may hold."""
    kind = kind_of(question.kind)
    if "is" in kind.operators:
        return [(f"{question.field_id}:is:{o.id}", o.label) for o in question.options if o.role != "row"]
    if "at_least" not in kind.operators:
        return []
    result = kind.result(question, {})
    steps = (
        [7, 9]
        if result.low == 0 and result.high == 10 and "low" not in question.settings
        else [o.id for o in result.options][1:]
    )
    more = [(f"{question.field_id}:at_least:{step}", _("%(n)s or more") % {"n": number(step)}) for step in steps]
    less = [(f"{question.field_id}:at_most:{step - 1}", _("%(n)s or less") % {"n": number(step - 1)}) for step in steps]
    return [*less, *more]


def filters_offered(session: DbSession, poll: FrozenPoll) -> list[Offered]:
    """Questions with answers to choose from, and ways where there are two or more."""
    offered = [Offered(q.field_id, q.wording, values) for q in poll.questions if (values := answers_offered(q))]
    cells = counters.shown(counters.cells(session, poll.id), anonymous=poll.anonymous, closed=is_closed(poll))
    ways, words = folded(ways_of(cells)), words_for_ways(session, poll)
    if len(ways) > 1:
        named = [(f"{WAY}:is:{way.way}", words.get(way.way, way.way)) for way in ways]
        offered.append(Offered(WAY, _("How they came"), named))
    return offered


def fields_to_cross(poll: FrozenPoll) -> list[PollField]:
    """The fields that may be a side of a table: all but texts."""
    return [found for found in fields_of(poll) if not kind_of(found.question.kind).is_text]


def tidied(poll: FrozenPoll, texts: Sequence[str]) -> list[str]:
    """The same filters in their one order and with questions by their field, "is" of one question joined: q12:is:34 and
    q12:is:35 are q12:is:34,35."""
    fields = {name: q.field_id for q in poll.questions for name in (str(q.id), q.name, q.field_id)}
    answers: dict[str, set[str]] = {}
    rest = set()
    for text in filter(None, (text.strip() for text in texts)):
        name, _sep, what = text.partition(":")
        name = fields.get(name, name)
        if what.startswith("is:"):
            answers.setdefault(name, set()).update(what.removeprefix("is:").split(","))
        else:
            rest.add(f"{name}:{what}")
    return sorted([*(f"{name}:is:{','.join(sorted(values))}" for name, values in answers.items()), *rest])


def weighable(poll: FrozenPoll) -> list[FrozenQuestion]:
    """Questions that margins may be given for: one answer out of a list."""
    return [question for question in poll.questions if answers_to_weigh(question)]


def answers_to_weigh(question: FrozenQuestion) -> list[int]:
    """The answers that shares of everybody are given for; none where a question takes several, or no list."""
    kind = kind_of(question.kind)
    one = "is" in kind.operators and not kind.has_items and kind.mark == "circle"
    return [o.id for o in question.options if o.role != "row"] if one else []
