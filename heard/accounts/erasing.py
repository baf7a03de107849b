"""Forgetting a contact for good: address, name, lists, consents. Rooms above add what they hold of a person."""

from collections.abc import Callable

from sqlmodel import col, select

from heard.accounts import audit
from heard.accounts.models import Account, AuditEntry, Community, Contact
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
    audit.record(session, by, "contact.erased", str(contact.id), community_id=contact.community_id)
    session.delete(contact)
    session.flush()


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
