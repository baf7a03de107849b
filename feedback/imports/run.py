"""Bringing responses in from a file on this machine: the command `heard import`.

The engine is that of the pages (going_on.py), and so is the row that says how far it is: the same command again goes on where
a killed one was, and once all is in it changes nothing.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import col, select

from feedback.imports import going_on, uploads
from feedback.imports.models import Import
from feedback.imports.parsed import RefusedRow
from heard.accounts.communities import community_by_slug
from heard.accounts.models import Community
from heard.kit.clock import now
from heard.kit.db import DbSession, reading, writing
from heard.kit.errors import BadInput, NotFound
from heard.kit.i18n import _, number
from polls.frozen import freeze
from polls.models import Poll

SHOWN = 20  # rows not taken that the terminal names
PIECE = 1024 * 1024


class Interrupted(KeyboardInterrupt):
    """Somebody pressed Ctrl-C. What was recorded stays."""


@dataclass
class ImportReport:
    """What became of a file. `first_refused`: of the rows that were not taken."""

    slug: str
    taken: int = 0
    unchanged: int = 0
    refused_in_all: int = 0
    first_refused: list[RefusedRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # how the file was read
    import_id: int = 0

    @property
    def refused(self) -> list[RefusedRow]:
        """All rows that were not taken, by line."""
        with reading() as session:
            return sorted(uploads.refusals(session, self.import_id, limit=self.refused_in_all + 1))

    def refused_lines(self) -> Iterator[str]:
        """The same as lines of a CSV file, in the order in which they were met."""
        return uploads.refused_lines(self.import_id)

    def lines(self) -> list[str]:
        """For the terminal."""
        words = _("%(taken)s responses taken, %(unchanged)s were there already, %(refused)s rows not taken.")
        figures = {
            "taken": number(self.taken),
            "unchanged": number(self.unchanged),
            "refused": number(self.refused_in_all),
        }
        rows = [_("line %(line)s: %(why)s") % {"line": r.line, "why": r.reason} for r in self.first_refused]
        more = self.refused_in_all - len(rows)
        words_of_more = _("… and %(n)s more; --refused FILE writes them all.")
        return [*self.notes, words % figures, *rows, *([words_of_more % {"n": number(more)}] if more > 0 else [])]


def run(
    path: Path,
    community_slug: str,
    *,
    poll_slug: str = "",
    new_poll: str = "",
    form: str = "auto",
    progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Import a file into a poll, or into a new one named `new_poll` or after the file.

    Raises BadInput (no such file, wrong columns, nothing to take), NotFound, PollClosed, and Interrupted for Ctrl-C.
    """
    if poll_slug and new_poll:
        raise BadInput(_("Name a poll to add to, or a new one, not both."), hint=_("Use --poll or --new-poll."))
    file_hash = hash_of(path)
    with writing() as session:
        community = community_by_slug(session, community_slug)
        poll = _stored(session, community, poll_slug) if poll_slug else None
        found = _begun(session, community, poll, new_poll, form, file_hash) or _new(
            session, community, poll, new_poll, form, file_hash, path.name
        )
        import_id = found.id or 0
    try:
        going_on.go_on(import_id, path, progress=progress)
    except KeyboardInterrupt as pressed:
        raise Interrupted(_how_far(import_id)) from pressed
    except Exception:
        _forget_if_empty(import_id)
        raise
    return report_of(import_id)


def hash_of(path: Path) -> str:
    """SHA-256 of a file, or of the files in a folder with their names. Raises BadInput when it cannot be read."""
    digest = hashlib.sha256()
    try:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            if path.is_dir():
                digest.update(f"{file.relative_to(path)}\0".encode())
            for piece in _pieces(file):
                digest.update(piece)
    except OSError as error:
        raise BadInput(
            _("%(file)s cannot be read: %(why)s.") % {"file": path, "why": error.strerror or error},
            hint=_("Check the path; it is taken from the folder you are in."),
        ) from error
    return digest.hexdigest()


def _pieces(path: Path) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _stored(session: DbSession, community: Community, slug: str) -> Poll:
    poll = session.exec(select(Poll).where(Poll.slug == slug, Poll.community_id == community.id)).first()
    if poll is None:
        raise NotFound(
            _("“%(community)s” has no poll “%(slug)s”.") % {"community": community.slug, "slug": slug[:80]},
            hint=_("The slug is the last part of the poll's address."),
        )
    going_on.must_be_open(freeze(session, poll))
    return poll


def _begun(
    session: DbSession, community: Community, poll: Poll | None, title: str, form: str, file_hash: str
) -> Import | None:
    """The same command's import that has not come to its end: it goes on. One that has is brought in again, into its poll."""
    query = select(Import).where(
        Import.community_id == community.id, Import.file_hash == file_hash, Import.form == form,
        col(Import.created_by).is_(None), Import.title == ("" if poll else title),
        Import.poll_id == poll.id if poll else col(Import.made_poll) | col(Import.poll_id).is_(None),
    )  # fmt: skip
    found = session.exec(query.order_by(col(Import.id).desc()).with_for_update()).first()
    if found is None or (found.status == "done" and found.poll_id is None):
        return None
    if found.status == "done":
        again = _new(session, community, session.get(Poll, found.poll_id), title, form, file_hash, found.file_name)
        again.made_poll = False
        return again
    found.status, found.stopping, found.error, found.finished_at = "running", False, "", None
    session.add(found)
    session.flush()
    return found


def _new(
    session: DbSession, community: Community, poll: Poll | None, title: str, form: str, file_hash: str, name: str
) -> Import:
    made = Import(
        community_id=community.id or 0, poll_id=poll.id if poll else None, file_name=uploads.plain_name(name),
        file_hash=file_hash, form=form, title="" if poll else title, status="running", created_at=now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _forget_if_empty(import_id: int) -> None:
    """Of a file that could not be taken nothing is left, whatever has gone wrong."""
    going_on.end(import_id, "failed", error=_("It broke off."))
    with writing() as session:
        found = session.get(Import, import_id)
        if found is not None and not (found.taken or found.unchanged):
            uploads.remove(session, found)


def _how_far(import_id: int) -> str:
    with reading() as session:
        found = session.get_one(Import, import_id)
        words = _("Stopped at %(done)s of %(rows)s responses; they stay. The same command again goes on from there.")
        return words % {"done": number(found.done), "rows": number(found.rows)}


def report_of(import_id: int) -> ImportReport:
    """What became of it so far."""
    with reading() as session:
        found = session.get_one(Import, import_id)
        poll = session.get(Poll, found.poll_id) if found.poll_id else None
        first = list(uploads.refusals(session, import_id, limit=SHOWN))
        return ImportReport(
            poll.slug if poll else "", found.taken, found.unchanged, found.refused, first,
            found.mapping.get("notes", []), import_id,
        )  # fmt: skip
