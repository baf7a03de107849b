"""When a poll opens and closes by itself: its next moment, as a row of work for later.

The row only says "look at this poll then". Who looks (polls/jobs.py) reads the poll as it is by then, so a schedule that
was changed meanwhile is neither missed nor kept too early: the job comes back when it is not time yet.
"""

from datetime import datetime, timedelta

from heard.accounts.models import Community
from heard.kit import work, zones
from heard.kit.clock import now
from heard.kit.db import DbSession
from polls.models import Poll

JUST_AFTER = timedelta(seconds=1)  # the closing moment itself still counts (polls.frozen.phase_of)


def plan(session: DbSession, poll: Poll) -> None:
    """Have somebody look at the poll at its next moment, if it has one. Call it after every change of the schedule.

    A number of days becomes a closing time when the poll is open. A scheduled poll that lost its opening time is a draft
    again. Flushes.
    """
    if poll.status == "scheduled" and poll.opens_at is None:
        poll.status = "draft"
    if poll.status == "open" and poll.closes_in_days and poll.opened_at:
        poll.closes_at = zones.days_later(poll.opened_at, poll.closes_in_days, zone_of(session, poll))
    session.add(poll)
    session.flush()
    if at := next_moment(poll):
        work.due(session, "poll_schedule", poll.id, wait=max(timedelta(0), at - now()), poll_id=poll.id)


def next_moment(poll: Poll) -> datetime | None:
    """When something happens to the poll by itself, or None."""
    if poll.status == "scheduled":
        return poll.opens_at
    return poll.closes_at + JUST_AFTER if poll.status == "open" and poll.closes_at else None


def zone_of(session: DbSession, poll: Poll) -> str:
    """The time zone its times are shown and typed in: the community's."""
    return session.get_one(Community, poll.community_id).zone
