"""Responses and results by API. The vote path is async and touches no session: intake writes in groups."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response

from feedback.collect import ballots, intake, queries, voters
from feedback.collect.schemas import ReceiptOut, ResponseIn, ResultsOut, response_in
from feedback.collect.tallies import for_everybody
from feedback.collect.visibility import ResultsHidden, Viewer, can_see_results
from feedback.collect.voters import Voter
from feedback.integrity.arrivals import NOWHERE, by_api
from heard.accounts.access import key_of
from heard.kit import tokens
from heard.kit.db import Session, reading
from heard.kit.errors import BadInput, NotSignedIn
from heard.kit.i18n import _
from heard.kit.web import Direct
from polls.access import access_poll_by_key
from polls.frozen import FrozenPoll, NoPoll, frozen_poll

router = APIRouter(prefix="/api/v1", tags=["responses"])
votes = APIRouter(prefix="/api/v1", tags=["responses"], route_class=Direct)
UNSEEN = ("draft", "scheduled")  # of these the public learns nothing
_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": ResponseIn.model_json_schema()}}}
}


@votes.post(
    "/polls/{slug}/responses",
    status_code=201,
    response_model=ReceiptOut,
    responses={
        200: {"model": ReceiptOut, "description": "This submission was here before, or it changed the voter's ballot."}
    },
    openapi_extra=_BODY,
)
async def respond(slug: str, request: Request) -> Response:
    """Record a ballot. 201 means that it is on disk."""
    sent = response_in(await request.body())
    poll = queries.remembered_poll(slug)
    if poll is None or poll.status in UNSEEN:
        poll = await asyncio.to_thread(queries.poll_at_hand, slug)
    if poll.status in UNSEEN:
        raise NoPoll  # a refusal would tell its questions
    submission = _submission(poll, sent)
    arrival = NOWHERE
    if poll.voter_rule == "open":
        voter, arrival = Voter(voters.key_for_submission(poll.id, submission), known=False), by_api(request, poll)
    else:
        voter = await asyncio.to_thread(_named_voter, poll, sent.voter, request.headers.get("authorization", ""))
    answers = ballots.from_json(poll, sent.values())
    receipt = await intake.submit_soon(voters.ballot_of(poll, voter, submission, answers, "api", arrival=arrival))
    return Response(
        f'{{"receipt":"{receipt.receipt}","mark":"{receipt.mark}"}}',
        201 if receipt.outcome == "new" else 200,
        {"Cache-Control": "no-store"},
        "application/json",
    )


def _submission(poll: FrozenPoll, sent: ResponseIn) -> str:
    if sent.submission_id is None:
        return voters.submission_of(poll.id, tokens.fresh())
    given = ballots.check_submission_id(sent.submission_id)
    if given.startswith(voters.OWN):
        raise BadInput(
            _("A submission_id must not begin with %(sign)s.") % {"sign": voters.OWN},
            hint=_("A UUID is a good one."),
            fields={"submission_id": given[:40]},
        )
    # Clients may put names into their ids; an anonymous poll keeps none of it.
    return voters.submission_of(poll.id, given) if poll.anonymous else given


def _named_voter(poll: FrozenPoll, name: str | None, authorization: str) -> Voter:
    """The voter that a client with a writing token names. Raises NotSignedIn, Forbidden, NotFound, BadInput."""
    if poll.voter_rule == "link":
        raise voters.NeedsLink
    with reading() as session:  # its own: the vote path is async, and intake writes
        key = key_of(session, authorization)
        if key is None:
            raise NotSignedIn(
                _("This poll tells voters apart, so this call needs a token that may write."),
                hint="Authorization: Bearer TOKEN (heard token create)",
                link="",
            )
        access_poll_by_key(session, key, poll.slug, to="publish")
    if not name:
        raise BadInput(
            _("This poll tells voters apart, so “voter” is needed."),
            hint=_("Any text that is always the same for one person; only a keyed hash of it is stored."),
            fields={"voter": _("It is missing.")},
        )
    return Voter(voters.key_of(poll.id, "api", name), known=True)


@router.get("/polls/{slug}/results", response_model=ResultsOut, response_model_exclude_none=True)
def results(slug: str, request: Request, response: Response, session: Session) -> ResultsOut:
    """What came out. A member's token sees it always; others by the poll's rule."""
    poll = frozen_poll(session, slug)
    viewer = _viewer(session, request.headers.get("authorization", ""), slug)
    if not viewer.may_read and poll.status in UNSEEN:
        raise NoPoll
    if not can_see_results(viewer, poll):
        raise ResultsHidden(poll)
    response.headers["Cache-Control"] = "private, no-store"
    results = queries.poll_results(session, poll)
    return ResultsOut.of(results if viewer.may_read else for_everybody(results))


def _viewer(session: Session, authorization: str, slug: str) -> Viewer:
    if not authorization:
        return Viewer()
    key = key_of(session, authorization)
    if key is None:
        raise NotSignedIn(
            _("This token is not valid."), hint="Authorization: Bearer TOKEN (heard token create)", link=""
        )
    access_poll_by_key(session, key, slug, to="read")
    return Viewer(may_read=True)
