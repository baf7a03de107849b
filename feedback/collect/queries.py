"""Reads that more than one caller needs: results, comments, one response behind its receipt."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from time import monotonic
from typing import NamedTuple

from sqlalchemy import func, select

from feedback.collect import counters
from feedback.collect.storing import answers_of
from feedback.collect.tallies import PollResults, results_of
from feedback.models import Comment, Response, Turnout
from heard.kit import tokens
from heard.kit.clock import now
from heard.kit.db import DbSession, reading
from heard.kit.errors import NotFound
from heard.kit.i18n import _
from heard.kit.kept import forgets
from polls.frozen import FrozenPoll, frozen_poll
from polls.kinds.kind import Value
from polls.models import Poll

_R, _C = Response.__table__, Comment.__table__  # type: ignore[attr-defined]
REMEMBERED_SECONDS = 1.0
PIECE = 1000


def is_closed(poll: FrozenPoll) -> bool:
    """By its status, or because its closing time has passed."""
    return poll.phase == "closed"


def poll_results(session: DbSession, poll: FrozenPoll) -> PollResults:
    """What came out, from the counters; of an anonymous poll the last published step (n is 0 before the first)."""
    cells = counters.shown(counters.cells(session, poll.id), anonymous=poll.anonymous, closed=is_closed(poll))
    return results_of(poll, cells)


class CommentRow(NamedTuple):
    """An open text. `question_id` None: it came from a channel."""

    id: int
    response_id: int | None
    question_id: int | None
    text: str
    language: str
    said_at: datetime


def comments_of(session: DbSession, poll_id: int) -> list[CommentRow]:
    """A poll's comments in the order of their random ids, which tells nothing. Seeks ix_comments_poll."""
    rows = session.execute(
        select(*(_C.c[name] for name in CommentRow._fields)).where(_C.c.poll_id == poll_id).order_by(_C.c.id)
    )
    return [CommentRow(*row) for row in rows]


class Recorded(NamedTuple):
    """A response as its receipt shows it."""

    id: int
    poll: FrozenPoll
    mark: str
    submitted_at: datetime
    changed_at: datetime | None
    withdrawn_at: datetime | None
    answers: dict[int, list[Value]]
    language: str  # in which the ballot was filled in; "" where that is not kept
    option_seed: int | None = None
    set_aside: bool = False  # stored, and not counted


def by_receipt(session: DbSession, receipt: str) -> Recorded | None:
    """The response behind a receipt, or None."""
    columns = (
        _R.c.id, _R.c.mark, _R.c.submitted_at, _R.c.changed_at, _R.c.withdrawn_at, _R.c.language, _R.c.option_seed, _R.c.set_aside,
        Poll.slug,
    )  # fmt: skip
    row = session.execute(
        select(*columns)  # type: ignore[call-overload]
        .join(Poll, Poll.id == _R.c.poll_id)
        .where(_R.c.receipt_hash == tokens.hashed(receipt))
    ).first()
    if row is None:
        return None
    answers = answers_of(session, [row.id]).get(row.id, {})
    poll = frozen_poll(session, row.slug)
    return Recorded(
        row.id,
        poll,
        row.mark,
        row.submitted_at,
        row.changed_at,
        row.withdrawn_at,
        answers,
        row.language,
        row.option_seed,
        bool(row.set_aside),
    )


def ballot_behind(session: DbSession, receipt: str) -> Recorded:
    """The same. Raises NotFound."""
    recorded = by_receipt(session, receipt)
    if recorded is None:
        raise NotFound(
            _("There is no ballot with this receipt."),
            hint=_("Check that the address is whole. A receipt that was lost cannot be made again."),
        )
    return recorded


def has_receipt(session: DbSession, receipt: str) -> bool:
    """Whether there is a ballot behind this receipt."""
    return session.scalar(select(_R.c.id).where(_R.c.receipt_hash == tokens.hashed(receipt))) is not None


def has_voted(session: DbSession, poll_id: int, key: str) -> bool:
    """Whether a ballot with this voter key stands (in an anonymous poll: whether the person turned in one)."""
    turned_in = session.scalar(select(Turnout.poll_id).where(Turnout.poll_id == poll_id, Turnout.voter_key == key))  # type: ignore[call-overload]
    if turned_in is not None:
        return True
    found = select(_R.c.id).where(_R.c.poll_id == poll_id, _R.c.voter_key == key, _R.c.withdrawn_at.is_(None))
    return session.scalar(found) is not None


