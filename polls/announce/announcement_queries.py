"""Reads of news and trials that more than one page needs."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import col

from heard.kit.db import DbSession
from polls.models import Announcement, Participant, Version


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
    joined = select(func.count()).where(
        col(Participant.announcement_id) == col(Announcement.id), col(Participant.state) == "joined"
    )
    version = select(func.coalesce(func.max(col(Version.number)), 0)).where(
        col(Version.announcement_id) == col(Announcement.id), col(Version.published_at).is_not(None)
    )
    query = (
        select(
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
    return session.scalars(select(Announcement).where(col(Announcement.slug) == slug)).first()
