"""Mails of briefs that came back (heard/accounts/bounces.py): the reader's line says so, on the brief's page."""

from collections.abc import Sequence
from functools import partial

from sqlmodel import col, select

from heard.accounts.bounces import Mailed, ours
from heard.accounts.contacts import BRIEFS
from heard.accounts.models import Contact
from heard.kit.db import DbSession
from insights.models import Delivery
from insights.send import mails

ASKED = 50  # the newest questions to one address that are looked through


@ours
def mailed(session: DbSession, contact: Contact, message_id: str) -> Mailed | None:
    """A brief to this contact, or the question whether they want briefs."""
    of_them = (Delivery.contact_id == contact.id, Delivery.recipient == contact.address)
    brief = session.exec(select(Delivery).where(Delivery.message_id == message_id, *of_them)).first()
    if brief is not None:
        return Mailed(BRIEFS, partial(_came_back, session, [brief]), partial(_is_late, session, brief))
    waiting = select(Delivery).where(*of_them, col(Delivery.status).in_(["unconfirmed", "bounced"]))
    asked = session.exec(waiting.order_by(col(Delivery.id).desc()).limit(ASKED)).all()
    if message_id in {mails.question_id(contact, about) for about in [0, *(d.brief_id for d in asked)]}:
        return Mailed(BRIEFS, partial(_came_back, session, asked), lambda _words: False)
    return None


def _came_back(session: DbSession, deliveries: Sequence[Delivery], words: str) -> bool:
    # "sending": a server can be quicker than our own note that it has taken the mail
    out = [d for d in deliveries if d.status in ("sent", "sending", "unconfirmed")]
    for delivery in out:
        delivery.status, delivery.error, delivery.lease_until = "bounced", words[:500], None
        session.add(delivery)
    session.flush()
    return bool(out) or not deliveries


def _is_late(session: DbSession, delivery: Delivery, words: str) -> bool:
    if delivery.status != "sent":
        return False
    delivery.error = words[:500]
    session.add(delivery)
    session.flush()
    return True
