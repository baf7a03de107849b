"""Accounts, passwords and sessions. A password change ends every session of the account."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from threading import BoundedSemaphore

from sqlmodel import delete, select

from heard.accounts import audit
from heard.accounts.contacts import clean_address
from heard.accounts.models import Account, Community, Membership, SignIn, SignInLink
from heard.kit import tokens
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import BadInput, NotFound, Refused, Unavailable
from heard.kit.i18n import LANGUAGES, _

SESSION_LASTS = timedelta(days=30)
SHORTEST_PASSWORD = 10
HASHING_WAIT = 10  # seconds
_hashing = BoundedSemaphore(4)


class AccountExists(Refused):
    """Somebody has this address already."""

    code, status = "account_exists", 409


class WrongPassword(BadInput):
    """The same words for an unknown address and a wrong password: nobody learns who has an account."""

    code, status = "wrong_password", 422

    def __init__(self) -> None:
        super().__init__(
            _("The e-mail address and the password do not belong together."),
            hint=_("Check both and try again."), fields={"password": _("Type the password again.")},
        )  # fmt: skip


@cache
def _hasher() -> "PasswordHash":  # type: ignore[name-defined]  # noqa: F821  (imported late: argon2 is slow to load)
    from pwdlib import PasswordHash

    return PasswordHash.recommended()


@contextmanager
def _room() -> Iterator[None]:
    """Argon2 takes 64 MB a password by design: forty sign-ins at once would take the machine. Raises Unavailable."""
    if not _hashing.acquire(timeout=HASHING_WAIT):
        raise Unavailable(
            _("Too many people are signing in at this moment."), hint=_("Wait a few seconds, then try again.")
        )
    try:
        yield
    finally:
        _hashing.release()


def check_password(password: str) -> str:
    """A password that can be taken: length is the only rule. Raises BadInput."""
    if not SHORTEST_PASSWORD <= len(password) <= 1000:
        raise BadInput(
            _("The password needs at least %(n)s characters.") % {"n": SHORTEST_PASSWORD},
            hint=_("Four or five words in a row are easy to keep in mind and hard to guess."),
            fields={"password": _("At least %(n)s characters.") % {"n": SHORTEST_PASSWORD}},
        )
    return password


def hash_password(password: str) -> str:
    """Argon2id. Takes tens of milliseconds: never call it while a write transaction is open. Raises Unavailable."""
    check_password(password)
    with _room():
        return str(_hasher().hash(password))


def password_fits(password: str, stored: str | None) -> bool:
    """Compare; without an account the same work is done, so that time tells nothing. Raises Unavailable."""
    with _room():
        fits = _hasher().verify(password, stored or _nobody())
    return bool(fits and stored)


@cache
def _nobody() -> str:
    return str(_hasher().hash("nobody has this password"))


def create_account(session: DbSession, email: str, name: str, password_hash: str, *, locale: str = "en") -> Account:
    """A new account. Raises AccountExists or BadInput."""
    email = clean_address(email)
    if session.exec(select(Account.id).where(Account.email == email)).first() is not None:
        raise AccountExists(
            _("There is already an account for %(email)s.") % {"email": email},
            hint=_("Sign in with it, or choose another address."),
        )
    if not name.strip():
        raise BadInput(_("The account needs a name."), fields={"name": _("A name is missing.")})
    account = Account(
        email=email, name=name.strip()[:120], password_hash=password_hash, locale=locale, created_at=now()
    )
    session.add(account)
    session.flush()
    audit.record(session, account, "account.created", email)
    return account


def account_at(session: DbSession, email: str) -> Account | None:
    """The account with this address, or None."""
    return session.exec(select(Account).where(Account.email == email.strip().lower())).first()


def account_by_email(session: DbSession, email: str) -> Account:
    """The account with this address. Raises NotFound."""
    account = account_at(session, email)
    if account is None:
        raise NotFound(
            _("There is no account for %(email)s.") % {"email": email},
            hint=_("heard account create EMAIL --name NAME makes one."),
        )
    return account


def start_session(session: DbSession, account: Account) -> str:
    """A new session; returns the token for the cookie (only its hash is stored)."""
    token = tokens.fresh(32)
    session.add(
        SignIn(
            token_hash=tokens.hashed(token), account_id=account.id or 0, created_at=now(), ends_at=now() + SESSION_LASTS
        )
    )
    session.flush()
    return token


def account_of_session(session: DbSession, token: str) -> Account | None:
    """Who is behind a session cookie, or None."""
    row = session.get(SignIn, tokens.hashed(token)) if token else None
    return session.get(Account, row.account_id) if row and row.ends_at > now() else None


def end_session(session: DbSession, token: str) -> None:
    """Sign out of one browser."""
    if row := session.get(SignIn, tokens.hashed(token)):
        session.delete(row)
        session.flush()


def change_details(session: DbSession, account: Account, name: str, locale: str) -> None:
    """The person's name and language. Raises one BadInput that names every field that is wrong."""
    wrong: dict[str, str] = {}
    if not 0 < len(name) <= 120:
        wrong["name"] = _("A name of 1 to %(n)s characters.") % {"n": 120}
    if locale not in LANGUAGES:
        wrong["locale"] = _("Choose one of the list.")
    if wrong:
        raise BadInput(_("Nothing was saved yet."), fields=wrong)
    account.name, account.locale = name, locale
    session.add(account)
    session.flush()


def change_password(session: DbSession, account: Account, password_hash: str) -> None:
    """A new password; every session of the account ends, this one too, and so do its one-time links."""
    account.password_hash = password_hash
    session.add(account)
    session.exec(delete(SignIn).where(SignIn.account_id == account.id))  # type: ignore[arg-type]
    session.exec(delete(SignInLink).where(SignInLink.account_id == account.id))  # type: ignore[arg-type]
    audit.record(session, account, "password.changed", account.email)
    session.flush()


def join(session: DbSession, account: Account, community: Community, role: str, *, by: Account | None = None) -> None:
    """Give an account a role in a community (or another one than before)."""
    member = session.get(Membership, (account.id, community.id))
    if member is None:
        member = Membership(account_id=account.id or 0, community_id=community.id or 0, role=role)
    member.role = role
    session.add(member)
    audit.record(session, by or account, "member.joined", account.email, community_id=community.id, role=role)
    session.flush()
