"""What webhooks can be told of polls (heard/accounts/webhooks/events.py)."""

from heard.accounts.webhooks.events import event, tell
from heard.kit.db import DbSession
from heard.kit.i18n import _
from heard.kit.settings import settings
from polls.models import Poll

_POLL = ("poll", "edition", "title", "url", "anonymous")
OPENED = event("poll.opened", lambda: _("A poll takes answers: it was opened, or opened again."), *_POLL)
CLOSED = event("poll.closed", lambda: _("A poll takes no more answers."), *_POLL)
_OF_DEEDS = {"poll.opened": OPENED, "poll.reopened": OPENED, "poll.closed": CLOSED}


def poll_moved(session: DbSession, poll: Poll, deed: str) -> None:
    """A poll has come into another state of its life; `deed` as in the log. Its revision has moved with it."""
    if name := _OF_DEEDS.get(deed):
        data = {
            "poll": poll.slug, "edition": poll.edition, "title": poll.title, "url": f"{settings().base_url}/p/{poll.slug}",
            "anonymous": poll.anonymous,
        }  # fmt: skip
        tell(session, poll.community_id, name, f"{poll.id}:{poll.revision}", data)
