"""What people shaped in the themes of a poll, and every run leaves: where merged themes went, what is held, what is hidden."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from feedback.models import Theme, ThemeEdit, ThemeMove
from heard.kit.db import DbSession


class Flagged(Protocol):
    """A theme, or a row of its id, parent and flags."""

    id: int | None
    parent_id: int | None
    pinned: bool
    hidden: bool


def held_in(themes: Iterable[Flagged]) -> frozenset[int]:
    """The fine themes whose comments no run moves: pinned or hidden ones, and those below a coarse theme that is."""
    rows = list(themes)
    marked = {t.id for t in rows if t.pinned or t.hidden}
    return frozenset(t.id or 0 for t in rows if t.parent_id is not None and {t.id, t.parent_id} & marked)


def hidden_in(themes: Iterable[Flagged]) -> frozenset[int]:
    """The themes that a person hid, and the fine ones below them."""
    rows = list(themes)
    marked = {t.id for t in rows if t.hidden}
    return frozenset(t.id or 0 for t in rows if {t.id, t.parent_id} & marked)


def is_hidden(session: DbSession, theme: Theme) -> bool:
    """Whether a theme, or the coarse one above it, was hidden."""
    if theme.hidden or theme.parent_id is None:
        return theme.hidden
    return session.get_one(Theme, theme.parent_id).hidden


def hidden_among(session: DbSession, ids: Collection[int]) -> set[int]:
    """Those of these themes that were hidden, or stand below a coarse one that was."""
    above = aliased(Theme)
    hid = or_(col(Theme.hidden), above.hidden)  # type: ignore[arg-type]
    query = select(col(Theme.id)).join(above, above.id == col(Theme.parent_id), isouter=True).where(hid)  # type: ignore[arg-type]
    return set(session.scalars(query.where(col(Theme.id).in_(list(ids))))) if ids else set()


def leads(session: DbSession, poll_id: int) -> dict[int, int]:
    """{a theme that was merged away: the theme in which its comments are now} of a poll, in one statement."""
    query = select(col(Theme.id), col(Theme.merged_into)).where(
        col(Theme.poll_id) == poll_id, col(Theme.merged_into).is_not(None)
    )
    steps = {theme: into for theme, into in session.execute(query) if into is not None}
    return {theme: followed(steps, theme) for theme in steps}


def followed(steps: Mapping[int, int], theme: int) -> int:
    """The end of a chain of merges. There are no rings: nothing is merged into a theme that was merged away."""
    while theme in steps:
        theme = steps[theme]
    return theme


def where_it_went(session: DbSession, theme: Theme) -> Theme:
    """The theme itself, or the one it was merged into. Asks nothing for a theme that stands."""
    while theme.merged_into is not None:
        theme = session.get_one(Theme, theme.merged_into)
    return theme


def gathered(session: DbSession, poll_id: int, ids: Iterable[int]) -> set[int]:
    """These themes, and all that were merged into them: what was answered there is answered here."""
    wanted = set(ids)
    return wanted | {theme for theme, into in leads(session, poll_id).items() if into in wanted}


def needed(poll_id: int) -> list[Select[Any]]:
    """Selects of theme ids that edits refer to: no run may drop these, or the edits could not be taken back."""
    standing = (col(ThemeEdit.poll_id) == poll_id, col(ThemeEdit.undone_at).is_(None))
    edits = select(col(ThemeEdit.id)).where(*standing)
    return [
        select(col(ThemeEdit.theme_id)).where(*standing, col(ThemeEdit.theme_id).is_not(None)),
        select(col(ThemeMove.theme_id)).where(col(ThemeMove.edit_id).in_(edits), col(ThemeMove.theme_id).is_not(None)),
        select(col(Theme.merged_into)).where(col(Theme.poll_id) == poll_id, col(Theme.merged_into).is_not(None)),
    ]
