"""Somebody who comes by the link of a mail: whose invitation it is, and which mailing brought them."""

from typing import NamedTuple

from fastapi import Request
from sqlmodel import col, func, select

from heard.accounts.models import Contact
from heard.kit import visits
from heard.kit.db import DbSession
from polls.models import Invitation, MailingDelivery
from polls.publish import invitations


class Invited(NamedTuple):
    """Whose invitation a link is. `masked`: the address as far as a second person may see it."""

    masked: str
    mailing_id: int


def invited(session: DbSession, poll_id: int, token: str) -> Invited | None:
    """The person behind a personal link that was mailed; None for other links."""
    invitation = invitations.find(session, poll_id, token) if token else None
    contact = session.get(Contact, invitation.contact_id) if invitation and invitation.contact_id else None
    if invitation is None or contact is None:
        return None
    last = (
        select(MailingDelivery.mailing_id)
        .where(MailingDelivery.invitation_id == invitation.id, col(MailingDelivery.status).in_(["sending", "sent"]))
        .order_by(col(MailingDelivery.id).desc())
    )
    return Invited(masked(contact.address), session.exec(last.limit(1)).first() or 0)


def invited_to(session: DbSession, poll_id: int) -> int:
    """How many people have a personal link to a poll."""
    return session.scalar(select(func.count()).where(col(Invitation.poll_id) == poll_id)) or 0


def count_visit(who: Invited, request: Request) -> None:
    """One more visit by a mailing: a person, a preview or a scanner."""
    if who.mailing_id:
        visits.count(f"mailing:{who.mailing_id}", request)


def masked(address: str) -> str:
    """An address that its owner knows again, and nobody else: m***@e…"""
    local, _at, domain = address.partition("@")
    return f"{local[:1]}***@{domain[:1]}…"
