"""Single ballots over the API: behind a receipt (whoever has it), and the responses of a poll (whoever may take them along)."""

import asyncio

from fastapi import APIRouter, Response

from feedback.answer.actions import actions_for_response
from feedback.collect import ballots, intake, queries
from feedback.collect.ballot_schemas import AnswersIn, BallotOut, ResponseOut, ResponsesPart
from feedback.collect.recording import Change
from feedback.exports import paged
from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit import tokens
from heard.kit.db import DbSession, Session, reading
from heard.kit.paging import Paged, with_next
from polls.access import access_poll_by_key
from polls.frozen import frozen_poll

router = APIRouter(prefix="/api/v1", tags=["responses"], route_class=ApiRoute)


@router.get("/polls/{slug}/responses", response_model_exclude_unset=True)
def list_responses(slug: str, key: Bearer, session: Session, part: Paged) -> ResponsesPart:
    """The responses that are counted, without receipts, in the order of random ids."""
    _member, poll = access_poll_by_key(session, key, slug, to="export")
    after = part.after(int)
    rows = paged.responses_behind(
        session, frozen_poll(session, poll.slug), after[0] if after else 0, limit=part.limit + 1
    )
    found, following = with_next(rows, part, lambda row: (row.id,))
    return ResponsesPart(responses=[ResponseOut.of(row) for row in found], next=following)


@router.get("/receipts/{receipt}", response_model_exclude_unset=True)
def read_ballot(receipt: str, response: Response, session: Session) -> BallotOut:
    """The ballot behind a receipt, and what was done about it. The receipt is a secret of its voter."""
    response.headers["Cache-Control"] = "private, no-store"
    return _shown(session, receipt)


@router.put("/receipts/{receipt}", response_model_exclude_unset=True)
async def change_ballot(receipt: str, sent: AnswersIn, response: Response) -> BallotOut:
    """Record other answers instead. 409 cannot_change or poll_closed where that is not possible."""
    response.headers["Cache-Control"] = "private, no-store"
    poll = (await asyncio.to_thread(_recorded_now, receipt)).poll
    await intake.change_soon(Change(poll, tokens.hashed(receipt), ballots.from_json(poll, sent.values())))
    return await asyncio.to_thread(_shown_now, receipt)


@router.delete("/receipts/{receipt}", status_code=204)
async def withdraw_ballot(receipt: str) -> None:
    """Take the ballot out of the count; its answers are deleted."""
    poll = (await asyncio.to_thread(_recorded_now, receipt)).poll
    await intake.change_soon(Change(poll, tokens.hashed(receipt), None))


def _recorded_now(receipt: str) -> queries.Recorded:
    with reading() as session:  # its own: the vote path is async, and intake writes
        return queries.ballot_behind(session, receipt)


def _shown_now(receipt: str) -> BallotOut:
    with reading() as session:  # see above
        return _shown(session, receipt)


def _shown(session: DbSession, receipt: str) -> BallotOut:
    recorded = queries.ballot_behind(session, receipt)
    return BallotOut.of(receipt, recorded, actions_for_response(session, recorded.id))
