"""Who did what: one insert for each act that changes what others see. The table refuses updates and deletes."""

from typing import Any

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
