"""A person decides about a group of ballots: count these, set these aside, or undo what was decided. Nothing is dropped.

The decision is a row of the audit log, with who, why and how many. Ballots move in portions, each in one transaction with
its counters, its comments and its members' statements, and with a row of the log that names them, so that it can be undone.
Between two portions votes go on.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlmodel import col

from feedback.collect import counters
from feedback.collect.counters import K
from feedback.collect.storing import SNAPSHOT_WAIT, THEMES_WAIT, answers_of, new_comment
from feedback.collect.tallies import cells_of, way_of
from feedback.groups import asking as opinion_groups
from feedback.integrity import groups
from feedback.integrity.groups import Noticed
from feedback.models import Comment, Response, Suggestion
from heard.accounts import audit
from heard.accounts.models import Account, AuditEntry
from heard.kit import work
from heard.kit.clock import now
from heard.kit.db import DbSession, reading, writing
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _
from polls.frozen import FrozenPoll, freeze
from polls.kinds.kind import kind_of
from polls.models import Poll

PORTION = 400  # ballots in one transaction
AT_ONCE = 4000  # the page waits for so many; a job moves the rest
LONGEST_REASON = 300
ACTS = ("count", "set_aside", "undo", "leave")
DECIDED, MOVED = "integrity.decided", "integrity.moved"
_R, _C = Response.__table__, Comment.__table__  # type: ignore[attr-defined]
_S, _P = Suggestion.__table__, Poll.__table__  # type: ignore[attr-defined]


class NothingToMove(Refused):
    """Somebody was faster, or the group is too small to be told of."""

    code, status = "nothing_to_move", 409

    def __init__(self) -> None:
        super().__init__(
            _("There is nothing in this group any more, so nothing was moved."),
            hint=_("The page shows how it is now. Perhaps somebody else has decided already."),
        )


@dataclass(frozen=True)
class Decision:
    """A row of the log. `to`: why they are set aside from now on, "" counted."""

    id: int
    poll_id: int
    slug: str
    act: str
    group: str
    to: str
    n: int
    details: dict[str, Any]


def decide(poll_id: int, act: str, group: str, reason: str, *, by: Account, noticed: Noticed | None = None) -> Decision:
    """Write the decision down and move the first ballots; a job moves the rest of a large group.

    `group`: a reason, the key of what was `noticed`, or the number of a decision to undo. Raises BadInput without a reason,
    NothingToMove.
    """
    if act not in ACTS:
        raise BadInput(_("There is no such decision."), hint=", ".join(ACTS))
    if not reason.strip():
        raise BadInput(_("Say why in a few words: it stands in the log."), fields={"reason": _("A reason is missing.")})
    with writing() as session:
        poll = session.get_one(Poll, poll_id)
        n, details = _asked(session, poll, act, group, noticed)
        entry = AuditEntry(
            community_id=poll.community_id, account_id=by.id, action=DECIDED, subject=poll.slug[:120], at=now(),
            details={"poll": poll_id, "act": act, "group": group, "n": n, "why": reason.strip()[:LONGEST_REASON], **details},
        )  # fmt: skip
        session.add(entry)
        session.flush()
        if act != "leave":
            work.due(session, "integrity_move", entry.id, decision=entry.id)
        decision = _decision(entry)
    if act != "leave":
        move_all(decision.id, most=AT_ONCE)
    return decision


def _asked(session: DbSession, poll: Poll, act: str, group: str, noticed: Noticed | None) -> tuple[int, dict[str, Any]]:
    """How many ballots it is about, and what the log must say to find them again."""
    least = K if poll.anonymous else 1
    if act == "undo":
        before = (
            session.get(AuditEntry, int(group)) if group.isascii() and group.isdigit() and len(group) < 10 else None
        )
        if (
            before is None
            or before.action != DECIDED
            or before.details.get("poll") != poll.id
            or _undone(session, before)
        ):
            raise NothingToMove
        ids, to = [i for e in _moves(session, before) for i in e.details["ids"]], before.details.get("from", "")
        if before.details["act"] != "leave" and (len(ids) < least or _fewest(session, poll, ids, to) < least):
            raise NothingToMove
        return len(ids), {"to": to}
    if noticed is not None and act in ("set_aside", "leave"):
        n = len(groups.of_noticed(session, poll.id or 0, noticed, 1_000_000))
        if n < least:
            raise NothingToMove
        return n, {"to": noticed.kind, "from": "", "noticed": list(noticed)}
    if act != "count" or group not in ("network", "bot", "quick", "burst", "alike", "person"):
        raise NothingToMove
    ids = groups.of_reason(session, poll.id or 0, group, now(), 1_000_000)
    if len(ids) < least or _fewest(session, poll, ids, "") < least:
        raise NothingToMove
    return len(ids), {"to": "", "from": group}


def _fewest(session: DbSession, poll: Poll, ids: Sequence[int], to: str) -> int:
    """Of the ballots that would move, the fewest that have always moved together. Whoever compares the results before and
    after several decisions sees these apart: five counted, taken back, and counted with two more tell of two."""
    if not poll.anonymous:
        return len(ids)
    stands = _R.c.poll_id == poll.id, _R.c.withdrawn_at.is_(None), (_R.c.set_aside == "") == bool(to)
    before: dict[int, list[int]] = {i: [] for i in set(ids) & set(session.scalars(select(_R.c.id).where(*stands)))}
    for entry in session.scalars(log_of(poll.community_id, MOVED, poll.slug).order_by(col(AuditEntry.id))):
        for moved in before.keys() & set(entry.details["ids"]):
            before[moved].append(entry.id or 0)
    return min(Counter(map(tuple, before.values())).values(), default=0)


def move_all(decision_id: int, *, most: int = 0) -> None:
    """Move what is not moved yet, a portion at a time; at most so many (0: all). Safe to run twice."""
    moved = 0
    while not most or moved < most:
        with writing() as session:
            entry = session.get_one(AuditEntry, decision_id)
            decision = _decision(entry)
            poll = session.get_one(Poll, decision.poll_id)
            # The row of the poll first, as votes do; whole groups of an anonymous poll at once, or portions would tell of few.
            session.execute(select(_P.c.id).where(_P.c.id == poll.id).with_for_update())
            if poll.anonymous and _moves(session, entry):
                return  # what has come since has the same day for a time, and would be seen alone
            ids = _next(session, entry, decision, 1_000_000 if poll.anonymous else PORTION)
            if not ids:
                return
            frozen = freeze(session, poll)
            done = _move(session, frozen, ids, decision)
            audit.record(
                session, None, MOVED, poll.slug, community_id=poll.community_id, decision=decision_id, ids=done, poll=poll.id,
            )  # fmt: skip
        moved += len(done)
        if not done:
            return


def _next(session: DbSession, entry: AuditEntry, decision: Decision, most: int) -> list[int]:
    if decision.act == "undo":
        before = session.get_one(AuditEntry, int(decision.group))
        ids = sorted(i for e in _moves(session, before) for i in e.details["ids"])
        done = {i for e in _moves(session, entry) for i in e.details["ids"]}
        return [i for i in ids if i not in done][:most]
    if "noticed" in entry.details:
        return groups.of_noticed(session, decision.poll_id, Noticed(*entry.details["noticed"]), most)
    return groups.of_reason(session, decision.poll_id, decision.group, entry.at, most)


def _move(session: DbSession, poll: FrozenPoll, ids: Sequence[int], decision: Decision) -> list[int]:
    """These ballots become counted or set aside, with all that hangs on it. Those that are so already, or withdrawn, stay."""
    to = decision.to
    found = select(_R).where(
        _R.c.poll_id == poll.id, _R.c.id.in_(ids), _R.c.withdrawn_at.is_(None), _R.c.set_aside != to
    )
    found = found.where(_R.c.set_aside == "") if to else found.where(_R.c.set_aside != "")
    rows = session.execute(found.order_by(_R.c.id).with_for_update()).all()
    said = answers_of(session, [r.id for r in rows])
    moved: Counter[tuple[int, str]] = Counter()
    for row in rows:
        cells = cells_of(poll, said.get(row.id, {}), way_of(row.source, row.link_id))
        sign = -1 if to else 1
        for cell, n in cells.items():
            moved[poll.id, cell] += sign * n
            moved[poll.id, counters.APART + cell] -= sign * n
            if poll.anonymous:  # a whole group: what was shown before and what is shown now differ by K people at least
                moved[poll.id, counters.PUBLISHED + cell] += sign * n
    done = [r.id for r in rows]
    for row in rows:
        session.execute(update(_R).where(_R.c.id == row.id).values(set_aside=to, released=True))
    if to:
        session.execute(delete(_C).where(_C.c.response_id.in_(done)))
    elif comments := [c for r in rows for c in _comments(poll, r, said.get(r.id, {}))]:
        session.execute(insert(_C), comments)
    _statements(session, poll, done, counted=not to)
    counters.move(session, moved)
    if done and any(kind_of(q.kind).has_comments(q) for q in poll.questions):
        work.due(session, "themes", poll.id, wait=THEMES_WAIT, poll_id=poll.id)
    if done:
        work.due(session, "snapshot", poll.id, wait=SNAPSHOT_WAIT, poll_id=poll.id)
        opinion_groups.ask(session, [poll])
    return done


def _comments(poll: FrozenPoll, row: Any, answers: dict[int, Any]) -> list[dict[str, Any]]:
    return [
        new_comment(poll.id, row, question.id, text)
        for question in poll.questions
        if kind_of(question.kind).has_comments(question)
        if (text := kind_of(question.kind).comment(answers.get(question.id, [])))
    ]


def _statements(session: DbSession, poll: FrozenPoll, ids: Sequence[int], *, counted: bool) -> None:
    """A manager reads the statements of ballots that are counted. One that is in the poll belongs to it, and stays."""
    waits = _S.c.response_id.in_(ids), _S.c.state == "waiting", _S.c.released != counted
    at_once = {q.id for q in poll.questions if q.its_kind.takes_own_words(q) == "at_once"}
    for row in session.execute(select(_S.c.id, _S.c.question_id).where(*waits).order_by(_S.c.id)).all():
        session.execute(update(_S).where(_S.c.id == row.id).values(released=counted))
        if counted and row.question_id in at_once:
            work.due(session, "accept_statement", row.id, statement_id=row.id)


def decisions_of(session: DbSession, poll: Poll) -> list[AuditEntry]:
    """Every decision about a poll, the newest first."""
    found = log_of(poll.community_id, DECIDED, poll.slug).order_by(col(AuditEntry.id).desc())
    return [e for e in session.scalars(found) if e.details.get("poll") == poll.id]


def is_undone(entry: AuditEntry, others: Sequence[AuditEntry]) -> bool:
    """Whether a later one has undone it."""
    return any(e.details["act"] == "undo" and e.details["group"] == str(entry.id) for e in others)


def _undone(session: DbSession, entry: AuditEntry) -> bool:
    later = session.scalars(log_of(entry.community_id, DECIDED, entry.subject).where(col(AuditEntry.id) > entry.id))
    return is_undone(entry, list(later))


def _moves(session: DbSession, entry: AuditEntry) -> list[AuditEntry]:
    later = session.scalars(log_of(entry.community_id, MOVED, entry.subject).where(col(AuditEntry.id) > entry.id))
    return [e for e in later if e.details["decision"] == entry.id]


def log_of(community_id: int | None, action: str, subject: str) -> Any:
    """Rows of the audit log of one kind about a poll's address, as a statement."""
    found = select(AuditEntry).where(col(AuditEntry.community_id) == community_id, col(AuditEntry.action) == action)
    return found.where(col(AuditEntry.subject) == subject[:120])


def _decision(entry: AuditEntry) -> Decision:
    d = entry.details
    return Decision(entry.id or 0, d["poll"], entry.subject, d["act"], d["group"], d.get("to", ""), d["n"], d)


def latest(poll_id: int, decision: int) -> int:
    """How many ballots a decision has moved so far."""
    with reading() as session:
        return sum(len(e.details["ids"]) for e in _moves(session, session.get_one(AuditEntry, decision)))
