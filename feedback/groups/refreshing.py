"""A poll's opinion groups, kept up to date: read the votes, think with nothing open, write.

Loads numpy: for the worker, not for web modules.
"""

from datetime import datetime
from typing import Any

from feedback.collect.queries import snapshot
from feedback.groups import reading
from feedback.groups.queries import questions_of, runs_of
from feedback.groups.result import result_of
from feedback.models import OpinionRun
from heard.kit.clock import now
from heard.kit.db import DbSession, upsert, writing
from polls.frozen import frozen_polls

_O = OpinionRun.__table__  # type: ignore[attr-defined]


def refresh(poll_id: int) -> bool:
    """Find the groups in all statements of a poll; whether anything was written. Running it twice changes nothing."""
    with snapshot() as session:
        at = now()
        poll = frozen_polls(session, [poll_id]).get(poll_id)
        if poll is None:
            return False
        stands = {question.id: reading.votes_of(session, poll, question) for question in questions_of(poll)}
        before = {question: run.result for question, run in runs_of(session, poll_id).items()}
    found = {question: result_of(*stand) for question, stand in stands.items() if stand is not None}
    moved = {question: result for question, result in found.items() if result != before.get(question)}
    if not moved:
        return False
    with writing() as session:
        if poll_id in frozen_polls(session, [poll_id]):
            for question_id, result in sorted(moved.items()):
                _store(session, poll_id, question_id, result, at)
    return True


def _store(session: DbSession, poll_id: int, question_id: int, result: dict[str, Any], at: datetime) -> None:
    """The newest reading stands: what another worker read later is not written over."""
    row = {"question_id": question_id, "poll_id": poll_id, "n": result["n"], "result": result, "made_at": at}
    put = upsert(session, _O).values(**row)
    fresh = {name: put.excluded[name] for name in ("n", "result", "made_at")}
    session.execute(
        put.on_conflict_do_update(
            index_elements=["question_id"], set_=fresh, where=_O.c.made_at <= put.excluded.made_at
        )
    )
