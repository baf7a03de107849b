"""A file of contacts: read and looked at first, stored after a yes that names how many, in short transactions."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile

from heard.accounts import contact_files, contact_lists, contact_uploads
from heard.accounts.access import Member, access_community, signed_in
from heard.accounts.contact_files import ContactFile
from heard.accounts.contact_lists import SortedOut
from heard.accounts.models import Community, ContactList
from heard.kit.db import DbSession, reading, writing
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _, ngettext, number
from heard.kit.web import FIELDS, page, see_other

router = APIRouter(prefix="/m/{community}/contacts", include_in_schema=False)
SHOWN = 100  # refused rows on the page


@dataclass
class UploadPage:
    """templates/account/contact_upload.html. `file`: None before one was sent; `rows`: what of it can be taken, as a file."""

    member: Member
    the_list: ContactList
    at: str
    consent: str
    pasted: str = ""
    file: ContactFile | None = None
    sorted_out: SortedOut = field(default_factory=SortedOut)
    rows: str = ""
    shown: int = SHOWN
    message: str = ""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def _importer(request: Request, community: str) -> Member:
    with reading() as session:  # its own: a file is read without keeping votes from being written
        return access_community(session, signed_in(request, session), community, to="publish")


@dataclass
class Sent:
    """What came in: a file, or pasted lines; and the consent."""

    raw: bytes
    name: str
    pasted: str
    consent: str


async def _sent(request: Request) -> Sent:
    async with request.form(max_files=1, max_fields=FIELDS, max_part_size=contact_files.LARGEST) as form:
        upload, consent = form.get("file"), _storable(str(form.get("consent") or ""))
        pasted = _storable(str(form.get("rows") or ""))
        if isinstance(upload, UploadFile) and upload.filename:
            return Sent(await upload.read(), upload.filename[:80], "", consent)
    return Sent(pasted.encode(), _("The pasted text"), pasted, consent)


def _storable(text: str) -> str:
    return "".join(c for c in text if c != "\0" and not "\ud800" <= c <= "\udfff")


# In this order: who may not send a file has none read.
Importer = Annotated[Member, Depends(_importer)]
SentFile = Annotated[Sent, Depends(_sent)]


@router.get("/{list_id}/upload")
def choose_file(request: Request, importer: Importer, list_id: int) -> HTMLResponse:
    """Where a file is given, or lines are pasted."""
    with reading() as session:  # see above
        the_list = contact_lists.list_of(session, importer.community, list_id)
    return page(request, "account/contact_upload.html", _page(importer, the_list))


@router.post("/{list_id}/upload")
def look_at_file(request: Request, importer: Importer, list_id: int, sent: SentFile) -> HTMLResponse:
    """What the file holds and what would become of it. Nothing is stored."""
    with reading() as session:  # see above
        the_list = contact_lists.list_of(session, importer.community, list_id)
        shown = _page(importer, the_list, sent.consent)
        return _looked_at(request, session, shown, sent)


@router.post("/{list_id}/people/upload", status_code=303)
def store_file(request: Request, importer: Importer, list_id: int, sent: SentFile) -> Response:
    """Store what was looked at, a portion a transaction. Sent again after a broken connection, it goes on where it was."""
    with reading() as session:  # see above
        the_list = contact_lists.list_of(session, importer.community, list_id)
        try:
            consent = contact_lists.clean_consent(sent.consent)
            people = contact_files.read(sent.raw, sent.name).people
        except BadInput as refused:
            shown = _page(importer, the_list, sent.consent)
            return _looked_at(request, session, shown, sent, refused)
    new = contact_uploads.store(importer, the_list, people, consent=consent)
    with writing() as session:  # see above
        contact_uploads.record(session, importer, the_list, new)
    words = ngettext("%(n)s person is new on the list.", "%(n)s people are new on the list.", new) % {"n": number(new)}
    return see_other(f"/m/{importer.community.slug}/contacts/{list_id}", flash=words)


def _looked_at(
    request: Request, session: DbSession, shown: UploadPage, sent: Sent, refused: Refused | None = None
) -> HTMLResponse:
    try:
        if not sent.raw.strip():
            nothing = _("There is nothing in it: choose a file, or paste addresses.")
            raise BadInput(nothing, fields={"rows": nothing})
        shown.file = contact_files.read(sent.raw, sent.name)
        shown.sorted_out = contact_lists.sort_out(session, shown.the_list, shown.file.people)
        shown.rows = contact_files.written(shown.file.people)
    except BadInput as unread:
        refused, shown.pasted = unread, sent.pasted[:100_000]
    if refused:
        where = "file" if sent.raw and not sent.pasted and shown.file is None else "rows"
        shown.message, shown.hint = refused.message, refused.hint
        shown.errors = refused.fields or {where: refused.message}
    return page(request, "account/contact_upload.html", shown, status=422 if refused else 200)


def _page(member: Member, the_list: ContactList, consent: str = "") -> UploadPage:
    at = f"/m/{member.community.slug}/contacts/{the_list.id}"
    return UploadPage(member, the_list, at, consent or consent_begun(member.community))


def consent_begun(community: Community) -> str:
    """The words a manager completes: what was agreed to is ours to say, where and when is theirs."""
    words = _("They agreed to get invitations to polls of %(name)s by e-mail. Where and when:")
    return words % {"name": community.name}
