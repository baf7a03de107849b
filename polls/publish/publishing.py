"""A poll's life: draft → scheduled → open → closed. Opening a new edition closes the old one and takes its address.

What the clock does (`keep_schedule`, called by the worker) goes through the same verbs as what a person does. Putting a
poll away is in polls/publish/archive.py. Words are frozen by the first vote, not here.
"""

from datetime import datetime

from sqlmodel import col, select

from heard.accounts import audit
from heard.accounts.models import Account, Community
from heard.kit import work, zones
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _
from polls import events
from polls.frozen import freeze
from polls.models import Poll
from polls.publish import editions, links, scheduling
from polls.publish.links import Target
from polls.write import readiness


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
    """A poll that is not opened again: an anonymous one has shown its last ballots, an older edition has a successor."""

    code, status = "stays_closed", 409

    def __init__(self, poll: Poll) -> None:
        if poll.anonymous:
            words = _("“%(title)s” is anonymous, so it cannot be opened again.")
            hint = _("All its answers are shown; one more would show who gave it. Make a new poll to ask again.")
        else:
            words = _("“%(title)s” has a newer edition, so this one stays closed.")
            hint = _("Its link leads to the newer edition. Make one more edition to ask these words again.")
        super().__init__(words % {"title": poll.title}, hint=hint)


def publish(session: DbSession, poll: Poll, *, by: Account | None) -> None:
    """Start voting on a draft, or have it start by itself when its opening time is still to come.

    Raises readiness.PollNotReady with one line per missing part; NotADraft if it was opened before.
    """
    poll = _locked(session, poll)
    if poll.opens_at is None or poll.opens_at <= now():
        return _open(session, poll, now(), by)
    _make_ready(session, poll, poll.opens_at)
    poll.status, poll.archived_at = "scheduled", None
    _moved(session, poll, "poll.scheduled", by)


def open_now(session: DbSession, poll: Poll, *, by: Account | None) -> None:
    """Start voting on a draft or a scheduled poll, whatever its opening time. Raises as `publish` does."""
    poll = _locked(session, poll)
    if poll.opens_at and poll.opens_at > now():
        poll.opens_at = None
    _open(session, poll, now(), by)


def close_now(session: DbSession, poll: Poll, *, by: Account | None) -> None:
    """Stop voting. Raises NotOpen."""
    session.refresh(poll, with_for_update=True)
    _close(session, poll, now(), by)


def reopen(session: DbSession, poll: Poll, *, by: Account | None) -> None:
    """Take votes again on a closed poll, with the same words. Raises NotClosed, StaysClosed."""
    session.refresh(poll, with_for_update=True)
    if poll.status != "closed":
        raise NotClosed(poll)
    if poll.anonymous or editions.has_newer(session, poll):
        raise StaysClosed(poll)
    poll.status, poll.closed_at = "open", None
    if poll.closes_at and poll.closes_at <= now():
        poll.closes_at = poll.closes_in_days = None
    _moved(session, poll, "poll.reopened", by)


def reschedule(
    session: DbSession, poll: Poll, *, opens_at: datetime | None, closes_at: datetime | None,
    closes_in_days: int | None = None, by: Account | None,
) -> None:  # fmt: skip
    """Change when a scheduled poll opens and closes, or when an open one closes; None: never by itself.

    A scheduled poll without an opening time is a draft again. Of an open poll, `opens_at` is not looked at. Raises
    BadInput for a time that has passed or a closing before the opening, NotOpen for drafts and closed polls.
    """
    session.refresh(poll, with_for_update=True)
    if poll.status not in ("scheduled", "open"):
        raise NotOpen(poll)
    waits = poll.status == "scheduled"
    if waits and opens_at and opens_at <= now():
        words = _("This time has passed. Choose a later one, or open the poll now.")
        raise BadInput(words, fields={"opens_at": words})
    if closes_at and closes_at <= now():
        words = _("This time has passed. Choose a later one, or close the poll now.")
        raise BadInput(words, fields={"closes_at": words})
    if waits and opens_at and closes_at and closes_at <= opens_at:
        words = _("The poll would close before it opens. Choose a closing time after the opening.")
        raise BadInput(words, fields={"closes_at": words})
    poll.opens_at = opens_at if waits else poll.opens_at
    poll.closes_at, poll.closes_in_days = closes_at, None if closes_at else closes_in_days
    _moved(session, poll, "poll.rescheduled", by)


def keep_schedule(session: DbSession, poll: Poll) -> None:
    """Open or close a poll whose time has come, late if need be, and plan its next moment. Changes nothing too early.

    The poll is said to have opened and closed at the times it was meant to: votes were taken from and until then.
    """
    poll = _locked(session, poll)
    if poll.status == "scheduled" and poll.opens_at and poll.opens_at <= now():
        _open(session, poll, poll.opens_at, None)
    if poll.status == "open" and poll.closes_at and poll.closes_at < now():
        _close(session, poll, poll.closes_at, None)
    scheduling.plan(session, poll)


def _open(session: DbSession, poll: Poll, at: datetime, by: Account | None) -> None:
    _make_ready(session, poll, at)
    for older in editions.still_open(session, poll):
        _close(session, older, now(), by)
    editions.take_address(session, poll)
    poll.status, poll.opened_at, poll.archived_at = "open", at, None
    _moved(session, poll, "poll.opened", by)


def _make_ready(session: DbSession, poll: Poll, opening: datetime) -> None:
    """Raises unless it can open; then it has a link for each place."""
    if poll.status not in ("draft", "scheduled"):
        raise NotADraft(poll)
    frozen = freeze(session, poll)
    gaps = readiness.gaps(frozen)
    late = poll.closes_at and not poll.closes_in_days and poll.closes_at <= max(opening, now())
    if late and poll.status == "draft":  # a scheduled one that comes too late opens and closes as it was meant to
        zone = scheduling.zone_of(session, poll)
        words = _("It would be closed from the start: its closing time, %(time)s, has passed. Choose a later one.")
        gaps = [*gaps, words % {"time": zones.in_words(poll.closes_at, zone)}]
    if gaps:
        raise readiness.PollNotReady(frozen, gaps)
    links.make_links(session, session.get_one(Community, poll.community_id), Target(poll))


def _close(session: DbSession, poll: Poll, at: datetime, by: Account | None) -> None:
    if poll.status != "open":
        raise NotOpen(poll)
    poll.status, poll.closed_at = "closed", at
    _moved(session, poll, "poll.closed", by)
    work.due(session, "poll_closed", poll.id, poll_id=poll.id)  # whoever listens upstairs: themes of an anonymous poll


def _locked(session: DbSession, poll: Poll) -> Poll:
    """The poll with all editions of its series, ours until the commit: always in the order of ids, as votes lock them."""
    series = select(Poll).where(Poll.series_id == poll.series_id).order_by(col(Poll.id)).with_for_update()
    session.exec(series.execution_options(populate_existing=True)).all()
    return poll


def _moved(session: DbSession, poll: Poll, action: str, by: Account | None) -> None:
    poll.revision += 1
    scheduling.plan(session, poll)
    audit.record(session, by, action, poll.slug, community_id=poll.community_id)
    events.poll_moved(session, poll, action)
    session.flush()
