"""Opinion groups as members of the public read them: what all share first, then what divides, then who stands where."""

from dataclasses import dataclass

from feedback.collect.results_view import recruited
from feedback.groups.views import FEWEST, Reading, finding_of, readings_of
from heard.kit.db import DbSession
from polls.frozen import FrozenPoll
from polls.models import Poll


@dataclass
class PublicGroupsPage:
    """What templates/feedback/public_groups.html shows."""

    poll: FrozenPoll
    finding: str
    readings: list[Reading]
    recruited: str  # how people came to answer
    fewest: int
    results: str  # the address of the results that it belongs to
    community_name: str
    community_slug: str
    accent: str
    styles: tuple[str, ...] = ("stances.css", "groups.css")


def public_groups(session: DbSession, poll: FrozenPoll, results: str) -> PublicGroupsPage:
    """The groups of every question with statements, in the language of the poll. Visibility is the caller's question."""
    found = readings_of(session, session.get_one(Poll, poll.id), poll)
    return PublicGroupsPage(
        poll, finding_of(found), found, recruited(poll), FEWEST, results, poll.community_name,
        poll.community if poll.listed else "", poll.accent,
    )  # fmt: skip
