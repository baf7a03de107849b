"""Mails of trials. Each job finds out who has not had its mail yet, sends with no transaction open, and writes it down.

Safe to run twice: what went out is remembered with the participant, and a mail keeps its Message-ID.
"""

from collections.abc import Callable, Collection
from email.message import EmailMessage

from heard.kit import leases, logs, mail, work
from heard.kit.clock import now
from heard.kit.db import DbSession, reading, writing
from polls.announce import mails, participants, trials
from polls.models import Participant, Version

log = logs.logger("heard.mail")
Composer = Callable[[DbSession, Participant, str], EmailMessage | None]


@work.sends("trial_welcome")
def welcome(participant_id: int, tries: int = 0) -> None:
    """The mail with the personal page; once a day at the most, for whoever has lost it and signs up again."""
    if not _send(participant_id, f"welcome:{now().date()}", mails.welcome_mail):
        with writing() as session:
            leases.put_off(session, "trial_welcome", participant_id, tries, participant_id=participant_id)


@work.sends("trial_place")
def tell_of_place(participant_id: int, tries: int = 0) -> None:
    """A place has become free."""
    with reading() as session:
        person = session.get(Participant, participant_id)
        what = f"place:{person.joined_at:%Y-%m-%dT%H:%M:%S}" if person and person.joined_at else ""
    if what and not _send(participant_id, what, mails.place_mail):
        with writing() as session:
            leases.put_off(session, "trial_place", participant_id, tries, participant_id=participant_id)


@work.sends("trial_version")
def tell_of_version(version_id: int, tries: int = 0) -> None:
    """A version to everybody who takes part: one mail a person and version, and one more when its check-in is asked later."""
    with reading() as session:
        version = session.get(Version, version_id)
        people = participants.joined_of(session, version.announcement_id) if version else []
        asked = version is not None and trials.is_asked(trials.check_in_of(session, version))
    if version is None:
        return
    what = f"version:{version.number}"
    had = () if asked else (f"{what}:asked",)  # it was asked, told, and is closed by now
    sent = [_send(person, f"{what}:asked" if asked else what, _of(version_id), had) for person in people]
    if not all(sent):
        with writing() as session:
            leases.put_off(session, "trial_version", version_id, tries, version_id=version_id)


def _of(version_id: int) -> Composer:
    def compose(session: DbSession, person: Participant, what: str) -> EmailMessage | None:
        return mails.version_mail(session, person, session.get_one(Version, version_id), what)

    return compose


@work.sends("trial_outcome")
def tell_of_outcome(announcement_id: int, tries: int = 0) -> None:
    """What became of a trial, to everybody who takes part."""
    with reading() as session:
        people = participants.joined_of(session, announcement_id)
    sent = [_send(person, "outcome", mails.outcome_mail) for person in people]
    if not all(sent):
        with writing() as session:
            leases.put_off(session, "trial_outcome", announcement_id, tries, announcement_id=announcement_id)


def _send(participant_id: int, what: str, compose: Composer, had: Collection[str] = ()) -> bool:
    """Whether nothing is left to do: it went out now or before, may not go, or never will. False: try again later.

    `had`: mails that make this one needless.
    """
    with reading() as session:
        person = session.get(Participant, participant_id)
        is_due = person is not None and not {what, *had} & set(person.mailed)
        message = compose(session, person, what) if person and is_due else None
    if message is None:
        return True
    outcome = mail.send(message)  # no transaction is open here
    if outcome.state == "later":
        log.info("trial.mail", participant=participant_id, what=what, state=outcome.state)
        return False
    with writing() as session:
        participants.was_mailed(session, participant_id, what)
    log.info("trial.mail", participant=participant_id, what=what, state=outcome.state)
    return True
