"""The ballot on its own page. No GET writes or sets a cookie; a vote answers after its COMMIT."""

import asyncio
from contextlib import suppress
from dataclasses import replace

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from feedback.cards.poll_card import poll_preview
from feedback.collect import (
    ballots,
    forms,
    intake,
    languages,
    newcomers,
    page_by_page,
    queries,
    receipt_pages,
    replaced,
    voters,
)
from feedback.collect.ballot_view import (
    BallotPage,
    again,
    carried_over,
    empty,
    on_page,
    refused,
)
from feedback.collect.layout import unseen
from feedback.collect.prefill import prefilled
from feedback.collect.voters import NeedsLink, NeedsSignIn, OfTestMail, Voter
from feedback.integrity import arrivals
from feedback.integrity.arrivals import Arrival
from heard.kit import tokens
from heard.kit.db import DbSession, reading
from heard.kit.errors import BadInput, Refused, Unavailable
from heard.kit.i18n import speaking
from heard.kit.web import Form, first, secure_cookie, see_other
from polls.frozen import FrozenPoll, NoPoll, frozen_poll
from polls.publish import invited, links
from polls.publish.editions import series_of

router = APIRouter(include_in_schema=False)
router.include_router(receipt_pages.router)
YEAR = 365


@router.get("/p/{slug}")
async def ballot(request: Request, slug: str) -> Response:
    """The ballot of an open poll, or why there is none."""
    if at_hand := newcomers.page_for(request, slug):
        return at_hand
    return await run_in_threadpool(_ballot, request, slug)


def _ballot(request: Request, slug: str) -> Response:
    with reading() as session:  # its own: of most visitors the page is at hand, and needs none
        poll = languages.spoken(request, published(session, slug))

        def made(submission: str) -> Response:
            shown, voter = _fresh(session, request, poll, submission)
            shown = replace(shown, preview=poll_preview(session, poll))
            if voter is not None and poll.paged:
                return page_by_page.show(request, session, shown, voter)
            return on_page(request, shown)

        with speaking(poll.locale):
            return newcomers.keep(request, slug, poll.id, made, personal=poll.paged or poll.voter_rule == "network")


@router.post("/p/{slug}")
async def vote(request: Request, slug: str) -> Response:
    """Record the ballot; then the page of its receipt. Of a poll that goes page by page, keep this page and turn it."""
    form, fault = await forms.read(request)
    poll = queries.remembered_poll(slug)  # as it was within the last second; intake looks at it again
    if poll and poll.status == "open" and not poll.paged and not any(_links(form)):
        with suppress(Refused):
            answer = await _voted(request, poll, form, fault)
            if answer.status_code == 303:
                return answer
        # Perhaps only because it is not as remembered: what is refused, is refused by the poll as it is now.
    try:
        poll = await asyncio.to_thread(_poll_now, slug)
    except intake.AWAY:
        seen = queries.last_seen(slug)
        if seen is None or seen.paged:
            raise
        return await _voted(request, seen, form, fault or intake.away())
    return await _voted(request, poll, form, fault)


def _poll_now(slug: str) -> FrozenPoll:
    poll = queries.poll_at_hand(slug)
    if poll.status == "draft":
        raise NoPoll
    return poll


async def _voted(request: Request, poll: FrozenPoll, form: Form, fault: BadInput | Unavailable | None) -> Response:
    poll = languages.spoken(request, poll, sent=first(form, "language"))
    with speaking(poll.locale):
        nonce = first(form, "submission") or tokens.fresh()
        older = await replaced.outdated(poll, form, nonce)
        if older and older.receipt:
            return see_other(f"/r/{older.receipt}")
        if poll.paged and ("page" in form or first(form, "do") == "restart"):
            return await page_by_page.turn(request, poll, form, fault, older)
        if older:
            shown = replace(empty(poll, tokens.fresh(), *_links(form)), member=first(form, "member")[:700])
            return on_page(request, carried_over(shown, older), status=409)
        cookie = request.cookies.get(voters.cookie_name()) or voters.cookie_for(nonce)
        try:
            if fault:
                raise fault
            ballots.must_be_current(poll, form)
            if added := unseen_of(poll, form):
                return on_page(request, replace(_again(poll, form, nonce), values=form), added=added)
            receipt = await _record(request, poll, form, nonce, cookie)
        except (BadInput, Unavailable) as refusal:
            shown = refused(_again(poll, form, nonce), form, refusal)
            return on_page(request, shown, status=refusal.status, headers=again(refusal))
        answer = see_other(languages.at(f"/r/{receipt}", poll) if poll.anonymous else f"/r/{receipt}")
        if poll.voter_rule in voters.BY_COOKIE:
            secure_cookie(answer, voters.cookie_name(), cookie, days=YEAR)
        return answer


