"""Many people on a list at once: in portions of one short transaction each, so that votes go on meanwhile."""

import time
from collections.abc import Sequence

from heard.accounts import audit, contact_lists
from heard.accounts.access import Member
from heard.accounts.contact_files import Person
from heard.accounts.models import ContactList
from heard.kit.db import DbSession, writing

GAP_SECONDS = 0.03  # between two portions: SQLite lets nobody in by turns, only who asks while it is free


def store(member: Member, the_list: ContactList, people: Sequence[Person], *, consent: str) -> int:
    """Put them on the list; how many are new on it. It opens transactions of its own, so none may be open around it.
    Twice changes nothing: begun again after a broken connection, it goes on where it was. Raises BadInput for a consent
    that says nothing."""
    new = 0
    for piece in contact_lists.pieces(people):
        with writing() as session:
            new += contact_lists.put(session, member.community, the_list, piece, consent=consent)
        time.sleep(GAP_SECONDS)
    return new


def record(session: DbSession, member: Member, the_list: ContactList, new: int) -> None:
    """A line in the log for all of them."""
    home = member.community.id
    audit.record(session, member.account, "contacts.uploaded", str(the_list.id), community_id=home, people=new)
    session.flush()
