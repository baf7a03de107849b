"""Two editions of the same questions side by side: of people who answered both, and otherwise of two groups of people.

Participants of a trial have one voter key in all its check-ins, so their answers pair. Nothing is told of fewer than
K people (trust.md, R2). A difference of two groups has no interval where anybody may answer (trust.md, D8).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from feedback.collect import queries
from feedback.collect.counters import K
from feedback.models import Answer, Response
from feedback.statistics.differences import Difference, independent_difference, mean_of, paired_difference
from heard.kit.db import DbSession
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion, kind_of

_A, _R = Answer.__table__, Response.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Shift:
    """What became of one question from one edition to the next.

    `paired`: of the `both` people who answered both times; `before` and `after` are then their means. Otherwise of
    `n_before` and `n_after` people, of whom some may be the same. No `difference`: too few answers to tell.
    """

    wording: str
    both: int
    paired: bool
    n_before: int
    n_after: int
    before: float | None = None
    after: float | None = None
    difference: Difference | None = None


def shift(wording: str, before: Mapping[str, float], after: Mapping[str, float], *, interval: bool) -> Shift:
    """One question, from the answers by voter key. `interval`: whether two groups may have one."""
    both = sorted(before.keys() & after.keys())
    if len(both) >= K:
        one, other = [before[k] for k in both], [after[k] for k in both]
        found = paired_difference(one, other)
        return Shift(
            wording, len(both), True, len(before), len(after), mean_of(one), mean_of(other), found
        )  # fmt: skip
    if min(len(before), len(after)) < K:
        return Shift(wording, len(both), False, len(before), len(after))
    found = independent_difference([*before.values()], [*after.values()])
    if not interval:
        found = Difference(found.mean)
    means = mean_of([*before.values()]), mean_of([*after.values()])
    return Shift(wording, len(both), False, len(before), len(after), *means, found)


def same_questions(one: FrozenPoll, other: FrozenPoll) -> list[tuple[FrozenQuestion, FrozenQuestion]]:
    """The questions of two editions whose answers are one number on the same scale, in the same words."""
    there = {_asked(q): q for q in other.questions}
    return [
        (q, there[_asked(q)]) for q in one.questions if kind_of(q.kind).has_mean and _asked(q) in there
    ]  # fmt: skip


def _asked(question: FrozenQuestion) -> tuple[Any, ...]:
    scale = tuple(sorted((k, repr(v)) for k, v in question.settings.items()))
    labels = tuple(o.label.casefold() for o in question.options)
    return question.kind, " ".join(question.wording.casefold().split()), scale, labels


def shifts(session: DbSession, one: FrozenPoll, other: FrozenPoll) -> list[Shift]:
    """Every question that can be compared from one edition to the next. Anonymous ones: the means that are shown."""
    if one.anonymous or other.anonymous:
        return _shown_means(session, one, other)
    closed_circle = one.voter_rule == "link" and other.voter_rule == "link"
    return [
        shift(after.wording, _numbers(session, one, before), _numbers(session, other, after), interval=closed_circle)
        for before, after in same_questions(one, other)
    ]


def _numbers(session: DbSession, poll: FrozenPoll, question: FrozenQuestion) -> dict[str, float]:
    """The answers that stand, by voter key."""
    rows = session.execute(
        select(_R.c.voter_key, _A.c.number)
        .join(_R, (_R.c.poll_id == _A.c.poll_id) & (_R.c.id == _A.c.response_id))
        .where(
            _R.c.poll_id == poll.id, _R.c.withdrawn_at.is_(None), _R.c.set_aside == "", _A.c.question_id == question.id,
            _A.c.item_id.is_(None), _A.c.number.is_not(None),
        )
    )  # fmt: skip
    return {key: float(number) for key, number in rows}


def _shown_means(session: DbSession, one: FrozenPoll, other: FrozenPoll) -> list[Shift]:
    results = [{q.id: q for q in queries.poll_results(session, poll).questions} for poll in (one, other)]
    found = []
    for before, after in same_questions(one, other):
        first, second = results[0][before.id], results[1][after.id]
        if first.mean is None or second.mean is None or min(first.n, second.n) < K:
            found.append(Shift(after.wording, 0, False, first.n, second.n))
        else:
            moved = Difference(second.mean - first.mean)
            found.append(Shift(after.wording, 0, False, first.n, second.n, first.mean, second.mean, moved))
    return found
