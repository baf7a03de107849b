"""All that can be shared at this moment, in one list: polls that are open, will open or closed lately, news and trials that
go on, and answers given lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from feedback.models import Action
from heard.accounts.models import Community
from heard.kit.clock import now
from heard.kit.db import DbSession
from polls.announce.announcement_queries import announcements_of
from polls.frozen import phase_of
from polls.models import Poll
from polls.queries import PollRow, polls_of

LATELY = timedelta(days=30)
MOST_ANSWERS = 20


@dataclass(frozen=True)
class Shareable:
    """One thing. `kind`: poll | scheduled | results | news | trial | answer; `at`: its share page; `since`: when it was
    published, will open, closed or was told; `mailings`: where a list is invited to it, or ""."""

    kind: str
    title: str
    at: str
    since: datetime
    mailings: str = ""


def shareable(session: DbSession, community: Community) -> list[Shareable]:
    """The newest first; what will open comes before."""
    base, community_id = f"/m/{community.slug}", community.id or 0
    polls = (_poll(base, row) for row in polls_of(session, community_id, "open", "scheduled", "closed"))
    told = announcements_of(session, community_id, "published")
    found = [one for one in polls if one is not None]
    found += [
        Shareable(it.kind, it.title, f"{base}/announcements/{it.slug}/sharing", it.published_at or it.created_at)
        for it in told
    ]
    found += [
        Shareable("answer", action.title, f"{base}/actions/{action.id}/sharing", action.created_at)
        for action in _answers(session, community_id)
    ]
    return sorted(found, key=lambda one: one.since, reverse=True)


def _poll(base: str, row: PollRow) -> Shareable | None:
    at, phase = f"{base}/polls/{row.slug}/sharing", phase_of(row.status, row.opens_at, row.closes_at, now())
    if phase == "not_yet":
        return Shareable("scheduled", row.title, at, row.opens_at or row.created_at)
    if phase == "open":
        mailings = "" if row.trial_id else f"{base}/polls/{row.slug}/mailings"
        return Shareable("poll", row.title, at, row.opened_at or row.created_at, mailings)
    closed = row.closed_at or row.closes_at
    return Shareable("results", row.title, at, closed) if closed and closed > now() - LATELY else None


def _answers(session: DbSession, community_id: int) -> list[Action]:
    rows = session.exec(
        select(Action)
        .join(Poll, col(Poll.id) == col(Action.poll_id))
        .where(col(Poll.community_id) == community_id, col(Action.withdrawn_at).is_(None))
        .order_by(col(Action.created_at).desc(), col(Action.id).desc())
        .limit(MOST_ANSWERS)
    )
    return list(rows)
