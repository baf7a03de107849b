"""Who may do what: the only door to a community in a view.

An outsider gets 404 everywhere, so that an address reveals nothing; a member whose role is too small gets 403. A token of
the API has the rights of its person's role, or fewer: those that it names, or reading only.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import true
from sqlmodel import col, select

from heard.accounts import api_calls
from heard.accounts.models import Account, ApiToken, Community, Membership
from heard.accounts.signin import account_of_session
from heard.kit import tokens
from heard.kit.clock import now
from heard.kit.db import DbSession, Session
from heard.kit.errors import Forbidden, NotFound, NotSignedIn
from heard.kit.i18n import _
from heard.kit.pausing import SendingPause
from heard.kit.settings import settings

# What each role may do (design.md, "Who may what").
MAY: dict[str, frozenset[str]] = {
    "owner": frozenset({"read", "export", "edit_themes", "act", "answer", "publish", "people"}),
    "manager": frozenset({"read", "export", "edit_themes", "act", "answer", "publish"}),
    "analyst": frozenset({"read", "export", "edit_themes", "act"}),
    "viewer": frozenset({"read"}),
}
RIGHTS = frozenset().union(*MAY.values())
READING = frozenset({"read", "export"})  # what a read-only token may


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
    scopes: frozenset[str] = RIGHTS
    paused: str = ""  # why nothing goes out (heard/kit/pausing.py); "": all does

    def may(self, right: str) -> bool:
        """Whether the role has this right, and the token too; a read-only token never writes."""
        return right in MAY[self.role] & self.scopes and not (self.read_only and right not in READING)


def signed_in(request: Request, session: Session) -> Account:
    """The account of the session cookie. Raises NotSignedIn."""
    account = account_of_session(session, request.cookies.get(session_cookie(), ""))
    if account is None:
        raise NotSignedIn(link=f"/sign-in?next={request.url.path}" if request.method == "GET" else "/sign-in")
    request.state.account = account
    return account


SignedIn = Annotated[Account, Depends(signed_in, scope="function")]


def access_community(
    session: DbSession,
    account: Account,
    slug: str,
    *,
    to: str,
    read_only: bool = False,
    scopes: frozenset[str] = RIGHTS,
) -> Member:
    """The community for this account, to do this. Raises NotFound for outsiders, Forbidden for a role that is too small."""
    if to not in RIGHTS:
        raise ValueError(f"no such right: {to}")
    row = session.exec(
        select(Community, Membership.role, SendingPause.reason)
        .join(Membership, Membership.community_id == Community.id)  # type: ignore[arg-type]
        .join(SendingPause, true(), isouter=True)
        .where(Community.slug == slug, Membership.account_id == account.id)
    ).first()
    if row is None:
        raise NotFound()
    member = Member(account, row[0], row[1], read_only, scopes, row[2] or "")
    if not member.may(to):
        raise _forbidden(member, to)
    return member


def _forbidden(member: Member, to: str) -> Forbidden:
    if to not in MAY[member.role]:
        return Forbidden(
            _("Your role in this community does not allow this."), hint=_("Ask an owner of the community.")
        )
    words = _("This token may only read.") if member.read_only else _("This token may not do this.")
    return Forbidden(
        words, hint=_("Make a token that may, on the page “API tokens”. What is missing: %(right)s.") % {"right": to}
    )


@dataclass(frozen=True)
class Key:
    """A bearer token of the API: an account in the one community it was made for."""

    account: Account
    community_id: int
    read_only: bool
    scopes: frozenset[str] = RIGHTS
    token_id: int = 0
    ends_at: datetime | None = None


def bearer(request: Request, session: Session) -> Key:
    """The key in `Authorization: Bearer`. Raises NotSignedIn; Replayed for a call that was answered before."""
    key = needed_key(session, request.headers.get("authorization", ""))
    if call := getattr(request.state, "call", None):  # one with an Idempotency-Key (api_route)
        call.session, call.token_id = session, key.token_id
        api_calls.begin(session, call)
    return key


def needed_key(session: DbSession, header: str) -> Key:
    """The key in an Authorization header. Raises NotSignedIn."""
    key = key_of(session, header)
    if key is None:
        raise NotSignedIn(
            _("This call needs a valid token."), hint="Authorization: Bearer TOKEN (heard token create)", link=""
        )
    return key


def key_of(session: DbSession, header: str) -> Key | None:
    """The key in an Authorization header; None for none, one that was revoked, and one that has ended."""
    scheme, _sep, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return None
    row = session.exec(select(ApiToken).where(ApiToken.token_hash == tokens.hashed(token.strip()))).first()
    account = session.get(Account, row.account_id) if row else None
    if row is None or account is None or (row.ends_at is not None and row.ends_at <= now()):
        return None
    scopes = frozenset(row.scopes.split()) or RIGHTS
    return Key(account, row.community_id, row.read_only, scopes, row.id or 0, row.ends_at)


Bearer = Annotated[Key, Depends(bearer, scope="function")]


def access_by_key(session: DbSession, key: Key, community_id: int, *, to: str) -> Member:
    """The community with this id through a key. Raises NotFound when the key is for another one, Forbidden as above."""
    community = session.get(Community, community_id) if community_id == key.community_id else None
    if community is None:
        raise NotFound()
    return access_community(session, key.account, community.slug, to=to, read_only=key.read_only, scopes=key.scopes)


def access_community_by_key(session: DbSession, key: Key, slug: str, *, to: str) -> Member:
    """The community at this address through a key of the API. Raises NotFound when the key is for another one."""
    found = session.exec(select(Community.id).where(Community.slug == slug, Community.id == key.community_id)).first()
    if found is None:
        raise NotFound()
    return access_by_key(session, key, found, to=to)


def communities_of(session: DbSession, account: Account) -> list[Community]:
    """The communities an account belongs to, by name."""
    return list(
        session.exec(
            select(Community).join(Membership).where(Membership.account_id == account.id).order_by(Community.name)
        )
    )


def who_may(session: DbSession, community_id: int, right: str) -> list[tuple[Account, str]]:
    """The members who have this right now, each with the role that gives it."""
    members = (
        select(Account, Membership.role)
        .join(Membership, col(Membership.account_id) == col(Account.id))
        .where(Membership.community_id == community_id)
        .order_by(col(Account.id))
    )
    return [(account, role) for account, role in session.exec(members) if right in MAY[role]]
