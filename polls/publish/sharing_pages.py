"""Where a poll goes out: link, snippets, QR code, personal links."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from heard.accounts.access import Member, SignedIn, access_community
from heard.kit.db import Session
from heard.kit.errors import BadInput
from heard.kit.i18n import ngettext, number
from heard.kit.settings import settings
from heard.kit.web import first, page, see_other
from polls.access import access_poll
from polls.models import Poll
from polls.publish import editions, invitations
from polls.publish.invitations import PersonalLink
from polls.publish.sharing import Snippets, integrity_sentence, qr_svg, snippets
from polls.queries import PollRow, polls_of
from polls.write.forms import TypedForm

router = APIRouter(include_in_schema=False)
SHOWN = 500  # personal links on the page; the file holds all


@dataclass
class SharesPage:
    """templates/polls/shares.html"""

    member: Member
    polls: list[PollRow]


@dataclass
class SharingPage:
    """templates/polls/sharing.html. `links`: the first personal links; `all_links`: how many there are."""

    member: Member
    poll: Poll
    at: str
    snippets: Snippets
    integrity: str
    links: list[PersonalLink]
    all_links: int
    used: int
    message: str = ""
    hint: str = ""


@router.get("/m/{community}/sharing")
def list_shares(request: Request, community: str, account: SignedIn, session: Session) -> HTMLResponse:
    """The open polls, to be shared."""
    member = access_community(session, account, community, to="read")
    return page(request, "polls/shares.html", SharesPage(member, polls_of(session, member.community.id or 0, "open")))


@router.get("/m/{community}/polls/{slug}/sharing")
def share_poll(request: Request, community: str, slug: str, account: SignedIn, session: Session) -> HTMLResponse:
    """Link, snippets, code and personal links of one poll."""
    member, poll = access_poll(session, account, community, slug, to="read")
    return page(request, "polls/sharing.html", _sharing(session, member, poll))


def _sharing(session: Session, member: Member, poll: Poll) -> SharingPage:
    # Whoever may not publish must not hold the keys to other people's ballots.
    links = invitations.personal_links(session, poll) if member.may("publish") else []
    return SharingPage(
        member, poll, f"/m/{member.community.slug}/polls/{poll.slug}",
        snippets(settings().base_url, editions.address_of(session, poll), poll.title), integrity_sentence(poll.voter_rule),
        links[:SHOWN], len(links), sum(i.turned_in for i in links),
    )  # fmt: skip


@router.post("/m/{community}/polls/{slug}/invitations")
def make_links(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """Make more personal links."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    count = first(typed.form, "count")
    try:
        invitations.invite(
            session, poll, int(count) if count.isascii() and count.isdigit() and len(count) < 8 else 0, by=account
        )
    except BadInput as refused:
        shown = _sharing(session, member, poll)
        shown.message, shown.hint = refused.message, refused.hint
        return page(request, "polls/sharing.html", shown, status=422)
    made = ngettext("%(n)s personal link made.", "%(n)s personal links made.", int(count)) % {"n": number(int(count))}
    return see_other(f"/m/{community}/polls/{poll.slug}/sharing#personal", flash=made)


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
def qr_code(community: str, slug: str, account: SignedIn, session: Session, download: bool = False) -> Response:
    """The poll's link as a QR code."""
    _member, poll = access_poll(session, account, community, slug, to="read")
    headers = {"Cache-Control": "private, max-age=3600", "Content-Security-Policy": "default-src 'none'"}
    if download:
        headers["Content-Disposition"] = f'attachment; filename="{poll.slug}.svg"'
    address = editions.address_of(session, poll)
    return Response(qr_svg(f"{settings().base_url}/p/{address}"), media_type="image/svg+xml", headers=headers)
