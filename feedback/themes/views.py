"""What the themes pages show, read in one go: context objects for the templates of the same names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from feedback.answer.actions import ActionRow, actions_of_themes, status_words
from feedback.answer.durations import ago
from feedback.models import Theme, ThemeRun
from feedback.themes import answers_of, map_view, records, refits
from feedback.themes import queries as theme_queries
from feedback.themes.answers_of import Key, Part, Wanted
from feedback.themes.changes import EditRow, edits_of
from feedback.themes.edits import LONGEST_LABEL
from feedback.themes.feelings import Moods, moods_of
from feedback.themes.map_view import ThemeMap
from feedback.themes.model_names import reworded
from feedback.themes.queries import HeardPoll, ThemeRow
from feedback.themes.reading_views import ReadingNow, reading_now
from feedback.themes.records import Line
from feedback.themes.shaped import followed, gathered, is_hidden, leads
from heard.accounts.access import Member
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import BadInput
from heard.kit.i18n import _, ngettext, number
from polls.models import Poll

WORTH_A_REFIT = 1.3
"""Growth since the themes were found, from which on new ones may be missed."""
SHOWN = 10
"""Changes that the page of themes lists."""


@dataclass
class ThemeIndexPage:
    """templates/feedback/themes_index.html"""

    member: Member
    polls: list[HeardPoll]


@dataclass
class Branch:
    """A coarse theme and its fine ones."""

    theme: ThemeRow
    parts: list[ThemeRow]
    answered: bool


class Change(NamedTuple):
    """What somebody changed, and how long ago."""

    edit: EditRow
    ago: str


@dataclass
class ThemesPage:
    """templates/feedback/themes.html. `n`: comments read; `alone`: of them, in no theme; `largest`: a share, for the bars;
    `map`: where that view was asked for."""

    member: Member
    poll: Poll
    at: str
    finding: str
    branches: list[Branch]
    n: int
    alone: int
    unread: int
    fewest: int
    run: ThemeRun | None
    read_ago: str
    by_words: bool
    due: bool
    grown: bool
    largest: float
    edits: list[Change]
    map: ThemeMap | None = None
    reading: ReadingNow | None = None
    refit: bool = False  # a proposal is there
    reworded: str = ""  # what went to a language model for the names
    longest: int = LONGEST_LABEL


@dataclass
class ThemePage:
    """templates/feedback/theme.html. `part`: of what was said; `q`: words that were looked for; `sample`: the number of a
    sample, or None; `others`: where comments can go; `last`: the newest change of the poll's themes;
    `typed`, `ticked`: what was sent and refused, `errors` by field."""

    member: Member
    poll: Poll
    theme: Theme
    at: str
    count: int
    n: int
    part: Part
    q: str
    sample: int | None
    parent: ThemeRow | None
    parts: list[ThemeRow]
    actions: list[ActionRow]
    statuses: list[tuple[str, str]]
    summary: str
    moods: Moods | None
    others: list[Branch]
    hidden: bool
    last: Change | None
    ticked: frozenset[int] = frozenset()
    typed: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    hint: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    longest: int = LONGEST_LABEL
    record: list[Line] = field(default_factory=list)  # what was decided about it


def themes_page(session: DbSession, member: Member, poll: Poll, *, with_map: bool = False) -> ThemesPage:
    """The themes of a poll, coarse ones with their fine ones below; or their map."""
    poll_id = poll.id or 0
    held = theme_queries.held_back(session, poll)
    rows = [] if held else theme_queries.themes_of(session, poll_id, hidden=member.may("edit_themes"))
    n = 0 if held else theme_queries.read_of(session, poll_id)
    run, full = theme_queries.run_of(session, poll_id), theme_queries.run_of(session, poll_id, kind="full")
    led = leads(session, poll_id)
    answers = actions_of_themes(session, {*[r.id for r in rows], *led})
    answered = {followed(led, a.theme_id) for a in answers}
    coarse = [r for r in rows if r.parent is None]
    branches = [
        Branch(r, parts, r.id in answered or all(p.id in answered for p in parts))
        for r in coarse
        for parts in [[p for p in rows if p.parent == r.id]]
    ]
    return ThemesPage(
        member, poll, f"/m/{member.community.slug}/polls/{poll.slug}/themes", _finding([r for r in coarse if not r.hidden], n),
        branches, n, alone=0 if held else n - theme_queries.themed(session, poll_id),
        unread=0 if held else theme_queries.unread_of(session, poll),
        fewest=theme_queries.K if poll.anonymous else theme_queries.FEWEST, run=run,
        read_ago=ago(now() - run.finished_at) if run else "", by_words=bool(run and run.engine == "words"),
        due=theme_queries.run_is_due(session, poll_id), grown=bool(full and n >= WORTH_A_REFIT * full.comments),
        largest=max((r.share for r in coarse), default=1) or 1,
        edits=[] if held or not member.may("edit_themes") else changes(session, poll, SHOWN),
        map=_map(session, member, poll, rows) if with_map else None,
        reading=reading_now(session, poll), refit=not held and refits.is_there(session, poll_id),
        reworded=reworded(session, poll_id),
    )  # fmt: skip


def _map(session: DbSession, member: Member, poll: Poll, rows: list[ThemeRow]) -> ThemeMap | None:
    return map_view.map_of(rows, theme_queries.spots_of(session, poll.id or 0), f"/m/{member.community.slug}/themes/")


def changes(session: DbSession, poll: Poll, limit: int) -> list[Change]:
    """The newest changes of a poll's themes."""
    return [Change(row, ago(now() - row.at)) for row in edits_of(session, poll, limit=limit)]


