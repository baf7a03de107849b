"""Who gets a mailing, and who is held back and why: counted before it is sent, and taken in portions when it is.

One rule for both, as a column of a query: "send", or the first of REASONS that holds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, insert, or_
from sqlmodel import col, exists, select

from heard.accounts import contact_lists, contacts
from heard.accounts.models import Community, Contact, ContactList
from heard.kit import tokens
from heard.kit.clock import now
from heard.kit.db import DbSession, upsert
from heard.kit.i18n import ngettext, number
from polls.models import Invitation, Mailing, MailingDelivery, Poll
from polls.publish import invitations

PIECE = 250  # people of one short transaction
WEEK = timedelta(days=7)
BETWEEN = timedelta(hours=48)  # a mail about a poll and the next one to the same person
MOST_REMINDERS = 2  # to one person about one poll
REASONS = ("stopped", "came_back", "no_yes", "answered", "invited", "lately", "enough", "capped")
_LIVE = ("queued", "sending", "sent")


class Round(NamedTuple):
    """What is sent to whom: an invitation to a list, or with `of` a reminder to those whom that mailing reached."""

    poll: Poll
    community: Community
    the_list: ContactList
    of: Mailing | None = None


@dataclass(frozen=True)
class Plan:
    """How many get it, and how many are held back for each reason."""

    to_send: int
    held: dict[str, int]

    @property
    def in_words(self) -> list[str]:
        """The reasons, in the order in which they were looked at."""
        return [held_words(reason, n) for reason, n in self.held.items()]


def plan(session: DbSession, planned: Round) -> Plan:
    """Count them. Reads only."""
    standing = _standing(planned).label("standing")
    inner = _people(planned).with_only_columns(col(Contact.id).label("id"), standing).subquery()
    rows = session.execute(select(inner.c.standing, func.count()).group_by(inner.c.standing))
    counts: dict[str, int] = dict(iter(rows))
    return Plan(counts.get("send", 0), {reason: counts[reason] for reason in REASONS if reason in counts})


def take_piece(session: DbSession, planned: Round, mailing: Mailing, after: int) -> int:
    """Queue the next people with a contact id above `after`; who has had enough mails is written down as capped.

    Each gets their invitation if they have none yet. Twice changes nothing. Returns the last id, or 0 at the end.
    """
    # Two jobs at once would take the same numbers.
    session.refresh(planned.poll, with_for_update=True)
    standing = _standing(planned, mailing.id or 0)
    rows = session.execute(
        _people(planned, mailing.created_at)
        .with_only_columns(col(Contact.id), col(Invitation.id), standing)
        .where(col(Contact.id) > after, standing.in_(["send", "capped"]), ~_has(mailing))
        .order_by(col(Contact.id))
        .limit(PIECE)
    ).all()
    if not rows:
        return 0
    _invite(session, planned.poll, [contact for contact, invitation, _standing in rows if invitation is None])
    found = select(Invitation.contact_id, Invitation.id).where(
        Invitation.poll_id == planned.poll.id, col(Invitation.contact_id).in_([row[0] for row in rows])
    )
    of = dict(iter(session.execute(found)))
    made = [
        {
            "mailing_id": mailing.id, "invitation_id": of[contact], "contact_id": contact, "created_at": mailing.created_at,
            "status": "queued" if standing == "send" else "capped", "attempts": 0, "error": "",
        }
        for contact, _invitation, standing in rows
    ]  # fmt: skip
    session.execute(upsert(session, MailingDelivery).on_conflict_do_nothing(), made)
    return int(rows[-1][0])


def _invite(session: DbSession, poll: Poll, people: list[int]) -> None:
    if people:
        last = session.exec(select(func.max(Invitation.number)).where(Invitation.poll_id == poll.id)).one() or 0
        rows = [
            {
                "poll_id": poll.id, "number": number, "contact_id": contact, "label": "", "turned_in": False,
                "token_hash": tokens.hashed(invitations.token_of(poll.id or 0, number)),
            }
            for number, contact in enumerate(people, last + 1)
        ]  # fmt: skip
        session.execute(insert(Invitation), rows)


def _people(planned: Round, until: datetime | None = None) -> Any:
    """Everybody on the list (who came `until` then: those a manager has said yes to), or whom the earlier mailing reached;
    with their invitation to this poll, if there is one."""
    own = and_(col(Invitation.contact_id) == col(Contact.id), col(Invitation.poll_id) == planned.poll.id)
    query: Any = select(Contact).join(Invitation, own, isouter=True)
    if planned.of is None:
        return query.where(contact_lists.on(planned.the_list, until))
    delivery = MailingDelivery
    return query.where(
        exists().where(
            col(delivery.invitation_id) == col(Invitation.id),
            col(delivery.mailing_id) == planned.of.id,
            col(delivery.status) == "sent",
        )
    )


def _standing(planned: Round, mailing_id: int = 0) -> ColumnElement[str]:
    """The reason that holds somebody back, or "send". `mailing_id`: the one that is being queued does not count itself."""
    purpose, delivery = planned.the_list.purpose, MailingDelivery
    about = and_(col(delivery.invitation_id) == col(Invitation.id), col(delivery.mailing_id) != mailing_id)
    moment = now()
    reasons: list[tuple[Any, str]] = [
        (contacts.stopped(purpose), "stopped"),
        (contacts.came_back(purpose), "came_back"),
        (~contacts.writable(purpose), "no_yes"),
        (col(Invitation.turned_in).is_(True), "answered"),
    ]
    if planned.of is None:
        reasons.append((exists().where(about, col(delivery.status).in_(_LIVE)), "invited"))
    else:
        waiting = col(delivery.status).in_(["queued", "sending"])
        lately = and_(col(delivery.status) == "sent", col(delivery.sent_at) > moment - BETWEEN)
        reminders = (
            select(func.count())
            .select_from(delivery)
            .join(Mailing, col(Mailing.id) == col(delivery.mailing_id))
            .where(about, col(delivery.status).in_(_LIVE), col(Mailing.kind) == "reminder")
            .scalar_subquery()
        )
        reasons.append((exists().where(about, or_(waiting, lately)), "lately"))
        reasons.append((reminders >= MOST_REMINDERS, "enough"))
    reasons.append((mails_lately(col(Contact.id), mailing_id) >= planned.community.mails_per_week, "capped"))
    return case(*reasons, else_="send")


def has_enough(session: DbSession, delivery_id: int) -> bool:
    """Whether this person has had, or is just getting, as many other mails as the community allows. In the transaction
    that claims the mail: a second worker waits here until the first one's claim can be seen."""
    delivery = session.get_one(MailingDelivery, delivery_id)
    contact = session.exec(select(Contact).where(Contact.id == delivery.contact_id).with_for_update()).first()
    if contact is None:
        return False  # forgotten meanwhile; nothing is sent either
    most = session.get_one(Community, contact.community_id).mails_per_week
    return session.exec(select(mails_lately(contact.id, without_delivery=delivery_id))).one() >= most


