"""The comments of a poll in a period and before it, by theme: counts, content, what is urgent, quotes. Texts leave here masked."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlmodel import col

from feedback.models import Assignment, Comment, Theme
from feedback.themes.moods import is_content
from feedback.themes.shaped import hidden_in
from feedback.themes.text import masked
from heard.kit.db import DbSession
from insights.measure.measures import K, Said, ThemeSlice
from insights.measure.quotable import is_quotable, worth_quoting
from polls.frozen import FrozenPoll

BEHIND = 500
"""Comments remembered behind one theme; the rest are counted."""
QUOTES = 4
NEAREST = 40
"""Comments of a theme from which its quotes are chosen, those nearest to its middle."""


class Days(NamedTuple):
    """Moments from `since` on and before `before`."""

    since: datetime
    before: datetime

    def has(self, moment: datetime) -> bool:
        """Whether a moment lies in these days."""
        return self.since <= moment < self.before

    def holds(self, column: object) -> ColumnElement[bool]:
        """Whether a column lies in them."""
        return and_(col(column) >= self.since, col(column) < self.before)


class Read(NamedTuple):
    """Comments in the period: all, those that are content, those that are urgent; and all and content in the one before."""

    all: int = 0
    content: int = 0
    urgent: int = 0
    all_before: int = 0
    content_before: int = 0


def themes_in(
    session: DbSession, poll: FrozenPoll, days: Days, earlier: Days | None, behind: dict[int, list[str]]
) -> tuple[Read, list[ThemeSlice], list[ThemeSlice]]:
    """How many comments were read, and the themes: coarse ones by size, then fine ones by size; last those that were told
    in the period before and are too small now."""
    themes = {t.id or 0: t for t in session.scalars(select(Theme).where(col(Theme.poll_id) == poll.id))}
    hidden = hidden_in(themes.values())
    now = _Members()
    before, ever = Counter[int](), Counter[int]()
    urgent = all_before = content_before = 0
    for row in _comments(session, poll, days):
        theme = themes.get(row.theme_id) if row.theme_id is not None and row.theme_id not in hidden else None
        several = [one for one in (theme.id, theme.parent_id) if one is not None] if theme else []
        if days.has(row.said_at):
            now.add(several, row.comment_id, row.text)
            urgent += row.urgent
            continue
        ever.update(several)
        if earlier is not None and earlier.has(row.said_at):
            before.update(several)
            all_before, content_before = all_before + 1, content_before + is_content(row.text)
    read = Read(now.n, now.glad, urgent, all_before, content_before)
    coarse_first = sorted(themes.values(), key=lambda t: (t.parent_id is not None, -len(now.of[t.id or 0]), t.id or 0))
    named = [t for t in coarse_first if t.id not in hidden and is_quotable(t.label)]
    shown = [t for t in named if len(now.of[t.id or 0]) >= K]
    gone = [t for t in named if t not in shown and t.parent_id is None and before[t.id or 0] >= K]
    chosen = {t.id or 0: _chosen(t, now) for t in shown}
    for t in shown:
        behind[t.id or 0] = [str(c) for c in dict.fromkeys([*chosen[t.id or 0], *now.of[t.id or 0]])][:BEHIND]
    return read, *(
        [_theme_slice(t, now, chosen.get(t.id or 0, []), before, ever) for t in some] for some in (shown, gone)
    )  # type: ignore[return-value]


class _Row(NamedTuple):
    """A comment that was read."""

    theme_id: int | None
    comment_id: int
    text: str
    said_at: datetime
    urgent: bool


def _comments(session: DbSession, poll: FrozenPoll, days: Days) -> Iterator[_Row]:
    """Those of a poll up to the end of these days, the nearest to their theme's middle first."""
    rows = session.execute(
        select(
            col(Assignment.theme_id), col(Comment.id), col(Comment.text), col(Comment.said_at), col(Assignment.urgent)
        )
        .join(Comment, col(Comment.id) == col(Assignment.comment_id))
        .where(col(Assignment.poll_id) == poll.id, col(Comment.said_at) < days.before)
        .order_by(col(Assignment.score).desc(), col(Comment.id))
    )
    return (_Row(*row) for row in rows)


class _Members:
    """The comments of a period by theme, coarse and fine."""

    def __init__(self) -> None:
        self.n = self.glad = 0
        self.of: dict[int, list[int]] = defaultdict(list)
        self.content: Counter[int] = Counter()
        self.texts: dict[int, tuple[str, bool]] = {}  # a comment's words, and whether it is content

    def add(self, themes: list[int], comment: int, text: str) -> None:
        """One more, of these themes."""
        glad = is_content(text)
        self.n, self.glad = self.n + 1, self.glad + glad
        for theme in themes:
            self.of[theme].append(comment)
            self.content[theme] += glad
        self.texts[comment] = text, glad


def _theme_slice(
    theme: Theme, now: _Members, chosen: list[int], before: Counter[int], ever: Counter[int]
) -> ThemeSlice:
    number = theme.id or 0
    quotes = [Said(str(c), masked(now.texts[c][0])) for c in chosen]
    return ThemeSlice(
        number,
        theme.label,
        theme.parent_id,
        len(now.of[number]),
        now.content[number],
        quotes,
        before[number],
        ever[number],
    )


def _chosen(theme: Theme, now: _Members) -> list[int]:
    """The quotes of a theme in the period: its own ones and its nearest comments, those that stand well alone first; of a theme
    that asks for something those that ask, of praise those that praise. None that speaks to whoever writes a brief."""
    members = now.of[theme.id or 0]
    there = set(members)
    own = [int(q) for q in theme.quotes if int(q) in there]
    near = [c for c in dict.fromkeys([*own, *members[:NEAREST]]) if is_quotable(now.texts[c][0])]
    praise = 2 * now.content[theme.id or 0] > len(members)
    near.sort(key=lambda c: worth_quoting(now.texts[c][0]) + 2 * (now.texts[c][1] != praise))
    return near[:QUOTES]
