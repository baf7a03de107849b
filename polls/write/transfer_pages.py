"""A poll as a file: to keep, to read, to carry elsewhere; and in again, by upload or as pasted text."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile

from heard.accounts.access import Member, SignedIn, access_community
from heard.kit.db import Session
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _, number
from heard.kit.web import FIELDS, page, see_other
from polls.access import access_poll
from polls.frozen import freeze
from polls.write import authoring, storing, transfer

router = APIRouter(include_in_schema=False)
MEDIA = {"json": "application/json", "yaml": "application/yaml; charset=utf-8"}


@dataclass
class FilesPage:
    """templates/polls/files.html. `faults`: path and sentence of what cannot be taken."""

    member: Member
    text: str = ""
    message: str = ""
    hint: str = ""
    faults: dict[str, str] | None = None


@dataclass
class SentFile:
    """What came in: the text of the upload, or what was pasted. `refused`: why it cannot be read at all."""

    text: str
    refused: BadInput | None = None


async def sent_file(request: Request) -> SentFile:
    """The one file of the form, or its text. Nothing is kept on disk."""
    async with request.form(max_files=1, max_fields=FIELDS, max_part_size=transfer.LARGEST * 4) as form:
        upload, pasted = form.get("file"), str(form.get("text") or "")
        if not isinstance(upload, UploadFile) or not upload.filename:
            return SentFile(pasted)
        content = await upload.read(transfer.LARGEST + 1)
    if len(content) > transfer.LARGEST:
        words = _("The file has more than %(most)s bytes, the most a poll may have.")
        return SentFile("", BadInput(words % {"most": number(transfer.LARGEST)}))
    try:
        return SentFile(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return SentFile("", BadInput(_("The file is no text in UTF-8."), hint=_("Save it as UTF-8 and send it again.")))


Sent = Annotated[SentFile, Depends(sent_file, scope="function")]


@router.get("/m/{community}/polls/files")
def new_from_file(request: Request, community: str, account: SignedIn, session: Session) -> HTMLResponse:
    """Where a file is given."""
    member = access_community(session, account, community, to="publish")
    return page(request, "polls/files.html", FilesPage(member, faults={}))


@router.post("/m/{community}/polls/files", status_code=303)
def take_file(request: Request, community: str, account: SignedIn, session: Session, sent: Sent) -> Response:
    """A new draft out of the file; or what keeps it from being one, with the text to put it right."""
    member = access_community(session, account, community, to="publish")
    try:
        if sent.refused:
            raise sent.refused
        draft = transfer.read(sent.text)
        poll = authoring.create_poll(session, member.community, **vars(draft), by=account)
    except Refused as refused:
        text = "".join("�" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in sent.text[: transfer.LARGEST])
        shown = FilesPage(member, text, refused.message, refused.hint, refused.fields)
        return page(request, "polls/files.html", shown, status=refused.status)
    return see_other(f"/m/{community}/polls/{poll.slug}", flash=_("The file is taken as a draft. Look it through."))


@router.get("/m/{community}/polls/{slug}/file.json")
def file_as_json(community: str, slug: str, account: SignedIn, session: Session) -> Response:
    """The poll as JSON."""
    return _file(session, account, community, slug, "json")


@router.get("/m/{community}/polls/{slug}/file.yaml")
def file_as_yaml(community: str, slug: str, account: SignedIn, session: Session) -> Response:
    """The poll as YAML."""
    return _file(session, account, community, slug, "yaml")


def _file(session: Session, account: SignedIn, community: str, slug: str, form: str) -> Response:
    _member, poll = access_poll(session, account, community, slug, to="read")
    headers = {
        "Content-Disposition": f'attachment; filename="{poll.slug}.{form}"',
        "Cache-Control": "private, no-store",
    }
    return Response(
        transfer.written(storing.draft_of(freeze(session, poll)), form), media_type=MEDIA[form], headers=headers
    )
