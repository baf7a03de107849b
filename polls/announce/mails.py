"""The mails of a trial to one participant: signed up, a place is free, a new version, what became of it."""

from email.message import EmailMessage

from heard.accounts import contacts
from heard.accounts.models import Account, Community, Contact
from heard.kit import mail, tokens
from heard.kit.db import DbSession
from heard.kit.i18n import _, day, speaking
from heard.kit.settings import settings
from polls.announce import announcing, participants, trials
from polls.models import Announcement, Participant, Version

MOST_UNASKED = 3  # welcomes to an address that nobody has confirmed


def welcome_mail(session: DbSession, person: Participant, what: str) -> EmailMessage | None:
    """The personal page, to somebody who has signed up: the one mail that goes to an unconfirmed address.

    Anybody can type any address into the form, on any day: one that nobody confirms gets a few of them in all, and one
    that wants no mails of this trial gets none.
    """
    trial = session.get_one(Announcement, person.announcement_id)
    waiting = participants.position(session, trial, person)
    if person.state == "left" or (person.state == "waiting" and not waiting):
        return None
    confirmed = participants.gets_mail(session, trial, person)
    sent = sum(one.startswith("welcome:") for one in person.mailed)
    if participants.wants_no_mail(session, trial, person) or (not confirmed and sent >= MOST_UNASKED):
        return None
    return _composed(session, "trial_welcome", what, trial, person, first=True, waiting=waiting, confirmed=confirmed)


def place_mail(session: DbSession, person: Participant, what: str) -> EmailMessage | None:
    """A place has become free, and it is theirs."""
    trial = session.get_one(Announcement, person.announcement_id)
    return _composed(session, "trial_place", what, trial, person) if person.state == "joined" else None


def version_mail(session: DbSession, person: Participant, version: Version, what: str) -> EmailMessage | None:
    """A version: what was heard, what was changed, and the person's own link to the check-in while it is open."""
    trial = session.get_one(Announcement, person.announcement_id)
    poll = trials.check_in_of(session, version)
    ballot = f"{settings().base_url}/p/{poll.slug}?t={_token(person)}" if poll and trials.is_asked(poll) else ""
    return _composed(session, "trial_version", what, trial, person, version=version, ballot=ballot)


def outcome_mail(session: DbSession, person: Participant, what: str) -> EmailMessage | None:
    """What becomes of the trial, and why."""
    trial = session.get_one(Announcement, person.announcement_id)
    return _composed(session, "trial_outcome", what, trial, person)


def _composed(
    session: DbSession, name: str, what: str, trial: Announcement, person: Participant, *, first: bool = False,
    **more: object,
) -> EmailMessage | None:  # fmt: skip
    """None when the person may not, or no longer, be written to."""
    contact = session.get(Contact, person.contact_id) if person.contact_id else None
    purpose = participants.purpose_of(trial)
    if contact is None or not (first or contacts.may_write_to(session, contact, purpose)):
        return None
    community = session.get_one(Community, trial.community_id)
    by = session.get(Account, trial.created_by) if trial.created_by else None
    page = f"{settings().base_url}/t/{trial.slug}"
    personal = f"{page}/me/{_token(person)}"
    with speaking(contact.locale):
        reason = (
            _("You get this because somebody signed up for “%(trial)s” with this address on %(day)s.")
            if first
            else (_("You get this because you take part in “%(trial)s”."))
        )
        context = {
            "trial": trial,
            "person": person,
            "community": community.name,
            "page": page,
            "personal": personal,
            "reason": reason % {"trial": trial.title, "day": day(person.asked_at)},
            "outcomes": announcing.outcome_words(),
            **more,
        }
        return mail.compose(
            name, context, to=contact.address, message_id=message_id(person, what),
            sender=community.sender, sender_name=community.name, reply_to=by.email if by else "",
            list_id=f"trial-{trial.id}.{community.slug}.{mail.mail_host()}", unsubscribe=f"{personal}/silence",
        )  # fmt: skip


def message_id(person: Participant, what: str) -> str:
    """The Message-ID of a mail: the same whenever it is made."""
    return mail.message_id(tokens.derived("trial mail", person.id, what))


def _token(person: Participant) -> str:
    return participants.token_of(person.announcement_id, person.contact_id or 0)
