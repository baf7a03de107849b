"""Reads of news and trials that more than one page needs."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, select
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
    outcome_reason: str
    created_at: datetime
    what: str
    joined: int
    version: int

    @property
    def told_at(self) -> datetime:
        """When it was published."""
        return self.published_at or self.created_at


def announcements_of(session: DbSession, community_id: int, *statuses: str) -> list[AnnouncementRow]:
    """News and trials of a community, newest first; with `statuses`, only those."""
    query = _ROWS.where(col(Announcement.community_id) == community_id)
    if statuses:
        query = query.where(col(Announcement.status).in_(statuses))
    return [AnnouncementRow(*row) for row in session.execute(query)]


def told_of(
    session: DbSession, community_id: int, *, going_on: bool, limit: int, offset: int = 0
) -> list[AnnouncementRow]:
    """What was published, newest first: trials that are going on, or everything else."""
    runs = and_(col(Announcement.kind) == "trial", col(Announcement.status) == "published")
    told = (col(Announcement.community_id) == community_id, col(Announcement.status) != "draft")
    query = _ROWS.where(*told, runs if going_on else ~runs)
    return [AnnouncementRow(*row) for row in session.execute(query.limit(limit).offset(offset))]


def _rows() -> Select[Any]:
    joined = select(func.count()).where(
        col(Participant.announcement_id) == col(Announcement.id), col(Participant.state) == "joined"
    )
    version = select(func.coalesce(func.max(col(Version.number)), 0)).where(
        col(Version.announcement_id) == col(Announcement.id), col(Version.published_at).is_not(None)
    )
    return select(
        *(getattr(Announcement, name) for name in AnnouncementRow._fields[:-2]),
        joined.correlate(Announcement).scalar_subquery(),
        version.correlate(Announcement).scalar_subquery(),
    ).order_by(
        func.coalesce(col(Announcement.published_at), col(Announcement.created_at)).desc(), col(Announcement.id).desc()
    )


_ROWS = _rows()  # built once: every visit of a community's page asks it twice


class VersionRow(NamedTuple):
    """A published version of a trial, in a list of several trials'."""

    id: int
    trial: int
    slug: str  # of the trial
    title: str  # of the trial
    number: int
    name: str
    heard: str
    changed: str
    published_at: datetime


def later_versions(session: DbSession, community_id: int, *, limit: int) -> list[VersionRow]:
    """The versions from the second on that were published, newest first. (The first one is the trial itself.)"""
    columns = (
        Version.id, Version.announcement_id, Announcement.slug, Announcement.title, Version.number, Version.name,
        Version.heard, Version.changed, Version.published_at,
    )  # fmt: skip
    query = (
        select(*columns)  # type: ignore[call-overload]
        .join(Announcement, col(Announcement.id) == col(Version.announcement_id))
        .where(
            col(Announcement.community_id) == community_id, col(Announcement.status) != "draft", col(Version.number) > 1,
            col(Version.published_at).is_not(None),
        )
        .order_by(col(Version.published_at).desc(), col(Version.id).desc())
        .limit(limit)
    )  # fmt: skip
    return [VersionRow(*row) for row in session.execute(query)]


def last_changes(session: DbSession) -> list[tuple[int, str, datetime]]:
    """What was published, of all communities: community, slug, and when its page last changed; in the order of ids."""
    versions = (
        select(col(Version.announcement_id).label("trial"), func.max(col(Version.published_at)).label("at"))
        .group_by(col(Version.announcement_id))
        .subquery()
    )
    columns = (
        Announcement.community_id, Announcement.slug, Announcement.published_at, Announcement.created_at,
        Announcement.outcome_at, versions.c.at,
    )  # fmt: skip
    query = (
        select(*columns)  # type: ignore[call-overload]
        .join(versions, versions.c.trial == col(Announcement.id), isouter=True)
        .where(col(Announcement.status) != "draft")
        .order_by(col(Announcement.id))
    )
    return [
        (home, slug, max(filter(None, (published or created, ended, version))))
        for home, slug, published, created, ended, version in session.execute(query)
    ]


def announcement_at(session: DbSession, slug: str) -> Announcement | None:
    """The announcement at /t/<slug>, drafts too, or None."""
    return session.scalars(select(Announcement).where(col(Announcement.slug) == slug)).first()
