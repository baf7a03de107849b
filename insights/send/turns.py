"""Turns: one period of one reader with a rhythm, from its plan to what became of it. One row, one period (PRIMARY KEY).

    planned → drafted → sent            the brief went to the reader's delivery (insights/send/deliveries.py)
                      → waiting → sent  nobody had approved it, and this reader's waits until somebody does
                                → skipped  (OVERTAKEN) nobody did before the next one was drafted: it goes by hand only
                      → skipped         nothing new, and this reader wants no mail that says so
    planned, drafted → missed           its hour is more than a day past: a person decides, nothing goes by itself
                     → failed           three tries; what went wrong is shown, and all others go on

Planning follows from the clock, the rules and what is there, each minute anew. So a rule that changes, also one of the time
zone itself, moves what has not gone yet; and whatever the clock does, a period that has a row gets no second one.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, update
from sqlalchemy import delete as delete_from
from sqlmodel import col, select

from heard.accounts import audit, contacts
from heard.accounts.contacts import BRIEFS
from heard.accounts.models import Account, Community, Contact
from heard.kit import pausing, work
from heard.kit.clock import now
from heard.kit.db import DbSession, upsert
from heard.kit.errors import NotFound
from heard.kit.i18n import ngettext, number
from heard.kit.pausing import LATE
from insights.models import TURN_STATES, Brief, Subscription, Turn
from insights.send import periods
from insights.send.periods import DAY, Period, Rule

LOOKS_BACK = timedelta(days=7)  # so far back what was missed while nobody worked is named
_LONG_AGO = timedelta(days=70)  # a month's brief may have gone on the 1st, and its rule be changed to the 31st
TRIES = 3
AHEAD = ("planned", "drafted")
OVERTAKEN = "overtaken"  # why a turn was skipped, in its column `error`
Key = tuple[int, int, str, date]
_KEY = (col(Turn.community_id), col(Turn.contact_id), col(Turn.audience), col(Turn.until))


class Changes(NamedTuple):
    """What planning would change."""

    to_add: list[dict[str, Any]]
    to_move: list[tuple[Key, Period]]
    to_drop: list[Key]


def planning(session: DbSession, moment: datetime) -> Changes:
    """What is planned otherwise than it should be at this moment; reads only. Whoever has not said yes has no turns."""
    changes, memo = Changes([], [], []), dict[tuple[Rule, datetime], dict[date, Period]]()
    rows = session.scalars(
        select(Subscription)
        .join(Contact, col(Contact.id) == col(Subscription.contact_id))
        .where(Subscription.rhythm != "", contacts.writable(BRIEFS))
    ).all()
    have = _recent(session, moment)
    for row in rows:
        rule = Rule(row.rhythm, row.weekday, row.day, row.hour, row.zone)
        after = max(row.since or row.created_at, moment - LOOKS_BACK)
        wanted = memo.get((rule, after))
        if wanted is None:
            wanted = memo[rule, after] = {period.until: period for period in _wanted(rule, after, moment)}
        mine = have.pop((row.community_id, row.contact_id, row.audience), {})
        changes.to_add.extend(_new(row, period) for until, period in wanted.items() if until not in mine)
        for until, turn in mine.items():
            _compare(changes, turn, wanted.get(until), row.rhythm, moment)
    changes.to_drop.extend(
        key_of(turn) for left in have.values() for turn in left.values() if turn.state in AHEAD and turn.due_at > moment
    )  # of readers without a rhythm, or who stopped
    return changes


def _wanted(rule: Rule, after: datetime, moment: datetime) -> Iterator[Period]:
    yield from periods.periods(rule, after, moment)
    yield periods.next_period(rule, max(after, moment))


class _Known(NamedTuple):
    """What planning has to know of a turn."""

    community_id: int
    contact_id: int
    audience: str
    until: date
    period_since: date
    due_at: datetime
    state: str


def _recent(session: DbSession, moment: datetime) -> dict[tuple[int, int, str], dict[date, _Known]]:
    """Turns that planning may meet, by reader: all that is as new as the oldest that it could want. Seeks ix_turns_state_due."""
    newer = and_(col(Turn.state).in_(TURN_STATES), col(Turn.due_at) >= moment - _LONG_AGO)
    of_late = or_(col(Turn.due_at) >= moment - LOOKS_BACK - DAY, col(Turn.until) > col(Turn.period_since))
    found: dict[tuple[int, int, str], dict[date, _Known]] = {}
    columns = [getattr(Turn, name) for name in _Known._fields]
    for known in map(_Known._make, session.execute(select(*columns).where(newer, of_late))):
        found.setdefault(known[:3], {})[known.until] = known
    return found


def _new(row: Subscription, period: Period) -> dict[str, Any]:
    return {
        "community_id": row.community_id, "contact_id": row.contact_id, "audience": row.audience, "until": period.until,
        "period_since": period.since, "drafts_at": period.drafts_at, "due_at": period.due_at, "state": "planned",
        "attempts": 0, "error": "",
    }  # fmt: skip


def _compare(changes: Changes, turn: _Known, wanted: Period | None, rhythm: str, moment: datetime) -> None:
    """A turn that is still to come goes when the rule says now; one of another rhythm does not go at all. Where the rule
    would have had it go before this moment, it keeps its hour: no period is lost by a change."""
    if turn.state not in AHEAD or turn.due_at <= moment:
        return
    if periods.rhythm_of(turn.period_since, turn.until) != rhythm:
        changes.to_drop.append(key_of(turn))
    elif wanted and wanted.since == turn.period_since and wanted.due_at > moment and wanted.due_at != turn.due_at:
        changes.to_move.append((key_of(turn), wanted))


def plan(session: DbSession, changes: Changes) -> None:
    """Write it down. Twice, or by two workers at once, is the same."""
    if changes.to_add:
        session.execute(upsert(session, Turn).on_conflict_do_nothing(), changes.to_add)
    for key, period in changes.to_move:
        moved = {"drafts_at": period.drafts_at, "due_at": period.due_at}
        session.execute(update(Turn).where(_is(key), col(Turn.state).in_(AHEAD)).values(**moved))
    for key in changes.to_drop:
        session.execute(delete_from(Turn).where(_is(key), col(Turn.state).in_(AHEAD)))


def key_of(turn: Turn | _Known) -> Key:
    """The primary key."""
    return turn.community_id, turn.contact_id, turn.audience, turn.until


def of_reader(row: Subscription) -> ColumnElement[bool]:
    """All turns of this reader of this kind of brief."""
    its = (row.community_id, row.contact_id, row.audience)
    return and_(*(column == value for column, value in zip(_KEY, its, strict=False)))


def _is(key: Key) -> ColumnElement[bool]:
    return and_(*(column == value for column, value in zip(_KEY, key, strict=True)))


def anything_to_do(session: DbSession, moment: datetime) -> bool:
    """Whether a draft, a mail or a miss is due. Seeks ix_turns_state_due."""
    ready = or_(
        and_(col(Turn.state) == "planned", col(Turn.drafts_at) <= moment),
        and_(col(Turn.state) == "drafted", col(Turn.due_at) <= moment),
        and_(col(Turn.state) == "missed", col(Turn.due_at) > moment),
    )
    return session.execute(select(col(Turn.until)).where(ready).limit(1)).first() is not None


def miss(session: DbSession, moment: datetime) -> int:
    """What should have gone more than a day ago is missed. How many."""
    late = update(Turn).where(col(Turn.state).in_(AHEAD), col(Turn.due_at) < moment - LATE)
    return session.execute(late.values(state="missed", done_at=moment)).rowcount  # type: ignore[attr-defined]


def take_back_misses(session: DbSession, moment: datetime) -> None:
    """What was missed by a clock that ran ahead, and has its hour still before it, is planned as before."""
    ahead = update(Turn).where(col(Turn.state) == "missed", col(Turn.due_at) > moment)
    session.execute(ahead.values(state="planned", done_at=None))


class Draft(NamedTuple):
    """A brief that several readers share: one for a period, an audience and a language."""

    community_id: int
    audience: str
    locale: str
    since: date
    until: date


def to_draft(session: DbSession, moment: datetime) -> list[Draft]:
    """The briefs that are to be written now."""
    query = (
        select(Turn.community_id, Turn.audience, Contact.locale, Turn.period_since, Turn.until)  # type: ignore[call-overload]
        .join(Contact, col(Contact.id) == col(Turn.contact_id))
        .where(Turn.state == "planned", col(Turn.drafts_at) <= moment)
        .distinct()
    )
    return sorted(Draft(*row) for row in session.execute(query))


def of_draft(draft: Draft, moment: datetime) -> ColumnElement[bool]:
    """The turns that wait for this brief."""
    theirs = select(Contact.id).where(Contact.community_id == draft.community_id, Contact.locale == draft.locale)
    return and_(
        col(Turn.community_id) == draft.community_id, col(Turn.audience) == draft.audience, col(Turn.until) == draft.until,
        col(Turn.period_since) == draft.since, col(Turn.state) == "planned", col(Turn.drafts_at) <= moment,
        col(Turn.contact_id).in_(theirs),
    )  # fmt: skip


def brief_for(session: DbSession, draft: Draft) -> Brief | None:
    """The brief that was written for it, for others perhaps. Locks the community's drafts against a second writer."""
    session.get(Community, draft.community_id, with_for_update={"key_share": True}, populate_existing=True)
    query = select(Brief).where(
        Brief.community_id == draft.community_id, Brief.audience == draft.audience, Brief.locale == draft.locale,
        Brief.since == draft.since, Brief.until == draft.until, col(Brief.scheduled).is_(True),
    )  # fmt: skip
    return session.exec(query.order_by(col(Brief.id)).limit(1)).first()


