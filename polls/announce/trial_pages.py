"""Manager acts on a trial: versions, the check-in, participants. Its page stands in feedback, which shows what came of it."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from heard.accounts.access import SignedIn
from heard.kit.db import Session
from heard.kit.i18n import _
from heard.kit.web import see_other
from polls.access import access_announcement
from polls.announce import announcing, participants, trials
from polls.announce.announcement_pages import at_of

router = APIRouter(prefix="/m/{community}/announcements/{slug}", include_in_schema=False)


@router.post("/versions", status_code=303)
def begin_version(community: str, slug: str, account: SignedIn, session: Session) -> RedirectResponse:
    """A draft of the next version; then its page."""
    member, trial = access_announcement(session, account, community, slug, to="publish")
    version = trials.begin_version(session, trial, by=account)
    return see_other(f"{at_of(member, trial)}/versions/{version.number}")


@router.post("/versions/{number}/check-in", status_code=303)
def make_check_in(community: str, slug: str, number: int, account: SignedIn, session: Session) -> RedirectResponse:
    """A draft of the check-in poll; then its editor."""
    member, trial = access_announcement(session, account, community, slug, to="publish")
    poll = trials.make_check_in(session, trial, trials.version_of(session, trial, number), by=account)
    flash = _("This is the check-in. Change what you like, and save it; then ask the participants on the trial's page.")
    return see_other(f"/m/{member.community.slug}/polls/{poll.slug}", flash=flash)


@router.post("/versions/{number}/asking", status_code=303)
def ask_now(community: str, slug: str, number: int, account: SignedIn, session: Session) -> RedirectResponse:
    """Open the check-in and tell the participants."""
    member, trial = access_announcement(session, account, community, slug, to="publish")
    trials.ask_now(session, trial, trials.version_of(session, trial, number), by=account)
    return see_other(at_of(member, trial), flash=_("The check-in is open. Each participant gets a link by mail."))


@router.post("/participants/{participant_id}/removal", status_code=303)
def remove(community: str, slug: str, participant_id: int, account: SignedIn, session: Session) -> RedirectResponse:
    """Take somebody out who cannot be a participant; the next one moves up."""
    member, trial = access_announcement(session, account, community, slug, to="publish")
    person = participants.take_out(session, trial, participant_id)
    announcing.record(session, account, "participant.removed", trial, participant=person.id)
    return see_other(at_of(member, trial), flash=_("Taken out. Who waits longest moves up."))
