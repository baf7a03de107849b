"""Answers in the address of a ballot, shown chosen beforehand and never sent by themselves: /p/lunch?q1=Soup. Pure."""

from collections.abc import Iterable

from feedback.collect import ballots
from heard.kit.errors import BadInput
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion, kind_of
from polls.write.drafts import folded

TAKEN = ("t", "via", "member", "resume", "page", "kept")  # names in the address that mean something else


def prefilled(poll: FrozenPoll, given: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The fields of the ballot's form for what an address says.

    Names are q1, q2 … by place, or a question's field_id; values an option's label or id, a number, a day or a text. What
    fits no question, and what a hidden question is told, is left out.
    """
    told: dict[int, list[str]] = {}
    for name, value in given:
        question = _named(poll, name)
        if question is not None and name not in TAKEN:
            told.setdefault(question.id, []).append(value)
    fields: dict[str, list[str]] = {}
    for question in (q for q in poll.questions if q.id in told):
        fields |= _fields(question, told[question.id])
    asked = ballots.said_so_far(poll, fields)
    return ballots.as_form(poll, asked)


def _named(poll: FrozenPoll, name: str) -> FrozenQuestion | None:
    place = name.removeprefix("q")
    if name.startswith("q") and place.isascii() and place.isdigit() and 1 <= int(place[:6]) <= len(poll.questions):
        return poll.questions[int(place[:6]) - 1]
    return next((q for q in poll.questions if q.field_id == name), None)


def _fields(question: FrozenQuestion, values: list[str]) -> dict[str, list[str]]:
    kind = kind_of(question.kind)
    options = [o for o in question.options if o.role != "row"]
    by_name = {str(o.id): str(o.id) for o in options} | {folded(o.label): str(o.id) for o in options}
    sent = [by_name[folded(v)] for v in values if folded(v) in by_name] if options else values
    try:
        read = kind.check(question, kind.from_form(question, {question.name: sent}))
    except BadInput:
        return {}
    return kind.as_form(question, read)
