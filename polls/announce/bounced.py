"""Mails of trials that came back (heard/accounts/bounces.py): the list of those who take part says so."""

from functools import partial

from sqlmodel import col, select

from heard.accounts import contacts
from heard.accounts.bounces import Mailed, ours
from heard.accounts.models import Contact
from heard.kit.db import DbSession
from polls.announce import mails, participants
from polls.models import Announcement, Participant

NEWEST = 100  # trials of one person that are looked through: the Message-ID is made from what was mailed, and not kept


@ours
def mailed(session: DbSession, contact: Contact, message_id: str) -> Mailed | None:
    """A mail of a trial to this contact. A participant has no line for each mail: what is for good is noted with the address."""
    mine = select(Participant).where(Participant.contact_id == contact.id).order_by(col(Participant.id).desc())
    for person in session.exec(mine.limit(NEWEST)):
        if message_id in {mails.message_id(person, what) for what in person.mailed}:
            purpose = participants.purpose_of(session.get_one(Announcement, person.announcement_id))
            return Mailed(purpose, partial(_is_news, session, contact, purpose), lambda _words: True)
    return None


def _is_news(session: DbSession, contact: Contact, purpose: str, _words: str) -> bool:
    return not contacts.has_come_back(session, contact, purpose)
