"""Ballots into the database: what happens inside intake's transaction.

A batch is worked out in memory (which ballot is new, the same again, a change of an earlier one) and then written
with one statement a table. On SQLite the write lock makes what was read exact. On PostgreSQL another process may be
faster; then a UNIQUE key refuses the batch, and intake redoes it half by half.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select, update

from feedback.collect import suggestions
from feedback.collect.ballots import AlreadyVoted, Answers, Ballot, CannotChange, PollClosed
from feedback.collect.receipts import mark_of
from feedback.collect.storing import Row, day_of, write
from feedback.models import Response, Turnout
from heard.kit import tokens
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import NotFound, Refused
from heard.kit.i18n import _
from polls.frozen import FrozenPoll, phase_of
from polls.models import Poll

_R, _T, _P = Response.__table__, Turnout.__table__, Poll.__table__  # type: ignore[attr-defined]


# Built once: to build them costs more than to run them.
_FOUND = select(
    _P.c.id, _P.c.slug, _P.c.status, _P.c.revision, _P.c.opens_at, _P.c.closes_at, _P.c.frozen, _P.c.network_limit
).where(_P.c.id.in_(bindparam("ids", expanding=True))).order_by(_P.c.id)  # fmt: skip
_POLLS = {first: _FOUND.with_for_update(read=not first, key_share=first) for first in (False, True)}
_KEYS: Any = bindparam("keys", expanding=True)
# In no order: sorted by id, SQLite would read the whole poll for it.
_OF_SUBMISSION, _OF_VOTER = (
    select(_R.c.id).where(_R.c.poll_id == bindparam("poll"), key.in_(_KEYS))
    for key in (_R.c.submission_id, _R.c.voter_key)
)


class Receipt(NamedTuple):
    """What the voter gets. `outcome`: "new", "same" (this submission was here before) or "changed"."""

    receipt: str
    mark: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Change:
    """Other answers for the ballot behind a receipt (its hash); answers None: withdraw it."""

    poll: FrozenPoll
    receipt_hash: str
    answers: Answers | None


Act = Ballot | Change


class Declined(Exception):
    """A refusal, told in the language of whoever asked: this thread speaks none."""

    def __init__(self, why: Callable[[], Refused]) -> None:
        super().__init__()
        self.why = why


class StalePoll(Exception):
    """The poll was edited since it was frozen: read it again and check the ballot once more."""


@dataclass
class _Plan:
    """What a batch does, before anything is written."""

    session: DbSession
    at: datetime
    polls: dict[int, Any] = field(
        default_factory=dict
    )  # rows of polls: slug, status, revision, opens_at, closes_at, frozen
    by_submission: dict[tuple[int, str], Row] = field(default_factory=dict)
    by_voter: dict[tuple[int, str], Row] = field(default_factory=dict)
    by_receipt: dict[str, Row] = field(default_factory=dict)
    turnout: set[tuple[int, str]] = field(default_factory=set)
    networks: dict[tuple[int, str], int] = field(default_factory=dict)  # ballots counted within the hour
    has_added: set[tuple[int, int]] = field(default_factory=set)  # (response, question): its statement is decided
    rows: list[Row] = field(default_factory=list)
    changes: bool = False  # some act of the batch is a change behind a receipt
    invitations: set[int] = field(default_factory=set)
    begun: set[int] = field(default_factory=set)


def record(session: DbSession, acts: Sequence[Act]) -> list[Receipt | Exception]:
    """Work out and write a batch. One answer an act, in order: a receipt, or why it was refused (its neighbours stand).

    Raises IntegrityError when another process was faster; the caller rolls back.
    """
    plan = _Plan(session, now(), changes=any(isinstance(act, Change) for act in acts))
    _look_up(plan, acts)
    answers: list[Receipt | Exception] = []
    for act in acts:
        try:
            answers.append(_vote(plan, act) if isinstance(act, Ballot) else _change(plan, act))
        except (Declined, StalePoll) as refusal:
            answers.append(refusal)
    if plan.rows:
        write(session, plan.rows, plan.invitations, plan.at, plan.begun)
        _freeze_words(plan)
    return answers


def _freeze_words(plan: _Plan) -> None:
    """From its first vote on, a poll's words stay as they are."""
    voted = sorted(
        {row.poll.id for row in plan.rows if row.poll.id in plan.polls and not plan.polls[row.poll.id].frozen}
    )
    if voted:
        plan.session.execute(update(_P).where(_P.c.id.in_(voted)).values(frozen=True))


