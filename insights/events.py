"""What webhooks can be told of briefs (heard/accounts/webhooks/events.py)."""

from heard.accounts.models import Community
from heard.accounts.webhooks.events import event, tell
from heard.kit.db import DbSession
from heard.kit.i18n import _
from heard.kit.settings import settings
from insights.models import Brief, Decision

APPROVED = event(
    "brief.approved", lambda: _("A brief was approved and goes to its first readers."),
    "brief", "audience", "since", "until", "subject", "page",
)  # fmt: skip

DRAFTED = event(
    "brief.drafted", lambda: _("A brief of the schedule was drafted, and waits to be read and approved."),
    "brief", "audience", "since", "until", "subject", "page",
)  # fmt: skip


DECIDED = event(
    "decision.recorded", lambda: _("A reader answered a brief: agreed, decided otherwise, or asked."),
    "decision", "brief", "kind", "note", "who", "due_on", "theme", "page",
)  # fmt: skip


def brief_approved(session: DbSession, brief: Brief) -> None:
    """Somebody has read it. Nobody's address is told, nor the secret one of the brief."""
    _tell(session, brief, APPROVED)


def brief_drafted(session: DbSession, brief: Brief) -> None:
    """It was written for readers with a rhythm."""
    _tell(session, brief, DRAFTED)


def _tell(session: DbSession, brief: Brief, event: str) -> None:
    community = session.get_one(Community, brief.community_id)
    data = {
        "brief": brief.id, "audience": brief.audience, "since": brief.since.isoformat(), "until": brief.until.isoformat(),
        "subject": brief.subject, "page": f"{settings().base_url}/m/{community.slug}/briefs/{brief.id}",
    }  # fmt: skip
    tell(session, brief.community_id, event, brief.id, data)


def decision_recorded(session: DbSession, brief: Brief, decision: Decision) -> None:
    """A reader answered, or answered otherwise. Nobody's address is told."""
    community = session.get_one(Community, brief.community_id)
    data = {
        "decision": decision.id, "brief": brief.id, "kind": decision.kind, "note": decision.note, "who": decision.who,
        "due_on": decision.due_on.isoformat() if decision.due_on else None, "theme": decision.theme_id,
        "page": f"{settings().base_url}/m/{community.slug}/decisions/{decision.id}",
    }  # fmt: skip
    tell(session, brief.community_id, DECIDED, f"{decision.id}:{decision.at.isoformat()}", data)
