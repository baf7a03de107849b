"""What webhooks can be told of answers, themes and what was done (heard/accounts/webhooks/events.py)."""

import polls.events  # noqa: F401  (first: events are listed in the order in which they are made known)
from feedback.models import Action, Theme, ThemeRun
from heard.accounts.models import Community
from heard.accounts.webhooks.events import event, tell
from heard.kit.db import DbSession
from heard.kit.i18n import _
from heard.kit.settings import settings
from polls.models import Poll

_RESPONSE = ("poll", "submission_id", "mark", "submitted_at", "language", "answers")
RECORDED = event("response.recorded", lambda: _("Somebody has answered a poll that is not anonymous."), *_RESPONSE)
CHANGED = event("response.changed", lambda: _("Somebody has changed their answers."), *_RESPONSE)
WITHDRAWN = event(
    "response.withdrawn", lambda: _("Somebody has taken their answers back."), "poll", "submission_id", "mark"
)
MOVED = event("results.moved", lambda: _("An anonymous poll shows five more answers, or its last ones."), "poll", "n")
SUGGESTED = event(
    "statement.suggested", lambda: _("Somebody has added a statement, which waits for you."),
    "poll", "question", "statement_id", "text",
)  # fmt: skip
REFRESHED = event(
    "themes.refreshed", lambda: _("New comments were read into a poll's themes."), "poll", "run", "comments"
)
_ACTION = ("poll", "theme", "title", "public_note", "status", "url")
PUBLISHED = event("action.published", lambda: _("An answer to a theme was published."), *_ACTION)
TAKEN_BACK = event("action.withdrawn", lambda: _("An answer to a theme was taken back."), *_ACTION)


def themes_refreshed(session: DbSession, run: ThemeRun) -> None:
    """A run was written."""
    poll = session.get_one(Poll, run.poll_id)
    data = {"poll": poll.slug, "run": run.number, "comments": run.comments}
    tell(session, poll.community_id, REFRESHED, f"{run.poll_id}:{run.number}", data)


def action_moved(session: DbSession, name: str, action: Action, path: str) -> None:
    """An answer was published or taken back; `path` of its public page."""
    poll = session.get_one(Poll, action.poll_id)
    data = {
        "poll": poll.slug, "theme": session.get_one(Theme, action.theme_id).label, "title": action.title,
        "public_note": action.public_note, "status": action.status, "url": f"{settings().base_url}{path}",
    }  # fmt: skip
    tell(session, poll.community_id, name, action.id, data)


def home_of(session: DbSession, action: Action) -> Community:
    """The community of an answer."""
    return session.get_one(Community, session.get_one(Poll, action.poll_id).community_id)
