"""News and trials over the API: make, edit, publish; begin versions and check-ins; the participants. What they end with, and
the themes that a version answers, stand above (feedback/answer/trial_api)."""

from fastapi import APIRouter

from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit import paging
from heard.kit.db import Session
from heard.kit.paging import Paged, part_of
from polls.access import access_announcement_by_key, access_community_by_key
from polls.announce import announcing, participants, schemas, trials
from polls.announce.announcement_queries import AnnouncementRow, announcements_of
from polls.announce.participants import Person
from polls.announce.schemas import (
    AnnouncementIn,
    AnnouncementLine,
    AnnouncementOut,
    AnnouncementPatch,
    AnnouncementsPart,
    ParticipantOut,
    ParticipantsPart,
)
from polls.frozen import freeze
from polls.schemas import PollOut, Status

router = APIRouter(prefix="/api/v1", tags=["announcements"], route_class=ApiRoute)


@router.get("/communities/{slug}/announcements")
def list_announcements(slug: str, key: Bearer, session: Session, part: Paged) -> AnnouncementsPart:
    """News and trials of the community, newest first."""
    member = access_community_by_key(session, key, slug, to="read")
    rows = announcements_of(session, member.community.id or 0)
    found, following = part_of(rows, part, _newest_first, types=(int, int))
    return AnnouncementsPart(announcements=[AnnouncementLine.of(row) for row in found], next=following)


def _newest_first(row: AnnouncementRow) -> tuple[int, int]:
    return -paging.stamp(row.told_at), -row.id


@router.post("/communities/{slug}/announcements", status_code=201)
def create_announcement(slug: str, sent: AnnouncementIn, key: Bearer, session: Session) -> AnnouncementOut:
    """Make a draft of news, or of a trial with its version 1."""
    member = access_community_by_key(session, key, slug, to="publish")
    form = schemas.begun(sent, member.community.locale)
    made = announcing.create(session, member.community, form, by=member.account)
    return AnnouncementOut.of(made, participants.places_of(session, made))


@router.get("/announcements/{slug}")
def read_announcement(slug: str, key: Bearer, session: Session) -> AnnouncementOut:
    """News or a trial, and how full it is."""
    _member, it = access_announcement_by_key(session, key, slug, to="read")
    return AnnouncementOut.of(it, participants.places_of(session, it))


@router.patch("/announcements/{slug}")
def edit_announcement(slug: str, sent: AnnouncementPatch, key: Bearer, session: Session) -> AnnouncementOut:
    """Change a draft, or what is published and goes on. 409 edited_elsewhere when `revision` is an old one."""
    member, it = access_announcement_by_key(session, key, slug, to="publish")
    revision = it.revision if sent.revision is None else sent.revision
    announcing.edit(session, it, schemas.edited(it, sent), revision=revision, by=member.account)
    return AnnouncementOut.of(it, participants.places_of(session, it))


@router.post("/announcements/{slug}/publication")
def publish_announcement(slug: str, key: Bearer, session: Session) -> AnnouncementOut:
    """Show it to everybody; people can sign up for a trial from now on. Its address may change a last time."""
    member, it = access_announcement_by_key(session, key, slug, to="publish")
    announcing.publish(session, it, by=member.account)
    return AnnouncementOut.of(it, participants.places_of(session, it))


@router.post("/announcements/{slug}/versions/{number}/check-in", status_code=201)
def create_check_in(slug: str, number: int, key: Bearer, session: Session) -> PollOut:
    """Make a draft of the trial's check-in: a poll that only participants answer, each by a link of their own."""
    member, it = access_announcement_by_key(session, key, slug, to="publish")
    poll = trials.make_check_in(session, it, trials.version_of(session, it, number), by=member.account)
    return PollOut.of(freeze(session, poll))


@router.post("/announcements/{slug}/versions/{number}/asking")
def ask_check_in(slug: str, number: int, key: Bearer, session: Session) -> Status:
    """Open the check-in of a published version; each participant gets a link by mail."""
    member, it = access_announcement_by_key(session, key, slug, to="publish")
    version = trials.version_of(session, it, number)
    trials.ask_now(session, it, version, by=member.account)
    asked = trials.check_in_of(session, version)
    return Status(status=asked.status if asked else "")


@router.get("/announcements/{slug}/participants")
def list_participants(slug: str, key: Bearer, session: Session, part: Paged) -> ParticipantsPart:
    """Who takes part in a trial, then who waits."""
    _member, it = access_announcement_by_key(session, key, slug, to="publish")
    found, following = part_of(participants.people_of(session, it), part, _by_place, types=(int, int, int))
    return ParticipantsPart(participants=[ParticipantOut.of(one) for one in found], next=following)


def _by_place(person: Person) -> tuple[int, int, int]:
    return int(person.state != "joined"), paging.stamp(person.asked_at), person.id


@router.delete("/announcements/{slug}/participants/{participant_id}", status_code=204)
def remove_participant(slug: str, participant_id: int, key: Bearer, session: Session) -> None:
    """Take somebody out who cannot be a participant; who waits longest moves up."""
    member, it = access_announcement_by_key(session, key, slug, to="publish")
    person = participants.take_out(session, it, participant_id)
    announcing.record(session, member.account, "participant.removed", it, participant=person.id)
