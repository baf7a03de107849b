"""Opinion groups as they were found last."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import col, select

from feedback.models import OpinionRun
from feedback.themes.queries import held_back
from heard.kit.db import DbSession
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion, kind_of
from polls.kinds.statements import Statements
from polls.models import Poll


def questions_of(poll: FrozenPoll) -> list[FrozenQuestion]:
    """The questions of a poll in whose votes groups are looked for."""
    return [question for question in poll.questions if isinstance(kind_of(question.kind), Statements)]


def letter(place: int) -> str:
    """What a group is called: A, B, C …, the largest first."""
    return chr(ord("A") + place)


def people_of(result: Mapping[str, Any], place: int) -> list[dict[str, Any]]:
    """The statements about themselves that set a group apart. Of groups that were found before there was such a list: none."""
    lists: list[list[dict[str, Any]]] = result.get("people", [])
    return lists[place] if lists else []


def shown_of(session: DbSession, poll: Poll) -> dict[int, OpinionRun]:
    """What was found in a poll, by question. Of an anonymous poll nothing before its first step."""
    return {} if held_back(session, poll) else runs_of(session, poll.id or 0)


def runs_of(session: DbSession, poll_id: int) -> dict[int, OpinionRun]:
    """The same, as it is stored."""
    runs: Sequence[OpinionRun] = session.scalars(select(OpinionRun).where(col(OpinionRun.poll_id) == poll_id)).all()
    return {run.question_id: run for run in runs}
