"""Opening and closing a poll. Opening freezes its wording."""

from heard.accounts import audit
from heard.accounts.models import Account
from heard.kit import work
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import Refused
from heard.kit.i18n import _
from polls import readiness
from polls.frozen import freeze
from polls.models import Poll


class NotADraft(Refused):
    """It was published before."""

    code, status = "not_a_draft", 409

    def __init__(self, poll: Poll) -> None:
        super().__init__(
            _("“%(title)s” has been published already.") % {"title": poll.title},
            hint=_("Share its link, or close it when you have heard enough."),
        )


class NotOpen(Refused):
    """Only an open poll can be closed."""

    code, status = "not_open", 409

    def __init__(self, poll: Poll) -> None:
        super().__init__(
            _("“%(title)s” is not open.") % {"title": poll.title}, hint=_("Publish it first; then it can be closed.")
        )


class NotClosed(Refused):
    """Only a closed poll can be reopened."""

    code, status = "not_closed", 409

    def __init__(self, poll: Poll) -> None:
        super().__init__(_("“%(title)s” is not closed.") % {"title": poll.title}, hint=_("There is nothing to reopen."))


class StaysClosed(Refused):
    """An anonymous poll that was closed has shown its last ballots: results after one more vote would show that vote."""

    code, status = "stays_closed", 409

    def __init__(self, poll: Poll) -> None:
        super().__init__(
            _("“%(title)s” is anonymous, so it cannot be opened again.") % {"title": poll.title},
            hint=_("All its answers are shown; one more would show who gave it. Make a new poll to ask again."),
        )


def open_now(session: DbSession, poll: Poll, *, by: Account | None) -> None:
    """Start voting on a draft. Freezes its wording.

    Raises readiness.PollNotReady with one line per missing part; NotADraft if it was opened before.
    """
    session.refresh(poll, with_for_update=True)
    if poll.status != "draft":
        raise NotADraft(poll)
    readiness.require(freeze(session, poll))
    poll.status, poll.opened_at = "open", now()
    _moved(session, poll, "poll.opened", by)


def close_now(session: DbSession, poll: Poll, *, by: Account | None) -> None:
    """Stop voting. Raises NotOpen."""
    session.refresh(poll, with_for_update=True)
    if poll.status != "open":
        raise NotOpen(poll)
    poll.status, poll.closed_at = "closed", now()
    _moved(session, poll, "poll.closed", by)
    work.due(session, "poll_closed", poll.id, poll_id=poll.id)  # whoever listens upstairs: themes of an anonymous poll


def reopen(session: DbSession, poll: Poll, *, by: Account | None) -> None:
    """Take votes again on a closed poll, with the same words. Raises NotClosed, StaysClosed."""
    session.refresh(poll, with_for_update=True)
    if poll.status != "closed":
        raise NotClosed(poll)
    if poll.anonymous:
        raise StaysClosed(poll)
    poll.status, poll.closed_at = "open", None
    if poll.closes_at and poll.closes_at <= now():
        poll.closes_at = None
    _moved(session, poll, "poll.reopened", by)


def _moved(session: DbSession, poll: Poll, action: str, by: Account | None) -> None:
    poll.revision += 1
    session.add(poll)
    audit.record(session, by, action, poll.slug, community_id=poll.community_id)
    session.flush()
