"""An address that signs a person in once: for the demo, and for whoever shows a link instead of asking for a password.

Opening the address changes nothing, because mail scanners and previews open addresses too; the button on its page
takes the link, and a link can be taken once.
"""

from datetime import timedelta

from sqlmodel import delete, select

from heard.accounts import signin
from heard.accounts.models import Account, SignInLink
from heard.kit import tokens
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import Refused
from heard.kit.i18n import _

LASTS = timedelta(hours=1)


class LinkEnded(Refused):
    """A one-time link that was used, is too old, or never was."""

    code, status = "link_ended", 410

    def __init__(self) -> None:
        super().__init__(
            _("This sign-in link was used already, or is older than one hour."),
            hint=_("Sign in with your password."),
            link="/sign-in",
        )


def make_link(session: DbSession, account: Account) -> str:
    """The path of a new one-time link, good for an hour. Only a hash of its token is stored."""
    session.exec(delete(SignInLink).where(SignInLink.ends_at <= now()))  # type: ignore[arg-type]
    token = tokens.fresh(32)
    session.add(
        SignInLink(token_hash=tokens.hashed(token), account_id=account.id or 0, ends_at=now() + LASTS),
    )
    session.flush()
    return f"/sign-in/{token}"


def account_of_link(session: DbSession, token: str) -> Account:
    """Whom this link signs in. Raises LinkEnded."""
    account = session.exec(
        select(Account)
        .join(SignInLink, SignInLink.account_id == Account.id)  # type: ignore[arg-type]
        .where(SignInLink.token_hash == tokens.hashed(token), SignInLink.ends_at > now())
    ).first()
    if account is None:
        raise LinkEnded()
    return account


def take_link(session: DbSession, token: str) -> str:
    """Use the link up and start a session; returns the token for its cookie. Raises LinkEnded, also for the slower of two."""
    account = account_of_link(session, token)
    gone = session.exec(delete(SignInLink).where(SignInLink.token_hash == tokens.hashed(token)))  # type: ignore[arg-type]
    if gone.rowcount != 1:
        raise LinkEnded()
    return signin.start_session(session, account)