def _look_up(plan: _Plan, acts: Sequence[Act]) -> None:
    """Polls, earlier responses and turnout that this batch meets; on PostgreSQL locked, always in the order of ids."""
    session, polls = plan.session, {act.poll.id: act.poll for act in acts}
    # A first vote will write to its poll's row. Two processes that share its lock would wait for each other for ever.
    first_vote = not all(poll.frozen for poll in polls.values())
    connection = session.connection()  # what the session adds to a statement takes longer than these
    plan.polls = {row.id: row for row in connection.execute(_POLLS[first_vote], {"ids": list(polls)})}
    ballots = [a for a in acts if isinstance(a, Ballot)]
    receipts = [a.receipt_hash for a in acts if isinstance(a, Change)]
    known: set[int] = set()
    for poll_id in polls:
        mine = [b for b in ballots if b.poll.id == poll_id]
        if mine:
            known |= set(connection.scalars(_OF_SUBMISSION, {"poll": poll_id, "keys": [b.submission_id for b in mine]}))
            known |= set(connection.scalars(_OF_VOTER, {"poll": poll_id, "keys": [b.voter_key for b in mine]}))
        keys = [b.turnout_key for b in mine if b.turnout_key]
        if keys:
            seen = select(_T.c.voter_key).where(_T.c.poll_id == poll_id, _T.c.voter_key.in_(keys))
            plan.turnout |= {(poll_id, key) for key in session.scalars(seen)}
    if receipts:
        known |= set(session.scalars(select(_R.c.id).where(_R.c.receipt_hash.in_(receipts))))
    if known:
        for row in session.execute(select(_R).where(_R.c.id.in_(known)).order_by(_R.c.id).with_for_update()):
            if row.poll_id in polls:
                _know(plan, polls[row.poll_id], row)
    _look_up_networks(plan, [b for b in ballots if b.network and b.poll.voter_rule == "network"])
    adding = [row.id for row in plan.by_submission.values() if suggestions.adding(row.poll)]
    plan.has_added = suggestions.decided(session, adding) if adding else set()


def _look_up_networks(plan: _Plan, ballots: Sequence[Ballot]) -> None:
    """How many ballots each of these networks has counted within the last hour."""
    for poll_id, network in sorted({(b.poll.id, b.network or "") for b in ballots}):
        hour = plan.at - timedelta(hours=1)
        lately = select(func.count()).where(
            _R.c.poll_id == poll_id, _R.c.network == network, _R.c.submitted_at > hour, _R.c.set_aside == ""
        )
        plan.networks[poll_id, network] = plan.session.scalar(lately) or 0


def _know(plan: _Plan, poll: FrozenPoll, r: Any) -> None:
    if (poll.id, r.submission_id) in plan.by_submission:
        return
    known = Row(
        r.id, poll, r.submission_id, r.voter_key, r.source, r.language, r.submitted_at,
        None if r.withdrawn_at else {}, released=r.released, option_seed=r.option_seed, link_id=r.link_id,
        set_aside=r.set_aside, network=r.network,
    )  # fmt: skip
    plan.by_submission[poll.id, r.submission_id] = plan.by_voter[poll.id, r.voter_key] = known
    plan.by_receipt[r.receipt_hash] = known


