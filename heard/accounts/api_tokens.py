"""Keys to the API. A token is shown once, when it is made; only its hash is kept."""

from sqlmodel import select

from heard.accounts import audit
from heard.accounts.models import Account, ApiToken, Community, Membership
from heard.kit import tokens
from heard.kit.clock import now
from heard.kit.db import DbSession, row_id
from heard.kit.errors import BadInput, NotFound
from heard.kit.i18n import _


def create_token(session: DbSession, account: Account, community: Community, *, read_only: bool, name: str = "") -> str:
    """A new token with the account's rights in this community; returns its text, which cannot be shown again.

    Raises BadInput when the account is not a member.
    """
    if session.get(Membership, (account.id, community.id)) is None:
        raise BadInput(
            _("%(email)s is not a member of “%(community)s”.") % {"email": account.email, "community": community.name},
            hint=_("Add the person on the People page first."),
        )
    token = tokens.fresh(24)
    row = ApiToken(
        token_hash=tokens.hashed(token), account_id=account.id or 0, community_id=community.id or 0,
        read_only=read_only, name=name.strip()[:120], created_at=now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(session, account, "token.created", str(row.id), community_id=community.id, read_only=read_only)
    return token


def tokens_of(session: DbSession, account: Account, community: Community) -> list[ApiToken]:
    """The account's own tokens in this community, newest first."""
    return list(
        session.exec(
            select(ApiToken)
            .where(ApiToken.account_id == account.id, ApiToken.community_id == community.id)
            .order_by(ApiToken.id.desc())  # type: ignore[union-attr]
        )
    )


def revoke_token(session: DbSession, account: Account, community: Community, token_id: int) -> None:
    """End one of the account's own tokens at once. Raises NotFound for anybody else's."""
    row = session.get(ApiToken, row_id(token_id))
    if row is None or (row.account_id, row.community_id) != (account.id, community.id):
        raise NotFound()
    session.delete(row)
    audit.record(session, account, "token.revoked", str(token_id), community_id=community.id)
    session.flush()
