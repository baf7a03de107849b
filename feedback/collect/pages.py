"""Results: the public page. The one of members is the explorer (insights/explore/pages.py)."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from feedback.cards.poll_card import poll_preview
from feedback.collect import languages, voters
from feedback.collect.queries import has_voted
from feedback.collect.results_view import results_page
from feedback.collect.visibility import ResultsHidden, Viewer, can_see_results, is_public
from feedback.collect.voters import NeedsLink, NeedsSignIn, voter_on_page
from heard.accounts.access import session_cookie
from heard.kit.db import DbSession, Session
from heard.kit.i18n import speaking
from heard.kit.web import page
from polls.frozen import FrozenPoll, NoPoll, frozen_poll

router = APIRouter(include_in_schema=False)


@router.get("/p/{slug}/results")
def public_results(request: Request, session: Session, slug: str) -> Response:
    """What came out, where the poll's rule lets this visitor see it. Caches keep it only where everybody may."""
    poll, everybody, kept = poll_with_results(session, request, slug)
    with speaking(poll.locale):
        shown, varies = results_page(session, poll), languages.varies(poll)
        shown = replace(shown, preview=poll_preview(session, poll, results=True))
        findable = everybody and poll.findable
        return page(request, "feedback/results.html", shown, cache=kept, headers=varies, findable=findable)


def poll_with_results(session: DbSession, request: Request, slug: str) -> tuple[FrozenPoll, bool, str]:
    """The poll, in the language asked for, whether everybody may see its results, and who may keep a page of them.

    Raises NoPoll, and ResultsHidden where its rule does not let this visitor see them.
    """
    poll = languages.spoken(request, frozen_poll(session, slug))
    if poll.status == "draft":
        raise NoPoll
    everybody = is_public(poll)
    with speaking(poll.locale):
        if not everybody and not can_see_results(viewer_of(session, request, poll), poll):
            raise ResultsHidden(poll)
    return poll, everybody, "public, max-age=60" if everybody else "private, no-store"


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