def drafted(session: DbSession, draft: Draft, brief: Brief, moment: datetime) -> int:
    """These turns have their brief, and what their readers still wait for is overtaken. How many; 0: another worker was
    faster."""
    theirs = select(Turn.contact_id).where(of_draft(draft, moment))
    before = and_(
        col(Turn.community_id) == draft.community_id, col(Turn.audience) == draft.audience,
        col(Turn.until) < draft.until, col(Turn.contact_id).in_(theirs),
    )  # fmt: skip
    told = update(Turn).where(before, _overtaken())
    session.execute(told.values(error="").execution_options(synchronize_session=False))
    stop_waiting(session, before, moment, why=OVERTAKEN)
    done = update(Turn).where(of_draft(draft, moment)).values(state="drafted", brief_id=brief.id, error="")
    return session.execute(done).rowcount  # type: ignore[attr-defined]


def stop_waiting(session: DbSession, which: ColumnElement[bool], moment: datetime, *, why: str = "") -> None:
    """Of these turns those that wait for approval wait no longer: approving sends them nothing any more."""
    over = update(Turn).where(which, col(Turn.state) == "waiting").values(state="skipped", error=why, done_at=moment)
    session.execute(over.execution_options(synchronize_session=False))


def _overtaken() -> ColumnElement[bool]:
    return and_(col(Turn.state) == "skipped", col(Turn.error) == OVERTAKEN)


