"""Polls over the API: make, list, read, edit while a draft, open, close."""

from dataclasses import replace

from fastapi import APIRouter

from heard.accounts.access import Bearer
from heard.kit.db import Session
from polls import authoring, publishing, storing
from polls.access import access_community_by_key, access_poll_by_key
from polls.frozen import freeze
from polls.queries import polls_of
from polls.schemas import PollIn, PollLine, PollList, PollOut, PollPatch, Status, ballot_url

router = APIRouter(prefix="/api/v1", tags=["polls"])


@router.post("/communities/{slug}/polls", status_code=201)
def create_poll(slug: str, sent: PollIn, key: Bearer, session: Session) -> PollOut:
    """Make a draft. Answers with the ids that responses name."""
    member = access_community_by_key(session, key, slug, to="publish")
    poll = authoring.create_poll(
        session, member.community, sent.title, [q.as_draft() for q in sent.questions], by=member.account,
        intro=sent.intro, locale=sent.locale, voter_rule=sent.voter_rule, results_rule=sent.results_rule,
        anonymous=sent.anonymous, listed=sent.listed, may_change=sent.settings.change,
    )  # fmt: skip
    return PollOut.of(freeze(session, poll))


@router.get("/communities/{slug}/polls")
def list_polls(slug: str, key: Bearer, session: Session) -> PollList:
    """The community's polls, newest first."""
    member = access_community_by_key(session, key, slug, to="read")
    rows = polls_of(session, member.community.id or 0)
    return PollList(polls=[PollLine(slug=r.slug, title=r.title, status=r.status, url=ballot_url(r.slug)) for r in rows])


@router.get("/polls/{slug}")
def read_poll(slug: str, key: Bearer, session: Session) -> PollOut:
    """One poll with its questions."""
    _member, poll = access_poll_by_key(session, key, slug, to="read")
    return PollOut.of(freeze(session, poll))


@router.patch("/polls/{slug}")
def edit_poll(slug: str, sent: PollPatch, key: Bearer, session: Session) -> PollOut:
    """Change a draft. 409 edition_frozen once it was published, 409 edited_elsewhere when `revision` is an old one."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    if not authoring.may_edit(poll):
        raise authoring.EditionFrozen(poll)
    edited = replace(storing.draft_of(freeze(session, poll)), **sent.changes())  # type: ignore[arg-type]
    authoring.edit_poll(session, poll, edited, revision=sent.revision or poll.revision, by=member.account)
    return PollOut.of(freeze(session, poll))


@router.post("/polls/{slug}/opening")
def open_poll(slug: str, key: Bearer, session: Session) -> Status:
    """Start voting on a draft; its wording stays as it is from now on."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    publishing.open_now(session, poll, by=member.account)
    return Status(status=poll.status)


@router.post("/polls/{slug}/closing")
def close_poll(slug: str, key: Bearer, session: Session) -> Status:
    """Stop voting."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    publishing.close_now(session, poll, by=member.account)
    return Status(status=poll.status)
