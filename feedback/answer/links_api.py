"""Tracked links over the API: of polls, of news, trials and their versions, and of answers to themes. Each place has its link,
and the text that stands there."""

from fastapi import APIRouter

from feedback.access import access_action_by_key
from feedback.answer import actions
from feedback.answer import sharing_pages as answer_sharing
from feedback.collect import sharing_pages as poll_sharing
from heard.accounts.access import Bearer, Member
from heard.accounts.api_route import ApiRoute
from heard.kit.db import DbSession, Session
from heard.kit.paging import Paged, Part, part_of
from polls.access import access_announcement_by_key, access_poll_by_key
from polls.announce import sharing_pages as trial_sharing
from polls.announce import trials
from polls.publish import sharing
from polls.publish.links import PLACES, Target
from polls.publish.schemas import LinkIn, LinkOut, LinksPart
from polls.publish.sharing import ShareRow, SharingPage, Wish

router = APIRouter(prefix="/api/v1", tags=["links"], route_class=ApiRoute)
NOTHING = Wish()


@router.get("/polls/{slug}/links")
def list_poll_links(slug: str, key: Bearer, session: Session, part: Paged) -> LinksPart:
    """The links of a poll with the texts for their places, and how often each was opened."""
    member, poll = access_poll_by_key(session, key, slug, to="read")
    return _part(poll_sharing.sharing_of(session, member, poll, NOTHING), part)


@router.post("/polls/{slug}/links", status_code=201)
def create_poll_links(slug: str, sent: LinkIn, key: Bearer, session: Session) -> LinksPart:
    """A link for a place by your own word; without a name, one for each place that has none."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    token = _make(session, member, Target(poll), sent)
    return _made(poll_sharing.sharing_of(session, member, poll, NOTHING), token)


@router.get("/announcements/{slug}/links")
def list_announcement_links(slug: str, key: Bearer, session: Session, part: Paged) -> LinksPart:
    """The links of news or a trial, as those of a poll."""
    member, it = access_announcement_by_key(session, key, slug, to="read")
    return _part(trial_sharing.sharing_of(session, member, it, None, NOTHING), part)


@router.post("/announcements/{slug}/links", status_code=201)
def create_announcement_links(slug: str, sent: LinkIn, key: Bearer, session: Session) -> LinksPart:
    """Links of news or a trial, as those of a poll."""
    member, it = access_announcement_by_key(session, key, slug, to="publish")
    token = _make(session, member, Target(announcement=it), sent)
    return _made(trial_sharing.sharing_of(session, member, it, None, NOTHING), token)


@router.get("/announcements/{slug}/versions/{number}/links")
def list_version_links(slug: str, number: int, key: Bearer, session: Session, part: Paged) -> LinksPart:
    """The links of a version of a trial, as those of a poll."""
    member, it = access_announcement_by_key(session, key, slug, to="read")
    version = trials.version_of(session, it, number)
    return _part(trial_sharing.sharing_of(session, member, it, version, NOTHING), part)


@router.post("/announcements/{slug}/versions/{number}/links", status_code=201)
def create_version_links(slug: str, number: int, sent: LinkIn, key: Bearer, session: Session) -> LinksPart:
    """Links of a version of a trial, as those of a poll."""
    member, it = access_announcement_by_key(session, key, slug, to="publish")
    version = trials.version_of(session, it, number)
    token = _make(session, member, Target(version=version), sent)
    return _made(trial_sharing.sharing_of(session, member, it, version, NOTHING), token)


@router.get("/actions/{action_id}/links")
def list_action_links(action_id: int, key: Bearer, session: Session, part: Paged) -> LinksPart:
    """The links of an answer to a theme, as those of a poll."""
    member, action = access_action_by_key(session, key, action_id, to="read")
    return _part(answer_sharing.sharing_of(session, member, action, NOTHING), part)


@router.post("/actions/{action_id}/links", status_code=201)
def create_action_links(action_id: int, sent: LinkIn, key: Bearer, session: Session) -> LinksPart:
    """Links of an answer to a theme, as those of a poll."""
    member, action = access_action_by_key(session, key, action_id, to="publish")
    token = _make(session, member, Target(path=actions.page_of(member.community, action)), sent)
    return _made(answer_sharing.sharing_of(session, member, action, NOTHING), token)


def _make(session: DbSession, member: Member, target: Target, sent: LinkIn) -> str:
    """The token of the one that was named, or "" for all."""
    if sent.name is not None:
        return sharing.add_link(session, member, target, sent.name).token
    sharing.make_links(session, member, target)
    return ""


def _made(shown: SharingPage, token: str) -> LinksPart:
    rows = [row for row in _rows(shown) if not token or row.token == token]
    return LinksPart(links=[LinkOut.of(row) for row in sorted(rows, key=_as_on_the_page)], next=None)


def _part(shown: SharingPage, part: Part) -> LinksPart:
    found, following = part_of(_rows(shown), part, _as_on_the_page, types=(int, int))
    return LinksPart(links=[LinkOut.of(row) for row in found], next=following)


def _rows(shown: SharingPage) -> list[ShareRow]:
    return [row for group in shown.groups for row in group.rows]


def _as_on_the_page(row: ShareRow) -> tuple[int, int]:
    own = row.anchor.removeprefix("link-")
    return (PLACES.index(row.place), 0) if row.place in PLACES else (len(PLACES), int(own))
