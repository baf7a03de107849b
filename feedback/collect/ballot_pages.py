"""The ballot, on its own page and inside a frame. No GET writes or sets a cookie; a vote answers after its COMMIT."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fastapi import APIRouter, Request, Response

from feedback.collect import ballots, forms, intake, languages, queries, receipt_pages, voters
from feedback.collect.visibility import is_public
from feedback.collect.voters import NeedsLink, NeedsSignIn
from heard.accounts.access import session_cookie
from heard.kit import tokens
from heard.kit.db import DbSession, Session, reading
from heard.kit.errors import BadInput, NotFound, Refused, Unavailable
from heard.kit.i18n import speaking
from heard.kit.web import Form, first, page, secure_cookie, see_other
from polls.frozen import FrozenPoll, frozen_poll

router = APIRouter(include_in_schema=False)
router.include_router(receipt_pages.router)
YEAR = 365
# Votes in a frame come from an opaque origin, without cookies: any site may send them, none may read more with them.
FROM_ANYWHERE = {"Access-Control-Allow-Origin": "*"}


@dataclass
class BallotPage:
    """What templates/feedback/ballot.html and templates/embed/ballot.html show."""

    poll: FrozenPoll
    state: str  # open | closed | not_yet | needs_link | needs_sign_in | voted (and cannot be changed)
    submission: str = ""
    token: str = ""  # of a personal link
    values: Mapping[str, list[str]] = field(default_factory=dict)
    message: str = ""
    hint: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    voted: bool = False  # and sending again changes it
    results: bool = False  # a link to them can be shown to anybody
    community_name: str = ""
    community_slug: str = ""
    accent: str = ""


@router.get("/p/{slug}")
def ballot(request: Request, session: Session, slug: str) -> Response:
    """The ballot of an open poll, or why there is none."""
    poll = languages.spoken(request, _published(session, slug))
    with speaking(poll.locale):
        return _page(request, _fresh(session, request, poll))


@router.post("/p/{slug}")
async def vote(request: Request, slug: str) -> Response:
    """Record the ballot; then the page of its receipt."""
    form, fault = await forms.read(request)
    poll = languages.spoken(request, await asyncio.to_thread(_published_now, slug), sent=first(form, "language"))
    with speaking(poll.locale):
        nonce = first(form, "submission") or tokens.fresh()
        cookie = request.cookies.get(voters.cookie_name()) or voters.cookie_for(nonce)
        try:
            if fault:
                raise fault
            receipt = await _record(request, poll, form, nonce, cookie)
        except (BadInput, Unavailable) as refusal:
            shown = _refused(_empty(poll, nonce, first(form, "t")), form, refusal)
            return _page(request, shown, status=refusal.status, headers=_again(refusal))
        answer = see_other(languages.at(f"/r/{receipt}", poll) if poll.anonymous else f"/r/{receipt}")
        if poll.voter_rule in voters.BY_COOKIE:
            secure_cookie(answer, voters.cookie_name(), cookie, days=YEAR)
        return answer


@router.get("/e/{slug}")
def embedded_ballot(request: Request, session: Session, slug: str) -> Response:
    """The same inside a frame of any site: without cookies, so polls that need to know the voter lead to their page."""
    poll = languages.spoken(request, _published(session, slug))
    with speaking(poll.locale):
        return _frame(request, _fresh_in_frame(poll))


@router.post("/e/{slug}")
async def embedded_vote(request: Request, slug: str) -> Response:
    """Record a ballot from a frame and say so inside it."""
    form, fault = await forms.read(request)
    poll = languages.spoken(request, await asyncio.to_thread(_published_now, slug), sent=first(form, "language"))
    with speaking(poll.locale):
        nonce = first(form, "submission") or tokens.fresh()
        shown = replace(_fresh_in_frame(poll), submission=nonce)
        if shown.state in ("needs_link", "needs_sign_in"):
            return _frame(request, shown, status=403)
        try:
            if fault:
                raise fault
            submission = voters.submission_of(poll.id, nonce)
            voter = voters.Voter(voters.key_for_submission(poll.id, submission), known=False)
            answers = ballots.from_form(poll, form)
            spoken = languages.recorded_as(poll)
            receipt = await intake.submit_soon(
                voters.ballot_of(poll, voter, submission, answers, "embed", language=spoken)
            )
        except Refused as refusal:
            return _frame(request, _refused(shown, form, refusal), status=refusal.status, headers=_again(refusal))
        return page(
            request, "embed/thanks.html", {"poll": poll, "receipt": receipt.receipt, "accent": poll.accent},
            frames="*", headers=FROM_ANYWHERE,
        )  # fmt: skip


async def _record(request: Request, poll: FrozenPoll, form: Form, nonce: str, cookie: str) -> str:
    voter = await asyncio.to_thread(_voter, request, poll, form, nonce, cookie)
    answers = ballots.from_form(poll, form)
    submission = voters.submission_of(poll.id, nonce)
    return (
        await intake.submit_soon(
            voters.ballot_of(poll, voter, submission, answers, "page", language=languages.recorded_as(poll))
        )
    ).receipt


def _voter(request: Request, poll: FrozenPoll, form: Form, nonce: str, cookie: str) -> voters.Voter:
    with reading() as session:  # its own: the vote path is async, and intake writes
        return voters.voter_on_page(
            session, poll, nonce, cookie=cookie, token=first(form, "t"),
            signed_in=request.cookies.get(session_cookie(), ""),
        )  # fmt: skip


def _published(session: DbSession, slug: str) -> FrozenPoll:
    poll = frozen_poll(session, slug)
    if poll.status == "draft":
        raise NotFound
    return poll


def _published_now(slug: str) -> FrozenPoll:
    with reading() as session:  # its own: the vote path is async, and intake writes
        return _published(session, slug)


def _empty(poll: FrozenPoll, nonce: str, token: str = "") -> BallotPage:
    return BallotPage(
        poll, poll.phase, nonce, token, results=is_public(poll), community_name=poll.community_name,
        community_slug=poll.community if poll.listed else "", accent=poll.accent,
    )  # fmt: skip


def _fresh(session: DbSession, request: Request, poll: FrozenPoll) -> BallotPage:
    shown = _empty(poll, tokens.fresh(), request.query_params.get("t", "")[:100])
    if shown.state != "open":
        return shown
    try:
        cookie = request.cookies.get(voters.cookie_name(), "")
        signed_in = request.cookies.get(session_cookie(), "")
        voter = voters.voter_on_page(
            session, poll, shown.submission, cookie=cookie, token=shown.token, signed_in=signed_in
        )
    except NeedsLink:
        return replace(shown, state="needs_link")
    except NeedsSignIn:
        return replace(shown, state="needs_sign_in")
    if voter.known and queries.has_voted(session, poll.id, voter.key):
        changes = poll.may_change and not poll.anonymous
        return replace(shown, voted=True, state="open" if changes else "voted")
    return shown


def _fresh_in_frame(poll: FrozenPoll) -> BallotPage:
    shown = _empty(poll, tokens.fresh())
    outside = {"link": "needs_link", "sign_in": "needs_sign_in"}.get(poll.voter_rule)
    return replace(shown, state=outside) if outside and shown.state == "open" else shown


def _refused(shown: BallotPage, form: Form, refusal: Refused) -> BallotPage:
    return replace(shown, values=form, message=refusal.message, hint=refusal.hint, errors=refusal.fields)


def _again(refusal: Refused) -> dict[str, str]:
    return {"Retry-After": "5"} if isinstance(refusal, Unavailable) else {}


def _page(
    request: Request, shown: BallotPage, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    if shown.state == "needs_link" and status == 200:
        status = 403
    return page(request, "feedback/ballot.html", shown, status=status, headers=headers)


def _frame(
    request: Request, shown: BallotPage, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    return page(
        request, "embed/ballot.html", shown, status=status, frames="*", headers={**FROM_ANYWHERE, **(headers or {})}
    )
