"""What is due of the turns: briefs drafted a day ahead, and handed to their readers at the hour. The jobs are in turn_jobs.py.

Reads much in reading sessions and writes little in short ones; safe to run twice, and by two workers at once: whoever changes
the state of a turn first has done it.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from heard.accounts.models import Community, Contact
from heard.kit import leases, logs, pausing, work
from heard.kit.clock import now
from heard.kit.db import DbSession, reading, writing
from insights import events
from insights.models import Brief, Subscription, Turn
from insights.send import deliveries, periods, turns
from insights.send.turns import Draft, Key
from insights.write import briefs

log = logs.logger("heard.turns")
GATHERED = timedelta(minutes=10)  # drafts of one morning are told in one mail


def plan() -> None:
    """Plan what is to come, and move what goes at another hour now."""
    with reading() as session:
        changes = turns.planning(session, now())
    with writing() as session:
        turns.plan(session, changes)
        turns.take_back_misses(session, now())


def draft_all() -> None:
    """Write the briefs whose time has come; one that cannot be written holds up no other."""
    with reading() as session:
        drafts = turns.to_draft(session, now())
    for draft in drafts:
        try:
            _draft(draft)
        except leases.PASSING:
            raise
        except Exception as error:
            log.error("turn.draft", community=draft.community_id, audience=draft.audience, exc_info=error)
            with writing() as session:
                turns.stumbled(session, turns.of_draft(draft, now()), _said(error), now())


def _draft(draft: Draft) -> None:
    with reading() as session:
        community = session.get_one(Community, draft.community_id)
        composed = briefs.compose(session, community, draft.audience, draft.since, draft.until, locale=draft.locale)
    with writing() as session:
        brief, moment = turns.brief_for(session, draft), now()
        fresh = brief is None
        if brief is None:
            brief = briefs.keep(session, composed, by=None)
            brief.scheduled = True
            session.add(brief)
            session.flush()
        if not turns.drafted(session, draft, brief, moment):
            return session.rollback()
        if fresh:
            events.brief_drafted(session, brief)
            wait = max(GATHERED, periods.by_day(moment, community.zone) - moment)
            work.due(session, "drafts_wait", community.id, wait=wait, community_id=community.id, first=brief.id)
    log.info("turn.drafted", brief=brief.id, community=draft.community_id, audience=draft.audience, fresh=fresh)


def send_all() -> None:
    """Hand over what is due, unless sending is paused; what is a day late is missed instead."""
    with writing() as session:
        missed = turns.miss(session, now())
    if missed:
        log.warning("turn.missed", turns=missed)
    with reading() as session:
        keys = [] if pausing.paused(session) else turns.to_send(session, now())
    for key in keys:
        try:
            with writing() as session:
                state = hand_over(session, key)
            log.info("turn.due", reader=key[1], audience=key[2], until=str(key[3]), state=state)
        except leases.PASSING:
            raise
        except Exception as error:
            log.error("turn.due", reader=key[1], audience=key[2], until=str(key[3]), exc_info=error)
            with writing() as session:
                turns.stumbled(session, turns.is_one(key), _said(error), now())


def hand_over(session: DbSession, key: Key) -> str:
    """One reader's turn at its hour: on its way, waiting for approval, or skipped. "": somebody else did it."""
    moment = now()
    turn = turns.taken(session, key, moment)
    if turn is None:
        return ""
    # Shared with nobody who approves it at this moment: who waits must be seen by the approval, or see it (approving.py).
    lock: Any = {"with_for_update": {"read": True}, "populate_existing": True}
    brief = session.get(Brief, turn.brief_id, **lock) if turn.brief_id else None
    row = session.get_one(Subscription, key[:3])
    contact = session.get_one(Contact, turn.contact_id)
    if brief is None:
        turn.state = "planned"  # it was deleted: written anew
    elif not row.rhythm or (row.nothing_new == "skip" and is_nothing_new(brief.facts)):
        turn.state, turn.done_at = "skipped", moment
    elif brief.approved_at is None and row.unapproved == "wait":
        turn.state = "waiting"
    else:
        quotes, community = brief.approved_at is not None, session.get_one(Community, turn.community_id)
        deliveries.queue(session, brief, community, contact.address, quotes=quotes)
        work.due(session, "deliver", brief.id, brief_id=brief.id)
        turn.state, turn.done_at = "sent", moment
    session.add(turn)
    session.flush()
    return turn.state


def is_nothing_new(facts: dict[str, Any]) -> bool:
    """Whether nobody said anything in the period that may be told, and nothing was answered. Pure."""
    said = facts.get("responses", 0) + facts.get("comments", 0)
    return not said and all(action["on"] < facts["since"] for action in facts.get("actions", []))


def drafts_waiting(session: DbSession, community_id: int, first: int) -> list[Brief]:
    """Drafts of the schedule from this one on that nobody has approved, and that are of use to read: a reader's turn is still
    to come, or waits."""
    ahead = select(Turn.brief_id).where(
        Turn.community_id == community_id,
        (col(Turn.state) == "waiting") | ((col(Turn.state) == "drafted") & (col(Turn.due_at) > now())),
    )
    query = select(Brief).where(
        Brief.community_id == community_id, col(Brief.id) >= first, col(Brief.approved_at).is_(None),
        col(Brief.id).in_(ahead),
    )  # fmt: skip
    return list(session.exec(query.order_by(col(Brief.id))))


def hour_of(session: DbSession, brief: Brief) -> datetime | None:
    """When the first reader of a draft gets it; None when all of them wait."""
    ahead = select(Turn.due_at).where(Turn.brief_id == brief.id, Turn.state == "drafted").order_by(col(Turn.due_at))
    return session.exec(ahead.limit(1)).first()


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
