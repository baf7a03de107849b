"""Who did what: one insert for each act that changes what others see. The table refuses updates and deletes."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import col, select

from heard.accounts.models import Account, AuditEntry
from heard.kit.clock import now
from heard.kit.db import DbSession


def record(
    session: DbSession,
    by: Account | None,
    action: str,
    subject: str,
    *,
    community_id: int | None = None,
    **details: Any,
) -> None:
    """Add an entry such as ("poll.opened", "best-day"). Details hold ids and figures, never words of respondents."""
    session.add(
        AuditEntry(
            community_id=community_id,
            account_id=by.id if by else None,
            action=action,
            subject=subject[:120],
            details=details,
            at=now(),
        )
    )


class Entry(NamedTuple):
    """A line as people read it. `by`: an address, or None."""

    id: int
    at: datetime
    by: str | None
    action: str
    subject: str
    details: dict[str, Any]


def entries_of(session: DbSession, community_id: int, *, before: int | None, limit: int) -> list[Entry]:
    """The community's entries with an id below `before`, newest first. Seeks ix_audit_log_community_id."""
    entry = AuditEntry
    query = (
        select(entry.id, entry.at, Account.email, entry.action, entry.subject, entry.details)  # type: ignore[call-overload]
        .join(Account, col(Account.id) == col(entry.account_id), isouter=True)
        .where(entry.community_id == community_id)
        .order_by(col(entry.id).desc())
        .limit(limit)
    )
    rows = session.execute(query.where(col(entry.id) < before) if before is not None else query)
    return [Entry(*row) for row in rows]
