"""Files to take along, and the codebook as a page. Links to them stand beside the results."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from feedback.exports import exporting
from heard.accounts.access import SignedIn
from heard.kit.db import Session
from heard.kit.errors import NotFound
from heard.kit.web import page
from polls.access import access_poll
from polls.frozen import frozen_poll

router = APIRouter(include_in_schema=False)
ENDINGS = {form.ending.removeprefix("."): name for name, form in exporting.FORMS.items()}


@router.get("/m/{community}/polls/{slug}/responses.{form}")
def download(account: SignedIn, session: Session, community: str, slug: str, form: str) -> Response:
    """A file of the poll by the ending of its name: csv, long.csv, jsonl, xlsx, codebook.csv … What was set aside is for
    those who decide about it."""
    name = ENDINGS.get(form, "")
    _member, poll = access_poll(session, account, community, slug, to=right_for(name))
    if not name:
        raise NotFound
    file = exporting.download(poll.slug, name)
    return StreamingResponse(file.pieces, media_type=file.media_type, headers=file.headers)


def right_for(form: str) -> str:
    """The right that a form needs."""
    return "publish" if form == exporting.SET_ASIDE else "export"


@router.get("/m/{community}/polls/{slug}/codebook")
def codebook(request: Request, account: SignedIn, session: Session, community: str, slug: str) -> Response:
    """What the columns of an export mean."""
    member, poll = access_poll(session, account, community, slug, to="export")
    book = exporting.codebook_of(session, frozen_poll(session, poll.slug))
    return page(request, "feedback/codebook.html", {**vars(book), "member": member})
