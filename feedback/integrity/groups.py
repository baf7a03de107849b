"""A group of ballots that are decided about together, and how it is named in addresses and in the log.

    network, bot, quick            what was set aside as it came
    burst, alike, person           what a person set aside
    burst:<8>, alike:<8>           what was noticed and is counted: <8> is a hash, nobody's network is told

A group that was noticed is found again by what its note in the log says (`Noticed`).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, String, cast, func, select

from feedback.collect.storing import answers_of
from feedback.models import Answer, Response
from heard.kit import tokens
from heard.kit.db import DbSession
from polls.kinds.kind import Value

SET_ASIDE_BY_RULE = ("network", "bot", "quick")
_R, _A = Response.__table__, Answer.__table__  # type: ignore[attr-defined]
TEN_MINUTES = 15  # characters of a time as text: "2026-11-27 20:2"; both databases write it so
WINDOW = timedelta(minutes=10)


class Noticed(NamedTuple):
    """Counted ballots that look like the work of one hand. `first`, `last`: the ten minutes in which they begin and end, as
    text; `mark`: the network's hash, or that of the answers that are alike."""

    kind: str  # burst | alike
    mark: str
    n: int
    first: str
    last: str
    steady: bool = False  # they came at equal intervals
    expected: float = 0.0  # so many of them chance would have brought

    @property
    def key(self) -> str:
        """Its name; one network, or one way to answer, keeps it."""
        return f"{self.kind}:{tokens.hashed(self.mark)[:8]}"


def ten_minutes() -> Any:
    """The ten minutes of a response, as an SQL expression that is text on both databases."""
    return func.substr(cast(_R.c.submitted_at, String), 1, TEN_MINUTES)


def counted(poll_id: int) -> tuple[Any, ...]:
    """The responses that stand and are counted."""
    return _R.c.poll_id == poll_id, _R.c.set_aside == "", _R.c.withdrawn_at.is_(None)


def of_reason(session: DbSession, poll_id: int, reason: str, until: datetime, most: int) -> list[int]:
    """Ids of ballots that were set aside for this reason until then, at most so many."""
    which = _R.c.poll_id == poll_id, _R.c.set_aside == reason, _R.c.withdrawn_at.is_(None), _R.c.submitted_at <= until
    return sorted(session.scalars(select(_R.c.id).where(*which).limit(most)))


def of_noticed(session: DbSession, poll_id: int, noticed: Noticed, most: int) -> list[int]:
    """Ids of the counted ballots that belong to it, at most so many."""
    within = *counted(poll_id), ten_minutes() >= noticed.first, ten_minutes() <= noticed.last
    if noticed.kind == "burst":
        return sorted(session.scalars(select(_R.c.id).where(*within, _R.c.network == noticed.mark).limit(most)))
    found: list[int] = []
    alike = prints(poll_id, *within).subquery()
    rough = noticed.mark.partition(".")[0]
    for ids in _pieces(sorted(session.scalars(select(alike.c.id).where(alike.c.print == int(rough))))):
        said = answers_of(session, ids)
        found += [i for i in ids if mark_of(int(rough), said.get(i, {})) == noticed.mark]
        if len(found) >= most:
            break
    return found[:most]


def prints(poll_id: int, *which: Any) -> Any:
    """(id, ten, print) of responses: a number that is the same for the same answers, and rarely for others; texts are not in
    it. `mark_of` makes sure."""
    item, option = func.coalesce(_A.c.item_id, 0), func.coalesce(_A.c.option_id, 0)
    number = cast(func.coalesce(_A.c.number, 0) * 100, BigInteger)
    value = (option % 10007) * 40503 + (number % 10007) * 9973 + 1
    about = (item % 10007) * 31 + (_A.c.question_id % 10007) * 17 + 7
    return (
        select(
            _R.c.id, ten_minutes().label("ten"), cast(func.sum((value % 1000003) * about), BigInteger).label("print")
        )
        .join(_A, (_A.c.poll_id == _R.c.poll_id) & (_A.c.response_id == _R.c.id))
        .where(*which)
        .group_by(_R.c.id, _R.c.submitted_at)
    )


def mark_of(rough: int, answers: dict[int, list[Value]]) -> str:
    """What tells one way to answer from all others, words included; keyed, as words are people's."""
    said = repr(sorted((q, [(v.item, v.option, v.number, v.text) for v in values]) for q, values in answers.items()))
    return f"{rough}.{tokens.derived('alike', said)}"


def _pieces(ids: Sequence[int], size: int = 500) -> Iterator[list[int]]:
    for start in range(0, len(ids), size):
        yield list(ids[start : start + size])
