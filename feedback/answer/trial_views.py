"""What the pages of news and trials show, read in one go: context objects for the templates of the same names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from feedback.answer.hearing import HeardTheme, PollThemes, heard_in, linked, themes_to_choose
from feedback.cards.card import Preview
from feedback.collect import pairs, queries
from feedback.collect.pairs import Shift
from feedback.collect.results_view import headline
from feedback.collect.visibility import is_public
from feedback.themes import queries as theme_queries
from heard.accounts.access import Member
from heard.accounts.models import Community
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.settings import settings
from heard.kit.zones import day_in
from polls.announce import announcing, participants, trials
from polls.announce.participants import Person, Places
from polls.frozen import FrozenPoll, frozen_poll
from polls.models import Announcement, Version


@dataclass(frozen=True)
class Step:
    """A version and its check-in. `poll` None: nothing was asked. `n`, `finding`: what may be told of it."""

    version: Version
    themes: list[HeardTheme]
    poll: FrozenPoll | None = None
    n: int = 0
    finding: str = ""
    public: bool = False  # its results
    comments: int = 0


@dataclass(frozen=True)
class Move:
    """From one asked version to the next. `both`: how many people answered both; 0 where that is not told."""

    before: int
    after: int
    both: int
    shifts: list[Shift]


@dataclass(frozen=True)
class SideBySide:
    """The means of the check-ins: a row for each question, with (mean, n) by version, None where it was not asked."""

    versions: list[int]
    rows: list[tuple[str, list[tuple[float, int] | None]]]


@dataclass
class TrialPage:
    """templates/feedback/announcement.html: news or a trial, for members."""

    member: Member
    it: Announcement
    at: str
    places: Places
    people: list[Person]  # empty for who may not see them
    steps: list[Step]
    moves: list[Move]
    table: SideBySide
    outcomes: dict[str, str]
    reach: float  # what half of the drawing of an interval stands for, the same in all of them
    values: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    hint: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass
class VersionPage:
    """templates/feedback/version.html"""

    member: Member
    it: Announcement
    version: Version
    at: str
    choices: list[PollThemes]
    chosen: set[int]
    asks_again: bool  # the trial has a check-in
    values: Mapping[str, str]
    revision: int
    ask: bool = True
    message: str = ""
    hint: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass
class PublicTrialPage:
    """templates/public/trial.html; the form's fields where it was refused."""

    it: Announcement
    places: Places
    steps: list[Step]
    over: bool  # nobody can sign up any more
    begins: date | None  # its first day, where that is still to come
    outcomes: dict[str, str]
    community_name: str
    community_slug: str
    accent: str
    preview: Preview | None = None  # none where the form was refused
    values: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    hint: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def trial_page(session: DbSession, member: Member, it: Announcement) -> TrialPage:
    """The manager's page."""
    steps = _steps(session, it, for_members=True)
    asked = [s for s in steps if s.poll is not None and s.poll.phase != "not_yet"]
    moves = [_move(session, one, other) for one, other in pairwise(asked)]
    return TrialPage(
        member, it, f"/m/{member.community.slug}/announcements/{it.slug}", participants.places_of(session, it),
        participants.people_of(session, it) if member.may("publish") else [], steps,
        moves, _table(session, asked), announcing.outcome_words(), _reach(moves),
    )  # fmt: skip


def version_page(session: DbSession, member: Member, it: Announcement, version: Version) -> VersionPage:
    """The page of one version."""
    chosen = linked(session, version)
    return VersionPage(
        member, it, version, f"/m/{member.community.slug}/announcements/{it.slug}",
        themes_to_choose(session, it, kept=chosen), chosen, trials.last_check_in(session, it) is not None,
        {"name": version.name, "heard": version.heard, "changed": version.changed}, it.revision,
    )  # fmt: skip


def public_page(session: DbSession, it: Announcement, community: Community) -> PublicTrialPage:
    """What anybody may see."""
    begins = it.starts_on if it.starts_on and it.starts_on > day_in(now(), community.zone) else None
    return PublicTrialPage(
        it, participants.places_of(session, it), _steps(session, it, for_members=False),
        it.kind == "trial" and announcing.is_over(it, community.zone), begins, announcing.outcome_words(),
        community.name, community.slug, community.accent,
    )  # fmt: skip


def ballot_link(session: DbSession, it: Announcement, token: str) -> str:
    """The participant's own link to the check-in that is open, or ""."""
    poll = trials.last_check_in(session, it)
    return f"{settings().base_url}/p/{poll.slug}?t={token}" if poll and trials.is_asked(poll) else ""


def _steps(session: DbSession, it: Announcement, *, for_members: bool) -> list[Step]:
    versions = [v for v in trials.versions_of(session, it) if v.published_at or for_members]
    themes = heard_in(session, it, versions, for_members=for_members)
    return [_step(session, v, themes.get(v.id or 0, []), for_members=for_members) for v in versions]


def _step(session: DbSession, version: Version, themes: list[HeardTheme], *, for_members: bool) -> Step:
    row = trials.check_in_of(session, version)
    if row is None:
        return Step(version, themes)
    poll = frozen_poll(session, row.slug)
    if not for_members and poll.phase == "not_yet":
        return Step(version, themes)
    public = is_public(poll)
    told = for_members or public
    results = queries.poll_results(session, poll) if told else None
    return Step(
        version, themes, poll, results.n if results else 0, headline(results) if results and results.n else "", public,
        theme_queries.read_of(session, poll.id) if for_members else 0,
    )  # fmt: skip


def _move(session: DbSession, one: Step, other: Step) -> Move:
    assert one.poll
    assert other.poll
    found = pairs.shifts(session, one.poll, other.poll)
    both = max((s.both for s in found if s.paired), default=0)
    return Move(one.version.number, other.version.number, both, found)


def _reach(moves: list[Move]) -> float:
    ends = [d.low or 0 for m in moves for s in m.shifts if (d := s.difference)]
    ends += [d.high or 0 for m in moves for s in m.shifts if (d := s.difference)]
    return max([0.5, *(abs(end) for end in ends)])


def _table(session: DbSession, asked: list[Step]) -> SideBySide:
    """Questions are told apart by their words; of an anonymous poll what may be shown."""
    found: dict[str, list[tuple[float, int] | None]] = {}
    for at, step in enumerate(asked):
        assert step.poll
        for result in queries.poll_results(session, step.poll).questions:
            question = step.poll.question(result.id)
            if question is not None and question.its_kind.has_mean and result.mean is not None:
                cells = found.setdefault(question.wording, [None] * len(asked))
                cells[at] = (result.mean, result.n)
    return SideBySide([s.version.number for s in asked], list(found.items()))
