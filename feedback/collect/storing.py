"""The writing half of intake's transaction: what recording.py has worked out goes to the tables.

Always in the same order (responses, answers, comments, suggestions, turnout, counters, work due) and by key, so that two processes
on one PostgreSQL do not wait for each other crosswise.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import case, delete, insert, select, update

from feedback.collect import counters, suggestions, telling
from feedback.collect.ballots import Answers
from feedback.collect.receipts import mark_of, receipt_of
from feedback.collect.suggestions import Said
from feedback.collect.tallies import cells_of, way_of
from feedback.groups import asking as groups
from feedback.models import Answer, BallotDraft, Comment, Response, Turnout
from heard.kit import tokens, work
from heard.kit.db import DbSession, insert_rows
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion, Value, kind_of
from polls.logic import visible
from polls.models import Invitation

THEMES_WAIT, SIGNALS_WAIT, SNAPSHOT_WAIT = timedelta(seconds=20), timedelta(seconds=30), timedelta(minutes=1)
_R, _A = Response.__table__, Answer.__table__  # type: ignore[attr-defined]
_C, _T = Comment.__table__, Turnout.__table__  # type: ignore[attr-defined]
_I, _D = Invitation.__table__, BallotDraft.__table__  # type: ignore[attr-defined]


@dataclass
class Row:
    """A response as it will be after the batch. `answers` None: withdrawn."""

    id: int
    poll: FrozenPoll
    submission_id: str
    voter_key: str
    source: str
    language: str
    submitted_at: datetime
    answers: Answers | None
    is_new: bool = False
    touched: bool = False
    released: bool = True
    turnout_key: str | None = None
    option_seed: int | None = None
    link_id: int | None = None
    set_aside: str = ""
    network: str | None = None

    @cached_property
    def receipt(self) -> str:
        """The voter's secret."""
        return receipt_of(self.poll.id, self.submission_id)

    @property
    def cells(self) -> Counter[str]:
        """The counters it moves; those of a ballot that is set aside stand apart from the result."""
        if self.answers is None:
            return Counter()
        moved = cells_of(self.poll, self.answers, way_of(self.source, self.link_id))
        return counters.apart(moved) if self.set_aside else moved


def day_of(at: datetime) -> datetime:
    """The day of a moment: all the time that an anonymous poll keeps."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def write(
    session: DbSession, rows: Iterable[Row], invitations: Iterable[int], at: datetime, begun: Collection[int] = ()
) -> None:
    """Store new and changed responses with all that hangs on them; the ballots that were `begun` for them are deleted.

    Raises IntegrityError if a key is taken.
    """
    rows = sorted(rows, key=lambda r: (r.poll.id, r.voter_key))
    fresh, old = [r for r in rows if r.is_new], [r for r in rows if not r.is_new]
    _give_ids(fresh)
    moved: Counter[tuple[int, str]] = Counter()
    said: dict[tuple[int, int], Any] = {}
    if old:
        said = _take_back(session, old, moved, at)
    if fresh:
        insert_rows(session, _R, _RESPONSE, [_new_response(r) for r in fresh])
    for row in rows:
        for cell, n in row.cells.items():
            moved[row.poll.id, cell] += n
    if answers := [a for row in rows for a in _answer_rows(row)]:
        insert_rows(session, _A, _ANSWER, answers)
    spoken = _write_comments(session, rows, said)
    suggestions.hand_in(session, [r.id for r in old if suggestions.adding(r.poll)], _own_statements(rows))
    if turnout := sorted((r.poll.id, r.turnout_key) for r in fresh if r.turnout_key):
        session.execute(insert(_T), [{"poll_id": p, "voter_key": k} for p, k in turnout])
    if used := sorted(invitations):
        session.execute(update(_I).where(_I.c.id.in_(used), ~_I.c.turned_in).values(turned_in=True))
    if begun:
        session.execute(delete(_D).where(_D.c.id.in_(sorted(begun))))
    count(session, [row.poll for row in rows], moved, spoken)
    for poll_id in sorted({r.poll.id for r in fresh if not r.poll.anonymous}):
        work.due(session, "integrity", poll_id, wait=SIGNALS_WAIT, poll_id=poll_id)
    telling.told(session, rows, at)


def _give_ids(fresh: list[Row]) -> None:
    """Ids of new responses. In an anonymous poll each is random. Elsewhere those of a batch follow one another, in the order of
    the voters' keys, which tells nothing."""
    for number, row in zip(tokens.ids_together(len(fresh)), fresh, strict=True):
        row.id = tokens.random_id() if row.poll.anonymous else number


def count(
    session: DbSession, polls: Iterable[FrozenPoll], moved: Counter[tuple[int, str]], spoken: Collection[int]
) -> None:
    """Responses of these polls were written: their counters move, and what is made of them is due. `spoken`: polls whose
    words have moved."""
    by_id = {poll.id: poll for poll in polls}
    counters.move(session, moved)
    for poll_id in sorted(_to_read(session, by_id, set(spoken))):
        work.due(session, "themes", poll_id, wait=THEMES_WAIT, poll_id=poll_id)
    for poll_id in sorted(by_id):
        work.due(session, "snapshot", poll_id, wait=SNAPSHOT_WAIT, poll_id=poll_id)
    groups.ask(session, by_id.values())


def _to_read(session: DbSession, polls: dict[int, FrozenPoll], spoken: set[int]) -> set[int]:
    """Polls whose themes are due: words have moved. Those of an anonymous poll are read a step of K at a time."""
    anonymous = {poll_id: poll for poll_id, poll in polls.items() if poll.anonymous}
    stepped = {poll_id for poll_id in sorted(anonymous) if counters.publish_step(session, poll_id)}
    for poll_id in sorted(stepped):
        suggestions.release(session, anonymous[poll_id])
    with_text = {p.id for p in anonymous.values() if any(kind_of(q.kind).has_comments(q) for q in p.questions)}
    return (spoken - anonymous.keys()) | (stepped & with_text)


