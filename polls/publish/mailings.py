"""Mailings: an invitation to a list, a reminder to those who have not answered. Sent once to each, stopped at any time.

The rows of a mailing are made and sent by jobs (mailing_jobs.py); here is what a manager does.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, func, update
from sqlmodel import col, select

from heard.accounts import audit, erasing
from heard.accounts.models import Account, Community, Contact, ContactList
from heard.kit import mail, pausing, tokens, work
from heard.kit.clock import now
from heard.kit.db import DbSession, row_id
from heard.kit.errors import BadInput, NotFound, Refused
from heard.kit.i18n import _, ngettext, number
from polls.frozen import FrozenPoll
from polls.models import Invitation, Mailing, MailingDelivery, Poll
from polls.publish.mailing_plans import Plan, Round

LONGEST_SUBJECT, GOOD_SUBJECT, LONGEST_WORDS = 120, 60, 600
RESTORED = datetime(2000, 1, 1, tzinfo=UTC)  # what waits in a copy that was restored is older (heard/backup.py)
STILL_AFTER = timedelta(hours=24)  # a mailing in which nothing moved for so long waits for a person


class NobodyToWriteTo(Refused):
    """A mailing that would reach nobody."""

    code, status = "nobody_to_write_to", 409

    def __init__(self, plan: Plan) -> None:
        super().__init__(
            _("This would go to nobody, so nothing was sent."),
            hint=" ".join(plan.in_words) or _("The list is empty. Add people to it first."),
        )


class OtherCount(Refused):
    """More or fewer people would get it than the manager has said yes to."""

    code, status = "other_count", 409

    def __init__(self, plan: Plan) -> None:
        super().__init__(
            _("Meanwhile the number has changed: it would go to %(n)s now. Nothing was sent.")
            % {"n": number(plan.to_send)},
            hint=_("Look at it again, then send it."),
        )


class NotForMailings(Refused):
    """The poll is not open, or asks its people another way."""

    code, status = "not_for_mailings", 409


def check_poll(poll: FrozenPoll) -> None:
    """Raises NotForMailings."""
    if poll.trial_id is not None:
        raise NotForMailings(
            _("A check-in goes to the participants of its trial, each by the mail of the version."),
            hint=_("Make a poll of its own to ask a list."),
        )
    if poll.phase != "open":
        raise NotForMailings(
            _("“%(title)s” is not open, so nobody is invited to it.") % {"title": poll.title},
            hint=_("Open it first; then choose a list."),
        )


def clean_words(subject: str, words: str) -> tuple[str, str]:
    """Subject and words as they are kept. Raises BadInput that names every field that is wrong."""
    subject, words = " ".join(subject.split()), words.strip()
    wrong: dict[str, str] = {}
    if not subject:
        wrong["subject"] = _("Write a subject: the question itself is a good one.")
    elif len(subject) > LONGEST_SUBJECT:
        wrong["subject"] = _("At most %(n)s characters.") % {"n": LONGEST_SUBJECT}
    elif mail.header(subject) != subject:
        wrong["subject"] = _("The subject holds a character that no subject can hold. Write it again as plain letters.")
    if len(words) > LONGEST_WORDS:
        wrong["words"] = _("At most %(n)s characters.") % {"n": LONGEST_WORDS}
    if wrong:
        raise BadInput(next(iter(wrong.values())), fields=wrong)
    return subject, words


def check_count(plan: Plan, confirmed: int) -> None:
    """Only what was named is sent. Raises NobodyToWriteTo, OtherCount."""
    if not plan.to_send:
        raise NobodyToWriteTo(plan)
    if plan.to_send != confirmed:
        raise OtherCount(plan)


def begin(session: DbSession, planned: Round, plan: Plan, *, subject: str, words: str, by: Account) -> Mailing:
    """Freeze the words; the mails are made and sent by the worker."""
    poll = planned.poll
    made = Mailing(
        poll_id=poll.id or 0, list_id=planned.the_list.id, kind="reminder" if planned.of else "invitation",
        locale=poll.locale, subject=subject, words=words, created_at=now(), created_by=by.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    of = planned.of.id if planned.of else 0
    work.due(session, "mailing_queue", made.id, mailing_id=made.id, of=of)
    audit.record(
        session,
        by,
        f"mailing.{made.kind}",
        poll.slug,
        community_id=poll.community_id,
        mailing=made.id,
        people=plan.to_send,
    )
    return made


def mailing_of(session: DbSession, poll: Poll, mailing_id: int) -> Mailing:
    """The poll's mailing with this id. Raises NotFound."""
    found = session.get(Mailing, row_id(mailing_id))
    if found is None or found.poll_id != poll.id:
        raise NotFound()
    return found


