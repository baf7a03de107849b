"""Putting polls away that nobody needs to see in lists any more, and bringing them back. Their links keep working.

A closed poll becomes `archived`. A draft stays a draft, with `archived_at`: it was never published, and what is unseen
of a draft must stay unseen. Publishing a draft that was put away brings it back.
"""

from heard.accounts import audit
from heard.accounts.models import Account
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import Refused
from heard.kit.i18n import _
from polls.models import Poll


class StillRunning(Refused):
    """A poll that takes votes, or will, is not put away."""

    code, status = "still_running", 409

    def __init__(self, poll: Poll) -> None:
        super().__init__(
            _("“%(title)s” is open or about to open, so it cannot be put away.") % {"title": poll.title},
            hint=_("Close it first, or take its opening time away."),
        )


def put_away(session: DbSession, poll: Poll, *, by: Account | None) -> None:
    """Take a draft or a closed poll out of the lists. Done twice, it stays away. Raises StillRunning."""
    session.refresh(poll, with_for_update=True)
    if poll.status not in ("draft", "closed", "archived"):
        raise StillRunning(poll)
    if poll.archived_at:
        return
    poll.status, poll.archived_at = "draft" if poll.status == "draft" else "archived", now()
    _record(session, poll, "poll.put_away", by)


def bring_back(session: DbSession, poll: Poll, *, by: Account | None) -> None:
    """Put it back into the lists: a draft as a draft, any other as a closed poll."""
    session.refresh(poll, with_for_update=True)
    if not poll.archived_at:
        return
    poll.status, poll.archived_at = "draft" if poll.status == "draft" else "closed", None
    _record(session, poll, "poll.brought_back", by)


def _record(session: DbSession, poll: Poll, action: str, by: Account | None) -> None:
    poll.revision += 1
    session.add(poll)
    audit.record(session, by, action, poll.slug, community_id=poll.community_id)
    session.flush()
