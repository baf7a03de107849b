"""Results: the public page, and the manager's with links to files."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from feedback.cards.poll_card import poll_preview
from feedback.collect import languages, suggestions, voters
from feedback.collect.queries import has_voted
from feedback.collect.results_view import results_page
from feedback.collect.visibility import ResultsHidden, Viewer, can_see_results, is_public
from feedback.collect.voters import NeedsLink, NeedsSignIn, voter_on_page
from feedback.collect.ways_view import ways_table
from feedback.groups.queries import questions_of
from feedback.integrity.panel import begun_of
from heard.accounts.access import SignedIn, session_cookie
from heard.kit.db import DbSession, Session
from heard.kit.i18n import speaking
from heard.kit.web import page
from polls.access import access_poll
from polls.frozen import FrozenPoll, NoPoll, frozen_poll

router = APIRouter(include_in_schema=False)


@router.get("/p/{slug}/results")
def public_results(request: Request, session: Session, slug: str) -> Response:
    """What came out, where the poll's rule lets this visitor see it. Caches keep it only where everybody may."""
    poll = languages.spoken(request, frozen_poll(session, slug))
    if poll.status == "draft":
        raise NoPoll
    with speaking(poll.locale):
        everybody = is_public(poll)
        if not everybody and not can_see_results(viewer_of(session, request, poll), poll):
            raise ResultsHidden(poll)
        kept = "public, max-age=60" if everybody else "private, no-store"
        shown, varies = results_page(session, poll), languages.varies(poll)
        shown = replace(shown, preview=poll_preview(session, poll, results=True))
        findable = everybody and poll.findable
        return page(request, "feedback/results.html", shown, cache=kept, headers=varies, findable=findable)


@router.get("/m/{community}/polls/{slug}/results")
def results(request: Request, account: SignedIn, session: Session, community: str, slug: str) -> Response:
    """The same for members, whatever the rule, with downloads for those who may."""
    member, poll = access_poll(session, account, community, slug, to="read")
    shown = results_page(session, frozen_poll(session, poll.slug), members=True)
    added = {
        "with_groups": bool(questions_of(shown.poll)),
        "members_add": bool(suggestions.adding(shown.poll)),
        "ways": ways_table(session, shown.poll),
        "begun": begun_of(session, shown.poll),
        "to_read": suggestions.how_many_wait(session, shown.poll.id),
    }
    return page(request, "feedback/manager_results.html", {**vars(shown), "member": member, **added})


def viewer_of(session: DbSession, request: Request, poll: FrozenPoll) -> Viewer:
    """Who looks: told by the voter cookie or the session; ballots by link or in a frame show results behind their receipt."""
    cookie, signed_in = request.cookies.get(voters.cookie_name(), ""), request.cookies.get(session_cookie(), "")
    if not cookie and not signed_in:
        return Viewer()
    try:
        voter = voter_on_page(session, poll, "", cookie=cookie, token="", signed_in=signed_in)
    except (NeedsLink, NeedsSignIn):
        return Viewer()
    return Viewer(voted=voter.known and has_voted(session, poll.id, voter.key))