_RESPONSE = (
    "id", "poll_id", "voter_key", "submission_id", "receipt_hash", "mark", "source", "language", "submitted_at",
    "withdrawn_at", "released", "option_seed", "link_id", "set_aside", "network", "sealed",
)  # fmt: skip


def _new_response(row: Row) -> tuple[object, ...]:
    withdrawn_at = None if row.answers is not None else row.submitted_at
    return (
        row.id, row.poll.id, row.voter_key, row.submission_id, tokens.hashed(row.receipt), mark_of(row.receipt),
        row.source, row.language, row.submitted_at, withdrawn_at, row.released, row.option_seed, row.link_id,
        row.set_aside, row.network, 0,
    )  # fmt: skip


def _take_back(
    session: DbSession, old: list[Row], moved: Counter[tuple[int, str]], now: datetime
) -> dict[tuple[int, int], Any]:
    """Undo what changed responses counted; returns their comments by (response, question)."""
    by_id = {r.id: r for r in old}
    before = answers_of(session, list(by_id))
    withdrawn = session.execute(select(_R.c.id).where(_R.c.id.in_(by_id), _R.c.withdrawn_at.is_not(None)))
    for response_id in by_id.keys() - set(withdrawn.scalars()):
        row = replace(by_id[response_id], answers=before.get(response_id, {}))
        for cell, n in row.cells.items():
            moved[row.poll.id, cell] -= n
    session.execute(delete(_A).where(_A.c.response_id.in_(by_id)))
    for row in old:
        at = day_of(now) if row.poll.anonymous else now
        session.execute(
            update(_R)
            .where(_R.c.id == row.id)
            .values(
                language=row.language,
                changed_at=at,
                sealed=case((_R.c.sealed == 1, 2), else_=_R.c.sealed),
                withdrawn_at=at if row.answers is None else None,
                option_seed=row.option_seed,
            )
        )
    comments = session.execute(select(_C).where(_C.c.response_id.in_(by_id)))
    return {(c.response_id, c.question_id): c for c in comments}


_ANSWER = ("response_id", "position", "poll_id", "question_id", "item_id", "option_id", "number", "text")


def _answer_rows(row: Row) -> list[tuple[object, ...]]:
    """A row for each value; an empty one for a question that was left empty; none for one that was not asked."""
    if row.answers is None:
        return []
    asked = set(visible(row.poll.questions, row.answers))
    values = [(q.id, v) for q in row.poll.questions if q.id in asked for v in _answered(q, row.answers) or [Value()]]
    return [
        (row.id, at, row.poll.id, question_id, v.item, v.option, v.number, v.text)
        for at, (question_id, v) in enumerate(values)
    ]


def _answered(question: FrozenQuestion, answers: Answers) -> list[Value]:
    """What is stored as answers: all but a statement of one's own."""
    values = answers.get(question.id, [])
    own = kind_of(question.kind).own_words(values)
    return [v for v in values if v.text != own] if own else list(values)


def _own_statements(rows: list[Row]) -> list[Said]:
    return [
        Said(row.poll, question, own, None if row.poll.anonymous else row.id, row.submitted_at)
        for row in rows if row.answers
        for question in row.poll.questions
        if (own := kind_of(question.kind).own_words(row.answers.get(question.id, [])))
    ]  # fmt: skip


def _write_comments(session: DbSession, rows: list[Row], said: dict[tuple[int, int], Any]) -> set[int]:
    """Open text becomes comments; a text that stayed keeps its row, and with it its theme. That of a ballot that is set
    aside becomes none before it is counted.

    Returns the polls whose words moved.
    """
    fresh: list[dict[str, Any]] = []
    for row in rows:
        for question in row.poll.questions:
            kind = kind_of(question.kind)
            if not kind.has_comments(question):
                continue
            text = "" if row.set_aside else kind.comment((row.answers or {}).get(question.id, []))
            before = said.get((row.id, question.id))
            if before is not None and before.text == text:
                said.pop((row.id, question.id))
            elif text:
                fresh.append(new_comment(row.poll.id, row, question.id, text))
    if said:
        session.execute(delete(_C).where(_C.c.id.in_([c.id for c in said.values()])))
    if fresh:
        session.execute(insert(_C), fresh)
    return {c["poll_id"] for c in fresh} | {c.poll_id for c in said.values()}


def new_comment(poll_id: int, response: Any, question_id: int, text: str) -> dict[str, Any]:
    """The row of a comment; `response` has its id, language and time."""
    return {
        "id": tokens.random_id(), "poll_id": poll_id, "response_id": response.id, "question_id": question_id,
        "text": text, "language": response.language, "said_at": response.submitted_at,
    }  # fmt: skip


def answers_of(session: DbSession, response_ids: Sequence[int]) -> dict[int, dict[int, list[Value]]]:
    """Stored values by response and question, in ballot order; questions left empty are not in it."""
    found: dict[int, dict[int, list[Value]]] = {}
    columns = (_A.c.response_id, _A.c.question_id, _A.c.item_id, _A.c.option_id, _A.c.number, _A.c.text)
    rows = session.execute(
        select(*columns).where(_A.c.response_id.in_(response_ids)).order_by(_A.c.response_id, _A.c.position)
    )
    for response_id, question_id, item, option, number, text in rows:
        value = Value(item, option, number, text)
        if not value.empty:
            found.setdefault(response_id, {}).setdefault(question_id, []).append(value)
    return found