def any_of(session: DbSession, poll: Poll) -> bool:
    """Whether anything was ever mailed about the poll."""
    return session.exec(select(Mailing.id).where(Mailing.poll_id == poll.id).limit(1)).first() is not None


def round_of(session: DbSession, poll: Poll, community: Community, mailing: Mailing, of: int) -> Round | None:
    """Whom a mailing goes to; None when its list is gone."""
    the_list = session.get(ContactList, mailing.list_id) if mailing.list_id else None
    return Round(poll, community, the_list, session.get(Mailing, of) if of else None) if the_list else None


def stop(session: DbSession, mailing: Mailing, *, by: Account) -> None:
    """What has not gone by now does not go. Twice changes nothing."""
    if mailing.stopped_at is None:
        mailing.stopped_at = now()
        session.add(mailing)
        _recorded(session, mailing, "mailing.stopped", by)
    work.due(session, "mailing_send", mailing.id, mailing_id=mailing.id)


def resume(session: DbSession, mailing: Mailing, *, by: Account) -> None:
    """Send what has waited for a person: it is fresh again from now on. Nothing, where nothing waits."""
    waiting = (col(MailingDelivery.mailing_id) == mailing.id, col(MailingDelivery.status).in_(["queued", "sending"]))
    session.execute(update(MailingDelivery).where(*waiting).values(created_at=now()))
    _recorded(session, mailing, "mailing.resumed", by)
    work.due(session, "mailing_send", mailing.id, mailing_id=mailing.id)


def is_still(session: DbSession, mailing_id: int) -> bool:
    """Whether something waits in which nothing has moved for a day: the server was away, or this is an old copy of the
    database, whose mails have long been sent by the other one. A person decides then; also after `heard restore`, which
    makes what waits older than its mailing."""
    delivery = MailingDelivery
    moments = session.execute(
        select(func.max(delivery.created_at), func.max(delivery.sent_at), func.max(delivery.lease_until)).where(
            delivery.mailing_id == mailing_id
        )
    ).one()
    waiting = (delivery.mailing_id == mailing_id, col(delivery.status).in_(["queued", "sending"]))
    oldest = session.exec(select(func.min(delivery.created_at)).where(*waiting)).one()
    last = max((moment for moment in moments if moment is not None), default=now())
    return oldest is not None and (oldest < RESTORED or now() - last > STILL_AFTER)


def message_id(delivery_id: int | None) -> str:
    """The same however often the mail is made: a mailbox can tell the copy."""
    return mail.message_id(tokens.derived("mailing", delivery_id))


def _waits(before: datetime | None = None) -> tuple[ColumnElement[bool], ...]:
    """What goes by itself once sending goes on: not what asks on the page of its mailing already."""
    row = MailingDelivery
    waits = (col(row.status).in_(["queued", "sending"]), col(row.created_at) >= RESTORED)
    return (*waits, func.coalesce(row.lease_until, row.created_at) < before) if before else waits


def _how_many(session: DbSession, before: datetime | None = None) -> int:
    return session.scalar(select(func.count()).select_from(MailingDelivery).where(*_waits(before))) or 0


def _leave(session: DbSession, before: datetime) -> None:
    old = update(MailingDelivery).where(*_waits(before))
    session.execute(old.values(created_at=RESTORED - timedelta(days=1), lease_until=None))


def _freshen(session: DbSession, before: datetime) -> None:
    session.execute(update(MailingDelivery).where(*_waits(before)).values(created_at=now(), lease_until=None))


def _words(n: int) -> str:
    return ngettext("%(n)s mail of an invitation", "%(n)s mails of invitations", n) % {"n": number(n)}


pausing.waits(pausing.Heap(_words, _how_many, _leave, _freshen))


@erasing.also
def forget(session: DbSession, contact: Contact) -> None:
    """What a mailing holds of a contact: the server's words may name the address, and the mail may be kept as a file."""
    mine = select(MailingDelivery.id).where(MailingDelivery.contact_id == contact.id)
    for delivery_id in session.exec(mine).all():
        with suppress(OSError):
            mail.outbox_file(message_id(delivery_id)).unlink(missing_ok=True)
    of_them = col(MailingDelivery.contact_id) == contact.id
    session.execute(update(MailingDelivery).where(of_them).values(error=""))
    waiting = col(MailingDelivery.status).in_(["queued", "sending"])
    session.execute(update(MailingDelivery).where(of_them, waiting).values(status="suppressed", lease_until=None))
    session.execute(update(Invitation).where(col(Invitation.contact_id) == contact.id).values(label=""))


def _recorded(session: DbSession, mailing: Mailing, action: str, by: Account) -> None:
    poll = session.get_one(Poll, mailing.poll_id)
    audit.record(session, by, action, poll.slug, community_id=poll.community_id, mailing=mailing.id)
    session.flush()
