"""What people changed in the themes of a poll, for readers: a row and a sentence for each edit, newest first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from feedback.models import ThemeEdit
from feedback.themes.undoing import newest_of
from heard.accounts.models import Account
from heard.kit.db import DbSession
from heard.kit.i18n import _, ngettext, number
from polls.models import Poll


@dataclass(frozen=True)
class EditRow:
    """An edit. theme, other: ids and what they were called then; theme 0: answers from anywhere; other: where comments went,
    0 alone or nowhere.

    `n`: comments that went; `on`: whether a mark was set or taken away; `newest`: it can be taken back now.
    """

    id: int
    kind: str
    theme: int
    label: str
    other: int
    other_label: str
    n: int
    on: bool
    by: str
    at: datetime
    undone_at: datetime | None
    newest: bool

    @property
    def words(self) -> str:
        """What was done, in the reader's language."""
        return _WORDS[self.kind](self)


def edits_of(session: DbSession, poll: Poll, *, limit: int, before: int | None = None) -> list[EditRow]:
    """The edits of a poll with an id below `before`, newest first, those that were taken back among them."""
    query = (
        select(ThemeEdit, col(Account.name))
        .join(Account, col(Account.id) == col(ThemeEdit.account_id), isouter=True)
        .where(col(ThemeEdit.poll_id) == poll.id)
        .order_by(col(ThemeEdit.id).desc())
        .limit(limit)
    )
    newest = newest_of(session, poll.id or 0)
    rows = session.execute(query.where(col(ThemeEdit.id) < before) if before is not None else query)
    return [row_of(edit, name or "", newest=edit.id == newest) for edit, name in rows]


def row_of(edit: ThemeEdit, by: str, *, newest: bool) -> EditRow:
    """A row out of the edit and the name of its author."""
    said = edit.details
    other = said.get("into") or said.get("to") or said.get("new") or 0
    label = said.get("into_theme") or said.get("to_theme") or said.get("new_theme") or said.get("after") or ""
    return EditRow(
        edit.id or 0, edit.kind, edit.theme_id or 0, said.get("theme") or said.get("before") or "", other, label,
        n=said.get("n", 0), on=bool(said.get("on", True)), by=by, at=edit.at, undone_at=edit.undone_at, newest=newest,
    )  # fmt: skip


def _told(row: EditRow) -> dict[str, str]:
    return {"theme": row.label, "other": row.other_label, "n": number(row.n)}


def _renamed(row: EditRow) -> str:
    if row.label == row.other_label:
        return _("Kept the name “%(theme)s”") % _told(row)
    return _("Renamed “%(theme)s” to “%(other)s”") % _told(row)


def _merged(row: EditRow) -> str:
    words = ngettext(
        "Merged “%(theme)s” into “%(other)s”, %(n)s answer", "Merged “%(theme)s” into “%(other)s”, %(n)s answers", row.n
    )
    return words % _told(row)


def _split(row: EditRow) -> str:
    if not row.theme:
        words = ngettext("Made “%(other)s” of %(n)s answer", "Made “%(other)s” of %(n)s answers", row.n)
        return words % _told(row)
    words = ngettext(
        "Made “%(other)s” of %(n)s answer of “%(theme)s”", "Made “%(other)s” of %(n)s answers of “%(theme)s”", row.n
    )
    return words % _told(row)


def _moved(row: EditRow) -> str:
    if not row.theme:
        return _gathered(row)
    if not row.other:
        words = ngettext(
            "Moved %(n)s answer out of “%(theme)s”, to stand alone",
            "Moved %(n)s answers out of “%(theme)s”, to stand alone", row.n,
        )  # fmt: skip
    else:
        words = ngettext(
            "Moved %(n)s answer from “%(theme)s” to “%(other)s”",
            "Moved %(n)s answers from “%(theme)s” to “%(other)s”", row.n,
        )  # fmt: skip
    return words % _told(row)


def _gathered(row: EditRow) -> str:
    if row.other:
        words = ngettext("Moved %(n)s answer to “%(other)s”", "Moved %(n)s answers to “%(other)s”", row.n)
    else:
        words = ngettext("Let %(n)s answer stand alone", "Let %(n)s answers stand alone", row.n)
    return words % _told(row)


def _pinned(row: EditRow) -> str:
    return (_("Pinned “%(theme)s”") if row.on else _("Let “%(theme)s” go")) % _told(row)


def _hid(row: EditRow) -> str:
    return (_("Hid “%(theme)s”") if row.on else _("Showed “%(theme)s” again")) % _told(row)


_WORDS: dict[str, Callable[[EditRow], str]] = {
    "rename": _renamed, "merge": _merged, "split": _split, "move": _moved, "pin": _pinned, "hide": _hid,
}  # fmt: skip
