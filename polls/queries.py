"""Reads of polls that more than one page or call needs."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, or_
from sqlmodel import col, select

from heard.kit.clock import now
from heard.kit.db import DbSession
from polls.frozen import phase_of
from polls.models import Poll


class PollRow(NamedTuple):
    """A poll in a list."""

    id: int
    slug: str
    title: str
    status: str
    voter_rule: str
    created_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    opens_at: datetime | None
    closes_at: datetime | None
    archived_at: datetime | None
    edition: int
    trial_id: int | None


def polls_of(session: DbSession, community_id: int, *statuses: str, put_away: bool = False) -> list[PollRow]:
    """The community's polls, newest first; with `statuses`, only those; with `put_away`, only those that were put away,
    which are not among the others. Seeks ix_polls_community_status."""
    query = (
        select(*(getattr(Poll, name) for name in PollRow._fields))
        .where(Poll.community_id == community_id, col(Poll.archived_at).is_not(None) == put_away)
        .order_by(Poll.created_at.desc(), Poll.id.desc())  # type: ignore[attr-defined, union-attr]
    )
    if statuses:
        query = query.where(Poll.status.in_(statuses))  # type: ignore[attr-defined]
    return [PollRow(*row) for row in session.exec(query)]


class FindablePoll(NamedTuple):
    """A poll that anybody may find: listed, begun, not put away."""

    id: int
    community_id: int
    slug: str
    title: str
    intro: str
    status: str
    voter_rule: str
    results_rule: str
    anonymous: bool
    opens_at: datetime | None
    closes_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None
    created_at: datetime

    @property
    def phase(self) -> str:
        """open | closed, at this moment."""
        return phase_of(self.status, self.opens_at, self.closes_at, now())

    @property
    def began_at(self) -> datetime:
        """When it opened: as it was meant to, where the worker has not come by yet."""
        return self.opened_at or self.opens_at or self.created_at

    @property
    def ended_at(self) -> datetime | None:
        """When it closed, in the same way; None while it is open."""
        return (self.closed_at or self.closes_at) if self.phase == "closed" else None


def findable_polls(
    session: DbSession, community_id: int | None = None, *, phase: str = "", limit: int | None = None, offset: int = 0
) -> list[FindablePoll]:
    """Polls that anybody may find, of one community or all: the open ones, newest first, or the closed ones, those that
    closed last first; without `phase` both, as they were made. Seeks ix_polls_community_status.

    By the clock, as FrozenPoll.findable: a poll that is due is open before the worker comes by.
    """
    begun = or_(
        col(Poll.status).in_(("open", "closed")), and_(col(Poll.status) == "scheduled", col(Poll.opens_at) <= now())
    )
    query = _LISTED.where(begun)
    if community_id is not None:
        query = query.where(Poll.community_id == community_id)
    last = or_(col(Poll.status) == "closed", func.coalesce(col(Poll.closes_at) < now(), False))
    if phase == "open":
        moment = func.coalesce(col(Poll.opened_at), col(Poll.opens_at))
        query = query.where(~last).order_by(moment.desc(), col(Poll.id).desc())
    elif phase == "closed":
        moment = func.coalesce(col(Poll.closed_at), col(Poll.closes_at))
        query = query.where(last).order_by(moment.desc(), col(Poll.id).desc())
    else:
        query = query.order_by(col(Poll.id))
    return [FindablePoll(*row) for row in session.exec(query.limit(limit).offset(offset))]


_LISTED = select(*(getattr(Poll, name) for name in FindablePoll._fields)).where(col(Poll.listed).is_(True))
