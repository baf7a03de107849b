"""Whom we may write to. The one place that decides whether a mail may go.

A purpose is what a mail is for: "briefs", "trial:<id>", or "list:<id>" for invitations to a list of contacts. A person
may stop one purpose, or with "invitations" those of all lists at once.
"""

import re
import unicodedata

from sqlalchemy import ColumnElement, and_
from sqlmodel import col, exists, select

from heard.accounts.models import Account, Community, Consent, Contact, Membership, Suppression
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import BadInput
from heard.kit.headers import ascii_domain, is_address, shown_domain
from heard.kit.i18n import _

BRIEFS = "briefs"
INVITATIONS = "invitations"  # every list of a community
_LIST = "list:"
_CAME_BACK = "bounced:"  # before a purpose, in suppressions: no person's no, but no such address
# A deliberately plain form: one @, no white space or controls, a dot or localhost behind; 64 + 254 characters (RFC 5321).
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\[\]\x00-\x1f\x7f]{1,64}@[^\s@<>\"(),:;\\\[\]\x00-\x1f\x7f]{1,189}")


def clean_address(text: str) -> str:
    """An e-mail address, stripped, lower case. Raises BadInput."""
    address = text.strip().lower()
    if (
        not _ADDRESS.fullmatch(address)
        or len(address) > 254
        or ".." in address
        or "." not in address.split("@")[1].strip(".")
        or not is_address(address)
        or any(unicodedata.category(c) == "Cf" for c in address)  # unseen, or turning the writing round
    ):
        raise BadInput(
            _("“%(text)s” is not an e-mail address.") % {"text": text.strip()[:80]},
            hint=_("It looks like name@example.org."),
            fields={"email": _("Not an e-mail address.")},
        )
    return address


def one_form(text: str) -> str:
    """An address in the one form in which contacts have it: bücher.example and xn--bcher-kva.example are one place, and
    letters are whole. Nobody is written to twice, or after a no, for how an address was typed. Raises BadInput."""
    local, _at, domain = clean_address(text).partition("@")
    return f"{unicodedata.normalize('NFC', local)}@{shown_domain(ascii_domain(domain))}"


def contact_for(session: DbSession, community: Community, address: str, *, locale: str = "") -> Contact:
    """The community's contact for this address, made when there is none. Members count as confirmed."""
    address = one_form(address)
    found = session.exec(
        select(Contact).where(
            Contact.community_id == community.id, Contact.channel == "email", Contact.address == address
        )
    ).first()
    contact = found or Contact(
        community_id=community.id or 0, address=address, locale=locale or community.locale, created_at=now()
    )
    if contact.confirmed_at is None and is_member(session, community, address):
        contact.confirmed_at = now()
    session.add(contact)
    session.flush()
    return contact


def is_member(session: DbSession, community: Community, address: str) -> bool:
    """Whether an account with this address belongs to the community."""
    return (
        session.exec(
            select(Account.id)
            .join(Membership, Membership.account_id == Account.id)  # type: ignore[arg-type]
            .where(Account.email == address, Membership.community_id == community.id)
        ).first()
        is not None
    )


def confirm(session: DbSession, contact: Contact, purpose: str, text_shown: str) -> None:
    """The person said yes: remember the words that were shown, and lift what they had stopped."""
    contact.confirmed_at = contact.confirmed_at or now()
    session.add(Consent(contact_id=contact.id or 0, purpose=purpose, text_shown=text_shown, at=now()))
    if stopped := session.get(Suppression, (contact.id, purpose)):
        session.delete(stopped)
    try_again(session, contact, purpose)
    session.flush()


def suppress(session: DbSession, contact: Contact, purpose: str) -> None:
    """No more mail of this list to this contact. Doing it twice changes nothing."""
    if session.get(Suppression, (contact.id, purpose)) is None:
        session.add(Suppression(contact_id=contact.id or 0, list=purpose, at=now()))
        session.flush()


def no_such_address(session: DbSession, contact: Contact, purpose: str) -> None:
    """Mail came back for good: no more of this purpose until a person tries again. Twice changes nothing."""
    suppress(session, contact, _came_back(purpose))


def try_again(session: DbSession, contact: Contact, purpose: str) -> None:
    """A person says that the address is right after all."""
    if row := session.get(Suppression, (contact.id, _came_back(purpose))):
        session.delete(row)
        session.flush()


def has_come_back(session: DbSession, contact: Contact, purpose: str) -> bool:
    """Whether mail of this purpose came back for good, and nobody has tried again since."""
    return session.get(Suppression, (contact.id, _came_back(purpose))) is not None


def say_yes(session: DbSession, contact: Contact, purpose: str, text_shown: str) -> None:
    """The person's own yes after a no: it lifts what they had stopped."""
    session.add(Consent(contact_id=contact.id or 0, purpose=purpose, text_shown=text_shown, at=now()))
    for one in stops(purpose):
        if stopped := session.get(Suppression, (contact.id, one)):
            session.delete(stopped)
    try_again(session, contact, purpose)
    session.flush()


def may_write_to(session: DbSession, contact: Contact, purpose: str) -> bool:
    """Whether a mail for this purpose may go: there is a yes, and no no. Asked at the moment of sending."""
    return session.exec(select(Contact.id).where(Contact.id == contact.id, writable(purpose))).first() is not None


def writable(purpose: str) -> ColumnElement[bool]:
    """The same rule for many, as a condition on Contact.

    A list needs a consent to that list. For briefs and trials the address is confirmed: the person said yes, or is a member.
    """
    return and_(_said_yes(purpose), ~stopped(purpose), ~came_back(purpose))


def stopped(purpose: str) -> ColumnElement[bool]:
    """Whether the person stopped this purpose, or all lists, as a condition on Contact."""
    return exists().where(col(Suppression.contact_id) == col(Contact.id), col(Suppression.list).in_(stops(purpose)))


def came_back(purpose: str) -> ColumnElement[bool]:
    """Whether mail of this purpose came back for good, as a condition on Contact."""
    return exists().where(col(Suppression.contact_id) == col(Contact.id), col(Suppression.list) == _came_back(purpose))


def _came_back(purpose: str) -> str:
    """An address that is none for one list is none for any other."""
    return _CAME_BACK + (INVITATIONS if purpose.startswith(_LIST) else purpose)


def stops(purpose: str) -> tuple[str, ...]:
    """The names under which this purpose can be stopped."""
    return (purpose, INVITATIONS) if purpose.startswith(_LIST) else (purpose,)


def _said_yes(purpose: str) -> ColumnElement[bool]:
    if purpose.startswith(_LIST):
        return exists().where(col(Consent.contact_id) == col(Contact.id), col(Consent.purpose) == purpose)
    return col(Contact.confirmed_at).is_not(None)