def stumbled(session: DbSession, which: ColumnElement[bool], error: str, moment: datetime) -> None:
    """It went wrong: tried again in a minute, three times in all."""
    session.execute(update(Turn).where(which).values(attempts=Turn.attempts + 1, error=error[:500]))
    session.execute(
        update(Turn).where(which, col(Turn.attempts) >= TRIES).values(state="failed", done_at=moment)
    )  # parked: nothing of it is tried again


def to_send(session: DbSession, moment: datetime) -> list[Key]:
    """The turns whose hour has come, with a brief."""
    due = select(Turn).where(Turn.state == "drafted", col(Turn.due_at) <= moment).order_by(col(Turn.due_at))
    return [key_of(turn) for turn in session.scalars(due)]


def taken(session: DbSession, key: Key, moment: datetime) -> Turn | None:
    """This turn, ours until the commit; None: it has gone meanwhile, or its hour was put off."""
    turn = session.get(Turn, key, with_for_update=True, populate_existing=True)
    return turn if turn and turn.state == "drafted" and turn.due_at <= moment else None


def is_one(key: Key) -> ColumnElement[bool]:
    """This turn alone, while it has its brief."""
    return and_(_is(key), col(Turn.state) == "drafted")


def approved(session: DbSession, brief: Brief) -> None:
    """Somebody approved it: what waited for that goes at once, what is still to come goes with its quotes."""
    _go(session, and_(col(Turn.brief_id) == brief.id, col(Turn.state) == "waiting"))


