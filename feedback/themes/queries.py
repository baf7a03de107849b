"""What readers see of a poll's themes. Texts leave here masked: e-mail addresses, links, handles and telephones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ScalarSelect, Select, case, func, or_, select
from sqlmodel import col

from feedback.models import Assignment, Comment, Response, Theme, ThemeRun
from feedback.themes.shaped import gathered, hidden_in
from feedback.themes.text import masked
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.paging import behind
from heard.kit.work import WorkDue
from polls.models import Poll

FEWEST = 3
"""Comments a poll needs before themes are looked for."""
K = 5
"""Anonymous polls show nothing of their comments before so many responses (k-anonymity)."""


class Quote(NamedTuple):
    """A comment in a person's own words, masked."""

    comment_id: int
    text: str


@dataclass(frozen=True)
class ThemeRow:
    """A theme with its figures. `share` in 0..1 of the comments that were read; a coarse theme has no parent."""

    id: int
    label: str
    count: int
    share: float
    parent: int | None
    quotes: list[Quote]
    keywords: list[str]
    emerged: bool
    named_by: str
    born_at: datetime
    pinned: bool = False
    hidden: bool = False


def themes_of(session: DbSession, poll_id: int, *, hidden: bool = False) -> list[ThemeRow]:
    """Coarse themes, largest first, then fine themes, largest first. A coarse count is the sum of its fine ones.

    Themes without comments are left out, and those that a person hid, unless `hidden`: a coarse count is without its
    hidden parts, but where it is hidden itself. Four statements, whatever the number of themes; counts seek
    ix_assignments_theme.
    """
    fine = _counts(session, poll_id)
    themes = list(session.scalars(select(Theme).where(col(Theme.poll_id) == poll_id)))
    counts = {t.id: fine.get(t.id or 0, 0) for t in themes}
    unseen, marked = hidden_in(themes), {t.id for t in themes if t.hidden}
    above = {t.parent_id for t in themes if counts[t.id]} if hidden else set()
    for theme in themes:
        if theme.parent_id is not None and (theme.id not in marked or theme.parent_id in marked):
            counts[theme.parent_id] += counts[theme.id]
    shown = [t for t in themes if (counts[t.id] or t.id in above) and (hidden or t.id not in unseen)]
    shown.sort(key=lambda t: (t.parent_id is not None, -counts[t.id], t.id))
    said = _quotes(session, poll_id, [q for t in shown for q in t.quotes])
    read = read_of(session, poll_id) or 1
    return [
        ThemeRow(
            id=t.id or 0, label=t.label, count=counts[t.id], share=counts[t.id] / read, parent=t.parent_id,
            quotes=[said[int(q)] for q in t.quotes if int(q) in said], keywords=list(t.keywords),
            emerged=t.emerged, named_by=t.named_by, born_at=t.born_at, pinned=t.pinned, hidden=t.id in unseen,
        )
        for t in shown
    ]  # fmt: skip


def _counts(session: DbSession, poll_id: int) -> dict[int, int]:
    fine = select(col(Theme.id)).where(col(Theme.poll_id) == poll_id)
    rows = session.execute(
        select(col(Assignment.theme_id), func.count())
        .where(col(Assignment.theme_id).in_(fine))
        .group_by(col(Assignment.theme_id))
    )
    return {theme: n for theme, n in rows if theme is not None}


def _quotes(session: DbSession, poll_id: int, ids: Sequence[str]) -> dict[int, Quote]:
    wanted = [int(i) for i in ids]
    found: dict[int, Quote] = {}
    for start in range(0, len(wanted), 500):
        rows = session.execute(
            select(col(Comment.id), col(Comment.text)).where(
                col(Comment.id).in_(wanted[start : start + 500]), col(Comment.poll_id) == poll_id
            )
        )
        found |= {comment: Quote(comment, masked(text)) for comment, text in rows}
    return found


def read_of(session: DbSession, poll_id: int) -> int:
    """How many comments have been read: the base of every share. Some of them stand alone."""
    return session.scalar(select(func.count()).where(col(Assignment.poll_id) == poll_id)) or 0


def themed(session: DbSession, poll_id: int) -> int:
    """How many comments have a theme."""
    return session.scalar(select(func.count(col(Assignment.theme_id))).where(col(Assignment.poll_id) == poll_id)) or 0


