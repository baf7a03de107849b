"""Where a poll goes out: link, text, card and code for each place, personal links; when it has closed, what came out."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from feedback.collect.shared import state_of, told_of
from feedback.collect.visibility import is_public
from heard.accounts.access import Member, SignedIn
from heard.kit.db import DbSession, Session
from heard.kit.errors import BadInput
from heard.kit.i18n import _, ngettext, number
from heard.kit.web import first, page, see_other
from polls.access import access_poll
from polls.frozen import frozen_poll
from polls.models import Poll
from polls.publish import editions, invitations, sharing
from polls.publish.links import Target
from polls.publish.sharing import PollSide, SharingPage, Wish, integrity_sentence
from polls.publish.sharing_pages import Wished, name_in
from polls.write.forms import TypedForm

router = APIRouter(prefix="/m/{community}/polls/{slug}", include_in_schema=False)
SHOWN = 500  # personal links on the page; the file holds all


@router.get("/sharing")
def share_poll(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, wished: Wished
) -> HTMLResponse:
    """Link, text, card and code for each place, and the personal links of a poll that has them."""
    member, poll = access_poll(session, account, community, slug, to="read")
    shown = sharing_of(session, member, poll, wished)
    return page(request, "polls/sharing.html", shown, status=shown.status)


@router.post("/sharing")
def make_places(community: str, slug: str, account: SignedIn, session: Session) -> Response:
    """A tracked link for each place that has none."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    sharing.make_links(session, member, Target(poll))
    return see_other(f"/m/{community}/polls/{poll.slug}/sharing", flash=_("Each place has its link now."))


@router.post("/links")
def add_place(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """A place by the manager's own word."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    try:
        made = sharing.add_link(session, member, Target(poll), name_in(typed))
    except BadInput as refused:
        shown = sharing_of(session, member, poll, Wish()).refused(refused, first(typed.form, "name"))
        return page(request, "polls/sharing.html", shown, status=shown.status)
    anchor = sharing.anchor_of(made)
    at = f"/m/{community}/polls/{poll.slug}/sharing?place={anchor}#{anchor}"
    return see_other(at, flash=_("The link is made."))


@router.post("/invitations")
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
        shown = sharing_of(session, member, poll, Wish()).refused(refused)
        return page(request, "polls/sharing.html", shown, status=shown.status)
    made = ngettext("%(n)s personal link made.", "%(n)s personal links made.", int(count)) % {"n": number(int(count))}
    return see_other(f"/m/{community}/polls/{poll.slug}/sharing#personal", flash=made)


def sharing_of(session: DbSession, member: Member, poll: Poll, wished: Wish) -> SharingPage:
    at, state = f"/m/{member.community.slug}/polls/{poll.slug}", state_of(frozen_poll(session, poll.slug))
    return sharing.sharing_page(
        session, member, Target(poll), told_of(session, poll), subject="poll", at=at, up=at,
        path=f"/p/{editions.address_of(session, poll)}", state=state, wish=wished,
        poll_side=_poll_side(session, member, poll),
    )  # fmt: skip


def _poll_side(session: DbSession, member: Member, poll: Poll) -> PollSide:
    # Whoever may not publish must not hold the keys to other people's ballots.
    links = invitations.personal_links(session, poll) if member.may("publish") else []
    return PollSide(
        poll, integrity_sentence(poll.voter_rule), is_public(frozen_poll(session, poll.slug)), links[:SHOWN], len(links),
        sum(i.turned_in for i in links),
    )  # fmt: skip