def _vote(plan: _Plan, ballot: Ballot) -> Receipt:
    poll = ballot.poll
    if known := plan.by_submission.get((poll.id, ballot.submission_id)):
        if (known.source == "api") != (ballot.source == "api") and ballot.source != "import":
            raise Declined(lambda: AlreadyVoted(poll))  # an id seen in an export is no key to somebody's receipt
        return _receipt(known, "same")
    _must_be_open(plan, poll)
    if known := plan.by_voter.get((poll.id, ballot.voter_key)):
        if not poll.may_change:
            raise Declined(lambda: AlreadyVoted(poll))
        _adds_one_at_most(plan, known, poll, ballot.answers)
        known.poll, known.answers, known.language = poll, ballot.answers, ballot.language
        known.option_seed = ballot.option_seed
        _end(plan, ballot)
        _touch(plan, known)
        return _receipt(known, "changed")
    if ballot.turnout_key:
        if (poll.id, ballot.turnout_key) in plan.turnout:
            raise Declined(lambda: AlreadyVoted(poll))
        plan.turnout.add((poll.id, ballot.turnout_key))
    at = ballot.submitted_at or plan.at
    row = Row(
        0, poll, ballot.submission_id, ballot.voter_key, ballot.source, ballot.language,
        day_of(at) if poll.anonymous else at, ballot.answers, is_new=True, released=not poll.anonymous,
        turnout_key=ballot.turnout_key, option_seed=ballot.option_seed, link_id=ballot.link_id,
        set_aside=ballot.set_aside or _over_the_limit(plan, ballot),
        network=None if poll.anonymous else ballot.network,
    )  # fmt: skip
    plan.by_submission[poll.id, row.submission_id] = plan.by_voter[poll.id, row.voter_key] = row
    if plan.changes:
        plan.by_receipt[tokens.hashed(row.receipt)] = row
    if ballot.invitation_id:
        plan.invitations.add(ballot.invitation_id)
    _end(plan, ballot)
    _touch(plan, row)
    return _receipt(row, "new")


def _over_the_limit(plan: _Plan, ballot: Ballot) -> str:
    """ "network" for a ballot beyond what one network counts in an hour, in polls that ask for it."""
    key = ballot.poll.id, ballot.network or ""
    if key not in plan.networks:
        return ""
    plan.networks[key] += 1
    return "network" if plan.networks[key] > plan.polls[ballot.poll.id].network_limit else ""


def _change(plan: _Plan, change: Change) -> Receipt:
    row = plan.by_receipt.get(change.receipt_hash)
    if row is None:
        raise Declined(lambda: NotFound(_("There is no ballot with this receipt.")))
    _must_be_open(plan, change.poll)
    if not change.poll.may_change:
        raise Declined(lambda: CannotChange(change.poll))
    _adds_one_at_most(plan, row, change.poll, change.answers)
    row.poll, row.answers = change.poll, change.answers
    _touch(plan, row)
    return _receipt(row, "changed")


def _adds_one_at_most(plan: _Plan, row: Row, poll: FrozenPoll, answers: Answers | None) -> None:
    """A changed ballot adds no second statement; one of an anonymous poll none, for nothing tells what it added before."""
    for question in suggestions.adding(poll) if answers else ():
        own = question.its_kind.own_words((answers or {}).get(question.id, []))
        if own and (poll.anonymous or (row.id, question.id) in plan.has_added):
            raise Declined(partial(suggestions.no_more, question, anonymous=poll.anonymous))


def _must_be_open(plan: _Plan, poll: FrozenPoll) -> None:
    """By the server's clock and the row as it is now."""
    row = plan.polls.get(poll.id)
    phase = phase_of(row.status, row.opens_at, row.closes_at, plan.at) if row else "closed"
    if phase != "open":
        raise Declined(lambda: PollClosed(poll, phase))
    if row and (row.slug, row.revision) != (poll.slug, poll.revision):
        raise StalePoll


def _end(plan: _Plan, ballot: Ballot) -> None:
    if ballot.draft_id is not None:
        plan.begun.add(ballot.draft_id)


def _touch(plan: _Plan, row: Row) -> None:
    if not row.touched:
        row.touched = True
        plan.rows.append(row)


def _receipt(row: Row, outcome: str) -> Receipt:
    return Receipt(row.receipt, mark_of(row.receipt), outcome)
