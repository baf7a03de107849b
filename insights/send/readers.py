"""Readers of briefs: who they are, and their yes: /subscriptions/{token}, asked once of an address that is no member's.

The link carries its own proof; nothing is stored of it. Their no is in heard/accounts/unsubscribing.py.
"""

from sqlalchemy import delete, update
from sqlmodel import col, select

from heard.accounts import audit, contacts, erasing, unsubscribing
from heard.accounts.contacts import BRIEFS
from heard.accounts.models import Community, Contact
from heard.kit import tokens, work
from heard.kit.clock import now
from heard.kit.db import DbSession, row_id
from heard.kit.errors import NotFound
from heard.kit.i18n import _
from heard.kit.settings import settings
from insights.models import Delivery, Subscription


def subscribe(session: DbSession, contact: Contact, audience: str) -> None:
    """Remember a reader of a community's briefs. Twice changes nothing."""
    key = (contact.community_id, contact.id, audience)
    if session.get(Subscription, key) is None:
        session.add(
            Subscription(
                community_id=contact.community_id, contact_id=contact.id or 0, audience=audience, created_at=now()
            )
        )
        session.flush()


def not_forgotten(session: DbSession, community: Community, addresses: list[str]) -> list[str]:
    """These addresses, without those that were forgotten for good: only their owners can come back, as members."""
    gone = erasing.kept_out(session, community.id or 0, addresses)
    return [one for one in addresses if one not in gone or contacts.is_member(session, community, one)]


def is_reader(session: DbSession, contact: Contact) -> bool:
    """Whether they read briefs of any kind."""
    mine = select(Subscription.audience).where(Subscription.contact_id == contact.id)
    return session.exec(mine.limit(1)).first() is not None


def readers_of(session: DbSession, community_id: int, audience: str) -> list[str]:
    """The addresses of the community's readers, in alphabetical order."""
    query = (
        select(Contact.address)
        .join(Subscription, col(Subscription.contact_id) == col(Contact.id))
        .where(Subscription.community_id == community_id, Subscription.audience == audience)
        .order_by(Contact.address)
    )
    return list(session.exec(query))


def confirm_token(contact: Contact) -> str:
    """The secret of /subscriptions/{token}."""
    return f"{contact.id}.{tokens.derived('subscription', contact.id, contact.address)}"


def contact_to_confirm(session: DbSession, token: str) -> Contact:
    """Whom a confirmation link is for. Raises NotFound."""
    contact = _contact(session, token.partition(".")[0])
    if contact is None or not tokens.same(token, confirm_token(contact)):
        raise NotFound(_("This link is not complete."), hint=_("Copy the whole address from the mail."))
    return contact


def own_page(contact: Contact) -> str:
    """The whole address at which a reader chooses rhythm, hour and zone."""
    return f"{settings().base_url}/subscriptions/{confirm_token(contact)}/rhythm"


def _contact(session: DbSession, number: str) -> Contact | None:
    a_number = number.isascii() and number.isdigit() and len(number) < 11
    return session.get(Contact, row_id(int(number))) if a_number else None


def no_longer(session: DbSession, contact: Contact) -> None:
    """What follows from a no to briefs: no reader of any, and what is queued stays unsent. Nothing, if they are back."""
    if not unsubscribing.is_stopped(session, contact, BRIEFS):
        return
    session.execute(delete(Subscription).where(col(Subscription.contact_id) == contact.id))
    session.execute(
        update(Delivery)
        .where(col(Delivery.contact_id) == contact.id, col(Delivery.status).in_(["queued", "unconfirmed"]))
        .values(status="suppressed")
    )


def confirm(session: DbSession, contact: Contact) -> None:
    """The person behind the address said yes: briefs that waited for it go out now."""
    community = session.get_one(Community, contact.community_id)
    contacts.confirm(session, contact, BRIEFS, unsubscribing.yes_words(community, BRIEFS))
    waiting = select(Delivery).where(Delivery.contact_id == contact.id, Delivery.status == "unconfirmed")
    for delivery in session.exec(waiting).all():
        delivery.status, delivery.created_at = (
            "queued",
            now(),
        )  # it waits for the server from now on, not for the person
        session.add(delivery)
        work.due(session, "deliver", delivery.brief_id, brief_id=delivery.brief_id)
    audit.record(session, None, "reader.confirmed", str(contact.id), community_id=contact.community_id)
    session.flush()
