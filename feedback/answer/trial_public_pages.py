"""A trial's own page with its history, signing up, and the page of each participant behind a secret address.

No GET writes or sets a cookie. The page for everybody may be kept by caches; it speaks the announcement's language.
"""

from dataclasses import dataclass, replace

from fastapi import APIRouter, Request, Response

from feedback.answer import trial_views
from feedback.answer.trial_views import PublicTrialPage
from feedback.cards.announcement_card import announcement_preview
from feedback.collect.queries import has_voted
from heard.accounts.models import Community, Contact
from heard.kit import limits
from heard.kit.db import DbSession, Session
from heard.kit.errors import BadInput, NotFound
from heard.kit.i18n import _, speaking
from heard.kit.web import first, page, see_other
from polls.announce import participants, trials
from polls.announce.announcement_queries import announcement_at
from polls.announce.participants import SignedUp
from polls.models import Announcement, Participant
from polls.write.forms import TypedForm

router = APIRouter(prefix="/t/{slug}", include_in_schema=False)
KEPT = "public, max-age=60"
SECRET = {"X-Robots-Tag": "noindex, nofollow"}
TRIES = "10/minute"


@dataclass
class SignedUpPage:
    """templates/public/trial_signed_up.html"""

    it: Announcement
    signed_up: SignedUp
    community_name: str
    community_slug: str
    accent: str


@dataclass
class ParticipantPage:
    """templates/public/trial_me.html. `position`: on the waiting list; `ballot`: the own link to an open check-in."""

    it: Announcement
    at: str
    state: str
    name: str
    address: str
    confirmed: bool
    silent: bool
    position: int
    ballot: str
    answered: bool
    page: PublicTrialPage
    community_name: str
    community_slug: str
    accent: str


@router.get("")
def announcement(request: Request, session: Session, slug: str) -> Response:
    """News, or a trial: what and for whom, how to sign up, and every version with what was heard and changed."""
    it, community = published(session, slug)
    with speaking(it.locale):
        shown = replace(
            trial_views.public_page(session, it, community), preview=announcement_preview(session, it, community)
        )
        return page(request, "public/trial.html", shown, cache=KEPT, findable=True)


@router.post("")
def sign_up(request: Request, session: Session, slug: str, typed: TypedForm) -> Response:
    """Take a place, or one on the waiting list. The answer is the same for an address that is in already."""
    it, community = published(session, slug)
    with speaking(it.locale):
        limits.spend("trial sign-up", request.client.host if request.client else "", TRIES)
        values = {name: first(typed.form, name) for name in ("email", "name", "agreed")}
        try:
            if typed.refused:
                raise BadInput(next(iter(typed.refused.values())), fields=typed.refused)
            done = participants.sign_up(
                session, it, community, address=values["email"], name=values["name"], agreed=values["agreed"] == "1"
            )
        except BadInput as refused:
            shown = replace(
                trial_views.public_page(session, it, community), values=values, message=refused.message,
                hint=refused.hint, errors=refused.fields,
            )  # fmt: skip
            return page(request, "public/trial.html", shown, status=422)
        told = SignedUpPage(it, done, community.name, community.slug, community.accent)
        return page(request, "public/trial_signed_up.html", told, status=201)


@router.get("/me/{token}")
def participant(request: Request, session: Session, slug: str, token: str) -> Response:
    """One's own page: the place, the check-in, the versions; confirm, stop mails, leave."""
    return _mine(request, session, slug, token)


@router.post("/me/{token}")
def confirm(session: Session, slug: str, token: str) -> Response:
    """The address is one's own, and mails of the trial are wanted."""
    it, person = _behind(session, slug, token)
    with speaking(_language(session, it, person)):
        participants.confirm(session, it, person)
        return see_other(_at(it, token), flash=_("Confirmed. Mails of this trial go to you."))


@router.get("/me/{token}/silence")
def ask_before_silence(request: Request, session: Session, slug: str, token: str) -> Response:
    """The same page, which has the button: mail scanners open every link."""
    return _mine(request, session, slug, token)


@router.post("/me/{token}/silence")
def silence(session: Session, slug: str, token: str) -> Response:
    """No more mails of this trial; the place stays. Mail programs do this without a page too (RFC 8058)."""
    it, person = _behind(session, slug, token)
    with speaking(_language(session, it, person)):
        participants.stop_mails(session, it, person)
        return see_other(_at(it, token), flash=_("No more mails of this trial. Your place stays."))


@router.post("/me/{token}/leaving")
def leave(session: Session, slug: str, token: str) -> Response:
    """Leave the trial; who waits longest moves up."""
    it, person = _behind(session, slug, token)
    with speaking(_language(session, it, person)):
        participants.leave(session, it, person)
        return see_other(_at(it, token), flash=_("You have left the trial."))


def published(session: DbSession, slug: str) -> tuple[Announcement, Community]:
    """The announcement at /t/<slug> with its community. Raises NotFound for a draft too."""
    it = announcement_at(session, slug)
    if it is None or it.status == "draft":
        raise NotFound(_("There is no announcement at this address."))
    return it, session.get_one(Community, it.community_id)


def _behind(session: DbSession, slug: str, token: str) -> tuple[Announcement, Participant]:
    it, _community = published(session, slug)
    person = participants.find(session, it.id or 0, token)
    if person is None:
        raise NotFound(
            _("There is no participant's page at this address."), hint=_("Copy the whole address from your mail.")
        )
    return it, person


def _mine(request: Request, session: DbSession, slug: str, token: str) -> Response:
    it, person = _behind(session, slug, token)
    contact = session.get(Contact, person.contact_id) if person.contact_id else None
    community = session.get_one(Community, it.community_id)
    with speaking(_language(session, it, person)):
        ballot = trial_views.ballot_link(session, it, token) if person.state == "joined" else ""
        poll = trials.last_check_in(session, it) if ballot else None
        key = participants.voter_key(it.id or 0, person.id or 0)
        shown = ParticipantPage(
            it, _at(it, token), person.state, person.name, contact.address if contact else "",
            contact is not None and contact.confirmed_at is not None,
            participants.wants_no_mail(session, it, person), participants.position(session, it, person), ballot,
            poll is not None and has_voted(session, poll.id or 0, key), trial_views.public_page(session, it, community),
            community.name, community.slug, community.accent,
        )  # fmt: skip
        return page(request, "public/trial_me.html", shown, headers=SECRET)


def _language(session: DbSession, it: Announcement, person: Participant) -> str:
    contact = session.get(Contact, person.contact_id) if person.contact_id else None
    return contact.locale if contact else it.locale


def _at(it: Announcement, token: str) -> str:
    return f"/t/{it.slug}/me/{token}"
