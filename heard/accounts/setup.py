"""The first owner of an empty install, through an address that only the operator's terminal shows."""

from typing import NamedTuple

from sqlalchemy import text
from sqlmodel import select

from heard.accounts import communities, signin
from heard.accounts.contacts import clean_address
from heard.accounts.models import Account, Community
from heard.kit import tokens
from heard.kit.db import DbSession
from heard.kit.errors import BadInput, NotFound
from heard.kit.i18n import _, language
from heard.kit.slugs import free_slug, slug_of


class FirstOwner(NamedTuple):
    """What the set-up page asks; checked."""

    community: str
    email: str
    password: str


def setup_token() -> str:
    """Made from HEARD_SECRET: the same after a restart, and nothing to store."""
    return tokens.derived("setup")


def setup_path(session: DbSession) -> str | None:
    """Where the first owner signs up, or None once there is an account."""
    return None if has_accounts(session) else f"/setup/{setup_token()}"


def has_accounts(session: DbSession) -> bool:
    """Whether anybody lives here yet."""
    return session.exec(select(Account.id).limit(1)).first() is not None


def check_open(session: DbSession, token: str) -> None:
    """Raises NotFound when the address was used, or is not the one that was printed."""
    if not tokens.same(token, setup_token()):
        raise NotFound(_("This is not the set-up address of this install."), hint=_("Copy it again from the terminal."))
    if has_accounts(session):
        raise NotFound(
            _("This address was for the first owner, and it has been used."),
            hint=_("Sign in instead."),
            link="/sign-in",
        )


def check_first_owner(community: str, email: str, password: str) -> FirstOwner:
    """What was typed, cleaned. Raises one BadInput that names every field that is wrong."""
    fields: dict[str, str] = {}
    if not community.strip():
        fields["community"] = _("Give the community a name.")
    elif len(community) > 120:
        fields["community"] = _("At most %(n)s characters.") % {"n": 120}
    for name, check, value in (("email", clean_address, email), ("password", signin.check_password, password)):
        try:
            check(value)
        except BadInput as refusal:
            fields[name] = refusal.message
    if fields:
        raise BadInput(_("Nothing was made yet."), fields=fields)
    return FirstOwner(community.strip(), clean_address(email), password)


def set_up(session: DbSession, owner: FirstOwner, password_hash: str) -> tuple[Account, Community]:
    """The account and its community. The person's name is the part before the @ until they change it."""
    account = signin.create_account(session, owner.email, owner.email.split("@")[0], password_hash, locale=language())
    slug = free_slug(session, Community, slug_of(owner.community, 50) or "community")
    return account, communities.create_community(session, slug, owner.community, account, locale=language())


def hold_accounts(session: DbSession) -> None:
    """Until this transaction ends nobody else makes an account (on SQLite a writer is alone already)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE accounts IN EXCLUSIVE MODE"))
