"""Approving a brief: somebody has read it, and it goes out whole."""

from heard.accounts import audit
from heard.accounts.models import Account
from heard.kit.clock import now
from heard.kit.db import DbSession
from insights import events
from insights.models import Brief
from insights.send import turns


def approve(session: DbSession, brief: Brief, *, by: Account | None) -> None:
    """From now on it goes with its quotes, and readers whose brief waited for this get it. Twice changes nothing."""
    session.flush()
    session.refresh(brief, with_for_update=True)  # nobody edits it, or approves it, meanwhile
    if brief.approved_at is not None:
        return
    brief.approved_at, brief.approved_by = now(), by.id if by else None
    session.add(brief)
    session.flush()
    events.brief_approved(session, brief)
    audit.record(session, by, "brief.approved", str(brief.id), community_id=brief.community_id)
    turns.approved(session, brief)
