"""Taking edits of themes back: the newest that stands, then the one before, as in an editor."""

from sqlalchemy import func, select, update
from sqlmodel import col

from feedback.models import Assignment, Theme, ThemeEdit, ThemeMove
from feedback.themes.edits import locked
from feedback.themes.followed_quotes import follow_quotes, quoted_by
from heard.accounts import audit
from heard.accounts.models import Account
from heard.kit.clock import now
from heard.kit.db import DbSession, row_id
from heard.kit.errors import NotFound, Refused
from heard.kit.i18n import _
from polls.models import Poll

_A, _M = Assignment.__table__, ThemeMove.__table__  # type: ignore[attr-defined]


class LaterEditStands(Refused):
    """Somebody changed the themes after this edit, so it cannot be taken back before that."""

    code, status = "later_edit_stands", 409


def edit_of(session: DbSession, poll: Poll, edit_id: int) -> ThemeEdit:
    """An edit of this poll. Raises NotFound."""
    edit = session.get(ThemeEdit, row_id(edit_id))
    if edit is None or edit.poll_id != poll.id:
        raise NotFound()
    return edit


def newest_of(session: DbSession, poll_id: int) -> int | None:
    """The id of the edit that can be taken back: the newest of a poll that still stands."""
    standing = select(func.max(ThemeEdit.id)).where(
        col(ThemeEdit.poll_id) == poll_id, col(ThemeEdit.undone_at).is_(None)
    )
    return session.scalar(standing)


def undo(session: DbSession, edit: ThemeEdit, *, by: Account) -> None:
    """Take back the newest edit of a poll that stands: names, marks and places are as before. Twice changes nothing.

    Comments that came since stay where runs put them; those in a theme that a split had opened go to the theme it came
    from. Raises LaterEditStands.
    """
    themes = locked(session, edit.poll_id)
    session.refresh(edit, with_for_update=True)
    if edit.undone_at is not None:
        return
    if newest_of(session, edit.poll_id) != edit.id:
        raise LaterEditStands(
            _("The themes were changed again after this, so it was not taken back."),
            hint=_("Take back the newest change first, then the one before it."),
        )
    touched = _moved_back(session, edit)
    _TAKE_BACK[edit.kind](session, themes, edit)
    edit.undone_at = now()
    session.add(edit)
    session.flush()
    follow_quotes(session, themes, touched | quoted_by(themes, edit))
    community = session.get_one(Poll, edit.poll_id).community_id
    audit.record(session, by, "theme.edit_undone", str(edit.theme_id), community_id=community, edit=edit.id)


def _moved_back(session: DbSession, edit: ThemeEdit) -> set[int]:
    """Each comment that the edit placed is where it was, and placed by whom it was. The themes it left and came to."""
    mine = select(_M.c.comment_id).where(_M.c.edit_id == edit.id)
    left = session.scalars(select(_A.c.theme_id).where(_A.c.comment_id.in_(mine)).distinct())
    came = session.scalars(select(_M.c.theme_id).where(_M.c.edit_id == edit.id).distinct())
    touched = {theme for theme in [*left, *came] if theme is not None}
    before = select(_M.c.theme_id).where(_M.c.edit_id == edit.id, _M.c.comment_id == _A.c.comment_id)
    session.execute(
        update(_A)
        .where(_A.c.comment_id.in_(mine))
        .values(theme_id=before.scalar_subquery(), placed_by=before.with_only_columns(_M.c.placed_by).scalar_subquery())
    )
    return touched


def _renamed(session: DbSession, themes: dict[int, Theme], edit: ThemeEdit) -> None:
    if theme := themes.get(edit.theme_id or 0):
        theme.label, theme.named_by = edit.details["before"], edit.details.get("named_by", "machine")
        session.add(theme)


def _merged(session: DbSession, themes: dict[int, Theme], edit: ThemeEdit) -> None:
    for id in edit.details["themes"]:
        if theme := themes.get(id):
            theme.merged_into = None
            session.add(theme)


def _split(session: DbSession, themes: dict[int, Theme], edit: ThemeEdit) -> None:
    """What joined the opened theme since goes where it came from. Its address leads on, as do answers that hang on it; one
    that was opened of answers that stood alone is empty, and the next reading drops it."""
    new, home = edit.details["new"], edit.details["from"]
    session.execute(update(_A).where(_A.c.theme_id == new).values(theme_id=home))
    if theme := themes.get(new):
        theme.merged_into, theme.named_by = home, "machine"
        session.add(theme)
    if above := themes.get(edit.details.get("above") or 0):
        above.named_by = "machine"
        session.add(above)


def _moved(session: DbSession, themes: dict[int, Theme], edit: ThemeEdit) -> None:
    """Where its comments were is all there is to it."""


def _pinned(session: DbSession, themes: dict[int, Theme], edit: ThemeEdit) -> None:
    if theme := themes.get(edit.theme_id or 0):
        theme.pinned = not edit.details["on"]
        session.add(theme)


def _hidden(session: DbSession, themes: dict[int, Theme], edit: ThemeEdit) -> None:
    for id in edit.details["themes"]:
        if theme := themes.get(id):
            theme.hidden = not edit.details["on"]
            session.add(theme)


_TAKE_BACK = {
    "rename": _renamed, "merge": _merged, "split": _split, "move": _moved, "pin": _pinned, "hide": _hidden,
}  # fmt: skip
