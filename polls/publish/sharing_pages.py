"""Files to take along from a share page: the QR code, and personal links for a mail merge. The page itself stands in
feedback, which knows what came out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from heard.accounts.access import SignedIn
from heard.kit.db import Session
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.web import first
from polls.access import access_poll
from polls.publish import codes, editions, invitations, sharing
from polls.publish.links import Target
from polls.publish.sharing import Wish
from polls.write.forms import Typed

router = APIRouter(include_in_schema=False)
FORMS = {"svg": "image/svg+xml", "png": "image/png"}


def wish(place: str = Query("", max_length=40), server: str = Query("", max_length=300)) -> Wish:
    """What the address of a share page asks for."""
    return Wish(place, server)


Wished = Annotated[Wish, Depends(wish, scope="function")]


def name_in(typed: Typed) -> str:
    """The manager's word for a place, as it was sent. Raises BadInput for what no database holds."""
    if "name" in typed.refused:
        words = f"{typed.refused['name']} {_('It is shown as � in the form; take it out.')}"
        raise BadInput(words, fields={"name": words})
    return first(typed.form, "name")


@router.get("/m/{community}/polls/{slug}/invitations.csv")
def links_file(community: str, slug: str, account: SignedIn, session: Session) -> Response:
    """The personal links as a file for a mail merge."""
    _member, poll = access_poll(session, account, community, slug, to="publish")
    return Response(
        invitations.links_csv(invitations.personal_links(session, poll)),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="links-{poll.slug}.csv"',
            "Cache-Control": "private, no-store",
        },
    )


@router.get("/m/{community}/polls/{slug}/qr.svg")
@router.get("/m/{community}/polls/{slug}/qr.png")
def qr_code(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, link: str = "", download: bool = False
) -> Response:  # fmt: skip
    """A QR code of the poll's address, or of one of its tracked links."""
    _member, poll = access_poll(session, account, community, slug, to="read")
    plain = f"/p/{editions.address_of(session, poll)}"
    return code_file(request, sharing.address_in(session, Target(poll), link, plain), poll.slug, download=download)


def code_file(request: Request, address: str, name: str, *, download: bool) -> Response:
    """The code in the form that the address of the request ends in."""
    form = request.url.path.rpartition(".")[2]
    headers = {"Cache-Control": "private, max-age=3600", "Content-Security-Policy": "default-src 'none'"}
    if download:
        headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return Response(codes.qr(address, form), media_type=FORMS[form], headers=headers)
