"""The first look at an uploaded file: from its pieces to what the preview page shows."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from feedback.imports import mapping, opening, previewing, uploads
from feedback.imports.mapping import Choice
from feedback.imports.models import Import
from heard.accounts.models import Account, Community
from heard.kit.db import DbSession, reading, release, writing
from heard.kit.errors import Refused
from heard.kit.i18n import speaking
from polls.frozen import freeze
from polls.models import Poll


def take_in(import_id: int, file: BinaryIO, *, listed: bool = False) -> None:
    """Keep a file in pieces, a piece a transaction: votes go on meanwhile. Then look it through; the worker does with a
    large one."""
    digest, number, size, start = hashlib.sha256(), 0, 0, b""
    while piece := file.read(uploads.PIECE):
        digest.update(piece)
        with writing() as session:
            uploads.put_piece(session, import_id, number, piece)
        number, size, start = number + 1, size + len(piece), start or piece[:4]
    later = uploads.takes_long(start, size)
    with writing() as session:
        now = session.get_one(Import, import_id, with_for_update=True)
        uploads.uploaded(session, now, digest.hexdigest(), later=later, listed=listed)
    if not later:
        look(import_id, listed=listed)


def look_again(
    session: DbSession, found: Import, *, form: str, choices: Mapping[str, Choice] | None, listed: bool
) -> bool:
    """Look at it with other choices: now, or later by the worker when it is large. Whether it was done now.

    Ends the session's transaction, which must have read only, before it reads the file. Raises ImportEnded.
    """
    uploads.must_be_open(found)
    if uploads.is_large(session, found):
        said = {name: vars(choice) for name, choice in choices.items()} if choices else None
        uploads.look_later(session, found, form=form, choices=said, listed=listed)
        return False
    release(session)  # the file is read without keeping votes from being written
    look(found.id or 0, form=form, choices=choices, listed=listed)
    return True


def look(
    import_id: int, *, form: str = "", choices: Mapping[str, Choice] | None = None, listed: bool | None = None
) -> None:
    """Read the file to its end and keep what it holds, with these choices or those that the file suggests. Writes no response.

    No transaction is open while it reads. A file that was replaced meanwhile is left to the look that follows it.
    """
    with reading() as session:
        found = session.get(Import, import_id)
        if found is None or found.status not in ("uploaded", "ready") or not found.file_hash:
            return
        community = session.get_one(Community, found.community_id)
        by = session.get(Account, found.created_by) if found.created_by else None
        row = session.get(Poll, found.poll_id) if found.poll_id else None
        poll = freeze(session, row) if row else None
    form = form or found.form
    with TemporaryDirectory(prefix="heard-import-") as folder, speaking(by.locale if by else community.locale):
        try:
            with reading() as session:
                path = uploads.unpacked(session, found, Path(folder))
            opened = opening.opened(path, form, found.file_name, poll)
            chosen = choices or mapping.proposed(opened.layout, poll)
            shown = previewing.look_through(opened, poll, chosen, community.locale)
        except Refused as refusal:
            _keep(found, form=form, why=f"{refusal.message} {refusal.hint}".strip())
            return
    kept: dict[str, Any] = {
        "choices": {name: vars(choice) for name, choice in chosen.items()},
        "found": shown.as_json(),
        "listed": bool(listed),
        "title": opened.layout.title,
    }
    _keep(found, form=opened.form.NAME, kept=kept, rows=opened.layout.rows)


def _keep(found: Import, *, form: str, kept: dict[str, Any] | None = None, rows: int = 0, why: str = "") -> None:
    with writing() as session:
        now = session.get(Import, found.id, with_for_update=True)
        if now is None or now.file_hash != found.file_hash or now.status not in ("uploaded", "ready"):
            return
        if kept is None:
            uploads.unreadable(session, now, why)
        else:
            uploads.looked_through(session, now, form, kept, rows)
