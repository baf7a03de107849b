"""Quotes that follow an edit at once: of comments that are in the theme, and above it of no part that is hidden."""

from collections.abc import Collection, Iterable
from itertools import zip_longest

from sqlalchemy import func, select

from feedback.models import Assignment, Theme, ThemeEdit
from heard.kit.db import DbSession

QUOTES = 3
_A = Assignment.__table__  # type: ignore[attr-defined]


def follow_quotes(session: DbSession, themes: dict[int, Theme], touched: Iterable[int]) -> None:
    """The quotes of these fine themes, and of those above, are of comments that are in them, and of no hidden theme."""
    fine = {i: themes[i] for i in sorted(touched) if i in themes and themes[i].parent_id is not None}
    for theme in fine.values():
        _own_quotes(session, theme)
    for above in sorted({t.parent_id or 0 for t in fine.values()} & themes.keys()):
        parts = [t for t in parts_of(themes, themes[above]) if themes[above].hidden or not t.hidden]
        sizes = sizes_of(session, [t.id or 0 for t in parts])
        parts.sort(key=lambda t: (-sizes.get(t.id or 0, 0), t.id))
        turns = zip_longest(*[t.quotes for t in parts if sizes.get(t.id or 0)])
        themes[above].quotes = [q for turn in turns for q in turn if q is not None][:QUOTES]
        session.add(themes[above])
    session.flush()


def _own_quotes(session: DbSession, theme: Theme) -> None:
    mine = select(_A.c.comment_id).where(_A.c.theme_id == theme.id)
    there = set(session.scalars(mine.where(_A.c.comment_id.in_([int(q) for q in theme.quotes] or [0]))))
    nearest = session.scalars(mine.order_by(_A.c.score.desc(), _A.c.comment_id).limit(QUOTES))
    stay = [int(q) for q in theme.quotes if int(q) in there]
    theme.quotes = [str(q) for q in list(dict.fromkeys([*stay, *nearest]))[:QUOTES]]
    session.add(theme)


def quoted_by(themes: dict[int, Theme], edit: ThemeEdit) -> set[int]:
    """The fine themes whose mark an edit changes, and their siblings: the quotes above them follow."""
    ids = {edit.theme_id, *edit.details.get("themes", [])}
    above = {t.parent_id for i, t in themes.items() if i in ids and t.parent_id}
    return {i for i, t in themes.items() if t.parent_id in ids | above} if edit.kind == "hide" else set()


def parts_of(themes: dict[int, Theme], coarse: Theme) -> list[Theme]:
    """The fine themes below a coarse one that stand; none below a fine one."""
    return [t for t in themes.values() if t.parent_id == coarse.id and t.merged_into is None]


def sizes_of(session: DbSession, themes: Collection[int]) -> dict[int, int]:
    """How many comments each of these fine themes has; those without any are left out."""
    rows = session.execute(select(_A.c.theme_id, func.count()).where(_A.c.theme_id.in_(themes)).group_by(_A.c.theme_id))
    return {theme: n for theme, n in rows if theme is not None}