def _finding(coarse: list[ThemeRow], n: int) -> str:
    """The page's title says what was found."""
    if not coarse:
        return _("No themes yet")
    tied = sum(theme.count == coarse[0].count for theme in coarse)
    figures = {"label": coarse[0].label, "count": number(coarse[0].count), "n": number(n), "tied": number(tied)}
    if tied > 2:
        return _("%(tied)s themes share the lead, %(count)s of %(n)s comments each") % figures
    if tied == 2:
        figures["other"] = coarse[1].label
        return _("“%(label)s” and “%(other)s” lead, %(count)s of %(n)s comments each") % figures
    return (
        ngettext("“%(label)s” leads, %(count)s of %(n)s comment", "“%(label)s” leads, %(count)s of %(n)s comments", n)
        % figures
    )


def theme_page(
    session: DbSession, member: Member, poll: Poll, theme: Theme, *, after: Key | None = None, q: str = "", sample: int | None = None,
    typed: Mapping[str, str] | None = None, ticked: Iterable[int] = (), refused: BadInput | None = None,
) -> ThemePage:  # fmt: skip
    """One theme with what was said (all, or what holds the words q, or a sample), and what was done about it."""
    held, edits = theme_queries.held_back(session, poll), member.may("edit_themes")
    rows = [] if held else theme_queries.themes_of(session, poll.id or 0, hidden=edits)
    count = next((r.count for r in rows if r.id == theme.id), 0)
    return ThemePage(
        member, poll, theme, f"/m/{member.community.slug}/themes/{theme.id}", count,
        n=theme_queries.read_of(session, poll.id or 0),
        part=_part(session, theme, after, q, sample) if count else Part([], 0, 0, 0), q=q, sample=sample,
        parent=next((r for r in rows if r.id == theme.parent_id), None),
        parts=[r for r in rows if r.parent == theme.id],
        actions=actions_of_themes(
            session, gathered(session, theme.poll_id, [i for i in (theme.id, theme.parent_id) if i]), owners=True
        ),
        statuses=list(status_words().items()), others=others_than(rows, theme) if edits else [],
        summary=theme_queries.summary_of(session, theme) if count else "",
        moods=moods_of(session, poll.id or 0).get(theme.id or 0) if count else None,
        hidden=is_hidden(session, theme), last=next(iter(changes(session, poll, 1)), None) if edits and not held else None,
        ticked=frozenset(ticked), typed=typed or {}, message=refused.message if refused else "", hint=refused.hint if refused else "",
        errors=refused.fields if refused else {}, record=records.lines_of(session, theme.id or 0),
    )  # fmt: skip


def _part(session: DbSession, theme: Theme, after: Key | None, q: str, sample: int | None) -> Part:
    lines = answers_of.lines_of(session, theme.poll_id, Wanted(theme, words=q))
    if sample is not None:
        return answers_of.sample_of(session, lines, sample)
    return answers_of.page_of(session, lines, after, quotes=0 if q else len(theme.quotes))


def others_than(rows: list[ThemeRow], theme: Theme | None) -> list[Branch]:
    """Where comments can go: every other theme, fine ones below the coarse one that holds several."""
    but = theme.id if theme else None
    coarse = [r for r in rows if r.parent is None]
    return [
        Branch(r, [p for p in parts if p.id != but] if len(parts) > 1 else [], answered=False)
        for r in coarse
        for parts in [[p for p in rows if p.parent == r.id]]
        if len(parts) > 1 or (but not in (r.id, *[p.id for p in parts]))
    ]
