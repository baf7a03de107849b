"""Signing up for a trial, waiting for a place, leaving.

A place is taken when somebody signs up. That mail is the only one an address gets that nobody has confirmed; the
button on the personal page confirms it. When a place becomes free, the longest waiting person moves up, those first
whom we may tell.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import case, func, update
from sqlmodel import col, select

from heard.accounts import contacts
from heard.accounts.models import Community, Consent, Contact, Suppression
from heard.kit import pausing, tokens, work
from heard.kit.clock import now
from heard.kit.db import DbSession, row_id
from heard.kit.errors import BadInput, NotFound, Refused
from heard.kit.i18n import _, ngettext, number
from heard.kit.zones import day_in
from polls.models import Announcement, Participant


class SignUpOver(Refused):
    """The trial takes nobody any more, or not yet."""

    code, status = "sign_up_over", 409

    def __init__(self, announcement: Announcement) -> None:
        super().__init__(
            _("Nobody can sign up for “%(title)s” any more.") % {"title": announcement.title},
            hint=_("Its page says what comes of it."),
            link=f"/t/{announcement.slug}",
        )


def _words(n: int) -> str:
    return ngettext("%(n)s mail of a trial", "%(n)s mails of trials", n) % {"n": number(n)}


pausing.waits(work.heap_of(_words, "trial_welcome", "trial_place", "trial_version", "trial_outcome"))


@dataclass(frozen=True)
class Places:
    """How full a trial is. `places` None: as many as like; `unconfirmed`: of those who joined."""

    places: int | None
    joined: int
    waiting: int
    unconfirmed: int = 0

    @property
    def left(self) -> int | None:
        """Places that are free; None: no limit."""
        return None if self.places is None else max(0, self.places - self.joined)


@dataclass(frozen=True)
class SignedUp:
    """What somebody is told who signs up: the same for an address that was there before, so that it tells nothing of it.

    `waiting`: the place on the waiting list that a new person has, 0 for a place in the trial.
    """

    address: str
    waiting: int


class Person(NamedTuple):
    """A participant as the manager sees them."""

    id: int
    name: str
    address: str
    state: str
    asked_at: datetime
    confirmed: bool
    came_back: bool = False  # a mail of the trial, for good


def purpose_of(announcement: Announcement) -> str:
    """The name of the list and of the consent."""
    return f"trial:{announcement.id}"


def token_of(announcement_id: int, contact_id: int) -> str:
    """The secret of a participant's page and of their links to the check-ins."""
    return tokens.derived("participant", announcement_id, contact_id)


def voter_key(trial_id: int, participant_id: int) -> str:
    """The key of a participant in every check-in of the trial, which is what makes answers pair."""
    return tokens.derived("voter", "trial", trial_id, participant_id, size=32)


def places_of(session: DbSession, announcement: Announcement) -> Places:
    """How many take part and wait. Seeks ix_participants_announcement_state."""
    rows = session.execute(
        select(Participant.state, func.count(), func.count(col(Contact.confirmed_at)))
        .join(Contact, col(Contact.id) == col(Participant.contact_id), isouter=True)
        .where(Participant.announcement_id == announcement.id)
        .group_by(Participant.state)
    )
    counts = {state: (n, confirmed) for state, n, confirmed in rows}
    joined, confirmed = counts.get("joined", (0, 0))
    return Places(announcement.places, joined, counts.get("waiting", (0, 0))[0], joined - confirmed)


def sign_up(
    session: DbSession, announcement: Announcement, community: Community, *, address: str, name: str, agreed: bool
) -> SignedUp:
    """Take a place, or a place on the waiting list; the mail with the personal page follows.

    An address that is in or waits already keeps what it has. Raises BadInput naming what is missing, SignUpOver.
    """
    session.refresh(announcement, with_for_update=True)  # two people at once would take the last place both
    if announcement.kind != "trial" or _is_over(announcement, community):
        raise SignUpOver(announcement)
    address, name = _checked(address, name, agreed)
    before = places_of(session, announcement)
    full = before.left == 0 or (
        before.left is not None and before.waiting > 0 and _somebody_waits(session, announcement)
    )
    contact = contacts.contact_for(session, community, address, locale=announcement.locale)
    found = session.exec(
        select(Participant).where(Participant.announcement_id == announcement.id, Participant.contact_id == contact.id)
    ).first()
    if found is None or found.state == "left":
        person = found or Participant(
            announcement_id=announcement.id or 0, contact_id=contact.id, state="waiting",
            token_hash=tokens.hashed(token_of(announcement.id or 0, contact.id or 0)), asked_at=now(),
        )  # fmt: skip
        person.name, person.state, person.asked_at = name, "waiting" if full else "joined", now()
        person.joined_at, person.left_at = None if full else now(), None
        session.add(person)
        session.add(
            Consent(
                contact_id=contact.id or 0, purpose=purpose_of(announcement), text_shown=announcement.consent, at=now()
            )
        )
        session.flush()
        found = person
    work.due(session, "trial_welcome", found.id, participant_id=found.id)
    return SignedUp(address, before.waiting + 1 if full else 0)


def _is_over(announcement: Announcement, community: Community) -> bool:
    ended = announcement.ends_on is not None and day_in(now(), community.zone) > announcement.ends_on
    return announcement.status != "published" or ended


def _checked(address: str, name: str, agreed: bool) -> tuple[str, str]:
    wrong: dict[str, str] = {}
    try:
        address = contacts.one_form(address)
    except BadInput as refused:
        wrong["email"] = f"{refused.message} {refused.hint}"
    name = " ".join(name.split())
    if len(name) > 120:
        wrong["name"] = _("At most %(n)s characters.") % {"n": 120}
    if not agreed:
        wrong["agreed"] = _("Tick that you agree, so that we may keep your address and write to you.")
    if wrong:
        hint = _("You are not signed up yet. What you typed is still here.")
        raise BadInput(next(iter(wrong.values())), hint=hint, fields=wrong)
    return address, name


