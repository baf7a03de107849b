"""The only door to a poll or an announcement in a view: it and the community are looked up together."""

from sqlmodel import select

from heard.accounts.access import (
    Key,
    Member,
    access_by_key,
    access_community,
    access_community_by_key,  # noqa: F401  (views of polls find their doors here)
)
from heard.accounts.models import Account
from heard.kit.db import DbSession
from heard.kit.errors import NotFound
from polls.frozen import NoPoll
from polls.models import Announcement, Poll


def access_poll(
    session: DbSession, account: Account, community_slug: str, poll_slug: str, *, to: str
) -> tuple[Member, Poll]:
    """The poll of this community for this account, to do this.

    Raises NotFound for outsiders and for polls of other communities, Forbidden for a role that is too small.
    """
    member = access_community(session, account, community_slug, to=to)
    poll = session.exec(select(Poll).where(Poll.slug == poll_slug, Poll.community_id == member.community.id)).first()
    if poll is None:
        raise NotFound()
    return member, poll


def access_announcement(
    session: DbSession, account: Account, community_slug: str, slug: str, *, to: str
) -> tuple[Member, Announcement]:
    """The announcement of this community for this account, to do this. Raises NotFound and Forbidden as above."""
    member = access_community(session, account, community_slug, to=to)
    query = select(Announcement).where(Announcement.slug == slug, Announcement.community_id == member.community.id)
    announcement = session.exec(query).first()
    if announcement is None:
        raise NotFound()
    return member, announcement


def access_announcement_by_key(session: DbSession, key: Key, slug: str, *, to: str) -> tuple[Member, Announcement]:
    """The announcement behind a key of the API. Raises NotFound for one of another community, Forbidden as above."""
    query = select(Announcement).where(Announcement.slug == slug, Announcement.community_id == key.community_id)
    announcement = session.exec(query).first()
    if announcement is None:
        raise NotFound()
    return access_by_key(session, key, announcement.community_id, to=to), announcement


def access_poll_by_key(session: DbSession, key: Key, poll_slug: str, *, to: str) -> tuple[Member, Poll]:
    """The poll behind a key of the API. Raises NotFound for a poll of another community, Forbidden as above."""
    poll = session.exec(select(Poll).where(Poll.slug == poll_slug, Poll.community_id == key.community_id)).first()
    if poll is None:
        raise NoPoll
    return access_by_key(session, key, poll.community_id, to=to), poll
