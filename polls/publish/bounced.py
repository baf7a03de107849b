"""Invitations that came back (heard/accounts/bounces.py): the page of their mailing says so."""

from functools import partial

from sqlmodel import col, select

from heard.accounts.bounces import Mailed, ours
from heard.accounts.models import Contact, ContactList
from heard.kit.db import DbSession
from polls.models import Mailing, MailingDelivery
from polls.publish import mailings

NEWEST = 100  # mails to one person that are looked through: the Message-ID is made from the row, and not kept


@ours
def mailed(session: DbSession, contact: Contact, message_id: str) -> Mailed | None:
    """An invitation or a reminder to this contact."""
    row = MailingDelivery
    sent = col(row.status).in_(["sent", "sending", "failed"])
    newest = select(row).where(row.contact_id == contact.id, sent).order_by(col(row.id).desc()).limit(NEWEST)
    delivery = next((d for d in session.exec(newest) if mailings.message_id(d.id) == message_id), None)
    mailing = session.get(Mailing, delivery.mailing_id) if delivery else None
    the_list = session.get(ContactList, mailing.list_id) if mailing and mailing.list_id else None
    if delivery is None or the_list is None:
        return None
    return Mailed(
        the_list.purpose, partial(_note, session, delivery, "failed"), partial(_note, session, delivery, "sent")
    )


def _note(session: DbSession, delivery: MailingDelivery, status: str, words: str) -> bool:
    if delivery.status not in ("sent", "sending") or (status == "sent" and delivery.status != "sent"):
        return False
    delivery.status, delivery.error, delivery.lease_until = status, words[:500], None
    session.add(delivery)
    session.flush()
    return True