def waits_for_steps(poll: Poll) -> bool:
    """Whether comments are read in steps of k only: an anonymous poll while it takes votes (trust.md, R2)."""
    ended = poll.status in ("closed", "archived") or (poll.closes_at is not None and now() > poll.closes_at)
    return poll.anonymous and not ended


def unread_of(session: DbSession, poll: Poll) -> int:
    """Comments that no run has read yet; of an open anonymous poll, none is told of before its step is full."""
    query = (
        select(func.count())
        .select_from(Comment)
        .join(Assignment, col(Assignment.comment_id) == col(Comment.id), isouter=True)
        .where(col(Comment.poll_id) == poll.id, col(Assignment.comment_id).is_(None))
    )
    if waits_for_steps(poll):
        query = query.join(Response, col(Response.id) == col(Comment.response_id)).where(
            col(Response.released).is_(True)
        )
    return session.scalar(query) or 0


def run_of(session: DbSession, poll_id: int, *, kind: str = "") -> ThemeRun | None:
    """The last run over a poll's comments (of this kind), or None."""
    query = select(ThemeRun).where(col(ThemeRun.poll_id) == poll_id).order_by(col(ThemeRun.id).desc()).limit(1)
    return session.scalars(query.where(col(ThemeRun.kind) == kind) if kind else query).first()


def run_is_due(session: DbSession, poll_id: int) -> bool:
    """Whether somebody asked for a reading that the worker has not taken up yet."""
    keys = (f"{poll_id}:now", f"{poll_id}:full")
    return (
        session.scalars(
            select(col(WorkDue.id)).where(col(WorkDue.kind) == "themes", col(WorkDue.key).in_(keys))
        ).first()
        is not None
    )


def held_back(session: DbSession, poll: Poll) -> bool:
    """Whether an anonymous poll has too few responses to show anything of its comments."""
    if not poll.anonymous:
        return False
    some = (
        select(col(Response.id)).where(col(Response.poll_id) == poll.id, col(Response.withdrawn_at).is_(None)).limit(K)
    )
    return len(session.scalars(some).all()) < K


def themes_spoken_to(session: DbSession, response_id: int) -> list[int]:
    """The themes, fine and coarse, that the comments of a response belong to now, and those that were merged into them."""
    rows = session.execute(
        select(col(Theme.id), col(Theme.parent_id), col(Theme.poll_id))
        .join(Assignment, col(Assignment.theme_id) == col(Theme.id))
        .join(Comment, col(Comment.id) == col(Assignment.comment_id))
        .where(col(Comment.response_id) == response_id)
    ).all()
    found = {theme for row in rows for theme in row[:2] if theme is not None}
    return sorted(gathered(session, rows[0].poll_id, found)) if rows else []


def said_behind(
    session: DbSession, theme: Theme, after: tuple[int, float, int] | None, *, limit: int
) -> list[tuple[tuple[int, float, int], Quote]]:
    """The comments of a theme (coarse: of all its fine ones) behind a key, each with its own: its quotes first, then the
    closest ones."""
    query = _said(theme)
    if after is not None:
        query = query.where(behind(list(query.selected_columns)[:3], after))
    rows = session.execute(query.limit(limit))
    return [((place, far, comment), Quote(comment, masked(text))) for place, far, comment, text in rows]


def _said(theme: Theme) -> Select[Any]:
    first = [int(q) for q in theme.quotes] or [0]
    place = case({q: at for at, q in enumerate(first)}, value=col(Comment.id), else_=len(first))
    key = (place, -col(Assignment.score), col(Comment.id))
    return (
        select(*key, col(Comment.text))
        .join(Assignment, col(Assignment.comment_id) == col(Comment.id))
        .where(col(Assignment.theme_id).in_(counted_in(theme)))
        .order_by(*key)
    )


def spots_of(session: DbSession, poll_id: int) -> dict[int, tuple[float, float]]:
    """{a theme that has a place on the map: where}."""
    rows = session.execute(
        select(col(Theme.id), col(Theme.x), col(Theme.y)).where(
            col(Theme.poll_id) == poll_id, col(Theme.x).is_not(None), col(Theme.y).is_not(None)
        )
    )
    return {theme: (x, y) for theme, x, y in rows}


