"""Statements that members add to a question: handed in with a ballot, and accepted or rejected.

An accepted one becomes an option like the others and belongs to the poll. A rejected one loses its words at once; what
stays is a keyed hash of them, so that the same words do not come back. Adding a statement is no edit: what people have
answered keeps its words.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, select, update

from feedback.collect import telling
from feedback.models import Suggestion
from heard.accounts import audit
from heard.accounts.models import Account
from heard.kit import tokens, work
from heard.kit.clock import now
from heard.kit.db import DbSession, upsert
from heard.kit.errors import BadInput, NotFound, Refused
from heard.kit.i18n import _, number
from polls.frozen import FrozenPoll, freeze
from polls.kinds.items import as_read, one_line
from polls.kinds.kind import BadAnswer, FrozenQuestion, Value
from polls.models import Option, Poll
from polls.write.drafts import MOST_OPTIONS

_S, _O = Suggestion.__table__, Option.__table__  # type: ignore[attr-defined]
FOREVER = 2**63


class StatementDecided(Refused):
    """Somebody was faster: it is accepted or rejected already."""

    code, status = "statement_decided", 409

    def __init__(self) -> None:
        super().__init__(
            _("Somebody has decided about this statement already."), hint=_("The list shows what still waits.")
        )


class NobodyCouldVote(Refused):
    """A statement is added while people can say something about it."""

    code, status = "not_open", 409

    def __init__(self, poll: FrozenPoll) -> None:
        super().__init__(
            _("“%(title)s” is not open, so nobody could vote on a new statement.") % {"title": poll.title},
            hint=_("The statement waits. It can be accepted while the poll is open."),
        )


class Said(NamedTuple):
    """A statement on its way in. `response_id` None: nothing ties it to its ballot."""

    poll: FrozenPoll
    question: FrozenQuestion
    text: str
    response_id: int | None
    said_at: datetime


def adding(poll: FrozenPoll) -> list[FrozenQuestion]:
    """The questions of a poll that members may add to."""
    return [q for q in poll.questions if q.its_kind.takes_own_words(q)]


def no_more(question: FrozenQuestion, *, anonymous: bool) -> BadAnswer:
    """Why a changed ballot adds nothing."""
    return question.refuse(
        _("In an anonymous poll a statement can only be added with the first answer. Leave the line empty.")
        if anonymous
        else _("A ballot adds one statement, and yours has added one. Leave the line empty.")
    )


def decided(session: DbSession, responses: Collection[int]) -> set[tuple[int, int]]:
    """(response, question) of these responses whose statement is accepted or rejected. Seeks ix_suggestions_response."""
    found = select(_S.c.response_id, _S.c.question_id).where(
        _S.c.response_id.in_(sorted(responses)), _S.c.state != "waiting"
    )
    return {(row.response_id, row.question_id) for row in session.execute(found)}


def hand_in(session: DbSession, changed: Sequence[int], said: Iterable[Said]) -> None:
    """Inside intake's transaction: what waits of changed ballots goes, unless it is said again; what is new comes.

    The same words as a statement that waits, was accepted or was rejected are taken in silence, once.
    """
    fresh = {(s.question.id, _hash(s.question.id, s.text)): s for s in said}
    if changed:
        _take_back(session, changed, fresh)
    rows = [
        {
            "id": tokens.random_id(), "poll_id": s.poll.id, "question_id": question_id, "response_id": s.response_id,
            "text": s.text, "text_hash": text_hash, "state": "waiting", "released": not s.poll.anonymous,
            "said_at": None if s.poll.anonymous else s.said_at,
        }
        for (question_id, text_hash), s in sorted(fresh.items())
    ]  # fmt: skip
    if rows:
        put = upsert(session, _S).on_conflict_do_nothing(index_elements=["question_id", "text_hash"])
        session.execute(put, rows)
    at_once = {q.id for s in fresh.values() for q in adding(s.poll) if q.its_kind.takes_own_words(q) == "at_once"}
    for row in rows:
        if row["released"] and row["question_id"] in at_once:
            work.due(session, "accept_statement", row["id"], statement_id=row["id"])


def _take_back(session: DbSession, changed: Sequence[int], fresh: dict[tuple[int, str], Said]) -> None:
    found = select(_S).where(_S.c.response_id.in_(sorted(changed)), _S.c.state == "waiting").order_by(_S.c.id)
    gone = []
    for row in session.execute(found):
        again = fresh.get((row.question_id, row.text_hash))
        if again is None or (again.response_id, again.text) != (row.response_id, row.text):
            gone.append(row.id)
    if gone:
        session.execute(delete(_S).where(_S.c.id.in_(gone)))


def _hash(question_id: int, text: str) -> str:
    """Keyed, so that guessing the words of a rejected one needs the secret too."""
    return tokens.derived("statement", question_id, as_read(text), size=32)


def release(session: DbSession, poll: FrozenPoll) -> None:
    """What came with a step of k ballots of an anonymous poll is shown to managers, and written anew, as ballots are:
    on PostgreSQL its old place would tell when it came, and with whom."""
    at_once = {q.id for q in adding(poll) if q.its_kind.takes_own_words(q) == "at_once"}
    rows = session.execute(
        select(_S.c.id, _S.c.question_id).where(_S.c.poll_id == poll.id, ~_S.c.released).order_by(_S.c.id)
    ).all()
    for row in rows:
        session.execute(update(_S).where(_S.c.id == row.id).values(released=True, text=_S.c.text.concat("")))
        if row.question_id in at_once:
            work.due(session, "accept_statement", row.id, statement_id=row.id)


def accept(session: DbSession, poll: Poll, statement_id: int, *, by: Account | None, words: str | None = None) -> int:
    """It becomes the last option of its question; the option's id. `words`: the statement with its slips corrected.

    Raises NotFound, StatementDecided, NobodyCouldVote, BadInput with field "words": empty, too long, there already.
    """
    row = _locked(session, poll, statement_id)
    frozen = freeze(session, poll)
    question = frozen.question(row.question_id)
    assert question is not None
    if frozen.phase != "open":
        raise NobodyCouldVote(frozen)
    label = row.text if words is None else one_line(words)
    if problem := _problem(question, label):
        raise BadInput(problem, hint=_("The statement still waits."), fields={"words": problem})
    last = select(func.max(_O.c.position)).where(_O.c.question_id == question.id, _O.c.role == "option")
    option = Option(question_id=question.id, position=(session.scalar(last) or 0) + 1, role="option", label=label)
    session.add(option)
    session.flush()
    _decide(session, row, "accepted", by)
    row.option_id = option.id
    poll.revision += 1  # ballots on their way are checked against the poll with the new statement
    session.add(poll)
    audit.record(
        session, by, "statement.accepted", poll.slug, community_id=poll.community_id, option_id=option.id,
        corrected=label != row.text,
    )  # fmt: skip
    session.flush()
    return option.id or 0


def reject(session: DbSession, poll: Poll, statement_id: int, *, by: Account) -> None:
    """Its words are gone with this transaction. Raises NotFound, StatementDecided."""
    row = _locked(session, poll, statement_id)
    _decide(session, row, "rejected", by)
    row.text = ""
    telling.taken_back(session, poll.community_id, "statement_id", str(row.id))
    audit.record(session, by, "statement.rejected", poll.slug, community_id=poll.community_id)
    session.flush()


def accept_by_itself(session: DbSession, statement_id: int) -> None:
    """Of a question whose statements appear at once. Does nothing when it was done, taken back, or cannot be done: then
    it waits for a manager."""
    found = select(Suggestion).where(_S.c.id == statement_id, _S.c.state == "waiting", _S.c.released)
    row = session.scalars(found).first()
    poll = session.get(Poll, row.poll_id) if row else None
    if row is None or poll is None:
        return
    try:
        accept(session, poll, statement_id, by=None)
    except (Refused, NotFound):
        return


def _locked(session: DbSession, poll: Poll, statement_id: int) -> Suggestion:
    """The statement, its poll's row ours until the commit: no second one takes the same place in the question."""
    session.refresh(poll, with_for_update=True)
    wanted = _S.c.id == (statement_id if 0 < statement_id < FOREVER else 0)
    found = select(Suggestion).where(wanted, _S.c.poll_id == poll.id, _S.c.released)
    row = session.scalars(found.with_for_update().execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound()
    if row.state != "waiting":
        raise StatementDecided
    return row


def _decide(session: DbSession, row: Suggestion, state: str, by: Account | None) -> None:
    row.state, row.decided_at, row.decided_by = state, now(), by.id if by else None
    session.add(row)


def _problem(question: FrozenQuestion, label: str) -> str:
    if not label:
        return _("A statement needs words.")
    if len(question.options) >= MOST_OPTIONS:
        words = _("A question holds at most %(n)s options; these are %(many)s.")
        return words % {"n": number(MOST_OPTIONS), "many": number(len(question.options) + 1)}
    try:
        question.its_kind.check(question, [Value(text=label)])
    except BadAnswer as refused:
        return refused.fields[question.name]
    return ""


class Own(NamedTuple):
    """A statement that a ballot added: as it was written, as it stands in the poll, or without words."""

    question_id: int
    text: str
    state: str  # waiting | accepted | rejected
    option_id: int | None  # once it is in the poll


def of_response(session: DbSession, response_id: int) -> list[Own]:
    """What this ballot added. Of an anonymous poll nothing is known."""
    found = (
        select(_S.c.question_id, func.coalesce(_O.c.label, _S.c.text), _S.c.state, _S.c.option_id)
        .join(_O, (_O.c.question_id == _S.c.question_id) & (_O.c.id == _S.c.option_id), isouter=True)
        .where(_S.c.response_id == response_id)
        .order_by(_S.c.question_id)
    )
    return [Own(*row) for row in session.execute(found)]


def added_since(session: DbSession, poll_id: int, since: datetime, answered: Collection[int]) -> int:
    """How many statements were accepted since this moment, without those that are answered (options)."""
    found = select(_S.c.option_id).where(_S.c.poll_id == poll_id, _S.c.state == "accepted", _S.c.decided_at > since)
    return len(set(session.scalars(found)) - set(answered))


class Waiting(NamedTuple):
    """A statement that a manager has not decided about. `said_at` None: the poll is anonymous."""

    id: int
    question_id: int
    text: str
    said_at: datetime | None


def waiting(session: DbSession, poll_id: int, *, most: int = 100) -> list[Waiting]:
    """What waits for a manager, oldest first; of an anonymous poll in the order of random ids. Seeks ix_suggestions_poll."""
    found = select(_S.c.id, _S.c.question_id, _S.c.text, _S.c.said_at).where(*_waits(poll_id))
    return [Waiting(*row) for row in session.execute(found.order_by(_S.c.said_at, _S.c.id).limit(most))]


def how_many_wait(session: DbSession, poll_id: int) -> int:
    """How many that are."""
    return session.scalar(select(func.count()).select_from(_S).where(*_waits(poll_id))) or 0


def accepted_options(session: DbSession, poll_id: int) -> set[int]:
    """The options of a poll that members added."""
    return set(session.scalars(select(_S.c.option_id).where(_S.c.poll_id == poll_id, _S.c.state == "accepted")))


def _waits(poll_id: int):  # type: ignore[no-untyped-def]
    return _S.c.poll_id == poll_id, _S.c.state == "waiting", _S.c.released
