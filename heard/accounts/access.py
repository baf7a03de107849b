"""Who may do what: the only door to a community in a view.

An outsider gets 404 everywhere, so that an address reveals nothing; a member whose role is too small gets 403.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import select

from heard.accounts.models import Account, ApiToken, Community, Membership
from heard.accounts.signin import account_of_session
from heard.kit import tokens
from heard.kit.db import DbSession, Session
from heard.kit.errors import Forbidden, NotFound, NotSignedIn
from heard.kit.i18n import _
from heard.kit.settings import settings

# What each role may do (design.md, "Who may what").
MAY: dict[str, frozenset[str]] = {
    "owner": frozenset({"read", "export", "edit_themes", "act", "answer", "publish", "people"}),
    "manager": frozenset({"read", "export", "edit_themes", "act", "answer", "publish"}),
    "analyst": frozenset({"read", "export", "edit_themes", "act"}),
    "viewer": frozenset({"read"}),
}
RIGHTS = frozenset().union(*MAY.values())


def session_cookie() -> str:
    """Its name; __Host- ties it to this very host, which browsers allow on https only."""
    return "__Host-heard" if settings().https else "heard"


@dataclass(frozen=True)
class Member:
    """An account in a community, and what its role (or its read-only token) allows."""

    account: Account
    community: Community
    role: str
    read_only: bool = False

    def may(self, right: str) -> bool:
        """Whether the role has this right; a read-only token never writes."""
        return right in MAY[self.role] and not (self.read_only and right not in ("read", "export"))


def signed_in(request: Request, session: Session) -> Account:
    """The account of the session cookie. Raises NotSignedIn."""
    account = account_of_session(session, request.cookies.get(session_cookie(), ""))
    if account is None:
        raise NotSignedIn(link=f"/sign-in?next={request.url.path}" if request.method == "GET" else "/sign-in")
    request.state.account = account
    return account


SignedIn = Annotated[Account, Depends(signed_in, scope="function")]


def access_community(session: DbSession, account: Account, slug: str, *, to: str, read_only: bool = False) -> Member:
    """The community for this account, to do this. Raises NotFound for outsiders, Forbidden for a role that is too small."""
    if to not in RIGHTS:
        raise ValueError(f"no such right: {to}")
    row = session.exec(
        select(Community, Membership.role)
        .join(Membership, Membership.community_id == Community.id)  # type: ignore[arg-type]
        .where(Community.slug == slug, Membership.account_id == account.id)
    ).first()
    if row is None:
        raise NotFound()
    member = Member(account, row[0], row[1], read_only)
    if not member.may(to):
        raise Forbidden(
            _("This token may only read.") if read_only else _("Your role in this community does not allow this."),
            hint=_("Ask an owner of the community."),
        )
    return member


@dataclass(frozen=True)
class Key:
    """A bearer token of the API: an account in the one community it was made for."""

    account: Account
    community_id: int
    read_only: bool


def bearer(request: Request, session: Session) -> Key:
    """The key in `Authorization: Bearer`. Raises NotSignedIn."""
    key = key_of(session, request.headers.get("authorization", ""))
    if key is None:
        raise NotSignedIn(
            _("This call needs a valid token."), hint="Authorization: Bearer TOKEN (heard token create)", link=""
        )
    return key


def key_of(session: DbSession, header: str) -> Key | None:
    """The key in an Authorization header, or None."""
    scheme, _sep, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return None
    row = session.exec(select(ApiToken).where(ApiToken.token_hash == tokens.hashed(token.strip()))).first()
    account = session.get(Account, row.account_id) if row else None
    return Key(account, row.community_id, row.read_only) if row and account else None


Bearer = Annotated[Key, Depends(bearer, scope="function")]


def access_by_key(session: DbSession, key: Key, community_id: int, *, to: str) -> Member:
    """The community with this id through a key. Raises NotFound when the key is for another one, Forbidden as above."""
    community = session.get(Community, community_id) if community_id == key.community_id else None
    if community is None:
        raise NotFound()
    return access_community(session, key.account, community.slug, to=to, read_only=key.read_only)


def communities_of(session: DbSession, account: Account) -> list[Community]:
    """The communities an account belongs to, by name."""
    return list(
        session.exec(
            select(Community).join(Membership).where(Membership.account_id == account.id).order_by(Community.name)
        )
    )
