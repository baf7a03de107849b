"""Reads of polls that more than one page or call needs."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func
from sqlalchemy import select as rows_of
from sqlmodel import col, select

from heard.kit.db import DbSession
from polls.models import Announcement, Participant, Poll, Version


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


def polls_of(session: DbSession, community_id: int, *statuses: str) -> list[PollRow]:
    """The community's polls, newest first; with `statuses`, only those. Seeks ix_polls_community_status."""
    query = (
        select(*(getattr(Poll, name) for name in PollRow._fields))
        .where(Poll.community_id == community_id)
        .order_by(Poll.created_at.desc(), Poll.id.desc())  # type: ignore[attr-defined, union-attr]
    )
    if statuses:
        query = query.where(Poll.status.in_(statuses))  # type: ignore[attr-defined]
    return [PollRow(*row) for row in session.exec(query)]


class AnnouncementRow(NamedTuple):
    """An announcement in a list. `version`: the last one that was published; 0 for none."""

    id: int
    slug: str
    kind: str
    title: str
    status: str
    outcome: str
    starts_on: date | None
    ends_on: date | None
    places: int | None
    published_at: datetime | None
    outcome_at: datetime | None
    created_at: datetime
    what: str
    joined: int
    version: int


def announcements_of(session: DbSession, community_id: int, *statuses: str) -> list[AnnouncementRow]:
    """News and trials of a community, newest first; with `statuses`, only those."""
    joined = rows_of(func.count()).where(
        col(Participant.announcement_id) == col(Announcement.id), col(Participant.state) == "joined"
    )
    version = rows_of(func.coalesce(func.max(col(Version.number)), 0)).where(
        col(Version.announcement_id) == col(Announcement.id), col(Version.published_at).is_not(None)
    )
    query = (
        rows_of(
            *(getattr(Announcement, name) for name in AnnouncementRow._fields[:-2]),
            joined.correlate(Announcement).scalar_subquery(),
            version.correlate(Announcement).scalar_subquery(),
        )
        .where(col(Announcement.community_id) == community_id)
        .order_by(
            func.coalesce(col(Announcement.published_at), col(Announcement.created_at)).desc(),
            col(Announcement.id).desc(),
        )
    )
    if statuses:
        query = query.where(col(Announcement.status).in_(statuses))
    return [AnnouncementRow(*row) for row in session.execute(query)]


def announcement_at(session: DbSession, slug: str) -> Announcement | None:
    """The announcement at /t/<slug>, drafts too, or None."""
    return session.exec(select(Announcement).where(Announcement.slug == slug)).first()
