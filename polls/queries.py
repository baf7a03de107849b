"""Reads of polls that more than one page or call needs."""

from datetime import datetime
from typing import NamedTuple

from sqlmodel import col, select

from heard.kit.db import DbSession
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
