"""Telling webhooks of ballots, inside intake's transaction (heard/accounts/webhooks/events.py).

Of an anonymous poll no single ballot is told, ever: only that a step of five is shown, and how many there are then. That
is told by a job, in a transaction of its own, with a day for a time. Ballots that are set aside and ballots that were
imported are not told.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from feedback.collect import counters
from feedback.collect.receipts import mark_of, receipt_of
from feedback.events import CHANGED, MOVED, RECORDED, SUGGESTED, WITHDRAWN
from feedback.exports.fields import json_of
from feedback.models import Suggestion
from heard.accounts.webhooks.events import Happening, has_any, listening, tell_all
from heard.kit import work
from heard.kit.clock import today
from heard.kit.db import DbSession
from polls.frozen import FrozenPoll, freeze, frozen_polls
from polls.kinds.kind import FrozenQuestion, Value, kind_of
from polls.logic import visible
from polls.models import Poll

if TYPE_CHECKING:
    from feedback.collect.storing import Row

STEP_WAIT = timedelta(minutes=1)
_WANTED = (RECORDED, CHANGED, WITHDRAWN, MOVED, SUGGESTED)
_S = Suggestion.__table__  # type: ignore[attr-defined]


def told(session: DbSession, rows: "Sequence[Row]", at: datetime) -> None:
    """These responses were written. Costs nothing where nobody listens: at most a look a second and community."""
    for community_id in sorted({row.poll.community_id for row in rows}):
        hooks = listening(session, community_id, _WANTED)
        wanted = {event for hook in hooks for event in hook.events}
        mine = [row for row in rows if row.poll.community_id == community_id] if wanted & {*_WANTED} else []
        named = [row for row in mine if not row.poll.anonymous]
        polls = frozen_polls(session, {row.poll.id for row in named}) if named else {}  # in their own languages
        happenings = [h for row in named if _counts(row) if (h := _of_ballot(polls[row.poll.id], row, at))]
        if SUGGESTED in wanted:
            happenings += _of_statements(session, named)
        tell_all(session, community_id, happenings)
        for poll_id in sorted({row.poll.id for row in mine} - polls.keys()):
            _of_steps(session, poll_id)
    for row in rows:
        if row.answers is None and not row.poll.anonymous:
            taken_back(session, row.poll.community_id, "submission_id", row.submission_id)


def _counts(row: "Row") -> bool:
    return not row.set_aside and not (row.is_new and row.source == "import")


def _of_ballot(poll: FrozenPoll, row: "Row", at: datetime) -> Happening | None:
    thing, mark = f"{poll.id}:{row.submission_id}", mark_of(receipt_of(poll.id, row.submission_id))
    data: dict[str, Any] = {"poll": poll.slug, "submission_id": row.submission_id, "mark": mark}
    if row.answers is None:
        return None if row.is_new else Happening(WITHDRAWN, f"{thing}:{at.isoformat()}", data)
    data |= {"submitted_at": row.submitted_at.isoformat(), "language": row.language, "answers": _answers(poll, row)}
    return Happening(RECORDED, thing, data) if row.is_new else Happening(CHANGED, f"{thing}:{at.isoformat()}", data)


def _answers(poll: FrozenPoll, row: "Row") -> dict[str, list[dict[str, object]]]:
    """By field_id, as a line of the JSONL export has them."""
    answers = row.answers or {}
    asked = set(visible(poll.questions, answers))
    return {q.field_id: json_of(q, _said(q, answers.get(q.id, []))) for q in poll.questions if q.id in asked}


def _said(question: FrozenQuestion, values: Sequence[Value]) -> list[Value]:
    """Without what is no answer."""
    own = kind_of(question.kind).own_words(values)
    return [v for v in values if not v.empty and not (own and v.text == own)]


def _of_statements(session: DbSession, rows: "Sequence[Row]") -> list[Happening]:
    """Statements that came with these ballots and wait. Seeks ix_suggestions_response."""
    adding = {row.id: row.poll for row in rows if any(q.its_kind.takes_own_words(q) for q in row.poll.questions)}
    if not adding:
        return []
    found = select(_S).where(_S.c.response_id.in_(sorted(adding)), _S.c.state == "waiting").order_by(_S.c.id)
    return [_of_statement(adding[s.response_id], s) for s in session.execute(found)]


def _of_statement(poll: FrozenPoll, statement: Any, at: str | None = None) -> Happening:
    question = poll.question(statement.question_id)
    data = {
        "poll": poll.slug, "question": question.field_id if question else "", "statement_id": str(statement.id),
        "text": statement.text,
    }  # fmt: skip
    return Happening(SUGGESTED, str(statement.id), data, at)


def taken_back(session: DbSession, community_id: int, field: str, value: str) -> None:
    """Somebody took back what they said: what waits to be told of it is not sent, and what was sent is erased here."""
    if not has_any(session, community_id):
        return
    about: dict[str, Any] = {"community_id": community_id, "field": field, "value": value, "but": WITHDRAWN}
    work.due(session, "webhook_forget", f"{community_id}:{value}", **about)


def _of_steps(session: DbSession, poll_id: int) -> None:
    """An anonymous poll's ballots moved: if what is shown is all there is, they moved what is shown."""
    cells = counters.cells(session, poll_id)
    if cells.get("n", 0) == cells.get(f"{counters.PUBLISHED}n"):
        work.due(session, "results_moved", poll_id, wait=STEP_WAIT, poll_id=poll_id)


def tell_of_step(session: DbSession, poll_id: int) -> None:
    """Tell how many answers an anonymous poll shows, and what statements came with them; the same number is told once."""
    row = session.get(Poll, poll_id)
    if row is None or not row.anonymous:
        return
    poll = freeze(session, row)
    shown = counters.shown(counters.cells(session, poll_id), anonymous=True, closed=poll.phase == "closed")
    if not shown.get("n"):
        return
    day, n = today().isoformat(), shown["n"]
    happenings = [Happening(MOVED, f"{poll_id}:{n}", {"poll": poll.slug, "n": n}, day)]
    waiting = select(_S).where(_S.c.poll_id == poll_id, _S.c.state == "waiting", _S.c.released).order_by(_S.c.id)
    happenings += [_of_statement(poll, s, day) for s in session.execute(waiting)]
    tell_all(session, poll.community_id, happenings)
