"""Polls over the API: make, list, read, edit while nobody has voted, and their life from opening to archive."""

from dataclasses import replace

from fastapi import APIRouter

from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit import paging
from heard.kit.db import Session
from heard.kit.paging import PagedWhole, part_of
from polls.access import access_community_by_key, access_poll_by_key
from polls.frozen import freeze
from polls.publish import archive, publishing
from polls.queries import PollRow, polls_of
from polls.schemas import PollIn, PollLine, PollList, PollOut, PollPatch, ScheduleIn, Status, ballot_url
from polls.write import authoring, storing

router = APIRouter(prefix="/api/v1", tags=["polls"], route_class=ApiRoute)


@router.post("/communities/{slug}/polls", status_code=201)
def create_poll(slug: str, sent: PollIn, key: Bearer, session: Session) -> PollOut:
    """Make a draft. Answers with the ids that responses name."""
    member = access_community_by_key(session, key, slug, to="publish")
    poll = authoring.create_poll(
        session, member.community, sent.title, [q.as_draft() for q in sent.questions], by=member.account,
        intro=sent.intro, locale=sent.locale, voter_rule=sent.voter_rule, results_rule=sent.results_rule,
        anonymous=sent.anonymous, listed=sent.listed, may_change=sent.settings.change, paged=sent.paged,
        opens_at=sent.opens_at, closes_at=sent.closes_at, closes_in_days=sent.closes_in_days,
        translations=sent.translations,
    )  # fmt: skip
    return PollOut.of(freeze(session, poll))


@router.get("/communities/{slug}/polls")
def list_polls(slug: str, key: Bearer, session: Session, part: PagedWhole, put_away: bool = False) -> PollList:
    """The community's polls, newest first; those that were put away only with `put_away=true`, and then only those."""
    member = access_community_by_key(session, key, slug, to="read")
    rows = polls_of(session, member.community.id or 0, put_away=put_away)
    found, following = part_of(rows, part, _newest_first, types=(int, int))
    lines = [PollLine(slug=r.slug, title=r.title, status=r.status, url=ballot_url(r.slug)) for r in found]
    return PollList(polls=lines, next=following)


def _newest_first(row: PollRow) -> tuple[int, int]:
    return -paging.stamp(row.created_at), -row.id


@router.get("/polls/{slug}")
def read_poll(slug: str, key: Bearer, session: Session) -> PollOut:
    """One poll with its questions."""
    _member, poll = access_poll_by_key(session, key, slug, to="read")
    return PollOut.of(freeze(session, poll))


@router.patch("/polls/{slug}")
def edit_poll(slug: str, sent: PollPatch, key: Bearer, session: Session) -> PollOut:
    """Change a poll that nobody has answered. 409 edition_frozen from the first vote on, 409 edited_elsewhere when
    `revision` is an old one."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    if not authoring.may_edit(poll):
        raise authoring.EditionFrozen(poll)
    edited = replace(storing.draft_of(freeze(session, poll)), **sent.changes())  # type: ignore[arg-type]
    authoring.edit_poll(session, poll, edited, revision=sent.revision or poll.revision, by=member.account)
    return PollOut.of(freeze(session, poll))


@router.post("/polls/{slug}/opening")
def open_poll(slug: str, key: Bearer, session: Session) -> Status:
    """Publish a draft: it opens now, or becomes `scheduled` when its `opens_at` is still to come. A scheduled poll opens
    now."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    verb = publishing.open_now if poll.status == "scheduled" else publishing.publish
    verb(session, poll, by=member.account)
    return Status(status=poll.status)


@router.post("/polls/{slug}/schedule")
def reschedule_poll(slug: str, sent: ScheduleIn, key: Bearer, session: Session) -> PollOut:
    """Change when a scheduled poll opens and closes, or when an open one closes, whether somebody has voted or not."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    publishing.reschedule(
        session, poll, opens_at=sent.opens_at, closes_at=sent.closes_at, closes_in_days=sent.closes_in_days,
        by=member.account,
    )  # fmt: skip
    return PollOut.of(freeze(session, poll))


@router.post("/polls/{slug}/closing")
def close_poll(slug: str, key: Bearer, session: Session) -> Status:
    """Stop voting."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    publishing.close_now(session, poll, by=member.account)
    return Status(status=poll.status)


@router.post("/polls/{slug}/reopening")
def reopen_poll(slug: str, key: Bearer, session: Session) -> Status:
    """Take votes again on a closed poll. 409 stays_closed for an anonymous one and for an older edition."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    publishing.reopen(session, poll, by=member.account)
    return Status(status=poll.status)


@router.post("/polls/{slug}/archiving")
def put_away(slug: str, key: Bearer, session: Session) -> Status:
    """Take a draft or a closed poll out of the lists; its links keep working."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    archive.put_away(session, poll, by=member.account)
    return Status(status=poll.status)


@router.post("/polls/{slug}/restoring")
def bring_back(slug: str, key: Bearer, session: Session) -> Status:
    """Bring a poll that was put away back into the lists."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    archive.bring_back(session, poll, by=member.account)
    return Status(status=poll.status)
