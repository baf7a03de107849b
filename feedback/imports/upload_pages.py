"""Where a file is given: it is kept in pieces in the database, so that any worker can read it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import Annotated, BinaryIO

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile

from feedback.imports import looking, uploads
from feedback.imports.models import Import
from heard.accounts.access import Member, access_community, signed_in
from heard.kit.db import DbSession, reading, writing
from heard.kit.errors import BadInput, Refused
from heard.kit.web import FIELDS, clean_text, page, see_other
from polls.access import access_poll
from polls.models import Poll
from polls.queries import PollRow, polls_of

router = APIRouter(include_in_schema=False)


@dataclass
class UploadPage:
    """templates/feedback/imports/upload.html. `polls`: those that are open; `poll`: the slug of the one that is chosen."""

    member: Member
    polls: list[PollRow]
    poll: str = ""
    title: str = ""
    message: str = ""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def _importer(request: Request, community: str) -> Member:
    with reading() as session:  # its own: a file is taken in without keeping votes from being written
        return access_community(session, signed_in(request, session), community, to="publish")


def _import_row(request: Request, community: str, import_id: int) -> Import:
    with reading() as session:  # as above
        return uploads.access_import(session, signed_in(request, session), community, import_id)[1]


@dataclass
class Sent:
    """What came in. `file` None: nothing was chosen."""

    file: BinaryIO | None
    name: str = ""
    size: int = 0
    title: str = ""
    poll: str = ""


async def _sent(request: Request) -> AsyncIterator[Sent]:
    async with request.form(max_files=1, max_fields=FIELDS, max_part_size=1024 * 1024) as form:
        upload = form.get("file")
        title, poll = (_storable(str(form.get(name) or "")).strip() for name in ("title", "poll"))
        if not isinstance(upload, UploadFile) or not upload.filename:
            yield Sent(None, title=title, poll=poll)
            return
        with TemporaryFile() as kept:  # the form's own is closed with it
            while piece := await upload.read(uploads.PIECE):
                kept.write(piece)
            yield Sent(kept, _storable(upload.filename), kept.tell(), title, poll)


def _storable(text: str) -> str:
    try:
        return clean_text(text)
    except BadInput:
        return "".join("�" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)


# In this order: who may not send a file has none read.
Importer = Annotated[Member, Depends(_importer)]
ImportRow = Annotated[Import, Depends(_import_row)]
SentFile = Annotated[Sent, Depends(_sent, scope="function")]


@router.get("/m/{community}/polls/imports/new")
def choose_file(request: Request, importer: Importer, poll: str = "") -> HTMLResponse:
    """Where a file is given, and where its answers should go."""
    with reading() as session:  # see above
        return page(request, "feedback/imports/upload.html", _page(session, importer, poll=poll))


@router.post("/m/{community}/polls/imports", status_code=303)
def take_file(request: Request, importer: Importer, sent: SentFile) -> Response:
    """Keep the file and look it through. Nothing is recorded."""
    try:
        uploads.must_be_a_file(sent.size)
        with writing() as session:  # as above
            poll = _chosen(session, importer, sent.poll)
            found = uploads.begin(
                session, importer.community, sent.name, poll=poll, title="" if poll else sent.title, by=importer.account
            )
    except Refused as refused:
        with reading() as session:  # as above
            shown = _page(session, importer, poll=sent.poll, title=sent.title)
            shown.message, shown.hint, shown.errors = refused.message, refused.hint, refused.fields
            return page(request, "feedback/imports/upload.html", shown, status=refused.status)
    return _keep(found, importer.community.slug, sent)


@router.post("/m/{community}/polls/imports/{import_id}/file", status_code=303)
def take_another_file(community: str, found: ImportRow, sent: SentFile) -> Response:
    """Another file in the place of the one that was looked at."""
    at = f"/m/{community}/polls/imports/{found.id}"
    try:
        uploads.must_be_a_file(sent.size)
    except BadInput as refused:
        return see_other(at, flash=refused.message)
    with writing() as session:  # as above
        uploads.replace_file(session, session.get_one(Import, found.id, with_for_update=True), sent.name)
    return _keep(found, community, sent)


def _keep(found: Import, community: str, sent: Sent) -> Response:
    assert sent.file is not None
    sent.file.seek(0)
    looking.take_in(found.id or 0, sent.file)
    return see_other(f"/m/{community}/polls/imports/{found.id}")


def _chosen(session: DbSession, importer: Member, slug: str) -> Poll | None:
    if not slug:
        return None
    return access_poll(session, importer.account, importer.community.slug, slug, to="publish")[1]


def _page(session: DbSession, member: Member, *, poll: str = "", title: str = "") -> UploadPage:
    return UploadPage(member, polls_of(session, member.community.id or 0, "open"), poll[:80], title)
