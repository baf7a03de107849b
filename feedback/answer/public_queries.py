"""What anybody may see of a community: its open polls, trials, the results that are public, and what was done."""

from dataclasses import dataclass, field
from typing import NamedTuple

from feedback.answer.actions import WeDid, we_did
from feedback.collect.results_view import Finding, findings
from feedback.collect.visibility import is_public
from heard.accounts.models import Community
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import NotFound
from heard.kit.i18n import _
from heard.kit.zones import day_in
from polls.announce import announcing
from polls.announce.announcement_queries import AnnouncementRow, told_of
from polls.frozen import frozen_polls
from polls.queries import FindablePoll, findable_polls

MOST = 50  # of what is open or goes on
ENDED, TOLD, DID = 10, 5, 5  # of what is past, on one page


class Ended(NamedTuple):
    """A poll that closed. `finding` None: its results are not for everybody."""

    poll: FindablePoll
    finding: Finding | None


class Trial(NamedTuple):
    """A trial that goes on. `over`: nobody can sign up any more; `left`: free places, None for as many as like."""

    row: AnnouncementRow
    over: bool
    left: int | None


@dataclass(frozen=True)
class CommunityPage:
    """templates/public/community.html. The first page has what is open and goes on; the past is there on every one."""

    community: Community
    ended: list[Ended]
    told: list[AnnouncementRow]  # news, and trials with their outcome
    did: list[WeDid]
    number: int  # of the page
    older: bool  # whether there is one more
    outcomes: dict[str, str]
    accent: str  # for base_public.html
    open: list[FindablePoll] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)

    @property
    def findable(self) -> bool:
        """Whether search engines may name it: the first page, once there is anything on it."""
        return self.number == 1 and any((self.open, self.trials, self.ended, self.told, self.did))


def community_page(session: DbSession, community: Community, number: int = 1) -> CommunityPage:
    """The public page of a community: listed polls only, drafts never. Raises NotFound for a page with nothing on it.

    About a dozen statements, however much there is.
    """
    home, before = community.id or 0, number - 1
    ended = ended_polls(session, home, limit=ENDED + 1, offset=before * ENDED)
    told = told_of(session, home, going_on=False, limit=TOLD + 1, offset=before * TOLD)
    did = we_did(session, home, limit=DID + 1, offset=before * DID)
    if number > 1 and not (did or told or ended):
        raise NotFound(_("There is nothing older."))
    first = number == 1
    return CommunityPage(
        community, ended[:ENDED], told[:TOLD], did[:DID], number,
        len(ended) > ENDED or len(told) > TOLD or len(did) > DID,
        announcing.outcome_words(), community.accent,
        open=findable_polls(session, home, phase="open", limit=MOST) if first else [],
        trials=_trials(session, community) if first else [],
    )  # fmt: skip


def ended_polls(session: DbSession, community_id: int, *, limit: int, offset: int = 0) -> list[Ended]:
    """The listed polls that closed, the last first, with what came out where anybody may see it."""
    rows = findable_polls(session, community_id, phase="closed", limit=limit, offset=offset)
    public = frozen_polls(session, [row.id for row in rows if is_public(row)])
    found = findings(session, public.values())
    return [Ended(row, found.get(row.id)) for row in rows]


def _trials(session: DbSession, community: Community) -> list[Trial]:
    """Those that somebody can still sign up for come first."""
    today = day_in(now(), community.zone)
    found = [
        Trial(
            row, row.ends_on is not None and today > row.ends_on,
            None if row.places is None else max(0, row.places - row.joined),
        )
        for row in told_of(session, community.id or 0, going_on=True, limit=MOST)
    ]  # fmt: skip
    return sorted(found, key=lambda trial: trial.over)