def counts_of(session: DbSession, themes: Iterable[Theme]) -> dict[int, int]:
    """How many comments each of these themes has, coarse or fine, by its id: one statement for all."""
    found = dict.fromkeys([theme.id or 0 for theme in themes], 0)
    if not found:
        return found
    rows = session.execute(
        select(col(Theme.id), col(Theme.parent_id), col(Theme.hidden), func.count())
        .join(Assignment, col(Assignment.theme_id) == col(Theme.id))
        .where(or_(col(Theme.id).in_(found), col(Theme.parent_id).in_(found)))
        .group_by(col(Theme.id), col(Theme.parent_id), col(Theme.hidden))
    )
    for fine, coarse, hid, n in rows:
        for theme in ({fine} if hid else {fine, coarse}) & found.keys():
            found[theme] += n
    return found


def first_quotes(session: DbSession, themes: Sequence[Theme]) -> dict[int, str]:
    """The first quote of each of these themes that is still there, or "", by its id: one statement for all."""
    ids = {int(quote) for theme in themes for quote in theme.quotes}
    if not ids:
        return {theme.id or 0: "" for theme in themes}
    rows = session.execute(
        select(col(Comment.id), col(Comment.poll_id), col(Comment.text)).where(col(Comment.id).in_(ids))
    )
    said = {(poll, comment): text for comment, poll, text in rows}
    found: dict[int, str] = {}
    for theme in themes:
        first = next((text for quote in theme.quotes if (text := said.get((theme.poll_id, int(quote))))), "")
        found[theme.id or 0] = masked(first)
    return found


def count_of(session: DbSession, theme: Theme) -> int:
    """How many comments a theme has, coarse or fine."""
    query = select(func.count()).select_from(Assignment).where(col(Assignment.theme_id).in_(counted_in(theme)))
    return session.scalar(query) or 0


def counted_in(theme: Theme) -> Any:
    """The fine themes whose comments count as this one's: itself, or those below it without the hidden ones, unless it is
    hidden as a whole. A list or a select of ids."""
    if theme.parent_id is not None:
        return [theme.id]
    below = select(col(Theme.id)).where(col(Theme.poll_id) == theme.poll_id, col(Theme.parent_id) == theme.id)
    return below if theme.hidden else below.where(col(Theme.hidden).is_(False))


def summary_of(session: DbSession, theme: Theme) -> str:
    """The theme's summary while one of its comments still holds it, else ""."""
    if not theme.summary:
        return ""
    held = (
        select(col(Comment.id))
        .join(Assignment, col(Assignment.comment_id) == col(Comment.id))
        .where(
            col(Assignment.theme_id).in_(counted_in(theme)), col(Comment.text).contains(theme.summary, autoescape=True)
        )
    )
    return theme.summary if session.execute(held.limit(1)).first() else ""


def question_of(session: DbSession, theme: Theme) -> int | None:
    """The question that most comments of a theme answer; None when they came from elsewhere."""
    row = session.execute(
        select(col(Comment.question_id), func.count().label("n"))
        .join(Assignment, col(Assignment.comment_id) == col(Comment.id))
        .where(col(Assignment.theme_id).in_(counted_in(theme)))
        .group_by(col(Comment.question_id))
        .order_by(func.count().desc(), col(Comment.question_id))
        .limit(1)
    ).first()
    return row[0] if row else None


class HeardPoll(NamedTuple):
    """A poll in the list of those with something to read."""

    id: int
    slug: str
    title: str
    status: str
    read: int  # comments
    themes: int  # coarse


def polls_with_comments(session: DbSession, community_id: int) -> list[HeardPoll]:
    """The community's polls that have comments, newest first."""
    said = select(col(Comment.id)).where(col(Comment.poll_id) == col(Poll.id)).correlate(Poll).exists()
    read = _number(select(func.count()).where(col(Assignment.poll_id) == col(Poll.id)))
    shown = (col(Theme.parent_id).is_(None), col(Theme.merged_into).is_(None), col(Theme.hidden).is_(False))
    found = _number(select(func.count()).where(col(Theme.poll_id) == col(Poll.id), *shown))
    rows = session.execute(
        select(col(Poll.id), col(Poll.slug), col(Poll.title), col(Poll.status), read, found)
        .where(col(Poll.community_id) == community_id, said)
        .order_by(col(Poll.created_at).desc(), col(Poll.id).desc())
    )
    return [HeardPoll(*row) for row in rows]


def _number(count: Select[Any]) -> ScalarSelect[Any]:
    return count.correlate(Poll).scalar_subquery()