class StoredResponse(NamedTuple):
    """A response as exports and recounts read it."""

    id: int
    submission_id: str
    mark: str
    language: str
    submitted_at: datetime
    answers: dict[int, list[Value]]
    source: str = ""
    link_id: int | None = None
    set_aside: str = ""


def stored_responses(
    session: DbSession, poll_id: int, *, only_released: bool = False, set_aside: bool = False, after: int = 0,
    piece: int = PIECE,
) -> Iterator[StoredResponse]:  # fmt: skip
    """Every response that stands, in the order of its random id, a piece at a time; `set_aside`: also those that are not
    counted; those with an id above `after`."""
    last = after
    while True:
        query = select(
            _R.c.id,
            _R.c.submission_id,
            _R.c.mark,
            _R.c.language,
            _R.c.submitted_at,
            _R.c.source,
            _R.c.link_id,
            _R.c.set_aside,
        ).where(_R.c.poll_id == poll_id, _R.c.id > last, _R.c.withdrawn_at.is_(None))
        if only_released:
            query = query.where(_R.c.released)
        if not set_aside:
            query = query.where(_R.c.set_aside == "")
        rows = session.execute(query.order_by(_R.c.id).limit(piece)).all()
        answers = answers_of(session, [row.id for row in rows])
        for row in rows:
            yield StoredResponse(
                row.id,
                row.submission_id,
                row.mark,
                row.language,
                row.submitted_at,
                answers.get(row.id, {}),
                row.source,
                row.link_id,
                row.set_aside,
            )
        if len(rows) < piece:
            return
        last = rows[-1].id


@contextmanager
def snapshot() -> Iterator[DbSession]:
    """A reading session that sees one moment, however long it reads and whoever votes meanwhile."""
    with reading() as session:
        if session.get_bind().dialect.name == "postgresql":  # in SQLite's WAL a reader always does
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


def standing(session: DbSession, poll_id: int) -> int:
    """How many responses stand and are counted, by the rows (for `heard verify`)."""
    stands = _R.c.withdrawn_at.is_(None) & (_R.c.set_aside == "")
    return session.scalar(select(func.count()).select_from(_R).where(_R.c.poll_id == poll_id, stands)) or 0


def set_aside_standing(session: DbSession, poll_id: int) -> int:
    """How many responses stand and are set aside. Seeks ix_responses_set_aside."""
    apart = _R.c.withdrawn_at.is_(None) & (_R.c.set_aside != "")
    return session.scalar(select(func.count()).select_from(_R).where(_R.c.poll_id == poll_id, apart)) or 0


class Span(NamedTuple):
    """When a poll took answers."""

    opened_at: datetime | None
    closed_at: datetime | None


def span_of(session: DbSession, poll_id: int) -> Span:
    """Opening and closing time of a poll; None where it has not come to that."""
    poll = session.get_one(Poll, poll_id)
    return Span(
        poll.opened_at, poll.closed_at or (poll.closes_at if poll.closes_at and poll.closes_at < now() else None)
    )


def remembered_poll(slug: str) -> FrozenPoll | None:
    """The poll if it was read within the last second: a rush of ballots needs no query each.

    Safe because intake reads status and revision again inside its transaction.
    """
    remembered = _at_hand.get(slug)
    return remembered[1] if remembered is not None and monotonic() - remembered[0] < REMEMBERED_SECONDS else None


def last_seen(slug: str) -> FrozenPoll | None:
    """The poll as this process read it last, however long ago: to give back what was filled in while the database is away."""
    remembered = _at_hand.get(slug)
    return remembered[1] if remembered else None


def poll_at_hand(slug: str) -> FrozenPoll:
    """The poll at /p/<slug>, read now and remembered for a second. Raises NotFound."""
    with reading() as session:
        poll = frozen_poll(session, slug)
    if len(_at_hand) > 500:
        _at_hand.clear()
    _at_hand[slug] = (monotonic(), poll)
    return poll


_at_hand: dict[str, tuple[float, FrozenPoll]] = forgets({})