def _go(session: DbSession, which: ColumnElement[bool]) -> int:
    """These go now, whatever hour they had."""
    moment = now()
    ready = update(Turn).where(which, col(Turn.brief_id).is_not(None)).values(state="drafted")
    written = update(Turn).where(which, col(Turn.brief_id).is_(None)).values(state="planned", drafts_at=moment)
    again = {"due_at": moment, "attempts": 0, "error": "", "done_at": None}
    n = sum(session.execute(one.values(**again)).rowcount for one in (ready, written))  # type: ignore[attr-defined]
    if n:
        work.due(session, "turns", "all")
    return int(n)


class Waits(NamedTuple):
    """Turns of one period that ask for a person. state: drafted (to be approved until due_at), waiting, overtaken, missed,
    failed."""

    audience: str
    since: date
    until: date
    state: str
    readers: int
    due_at: datetime
    brief_id: int | None
    error: str


def waiting_in(session: DbSession, community_id: int) -> list[Waits]:
    """What asks for a person: drafts that nobody approved yet, or in time, what was missed, and what failed."""
    unapproved = and_(
        or_(col(Turn.state).in_(["drafted", "waiting"]), _overtaken()), col(Brief.id).is_not(None),
        col(Brief.approved_at).is_(None),
    )  # fmt: skip
    stuck = and_(
        col(Turn.state).in_(["missed", "failed"]), col(Turn.due_at) <= now()
    )  # later: from a clock that jumped
    state = case((_overtaken(), OVERTAKEN), else_=col(Turn.state)).label("is")
    rows = session.execute(
        select(  # type: ignore[call-overload]
            Turn.audience, Turn.period_since, Turn.until, state, func.count(), func.min(Turn.due_at), Turn.brief_id,
            func.max(case((_overtaken(), ""), else_=col(Turn.error))),
        )
        .join(Brief, col(Brief.id) == col(Turn.brief_id), isouter=True)
        .where(Turn.community_id == community_id, or_(unapproved, stuck))
        .group_by(Turn.audience, Turn.period_since, Turn.until, state, Turn.brief_id)
    )  # fmt: skip
    last = (OVERTAKEN, "missed", "failed")
    found = [Waits(*row) for row in rows]
    return sorted(found, key=lambda one: (one.state in last, one.due_at, one.audience))


def send_missed(session: DbSession, community_id: int, audience: str, since: date, until: date, *, by: Account) -> int:
    """What was missed, or has failed, goes now. How many readers. Raises NotFound when there is nothing of the kind."""
    n = _go(session, _stuck(community_id, audience, since, until))
    return _decided(session, n, community_id, "turns.sent_late", audience, until, by)


def leave_missed(session: DbSession, community_id: int, audience: str, since: date, until: date, *, by: Account) -> int:
    """What was missed, or has failed, is left at that. How many readers. Raises NotFound as above."""
    left = update(Turn).where(_stuck(community_id, audience, since, until)).values(state="skipped", done_at=now())
    n = session.execute(left).rowcount  # type: ignore[attr-defined]
    return _decided(session, n, community_id, "turns.left", audience, until, by)


def _stuck(community_id: int, audience: str, since: date, until: date) -> ColumnElement[bool]:
    return and_(
        col(Turn.community_id) == community_id, col(Turn.audience) == audience, col(Turn.until) == until,
        col(Turn.period_since) == since, col(Turn.state).in_(["missed", "failed"]), col(Turn.due_at) <= now(),
    )  # fmt: skip


def _decided(
    session: DbSession, n: int, community_id: int, action: str, audience: str, until: date, by: Account
) -> int:
    if not n:
        raise NotFound()
    audit.record(session, by, action, f"{audience} {until}", community_id=community_id, readers=n)
    session.flush()
    return n


def _count(session: DbSession, before: datetime | None = None) -> int:
    due = (col(Turn.state).in_(AHEAD), col(Turn.due_at) < (before or now()))
    return session.scalar(select(func.count()).select_from(Turn).where(*due)) or 0


def _leave(session: DbSession, before: datetime) -> None:
    late = update(Turn).where(col(Turn.state).in_(AHEAD), col(Turn.due_at) < before)
    session.execute(late.values(state="missed", done_at=now()))


def _words(n: int) -> str:
    return ngettext("the brief of %(n)s reader with a rhythm", "the briefs of %(n)s readers with a rhythm", n) % {
        "n": number(n)
    }


def _freshen(session: DbSession, before: datetime) -> None:
    _go(session, and_(col(Turn.state).in_(AHEAD), col(Turn.due_at) < before))


pausing.waits(pausing.Heap(_words, _count, _leave, _freshen))
