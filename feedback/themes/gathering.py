"""Edits that take answers from anywhere in a poll, as a search finds them, or from among those that stand alone."""

from collections import Counter
from collections.abc import Collection

from sqlalchemy import select

from feedback.models import Assignment, Theme, ThemeEdit
from feedback.themes.edits import locked, named, recorded, standing
from feedback.themes.moving import fine_of, held_there, not_there, portions, put, some_chosen
from heard.accounts.models import Account
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import BadInput
from heard.kit.i18n import _, ngettext

_A = Assignment.__table__  # type: ignore[attr-defined]


def gather(
    session: DbSession, poll_id: int, comments: Collection[int], to: Theme | None, *, by: Account
) -> ThemeEdit | None:
    """The chosen comments of a poll go to a theme, or stand alone (None), and are held there; as `moving.move` does.

    None: all of them were held there before. Raises BadInput where a comment is not read or no longer there, ThemeMergedAway.
    """
    themes = locked(session, poll_id)
    homes = _homes(session, poll_id, comments)
    target = fine_of(session, themes, standing(session, themes, to)) if to is not None else None
    if to is not None and target is None:
        raise not_there(_("That theme has no answers any more."))
    if held_there(session, comments, target):
        return None
    details = {"to": target.id if target else None, "to_theme": to.label if to else "", "n": len(set(comments))}
    edit = recorded(session, None, "move", details, by=by, what="theme.answers_moved", poll_id=poll_id)
    put(session, edit, comments, target, themes, homes)
    return edit


def open_theme(session: DbSession, poll_id: int, comments: Collection[int], label: str, *, by: Account) -> ThemeEdit:
    """The chosen comments open a finer theme with this name: under the whole theme in which most of them are, or, where
    these stand alone or are hidden, under one of its own. Raises BadInput as `gather`, and as `rename`."""
    label = named(label)
    themes = locked(session, poll_id)
    homes = _homes(session, poll_id, comments)
    home = themes.get(homes[0] or 0)
    above = themes.get(home.parent_id or 0) if home is not None and not home.hidden else None
    details: dict[str, object] = {"from": homes[0]}
    if above is None or above.hidden:
        above = _new(session, poll_id, label, None)
        details = {"from": None, "above": above.id}
    new = _new(session, poll_id, label, above.id)
    themes |= {above.id or 0: above, new.id or 0: new}
    details |= {"new": new.id, "new_theme": label, "n": len(set(comments))}
    edit = recorded(session, None, "split", details, by=by, what="theme.split", poll_id=poll_id)
    put(session, edit, comments, new, themes, homes)
    return edit


def _new(session: DbSession, poll_id: int, label: str, parent: int | None) -> Theme:
    theme = Theme(poll_id=poll_id, parent_id=parent, label=label, named_by="person", born_at=now())
    session.add(theme)
    session.flush()
    return theme


def _homes(session: DbSession, poll_id: int, comments: Collection[int]) -> list[int | None]:
    """The fine themes in which these comments are, None alone, that of most first; locked, in the order of their ids."""
    some_chosen(comments)
    found: list[int | None] = []
    for some in portions(comments):
        mine = select(_A.c.theme_id).where(_A.c.comment_id.in_(some), _A.c.poll_id == poll_id)
        found += session.scalars(mine.order_by(_A.c.comment_id).with_for_update())
    if missing := len(set(comments)) - len(found):
        words = ngettext(
            "Nothing was changed: %(n)s of these answers is no longer there.",
            "Nothing was changed: %(n)s of these answers are no longer there.", missing,
        )  # fmt: skip
        hint = _("They were withdrawn or changed meanwhile. Open the list again and choose anew.")
        raise BadInput(words % {"n": missing}, hint=hint, fields={"comments": _("No longer there.")})
    sizes = Counter(found)
    return sorted(sizes, key=lambda home: (-sizes[home], home or 0))
