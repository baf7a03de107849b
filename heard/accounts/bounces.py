"""Mails that came back, and complaints: what they do, once it is sure that they are about a mail of ours.

Anybody can send such a mail. It is believed only with the Message-ID of a mail that we sent (it holds a secret part) and
the address that it went to. The rooms that send say which mails are theirs.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, NamedTuple

from sqlmodel import col, select

from heard.accounts import audit, contacts, unsubscribing
from heard.accounts.models import AuditEntry, Community, Contact, ContactList
from heard.kit import returned
from heard.kit.db import DbSession
from heard.kit.errors import BadInput
from heard.kit.i18n import _, ngettext, number
from heard.kit.returned import Returned

VERDICTS = ("failed", "delayed", "complaint", "other")
COMPLAINED = "mail.complaint"  # in the log
_FROM_LINE = b"From "  # between the mails of an mbox, and before the one that a mail server hands to a command


class Mailed(NamedTuple):
    """A mail of ours to a contact: what it was for, and how its room notes that it came back or is late, with the server's
    words; False: it was noted before."""

    purpose: str
    came_back: Callable[[str], bool]
    is_late: Callable[[str], bool]


Finder = Callable[[DbSession, Contact, str], Mailed | None]
_finders: list[Finder] = []


def ours(finder: Finder) -> Finder:
    """Register how a room finds its mail to a contact by the Message-ID."""
    _finders.append(finder)
    return finder


def take(session: DbSession, raw: bytes) -> str:
    """Do what a mail says, as far as it is about a mail of ours. Returns what it was, of VERDICTS. Twice changes nothing."""
    verdict = "other"
    for one in returned.read(raw):
        for contact in _contacts(session, one.addresses):
            found = (finder(session, contact, one.message_id) for finder in _finders)
            if mailed := next((mail for mail in found if mail is not None), None):
                _note(session, contact, mailed, one)
                verdict = one.kind
    return verdict


def _contacts(session: DbSession, addresses: tuple[str, ...]) -> list[Contact]:
    wanted = set()
    for text in addresses:
        try:
            wanted.add(contacts.one_form(text))
        except BadInput:
            continue
    everywhere = col(Contact.community_id).in_(select(Community.id))  # so that the index of addresses is used
    query = select(Contact).where(everywhere, Contact.channel == "email", col(Contact.address).in_(wanted))
    return list(session.exec(query)) if wanted else []


def _note(session: DbSession, contact: Contact, mailed: Mailed, one: Returned) -> None:
    if one.kind == "complaint":
        if not unsubscribing.is_stopped(session, contact, mailed.purpose):
            unsubscribing.stop(session, contact, mailed.purpose)
            _record(session, contact, COMPLAINED, mailed)
    elif one.kind == "delayed":
        mailed.is_late(one.words)
    elif mailed.came_back(one.words):
        if one.permanent:
            contacts.no_such_address(session, contact, mailed.purpose)
        _record(session, contact, "mail.bounced", mailed)


def _record(session: DbSession, contact: Contact, deed: str, mailed: Mailed) -> None:
    audit.record(session, None, deed, str(contact.id), community_id=contact.community_id, purpose=mailed.purpose)


def complained(session: DbSession, the_list: ContactList, contact_ids: Sequence[int]) -> set[int]:
    """Which of them complained to their provider of mails to this list, by the log."""
    told = select(AuditEntry.subject, AuditEntry.details).where(
        AuditEntry.community_id == the_list.community_id, AuditEntry.action == COMPLAINED,
        col(AuditEntry.subject).in_([str(one) for one in contact_ids]),
    )  # fmt: skip
    rows = session.execute(told) if contact_ids else ()
    return {int(subject) for subject, details in rows if details.get("purpose") == the_list.purpose}


def mails_in(stream: BinaryIO) -> Iterator[bytes]:
    """The mails of a stream, one after the other: one, or an mbox. Of each no more than returned.LONGEST is kept."""
    kept, blank = bytearray(), True
    while line := stream.readline(65_536):
        if blank and line.startswith(_FROM_LINE) and line.rstrip()[-4:].isdigit():
            if kept:
                yield bytes(kept)
            kept.clear()
        elif len(kept) < returned.LONGEST:
            kept += line
        blank = line in (b"\n", b"\r\n")
    if kept:
        yield bytes(kept)


def told(counts: Counter[str]) -> str:
    """What became of them, in a sentence."""
    total = sum(counts.values())
    read = ngettext("%(n)s mail read", "%(n)s mails read", total) % {"n": number(total)}
    words = _(
        "%(read)s: %(failed)s came back, %(delayed)s late, %(complaint)s complained, %(other)s not about our mail."
    )
    return words % ({"read": read} | {name: number(counts[name]) for name in VERDICTS})
