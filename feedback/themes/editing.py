"""One wish for all kinds of edits, as a page or the API brings it: which verb it asks for."""

from collections.abc import Collection
from dataclasses import dataclass, field

from feedback.models import Theme, ThemeEdit
from feedback.themes import edits, gathering, moving
from feedback.themes import queries as theme_queries
from feedback.themes.changes import EditRow, row_of
from heard.accounts.models import Account
from heard.kit.db import DbSession, row_id
from heard.kit.errors import BadInput, NotFound
from heard.kit.i18n import _
from polls.models import Poll

KINDS = ("rename", "merge", "split", "move", "pin", "hide")


@dataclass(frozen=True)
class Wish:
    """What somebody wants changed in a theme. into: a theme's id, None: alone (move); comments: those that were chosen;
    alike: they and all that say the same, where the choice was made in a list that shows these once."""

    kind: str
    label: str = ""
    into: int | None = None
    comments: Collection[int] = field(default_factory=tuple)
    alike: Collection[int] = field(default_factory=tuple)
    on: bool = True


def edit(session: DbSession, poll: Poll, theme: Theme | None, wish: Wish, *, by: Account) -> EditRow | None:
    """Do what is wished; the edit that was made, or None where everything was so before. Without a theme: of answers from
    anywhere in the poll, which can be moved, or open a theme (split).

    Raises what the verbs raise, BadInput for an unknown kind or theme, and NotFound while an anonymous poll holds its
    comments back: nothing is told of them, so nothing can be done with them.
    """
    if theme_queries.held_back(session, poll):
        raise NotFound()
    if wish.kind in ("split", "move"):
        moving.some_chosen(wish.comments, moving.MOST)
    made = _do(session, poll, theme, wish, by) if theme else _do_anywhere(session, poll, wish, by)
    return row_of(made, by.name, newest=True) if made else None


def _do(session: DbSession, poll: Poll, theme: Theme, wish: Wish, by: Account) -> ThemeEdit | None:
    if wish.kind == "rename":
        return edits.rename(session, theme, wish.label, by=by)
    if wish.kind == "merge":
        return moving.merge(session, theme, _theme(session, poll, wish.into), by=by)
    if wish.kind == "split":
        return moving.split(session, theme, wish.alike or wish.comments, wish.label, by=by)
    if wish.kind == "move":
        to = _theme(session, poll, wish.into) if wish.into is not None else None
        return moving.move(session, theme, wish.alike or wish.comments, to, by=by)
    if wish.kind in ("pin", "hide"):
        return (edits.pin if wish.kind == "pin" else edits.hide)(session, theme, on=wish.on, by=by)
    why = _("A theme is renamed, merged, split, pinned or hidden, or answers are moved.")
    raise BadInput(why, hint=_("The kinds are %(names)s.") % {"names": ", ".join(KINDS)}, fields={"kind": why})


def _do_anywhere(session: DbSession, poll: Poll, wish: Wish, by: Account) -> ThemeEdit | None:
    chosen = wish.alike or wish.comments
    if wish.kind == "split":
        return gathering.open_theme(session, poll.id or 0, chosen, wish.label, by=by)
    if wish.kind == "move":
        to = _theme(session, poll, wish.into) if wish.into is not None else None
        return gathering.gather(session, poll.id or 0, chosen, to, by=by)
    why = _("Answers from anywhere are moved, or become a theme.")
    raise BadInput(why, hint=_("The kinds are %(names)s.") % {"names": "split, move"}, fields={"kind": why})


def _theme(session: DbSession, poll: Poll, theme_id: int | None) -> Theme:
    found = session.get(Theme, row_id(theme_id)) if theme_id is not None else None
    if found is None or found.poll_id != poll.id:
        why = _("Choose a theme of this poll.")
        raise BadInput(why, hint=_("It may have gone meanwhile. Open the themes again."), fields={"into": why})
    return found
