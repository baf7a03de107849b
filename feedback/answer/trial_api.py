"""Trials over the API: their versions with the themes they answer, and how news and trials end."""

from fastapi import APIRouter

from feedback.answer import hearing
from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit.db import DbSession, Session
from heard.kit.paging import Paged, part_of
from polls.access import access_announcement_by_key
from polls.announce import participants, trials
from polls.announce.schemas import (
    AnnouncementOut,
    EndIn,
    PublicationIn,
    VersionOut,
    VersionPatch,
    VersionsPart,
)
from polls.models import Version

router = APIRouter(prefix="/api/v1", tags=["announcements"], route_class=ApiRoute)


@router.get("/announcements/{slug}/versions")
def list_versions(slug: str, key: Bearer, session: Session, part: Paged) -> VersionsPart:
    """The versions of a trial, drafts too, the first one first."""
    _member, it = access_announcement_by_key(session, key, slug, to="publish")
    rows = trials.versions_of(session, it)
    found, following = part_of(rows, part, lambda version: (version.number,), types=(int,))
    return VersionsPart(versions=[_out(session, version) for version in found], next=following)


@router.post("/announcements/{slug}/versions", status_code=201)
def create_version(slug: str, key: Bearer, session: Session) -> VersionOut:
    """Begin the next version of a trial, as a draft. 409 draft_version while there is one."""
    member, it = access_announcement_by_key(session, key, slug, to="publish")
    return _out(session, trials.begin_version(session, it, by=member.account))


@router.get("/announcements/{slug}/versions/{number}")
def read_version(slug: str, number: int, key: Bearer, session: Session) -> VersionOut:
    """One version of a trial, with the themes it answers."""
    _member, it = access_announcement_by_key(session, key, slug, to="publish")
    return _out(session, trials.version_of(session, it, number))


@router.patch("/announcements/{slug}/versions/{number}")
def edit_version(slug: str, number: int, sent: VersionPatch, key: Bearer, session: Session) -> VersionOut:
    """Change the words of a draft, and the themes that a version answers. 409 version_published for words people read."""
    member, it = access_announcement_by_key(session, key, slug, to="publish")
    version = trials.version_of(session, it, number)
    revision = it.revision if sent.revision is None else sent.revision
    hearing.save_version(session, it, version, sent.words(), sent.themes, revision=revision, by=member.account)
    return _out(session, version)


@router.post("/announcements/{slug}/versions/{number}/publication")
def publish_version(slug: str, number: int, sent: PublicationIn, key: Bearer, session: Session) -> VersionOut:
    """Show a version; everybody who takes part is told, and with `ask` asked again."""
    member, it = access_announcement_by_key(session, key, slug, to="publish")
    version = trials.version_of(session, it, number)
    trials.publish_version(session, it, version, ask=sent.ask, by=member.account)
    return _out(session, version)


@router.post("/announcements/{slug}/end")
def end_announcement(slug: str, sent: EndIn, key: Bearer, session: Session) -> AnnouncementOut:
    """End news; end a trial with what becomes of it, and why. Everybody who takes part is told."""
    member, it = access_announcement_by_key(session, key, slug, to="publish")
    trials.end(session, it, sent.outcome, sent.reason, by=member.account)
    return AnnouncementOut.of(it, participants.places_of(session, it))


def _out(session: DbSession, version: Version) -> VersionOut:
    return VersionOut.of(version, trials.check_in_of(session, version), hearing.linked(session, version))
