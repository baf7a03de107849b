"""An import from its upload to its end: verbs on the tables of feedback/imports/models.py.

    uploaded → ready → running → done | canceled | failed

`uploaded`: the file is here, and is being looked through; `ready`: what it holds has been shown, and nothing is written yet.
When an import ends, its file goes.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlmodel import col

from feedback.imports.models import Import, ImportPiece, ImportRefusal
from feedback.imports.parsed import RefusedRow
from feedback.models import Response
from heard.accounts import audit
from heard.accounts.access import Key, Member, access_by_key, access_community
from heard.accounts.models import Account, Community
from heard.kit import csvio, work
from heard.kit.clock import now
from heard.kit.db import DbSession, reading, row_id
from heard.kit.errors import BadInput, NotFound, Refused
from heard.kit.i18n import _, number
from polls.models import Poll

LARGEST, PIECE = 20 * 1024 * 1024, 1024 * 1024
SMALL = 2 * PIECE  # is looked through while the browser waits; a larger one by the worker
KEPT = timedelta(days=7)  # a file that was looked at and never brought in
AGAIN_AFTER = timedelta(minutes=10)  # a worker that was killed for good is followed by another
LONGEST_NAME = 200


class ChangedFile(Refused):
    """What is to be brought in is not what was looked at."""

    code, status = "changed_file", 409

    def __init__(self) -> None:
        super().__init__(
            _("The file has changed since you looked at it, so nothing was brought in."),
            hint=_("This is what it holds now. Look it through and send it again."),
        )


class ImportEnded(Refused):
    """The import has begun or ended, so this cannot be changed any more."""

    code, status = "import_ended", 409

    def __init__(self) -> None:
        super().__init__(
            _("This import has begun already, so nothing was changed."), hint=_("Its page says how far it is.")
        )


class NotReady(Refused):
    """The file has not been looked through, or cannot be brought in like this."""

    code, status = "import_not_ready", 409


class ImportRow(NamedTuple):
    """An import in a list, with the poll that its answers went to."""

    found: Import
    poll_title: str
    poll_slug: str


def access_import(session: DbSession, account: Account, community: str, import_id: int) -> tuple[Member, Import]:
    """The import of this community for this account. Raises NotFound for outsiders and other communities' imports,
    Forbidden for a role that does not publish."""
    member = access_community(session, account, community, to="publish")
    found = session.get(Import, row_id(import_id))
    if found is None or found.community_id != member.community.id:
        raise NotFound()
    return member, found


def access_import_by_key(session: DbSession, key: Key, import_id: int) -> tuple[Member, Import]:
    """The same through a key of the API."""
    member = access_by_key(session, key, key.community_id, to="publish")
    found = session.get(Import, row_id(import_id))
    if found is None or found.community_id != member.community.id:
        raise NotFound()
    return member, found


def imports_of(
    session: DbSession, community_id: int, limit: int = 100, *, before: int | None = None
) -> list[ImportRow]:
    """A community's imports, newest first; `before`: those with a smaller id. Seeks ix_imports_community."""
    query = (
        select(Import, Poll.title, Poll.slug)  # type: ignore[call-overload]
        .outerjoin(Poll, col(Poll.id) == col(Import.poll_id))
        .where(col(Import.community_id) == community_id)
    )
    if before is not None:
        query = query.where(col(Import.id) < before)
    rows = session.execute(query.order_by(col(Import.id).desc()).limit(limit))
    return [ImportRow(found, title or found.title, slug or "") for found, title, slug in rows]


