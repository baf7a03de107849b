"""Whether who spoke was answered: themes that wait, how long answers took, what was promised and what became of it.

A theme has been said from the day of its fifth comment on: that is no one person's day. It is answered by a public answer
(an action) on it, on one above or below it or merged into it, or by a published version of a trial that names it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import NamedTuple

from sqlalchemy import and_, select
from sqlmodel import col

from feedback.models import Action, Assignment, Comment, HeardIn, Theme
from feedback.themes.shaped import followed, hidden_in
from heard.accounts.models import Community, Membership
from heard.kit.db import DbSession
from insights.measure.measures import ActionSlice, Facts, K
from insights.measure.quotable import is_quotable
from polls.models import Poll, Version

MOST = 10
NEAR = timedelta(days=31)


@dataclass(frozen=True)
class Spoken:
    """A coarse theme of a community, whenever it was said. `days`: of its comments, in order; `content`: how many praise."""

    id: int
    label: str
    poll: str
    days: Sequence[date]
    content: int

    @property
    def since(self) -> date:
        """The day of its fifth comment."""
        return self.days[K - 1]


class Reply(NamedTuple):
    """A public answer to a theme, or to one above or below it."""

    theme: int  # the coarse one
    on: date


def loop_of(session: DbSession, community: Community, since: date, until: date, before: datetime) -> Facts:
    """{open_themes, open [{theme, label, poll, count, since, days}], answered [{theme, label, poll, on, days}], replied [theme],
    loop {themes, median, longest}}.

    open: themes that ask for something and that nobody has answered by the end of the period, the longest waiting first; `days`
    to the period's end, where that lies within a month of what was said last: else nobody knows yet.
    answered: those that were answered for the first time in the period; `days` from the fifth comment to the answer.
    replied: the ids of all that were answered by its end.
    """
    spoken = _spoken(session, community, before)
    return loop_facts(spoken, _replies(session, community, before), since, until)


def loop_facts(spoken: Iterable[Spoken], replies: Iterable[Reply], since: date, until: date) -> Facts:
    """The same of what was said and answered. Pure."""
    first: dict[int, date] = {}
    for reply in sorted(replies, key=lambda r: r.on):
        first.setdefault(reply.theme, reply.on)
    there = [theme for theme in spoken if len(theme.days) >= K and is_quotable(theme.label)]
    waiting = [t for t in there if t.id not in first and 2 * t.content <= len(t.days)]
    waiting.sort(key=lambda t: (t.since, -len(t.days), t.id))
    answered: list[Facts] = [
        {"theme": t.id, "label": t.label, "poll": t.poll, "on": first[t.id].isoformat(), "days": max(0, (first[t.id] - t.since).days)}
        for t in sorted(there, key=lambda t: t.id) if t.id in first and first[t.id] >= since
    ]  # fmt: skip
    days: list[int] = [one["days"] for one in answered]
    last = max((t.days[-1] for t in there), default=date.min)
    near = until - last <= NEAR
    return {
        "open_themes": len(waiting),
        "open": [
            {
                "theme": t.id,
                "label": t.label,
                "poll": t.poll,
                "count": len(t.days),
                "since": t.since.isoformat(),
                **({"days": (until - t.since).days} if near else {}),
            }
            for t in waiting[:MOST]
        ],
        "answered": answered[:MOST],
        "replied": sorted(t.id for t in there if t.id in first),
        "loop": {"themes": len(days), "median": median(days) if days else None, "longest": max(days, default=None)},
    }


def _spoken(session: DbSession, community: Community, before: datetime) -> list[Spoken]:
    themes = _themes(session, community)
    hidden, polls = hidden_in(t for t, _slug in themes.values()), {i: slug for i, (_t, slug) in themes.items()}
    days: dict[int, list[date]] = defaultdict(list)
    content: dict[int, int] = defaultdict(int)
    rows = session.execute(
        select(col(Assignment.theme_id), col(Comment.said_at), col(Assignment.mood))
        .join(Comment, col(Comment.id) == col(Assignment.comment_id))
        .where(
            col(Assignment.poll_id).in_({t.poll_id for t, _slug in themes.values()}),
            col(Assignment.theme_id).is_not(None),
            col(Comment.said_at) < before,
        )
    )
    for theme_id, said_at, mood in rows:
        if theme_id in themes and theme_id not in hidden:
            coarse = themes[theme_id][0].parent_id or theme_id
            days[coarse].append(_day(said_at))
            content[coarse] += mood == 1
    return [
        Spoken(i, themes[i][0].label, polls[i], sorted(several), content[i])
        for i, several in days.items() if i in themes and i not in hidden
    ]  # fmt: skip


def _themes(session: DbSession, community: Community) -> dict[int, tuple[Theme, str]]:
    query = select(Theme, col(Poll.slug)).join(Poll, col(Poll.id) == col(Theme.poll_id))
    rows = session.execute(query.where(col(Poll.community_id) == community.id))
    return {theme.id or 0: (theme, slug) for theme, slug in rows}


def _replies(session: DbSession, community: Community, before: datetime) -> list[Reply]:
    """To the coarse theme that each is about now."""
    themes = {i: theme for i, (theme, _slug) in _themes(session, community).items()}
    acted = select(col(Action.theme_id), col(Action.created_at)).where(
        col(Action.theme_id).in_(list(themes)), col(Action.withdrawn_at).is_(None), col(Action.created_at) < before
    )
    changed = (
        select(col(HeardIn.theme_id), col(Version.published_at))
        .join(Version, col(Version.id) == col(HeardIn.version_id))
        .where(
            col(HeardIn.theme_id).in_(list(themes)),
            col(Version.published_at).is_not(None),
            col(Version.published_at) < before,
        )
    )
    steps = {i: t.merged_into for i, t in themes.items() if t.merged_into is not None}
    return [
        Reply(_coarse(themes, followed(steps, theme)), _day(at))
        for query in (acted, changed) for theme, at in session.execute(query)
    ]  # fmt: skip


def _coarse(themes: Mapping[int, Theme], theme: int) -> int:
    there = themes.get(theme)
    return theme if there is None or there.parent_id is None else there.parent_id


def _day(moment: datetime) -> date:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).date()


def roles_of(session: DbSession, community: Community, accounts: Iterable[int | None]) -> dict[int, str]:
    """What these accounts are in the community: a brief names a role, never a person."""
    rows = session.execute(
        select(col(Membership.account_id), col(Membership.role)).where(
            and_(
                col(Membership.community_id) == community.id,
                col(Membership.account_id).in_([a for a in accounts if a is not None]),
            )
        )
    )
    return {row[0]: row[1] for row in rows}


def promised(actions: Sequence[ActionSlice], until: date) -> Facts:
    """How many answers stand in which status, and how many of those that are not done are past their day. Pure."""
    counts = {status: sum(a.status == status for a in actions) for status in ("planned", "doing", "done", "declined")}
    return counts | {"overdue": sum(a.overdue(until) for a in actions)}
