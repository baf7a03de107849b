"""The only door to a brief in a view: it is looked up together with its community."""

from sqlalchemy import ColumnElement
from sqlmodel import select

from heard.accounts.access import Key, Member, access_by_key, access_community
from heard.accounts.models import Account
from heard.kit.db import DbSession, row_id
from heard.kit.errors import NotFound
from insights.models import Brief


def access_brief(
    session: DbSession, account: Account, community_slug: str, brief_id: int, *, to: str
) -> tuple[Member, Brief]:
    """The brief of this community for this account. Raises NotFound for outsiders, Forbidden for a role that is too small."""
    member = access_community(session, account, community_slug, to=to)
    return member, _one(session, brief_id, Brief.community_id == member.community.id)


def access_brief_by_key(session: DbSession, key: Key, brief_id: int, *, to: str) -> tuple[Member, Brief]:
    """The brief behind a key of the API. Raises as above."""
    brief = _one(session, brief_id, Brief.community_id == key.community_id)
    return access_by_key(session, key, brief.community_id, to=to), brief


def _one(session: DbSession, brief_id: int, here: ColumnElement[bool] | bool) -> Brief:
    brief = session.exec(select(Brief).where(Brief.id == row_id(brief_id), here)).first()
    if brief is None:
        raise NotFound()
    return brief