def must_be_a_file(size: int, field: str = "file") -> None:
    """Raises BadInput for a file that holds nothing, and for one that is more than pages and API take."""
    if not size:
        nothing = _("Choose a file that holds something.")
        raise BadInput(nothing, fields={field: nothing})
    if size > LARGEST:
        words = _("The file is larger than %(n)s MB.") % {"n": number(LARGEST // 1024 // 1024)}
        hint = _("Split it, or use the command line, which takes any size: heard import.")
        raise BadInput(words, hint=hint, fields={field: words})


def begin(
    session: DbSession, community: Community, file_name: str, *, poll: Poll | None, title: str, by: Account | None,
    form: str = "auto",
) -> Import:  # fmt: skip
    """A new import, before its file. Raises BadInput for a poll that is not open and a title that is too long."""
    if poll is not None and poll.status != "open":
        words = _("“%(title)s” is not open, so nothing can be added to it.") % {"title": poll.title}
        raise BadInput(words, hint=_("Reopen it first, or make a new poll of the file."), fields={"poll": words})
    if len(title) > LONGEST_NAME:
        words = _("A title has at most %(n)s characters.") % {"n": LONGEST_NAME}
        raise BadInput(words, fields={"title": words})
    made = Import(
        community_id=community.id or 0, poll_id=poll.id if poll else None, file_name=plain_name(file_name), file_hash="",
        form=form, title=title, created_by=by.id if by else None, created_at=now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    work.due(session, "import_forgotten", made.id, wait=KEPT, import_id=made.id)
    return made


def plain_name(name: str) -> str:
    """A file's name as people see it, and as a file of ours may be called: no folders, no controls."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if c.isprintable()).strip(" .")
    return kept[-LONGEST_NAME:] or _("file")


def put_piece(session: DbSession, import_id: int, number: int, content: bytes) -> None:
    """Keep the next piece of the file."""
    session.add(ImportPiece(import_id=import_id, number=number, content=content))
    session.flush()


def uploaded(session: DbSession, found: Import, file_hash: str, *, later: bool, listed: bool = False) -> None:
    """The file is whole: it waits for being looked through, `later` by the worker."""
    must_be_open(found)
    found.file_hash, found.status, found.mapping, found.error = file_hash, "uploaded", {}, ""
    session.add(found)
    if later:
        work.due(session, "import_look", found.id, import_id=found.id, listed=listed)
    session.flush()


def is_large(session: DbSession, found: Import) -> bool:
    """Whether looking through the file takes longer than a browser should wait."""
    first = session.get(ImportPiece, (found.id, 0))
    whole = session.get(ImportPiece, (found.id, SMALL // PIECE)) is None
    return not whole or (first is not None and takes_long(first.content[:4], len(first.content)))


def takes_long(start: bytes, size: int) -> bool:
    """The same of a file that begins so. What is packed is ten times as much."""
    return size > (SMALL // 10 if start.startswith((b"PK\3\4", b"\x1f\x8b")) else SMALL)


def look_later(session: DbSession, found: Import, **said: Any) -> None:
    """The worker looks through the file; `said`: what a manager has chosen, as JSON."""
    must_be_open(found)
    found.status = "uploaded"
    session.add(found)
    work.due(session, "import_look", f"{found.id}-{now().timestamp()}", import_id=found.id, **said)
    session.flush()


def replace_file(session: DbSession, found: Import, file_name: str) -> None:
    """Another file takes the place of the one that was looked at."""
    must_be_open(found)
    session.execute(delete(ImportPiece).where(col(ImportPiece.import_id) == found.id))
    found.file_name, found.file_hash, found.status, found.mapping = plain_name(file_name), "", "uploaded", {}
    session.add(found)
    session.flush()


def must_be_open(found: Import) -> None:
    """Raises ImportEnded for an import that has begun."""
    if found.status not in ("uploaded", "ready"):
        raise ImportEnded


def must_be_ready(found: Import) -> None:
    """Raises NotReady before the file is looked through, and where something stands in the way of bringing it in."""
    if found.status == "uploaded":
        raise NotReady(_("The file is still being read, so nothing was brought in."), hint=_("Ask again in a minute."))
    shown = found.mapping.get("found", {})
    if found.status == "ready" and (why := found.error or shown.get("problem", "")):
        raise NotReady(why, hint=_("Choose otherwise, or send another file."), fields=shown.get("fields"))


def unpacked(session: DbSession, found: Import, folder: Path) -> Path:
    """The file out of its pieces, in this folder. Raises ChangedFile when it is not what was uploaded."""
    name = plain_name(found.file_name).encode()[-100:].decode(errors="ignore")  # disks count bytes, not letters
    target, digest = folder / name, hashlib.sha256()
    with open(target, "wb") as file:
        place = 0
        while True:
            query = select(ImportPiece.content).where(col(ImportPiece.import_id) == found.id)  # type: ignore[call-overload]
            content = session.scalar(query.where(col(ImportPiece.number) == place))
            if content is None:
                break
            digest.update(content)
            file.write(content)
            place += 1
    if digest.hexdigest() != found.file_hash:
        raise ChangedFile
    return target


def looked_through(session: DbSession, found: Import, form: str, mapping: dict[str, Any], responses: int) -> None:
    """What the file holds, and what becomes of it, is ready to be shown."""
    must_be_open(found)
    found.form, found.mapping, found.rows, found.status, found.error = form, mapping, responses, "ready", ""
    session.add(found)
    session.flush()


def unreadable(session: DbSession, found: Import, why: str) -> None:
    """The file cannot be taken as it is: told on its page, where another format or another file may be chosen."""
    must_be_open(found)
    found.status, found.error, found.mapping = "ready", why[:1000], {}
    session.add(found)
    session.flush()


def start(session: DbSession, found: Import, file_hash: str, *, by: Account) -> None:
    """Bring it in. Raises ChangedFile when `file_hash`, of what was looked at, is not that of the file; ImportEnded."""
    session.refresh(found, with_for_update=True)
    if found.status == "running":
        return  # the button was pressed twice
    must_be_open(found)
    if found.file_hash != file_hash or found.error or not found.mapping:
        raise ChangedFile
    found.status, found.stopping = "running", False
    session.add(found)
    audit.record(session, by, "import.started", str(found.id), community_id=found.community_id)
    work.due(session, "import", found.id, import_id=found.id)
    session.flush()


def stop(session: DbSession, found: Import) -> None:
    """Somebody has said: stop. The worker ends after the batch it is in."""
    session.refresh(found, with_for_update=True)
    if found.status == "running":
        found.stopping = True
        session.add(found)
        work.due(session, "import", found.id, import_id=found.id)  # also where no worker has begun
        session.flush()


def finish(session: DbSession, found: Import, status: str, *, error: str = "") -> None:
    """An import has ended: its file goes, and so does a poll that it made and filled with nothing."""
    found.status, found.error, found.finished_at = status, error[:1000], now()
    found.mapping = {
        name: said for name, said in found.mapping.items() if name != "found"
    }  # the cells of the first rows
    if found.made_poll and found.poll_id and not _has_responses(session, found.poll_id):
        session.delete(session.get_one(Poll, found.poll_id))
        found.poll_id, found.made_poll = None, False
    session.add(found)
    session.execute(delete(ImportPiece).where(col(ImportPiece.import_id) == found.id))
    by = session.get(Account, found.created_by) if found.created_by else None
    home = found.community_id
    audit.record(session, by, f"import.{status}", str(found.id), community_id=home, taken=found.taken)
    session.flush()


def _has_responses(session: DbSession, poll_id: int) -> bool:
    return session.scalar(select(Response.id).where(col(Response.poll_id) == poll_id).limit(1)) is not None  # type: ignore[call-overload]


def remove(session: DbSession, found: Import) -> None:
    """Forget an import that runs no more, or has not begun. What it brought in stays."""
    if found.status == "running":
        raise Refused(_("This import is running."), hint=_("Stop it first."))
    session.delete(found)
    session.flush()


def forget_if_left(session: DbSession, import_id: int) -> None:
    """A file that nobody has brought in within a week is deleted."""
    found = session.get(Import, import_id)
    if found is not None and found.status in ("uploaded", "ready"):
        session.delete(found)
        session.flush()


def refusals(session: DbSession, import_id: int, *, after: int = 0, limit: int = 100) -> Sequence[RefusedRow]:
    """Rows that were not taken, in the order in which they were met, from number `after` + 1 on."""
    query = select(ImportRefusal.line, ImportRefusal.reason).where(col(ImportRefusal.import_id) == import_id)  # type: ignore[call-overload]
    query = query.where(col(ImportRefusal.number) > after).order_by(col(ImportRefusal.number)).limit(limit)
    return [RefusedRow(*row) for row in session.execute(query)]


def refusals_told(session: DbSession, found: Import, *, after: int, limit: int) -> Sequence[RefusedRow]:
    """The same; before anything is recorded, the first rows that would not be taken."""
    if found.status != "ready":
        return refusals(session, found.id or 0, after=after, limit=limit)
    rows = found.mapping.get("found", {}).get("refused", [])
    return [RefusedRow(*row) for row in rows[after : after + limit]]


def refused_lines(import_id: int) -> Iterator[str]:
    """All rows that were not taken as lines of a CSV file. The mark in front tells spreadsheets that it is UTF-8."""
    yield "\ufeff" + csvio.line(["line", "reason"])
    after = 0
    with reading() as session:  # its own: it is read while the answer is sent
        while rows := refusals(session, import_id, after=after, limit=1000):
            yield "".join(csvio.line([row.line, row.reason]) for row in rows)
            after += len(rows)