def find(session: DbSession, announcement_id: int, token: str) -> Participant | None:
    """The participant behind a token, or None for one of another trial or of nobody."""
    if not token:
        return None
    return session.exec(
        select(Participant).where(
            Participant.token_hash == tokens.hashed(token), Participant.announcement_id == announcement_id
        )
    ).first()


def confirm(session: DbSession, announcement: Announcement, person: Participant) -> None:
    """The button on the personal page: the address is the person's own, and wants to be written to."""
    contact = session.get(Contact, person.contact_id) if person.contact_id else None
    if contact is not None:
        contacts.confirm(session, contact, purpose_of(announcement), announcement.consent)
        fill_places(session, announcement)


def stop_mails(session: DbSession, announcement: Announcement, person: Participant) -> None:
    """No more mails of this trial; the place stays. Twice changes nothing."""
    contact = session.get(Contact, person.contact_id) if person.contact_id else None
    if contact is not None:
        contacts.suppress(session, contact, purpose_of(announcement))


def leave(session: DbSession, announcement: Announcement, person: Participant) -> None:
    """Leave the trial or the waiting list; what was answered stays counted. Twice changes nothing."""
    session.refresh(announcement, with_for_update=True)
    session.refresh(person)
    if person.state == "left":
        return
    person.state, person.left_at = "left", now()
    session.add(person)
    session.flush()
    fill_places(session, announcement)


def take_out(session: DbSession, announcement: Announcement, participant_id: int) -> Participant:
    """Take somebody out who cannot be a participant; the next one moves up. Raises NotFound for somebody of another trial."""
    person = session.get(Participant, row_id(participant_id))
    if person is None or person.announcement_id != announcement.id:
        raise NotFound()
    leave(session, announcement, person)
    return person


def fill_places(session: DbSession, announcement: Announcement) -> None:
    """Who waits longest moves up while places are free, those first whom we may tell; a mail follows."""
    session.flush()  # a refresh would throw away what is not written yet
    session.refresh(announcement, with_for_update=True)
    if announcement.status != "published":
        return
    left = places_of(session, announcement).left
    waiting = session.exec(_waiting(announcement)).all()
    for person in waiting if left is None else waiting[:left]:
        person.state, person.joined_at = "joined", now()
        session.add(person)
        work.due(session, "trial_place", person.id, participant_id=person.id)
    session.flush()


def _waiting(announcement: Announcement) -> Any:
    """Who waits, in the order in which they move up."""
    return (
        select(Participant)
        .join(Contact, col(Contact.id) == col(Participant.contact_id), isouter=True)
        .where(Participant.announcement_id == announcement.id, Participant.state == "waiting")
        .order_by(
            case((col(Contact.confirmed_at).is_(None), 1), else_=0), col(Participant.asked_at), col(Participant.id)
        )
    )


def _somebody_waits(session: DbSession, announcement: Announcement) -> bool:
    return session.exec(_waiting(announcement).limit(1)).first() is not None


def position(session: DbSession, announcement: Announcement, person: Participant) -> int:
    """The place on the waiting list, from 1; 0 for who does not wait."""
    order = [p.id for p in session.exec(_waiting(announcement))]
    return order.index(person.id) + 1 if person.id in order else 0


def joined_of(session: DbSession, announcement_id: int) -> list[int]:
    """The ids of those who take part, in the order in which they joined."""
    return [
        i or 0
        for i in session.exec(
            select(Participant.id)
            .where(Participant.announcement_id == announcement_id, Participant.state == "joined")
            .order_by(col(Participant.joined_at), col(Participant.id))
        )
    ]


def people_of(session: DbSession, announcement: Announcement) -> list[Person]:
    """Who takes part and who waits, for those who may see it; who left is not in it."""
    order = case((col(Participant.state) == "joined", 0), else_=1)
    rows = session.execute(
        select(
            Participant.id, Participant.name, Contact.address, Participant.state, Participant.asked_at,  # type: ignore[call-overload]
            Contact.confirmed_at, contacts.came_back(purpose_of(announcement)),
        )
        .join(Contact, col(Contact.id) == col(Participant.contact_id), isouter=True)
        .where(Participant.announcement_id == announcement.id, Participant.state != "left")
        .order_by(order, col(Participant.asked_at), col(Participant.id))
    )  # fmt: skip
    return [
        Person(i, name, address or "", state, at, confirmed is not None, bool(came_back))
        for i, name, address, state, at, confirmed, came_back in rows
    ]


def gets_mail(session: DbSession, announcement: Announcement, person: Participant) -> bool:
    """Whether mails of the trial go to this person."""
    contact = session.get(Contact, person.contact_id) if person.contact_id else None
    return contact is not None and contacts.may_write_to(session, contact, purpose_of(announcement))


def wants_no_mail(session: DbSession, announcement: Announcement, person: Participant) -> bool:
    """Whether this person has stopped them."""
    return session.get(Suppression, (person.contact_id, purpose_of(announcement))) is not None


def was_mailed(session: DbSession, participant_id: int, what: str) -> None:
    """Remember that this mail went out."""
    person = session.get(Participant, participant_id, with_for_update=True)
    if person is not None and what not in person.mailed:
        session.execute(
            update(Participant).where(col(Participant.id) == participant_id).values(mailed=[*person.mailed, what])
        )
