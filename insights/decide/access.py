"""The only door to an answer in a view: it is looked up together with its brief's community."""

from sqlmodel import col, select

from heard.accounts.access import Key, Member, access_by_key, access_community
from heard.accounts.models import Account
from heard.kit.db import DbSession, row_id
from heard.kit.errors import NotFound
from insights.models import Brief, Decision


def access_decision(
    session: DbSession, account: Account, community_slug: str, decision_id: int, *, to: str
) -> tuple[Member, Decision]:
    """The answer of this community for this account. Raises NotFound for outsiders, Forbidden for a role that is too small."""
    member = access_community(session, account, community_slug, to=to)
    return member, _one(session, decision_id, member.community.id)


def access_decision_by_key(session: DbSession, key: Key, decision_id: int, *, to: str) -> tuple[Member, Decision]:
    """The answer behind a key of the API. Raises as above."""
    decision = _one(session, decision_id, key.community_id)
    return access_by_key(session, key, key.community_id, to=to), decision


def _one(session: DbSession, decision_id: int, community_id: int | None) -> Decision:
    query = select(Decision).join(Brief, col(Brief.id) == col(Decision.brief_id))
    found = session.exec(query.where(Decision.id == row_id(decision_id), Brief.community_id == community_id)).first()
    if found is None:
        raise NotFound()
    return found