async def _record(request: Request, poll: FrozenPoll, form: Form, nonce: str, cookie: str) -> str:
    if poll.voter_rule in ("open", "browser") and not any(_links(form)):
        voter, link_id = voters.by_cookie(poll, nonce, cookie), None
        arrival = arrivals.by_form(request, None, poll, nonce, form)
    else:
        voter, link_id, arrival = await asyncio.to_thread(_voter, request, poll, form, nonce, cookie)
    answers = ballots.from_form(poll, form)
    submission = voters.submission_of(poll.id, nonce)
    ballot = voters.ballot_of(
        poll, voter, submission, answers, voter.source, language=languages.recorded_as(poll),
        option_seed=empty(poll, nonce).seed, link_id=link_id, arrival=arrival,
    )  # fmt: skip
    return (await intake.submit_soon(ballot)).receipt


def unseen_of(poll: FrozenPoll, form: Form) -> list[int]:
    """Questions that the answers in the form bring, and that were not on it."""
    return unseen(poll, ballots.said_so_far(poll, form), form) if "shown" in form else []


def _again(poll: FrozenPoll, form: Form, nonce: str) -> BallotPage:
    return replace(empty(poll, nonce, *_links(form)), member=first(form, "member")[:700])


def _links(form: Form) -> tuple[str, str]:
    """Of a personal link, and of the tracked one they came by."""
    return first(form, "t")[:100], first(form, "via")[:100]


def _voter(
    request: Request, poll: FrozenPoll, form: Form, nonce: str, cookie: str
) -> tuple[Voter, int | None, Arrival]:
    with reading() as session:  # its own: the vote path is async, and intake writes
        voter = voters.who_votes(
            request, session, poll, nonce, cookie=cookie, token=first(form, "t"), member=first(form, "member")
        )
        arrival = arrivals.by_form(request, session, poll, nonce, form)
        return voter, links.link_to(session, first(form, "via"), poll.series_id), arrival


def published(session: DbSession, slug: str) -> FrozenPoll:
    """The poll at this address. Raises NotFound, for a draft too."""
    poll = frozen_poll(session, slug)
    if poll.status == "draft":
        raise NoPoll
    return poll


def published_now(slug: str) -> FrozenPoll:
    """The same in a session of its own."""
    with reading() as session:  # its own: the vote path is async, and intake writes
        return published(session, slug)


def _fresh(session: DbSession, request: Request, poll: FrozenPoll, submission: str) -> tuple[BallotPage, Voter | None]:
    """The page for somebody who comes, and who that is if they may fill in a ballot."""
    shown = empty(poll, submission, *(request.query_params.get(name, "")[:100] for name in ("t", "via")))
    if who := invited.invited(session, poll.id, shown.token):
        invited.count_visit(who, request)
        shown = replace(shown, invited=who.masked)
    if shown.state == "closed":
        newest = series_of(session, poll.series_id, poll.edition, unseen=False).leads
        return replace(shown, newer=newest.slug if newest.edition > poll.edition else ""), None
    if shown.state != "open":
        return shown, None
    try:
        cookie = request.cookies.get(voters.cookie_name(), "")
        member = request.query_params.get("member", "")
        voter = voters.who_votes(
            request, session, poll, shown.submission, cookie=cookie, token=shown.token, member=member
        )
    except NeedsLink:
        return replace(shown, state="needs_link"), None
    except NeedsSignIn as refusal:
        query = request.url.query if shown.token else ""
        return replace(shown, state="needs_sign_in", query=query, member_url=refusal.member_url), None
    except OfTestMail:
        return replace(shown, state="test"), None
    values = prefilled_by(request, poll)
    shown = replace(shown, member=voter.member, values=values, read_in_mail=bool(values and shown.invited))
    if voter.known and queries.has_voted(session, poll.id, voter.key):
        changes = poll.may_change and not poll.anonymous
        shown = replace(shown, voted=True, state="open" if changes else "voted")
    return shown, voter if shown.state == "open" else None


def prefilled_by(request: Request, poll: FrozenPoll) -> dict[str, list[str]]:
    """What the address says to fill in beforehand."""
    given = request.query_params.multi_items()
    return prefilled(poll, given) if given else {}