def mails_lately(contact_id: Any, without_mailing: int = 0, without_delivery: int = 0) -> Any:
    """How many mails about any poll this contact has had within a week, or is about to get."""
    delivery = MailingDelivery
    had = and_(col(delivery.status) == "sent", col(delivery.sent_at) > now() - WEEK)
    # Of one that is about to go, only those on their way count: of two that wait, the first must not stand back for the second.
    coming = col(delivery.status).in_(["sending"] if without_delivery else ["queued", "sending"])
    return (
        select(func.count())
        .select_from(delivery)
        .where(
            col(delivery.contact_id) == contact_id,
            or_(had, coming),
            col(delivery.mailing_id) != without_mailing,
            col(delivery.id) != without_delivery,
        )
        .scalar_subquery()
    )


def _has(mailing: Mailing) -> ColumnElement[bool]:
    return exists().where(
        col(MailingDelivery.mailing_id) == mailing.id, col(MailingDelivery.contact_id) == col(Contact.id)
    )


def held_words(reason: str, n: int) -> str:
    """How many are held back, and why, in a sentence."""
    words = {
        "stopped": ngettext("%(n)s person has stopped these mails.", "%(n)s people have stopped these mails.", n),
        "came_back": ngettext("Mail to %(n)s person came back.", "Mail to %(n)s people came back.", n),
        "no_yes": ngettext("Of %(n)s person no consent is recorded.", "Of %(n)s people no consent is recorded.", n),
        "answered": ngettext("%(n)s person has answered.", "%(n)s people have answered.", n),
        "invited": ngettext(
            "%(n)s person has this invitation already.", "%(n)s people have this invitation already.", n
        ),
        "lately": ngettext(
            "%(n)s person had a mail about this poll within 48 hours.",
            "%(n)s people had a mail about this poll within 48 hours.",
            n,
        ),
        "enough": ngettext(
            "%(n)s person has had two reminders of this poll, the most there are.",
            "%(n)s people have had two reminders of this poll, the most there are.",
            n,
        ),
        "capped": ngettext(
            "%(n)s person had as many mails this week as your settings allow; they get none.",
            "%(n)s people had as many mails this week as your settings allow; they get none.",
            n,
        ),
    }
    return words[reason] % {"n": number(n)}
