"""Editions, copies, corrections and files of polls over the API."""

from typing import Literal

from fastapi import APIRouter, Response

from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit.db import Session
from polls.access import access_community_by_key, access_poll_by_key
from polls.frozen import freeze
from polls.publish import corrections, editions
from polls.schemas import CorrectionIn, CorrectionOut, FileIn, PollOut
from polls.write import authoring, storing, transfer

router = APIRouter(prefix="/api/v1", tags=["polls"], route_class=ApiRoute)
MEDIA = {"json": "application/json", "yaml": "application/yaml; charset=utf-8"}


@router.post("/polls/{slug}/editions", status_code=201)
def make_edition(slug: str, key: Bearer, session: Session) -> PollOut:
    """The next edition as a draft, with everything of this one; the draft that is there when there is one. The address of
    the poll leads to it once it opens."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    return PollOut.of(freeze(session, editions.again(session, poll, by=member.account, same_series=True)))


@router.post("/polls/{slug}/copies", status_code=201)
def make_copy(slug: str, key: Bearer, session: Session) -> PollOut:
    """A new draft with everything of this poll, for another purpose."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    return PollOut.of(freeze(session, editions.again(session, poll, by=member.account, same_series=False)))


@router.post("/polls/{slug}/corrections", status_code=201)
def correct_poll(slug: str, sent: CorrectionIn, key: Bearer, session: Session) -> list[CorrectionOut]:
    """Put a slip of the pen right after the first vote. Answers with all corrections of the poll; 422 not_a_correction for
    what changes more."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    corrections.correct(session, poll, sent.part, sent.text, by=member.account)
    return [CorrectionOut(**row._asdict()) for row in corrections.corrections_of(session, poll.id or 0)]


@router.get("/polls/{slug}/file")
def poll_file(slug: str, key: Bearer, session: Session, form: Literal["json", "yaml"] = "json") -> Response:
    """The poll as a file, without votes: `form` json or yaml."""
    _member, poll = access_poll_by_key(session, key, slug, to="read")
    return Response(transfer.written(storing.draft_of(freeze(session, poll)), form), media_type=MEDIA[form])


@router.post("/communities/{slug}/polls/files", status_code=201)
def take_file(slug: str, sent: FileIn, key: Bearer, session: Session) -> PollOut:
    """A new draft out of a file."""
    member = access_community_by_key(session, key, slug, to="publish")
    draft = transfer.read(sent.text)
    poll = authoring.create_poll(session, member.community, **vars(draft), by=member.account)
    return PollOut.of(freeze(session, poll))
