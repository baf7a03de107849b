"""What the overview of a poll shows: its state, its times, its editions, what was corrected, and what can be done."""

from dataclasses import dataclass
from datetime import timedelta

from heard.accounts.access import Member
from heard.kit import zones
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.i18n import _
from polls.frozen import FrozenPoll
from polls.models import Poll
from polls.publish import corrections, editions
from polls.publish.corrections import CorrectionRow, Part
from polls.publish.editions import Series
from polls.write import authoring

UNDO_SECONDS = 30


@dataclass
class OverviewPage:
    """templates/polls/overview.html. `address`: the slug people will use; `undo`: it was closed a moment ago."""

    member: Member
    poll: FrozenPoll
    row: Poll
    at: str
    address: str
    series: Series
    corrections: list[CorrectionRow]
    may_edit: bool
    stays_closed: bool
    undo: bool
    opens: str
    closes: str
    zone: str


@dataclass
class CorrectionPage:
    """templates/polls/correction.html"""

    member: Member
    poll: FrozenPoll
    at: str
    parts: list[Part]
    chosen: str
    text: str
    message: str = ""
    hint: str = ""
    errors: dict[str, str] | None = None


def overview(session: DbSession, member: Member, row: Poll, poll: FrozenPoll) -> OverviewPage:
    """The page of a poll for this member."""
    zone = member.community.zone
    stays_closed = poll.anonymous or editions.has_newer(session, row)
    just_now = row.closed_at is not None and timedelta(0) <= now() - row.closed_at < timedelta(seconds=UNDO_SECONDS)
    return OverviewPage(
        member, poll, row, f"/m/{member.community.slug}/polls/{poll.slug}", editions.address_of(session, row),
        editions.series_of(session, poll.series_id, poll.edition, unseen=True),
        corrections.corrections_of(session, poll.id), authoring.may_edit(row), stays_closed,
        just_now and row.status == "closed" and not stays_closed, zones.in_words(row.opens_at, zone),
        zones.in_words(row.closes_at, zone), zone,
    )  # fmt: skip


def published_words(poll: Poll, zone: str) -> str:
    """What is said to somebody who has just published it."""
    if poll.status == "open":
        return _("The poll is open. Share it where your people are.")
    return _("The poll opens by itself: %(time)s.") % {"time": zones.in_words(poll.opens_at, zone)}
