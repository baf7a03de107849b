"""Forgetting a contact for good: address, name, lists, consents. Rooms above add what they hold of a person.

What stays is a mark of the address, which cannot be read without HEARD_SECRET and a guess: a list that is uploaded again
must not bring the person back.
"""

from collections.abc import Callable, Sequence

from sqlmodel import col, select

from heard.accounts import audit
from heard.accounts.models import Account, AuditEntry, Community, Contact
from heard.kit import tokens
from heard.kit.db import DbSession, row_id
from heard.kit.errors import NotFound

Step = Callable[[DbSession, Contact], None]
_steps: list[Step] = []


def also(step: Step) -> Step:
    """Register what must be forgotten elsewhere, while the contact is still there."""
    _steps.append(step)
    return step


def contact_of(session: DbSession, community: Community, contact_id: int) -> Contact:
    """The community's contact with this id. Raises NotFound."""
    found = session.get(Contact, row_id(contact_id))
    if found is None or found.community_id != community.id:
        raise NotFound()
    return found


def erase(session: DbSession, contact: Contact, *, by: Account | None) -> None:
    """Forget this contact. What was counted stays counted; the log keeps the deed without the address."""
    for step in _steps:
        step(session, contact)
    home = contact.community_id
    audit.record(session, by, "contact.erased", str(contact.id), community_id=home)
    audit.record(session, by, "contact.kept_out", _mark(home, contact.address), community_id=home)
    session.delete(contact)
    session.flush()


def kept_out(session: DbSession, community_id: int, addresses: Sequence[str]) -> set[str]:
    """Which of these addresses were forgotten here."""
    marks = {_mark(community_id, address): address for address in addresses}
    entry = AuditEntry
    of_them = (entry.community_id == community_id, entry.action == "contact.kept_out", col(entry.subject).in_(marks))
    return {marks[mark] for mark in session.exec(select(entry.subject).where(*of_them))}


def _mark(community_id: int, address: str) -> str:
    return tokens.derived("kept out", community_id, address, size=32)


def was_erased(session: DbSession, contact_id: int) -> bool:
    """Whether a contact with this number was erased: SQLite may have given the number to somebody else since."""
    return _deed(session, contact_id) is not None


def is_gone(session: DbSession, community: Community, contact_id: int) -> bool:
    """Whether the community's contact with this number was erased, and nobody else has it."""
    deed = _deed(session, contact_id)
    return deed is not None and deed.community_id == community.id and session.get(Contact, row_id(contact_id)) is None


def _deed(session: DbSession, contact_id: int) -> AuditEntry | None:
    deed = select(AuditEntry).where(AuditEntry.action == "contact.erased", AuditEntry.subject == str(contact_id))
    return session.exec(deed.order_by(col(AuditEntry.id).desc()).limit(1)).first()
