"""The ballot inside a frame of another site. It votes without any cookie, also where the frame may not send forms.

A browser that keeps cookies of frames apart for each site (CHIPS) remembers a vote: by a cookie of the frame's own, set by a
POST of the frame's own form. A POST from elsewhere is taken too, but never with that cookie: no site may change the votes of
its readers.
"""

import asyncio
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request, Response

from feedback.collect import ballots, forms, intake, languages, oembed_pages, queries, replaced, voters
from feedback.collect.ballot_pages import YEAR, prefilled_by, published, published_now, unseen_of
from feedback.collect.ballot_view import BallotPage, again, carried_over, empty, framed, in_frame, refused
from feedback.collect.ballots import AlreadyVoted
from feedback.collect.receipt_pages import Chosen, chosen_of
from feedback.collect.results_view import ResultsPage, results_page
from feedback.collect.visibility import Viewer, can_see_results
from feedback.integrity import arrivals
from feedback.integrity.arrivals import Arrival
from heard.kit import tokens
from heard.kit.db import DbSession, Session, reading
from heard.kit.errors import NotFound, Refused
from heard.kit.i18n import speaking
from heard.kit.web import Form, first, framed_cookie, keeps_framed_cookies, script
from polls.frozen import FrozenPoll
from polls.publish import links

router = APIRouter(include_in_schema=False)
router.include_router(oembed_pages.router)
OUTSIDE = {"link": "needs_link", "sign_in": "needs_sign_in"}  # voter rules that ask for more than a frame can know


@dataclass
class ThanksPage:
    """What templates/embed/thanks.html shows."""

    poll: FrozenPoll
    receipt: str
    chosen: list[Chosen]
    changed: bool
    set_aside: bool  # stored, and not counted yet
    outcome: ResultsPage | None  # where whoever has voted may see it
    accent: str


@router.get("/embed.js")
def embed_script() -> Response:
    """For pages that show frames of ours: sets their heights. Its address never changes, so it is not kept for long."""
    kept = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(script("embed.js"), media_type="text/javascript; charset=utf-8", headers=kept)


@router.get("/e/{slug}")
def embedded_ballot(request: Request, session: Session, slug: str) -> Response:
    """The ballot; or that it was answered, is closed, or is answered elsewhere."""
    poll = languages.spoken(request, published(session, slug))
    with speaking(poll.locale):
        shown = _fresh(poll, via=request.query_params.get("via", "")[:100])
        voted = _has_voted(session, request, poll)
        if voted and shown.state == "open":
            changes = poll.may_change and not poll.anonymous
            shown = replace(shown, voted=True, state="open" if changes else "voted")
        if shown.state in ("closed", "voted"):
            shown = replace(shown, outcome=_outcome(session, poll, Viewer(voted=voted)))
        return in_frame(request, replace(shown, values=prefilled_by(request, poll)))


@router.post("/e/{slug}")
async def embedded_vote(request: Request, slug: str) -> Response:
    """Record a ballot from a frame and say so inside it."""
    form, fault = await forms.read(request)
    poll = languages.spoken(request, await asyncio.to_thread(published_now, slug), sent=first(form, "language"))
    with speaking(poll.locale):
        nonce = first(form, "submission") or tokens.fresh()
        shown = _fresh(poll, nonce, first(form, "via")[:100])
        if shown.state in OUTSIDE.values():
            return in_frame(request, shown, status=403)
        if older := await replaced.outdated(poll, form, nonce):
            if older.receipt:
                return await asyncio.to_thread(_thanks, request, poll, older.receipt)
            return in_frame(request, carried_over(_fresh(poll, via=shown.via), older), status=409)
        cookie = _cookie(request, nonce)
        try:
            if fault:
                raise fault
            ballots.must_be_current(poll, form)
            if added := unseen_of(poll, form):
                return in_frame(request, replace(shown, values=form), added=added)
            receipt = await _record(request, shown, form, nonce, cookie)
        except AlreadyVoted as refusal:
            return in_frame(request, replace(shown, state="voted"), status=refusal.status)
        except Refused as refusal:
            return in_frame(request, refused(shown, form, refusal), status=refusal.status, headers=again(refusal))
        answer = await asyncio.to_thread(_thanks, request, poll, receipt)
        if cookie and poll.voter_rule in voters.BY_COOKIE:
            framed_cookie(answer, voters.frame_cookie_name(), cookie, days=YEAR)
        return answer


async def _record(request: Request, shown: BallotPage, form: Form, nonce: str, cookie: str) -> str:
    poll = shown.poll
    voter = voters.voter_in_frame(poll, nonce, cookie)
    link_id, arrival = await asyncio.to_thread(_came, request, poll, shown.via, nonce, form)
    answers = ballots.from_form(poll, form)
    ballot = voters.ballot_of(
        poll, voter, voters.submission_of(poll.id, nonce), answers, voter.source,
        language=languages.recorded_as(poll), option_seed=shown.seed, link_id=link_id, arrival=arrival,
    )  # fmt: skip
    return (await intake.submit_soon(ballot)).receipt


def _cookie(request: Request, nonce: str) -> str:
    """The frame's cookie or the one that is about to be set. "" where there can be none, and where the form was sent by
    another site than ours: a frame without an origin, or a page that votes for its readers."""
    if request.headers.get("sec-fetch-site") != "same-origin" or not keeps_framed_cookies(request):
        return ""
    return request.cookies.get(voters.frame_cookie_name(), "") or voters.frame_cookie_for(nonce)


def _has_voted(session: DbSession, request: Request, poll: FrozenPoll) -> bool:
    voter = voters.voter_in_frame(poll, "", request.cookies.get(voters.frame_cookie_name(), ""))
    return voter.known and queries.has_voted(session, poll.id, voter.key)


def _fresh(poll: FrozenPoll, nonce: str = "", via: str = "") -> BallotPage:
    shown = empty(poll, nonce or tokens.fresh(), via=via)
    outside = OUTSIDE.get(poll.voter_rule)
    return replace(shown, state=outside) if outside and shown.state == "open" else shown


def _thanks(request: Request, poll: FrozenPoll, receipt: str) -> Response:
    """What is counted, by what is on disk: the same form sent twice counts as it was first."""
    with reading() as session:  # its own: the vote path is async, and intake writes
        recorded = queries.by_receipt(session, receipt)
        if recorded is None:
            raise NotFound
        changed, chosen = recorded.changed_at is not None, chosen_of(recorded._replace(poll=poll))
        aside = recorded.set_aside
        shown = ThanksPage(
            poll, receipt, chosen, changed, aside, _outcome(session, poll, Viewer(voted=True)), poll.accent
        )
    return framed(request, "embed/thanks.html", shown, poll)


def _outcome(session: DbSession, poll: FrozenPoll, viewer: Viewer) -> ResultsPage | None:
    return results_page(session, poll) if can_see_results(viewer, poll) else None


def _came(request: Request, poll: FrozenPoll, via: str, nonce: str, form: Form) -> tuple[int | None, Arrival]:
    with reading() as session:  # its own: the vote path is async, and intake writes
        link_id = links.link_to(session, via, poll.series_id) if via else None
        return link_id, arrivals.by_form(request, session, poll, nonce, form)
