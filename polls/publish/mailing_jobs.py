"""Jobs of mailings: making the rows in short transactions, and sending them, with none open while a mail is on its way.

Safe to run twice: rows are unique, and each is claimed with a lease. A batch at a time, so that other work gets its turn.
"""

import time
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, update
from sqlmodel import col, select

from heard.accounts.models import Community
from heard.kit import leases, logs, mail, work
from heard.kit.clock import now
from heard.kit.db import DbSession, reading, writing
from heard.kit.leases import Claimed
from heard.kit.mail import Connection, Outcome
from polls.frozen import frozen_poll
from polls.models import Mailing, MailingDelivery, Poll
from polls.publish import mailing_mails, mailing_plans, mailings

log = logs.logger("heard.mail")
BATCH = 100
PIECE = 1000  # rows that are marked as stopped in one transaction
GAP_SECONDS = 0.03  # SQLite lets nobody in by turns, only who asks while it is free


@work.handles("mailing_queue")
def queue(mailing_id: int, of: int) -> None:
    """Make a row for each person, a portion a transaction; then send."""
    last = 0
    while True:
        with writing() as session:
            mailing = session.get(Mailing, mailing_id)
            poll = session.get(Poll, mailing.poll_id) if mailing else None
            if mailing is None or poll is None:
                return
            home = session.get_one(Community, poll.community_id)
            planned = mailings.round_of(session, poll, home, mailing, of)
            last = (
                mailing_plans.take_piece(session, planned, mailing, last) if planned and not mailing.stopped_at else 0
            )
            if not last:
                work.due(session, "mailing_send", mailing_id, mailing_id=mailing_id)
                return
        time.sleep(GAP_SECONDS)


@work.sends("mailing_send")
def send(mailing_id: int) -> None:
    """Send a batch of a mailing and come back for the next. Running it again after success does nothing."""
    with reading() as session:
        if mailings.is_still(session, mailing_id) and not _is_over(session, mailing_id):
            log.info("mailing.still", mailing=mailing_id)  # its page asks: send now?
            return
        batch = _next_batch(session, mailing_id)
    with writing() as session:
        # Before the first mail: should this process die in the middle, the work comes up again when its leases have run out.
        work.due(session, "mailing_send", f"{mailing_id}:again", wait=leases.LEASE, mailing_id=mailing_id)
    again: datetime | None = now() if len(batch) == BATCH else None
    with mail.connection() as server:
        while (claimed := _claimed(batch)) is not None:
            outcome = _send(server, claimed)
            if isinstance(outcome, str):
                with writing() as session:
                    leases.leave(session, MailingDelivery, claimed, outcome)
                if outcome == "stopped":
                    return _stop_the_rest(mailing_id)
                continue
            later = _recorded(claimed, outcome)
            log.info(
                "mailing.mail", mailing=mailing_id, delivery=claimed.id, state=outcome.state, attempt=claimed.attempt
            )
            if not outcome.reached:
                again = later
                break
    _come_back(mailing_id, again)


def _claimed(batch: list[int]) -> Claimed | None:
    """The next mail to send. Whoever has had enough is left out here, with the claim: of two mailings that reach for one
    person at the same moment, one goes."""
    while True:
        with writing() as session:
            claimed = leases.claim(session, MailingDelivery, col(MailingDelivery.id).in_(batch))
            if claimed is None or not mailing_plans.has_enough(session, claimed.id):
                return claimed
            leases.leave(session, MailingDelivery, claimed, "capped")


def _recorded(claimed: Claimed, outcome: Outcome) -> datetime | None:
    with writing() as session:
        later = leases.record(session, MailingDelivery, claimed, outcome)
        mailing_mails.was_sent(session, claimed.id)
        return later


def _next_batch(session: DbSession, mailing_id: int) -> list[int]:
    row, moment = MailingDelivery, now()
    ready = or_(
        and_(col(row.status) == "queued", or_(col(row.lease_until).is_(None), col(row.lease_until) <= moment)),
        and_(col(row.status) == "sending", col(row.lease_until) <= moment),
    )
    query = select(row.id).where(row.mailing_id == mailing_id, ready).order_by(col(row.attempts), col(row.id))
    return [i or 0 for i in session.exec(query.limit(BATCH))]


def _send(server: Connection, claimed: Claimed) -> Outcome | str:
    """What became of the mail; a word where it is not sent after all. One that cannot be made never blocks the others."""
    try:
        with reading() as session:
            delivery = session.get_one(MailingDelivery, claimed.id)
            if (delivery.status, delivery.attempts) != ("sending", claimed.attempt):
                return (
                    "sent"  # this machine slept over its lease, and another one took it: nothing is written down either
                )
            made = mailing_mails.mail_of(session, delivery)
        return made if isinstance(made, str) else server.send(made)
    except leases.PASSING:
        raise
    except Exception as error:
        log.error("mailing.mail", delivery=claimed.id, exc_info=error)
        return Outcome("never", f"{type(error).__name__}"[:300])


def _is_over(session: DbSession, mailing_id: int) -> bool:
    mailing = session.get(Mailing, mailing_id)
    poll = session.get(Poll, mailing.poll_id) if mailing else None
    return (
        mailing is None
        or poll is None
        or mailing.stopped_at is not None
        or frozen_poll(session, poll.slug).phase != "open"
    )


def _stop_the_rest(mailing_id: int) -> None:
    """The poll has closed, or the manager has stopped it: nothing more of it is sent, ever."""
    row = MailingDelivery
    waiting = (col(row.mailing_id) == mailing_id, col(row.status) == "queued")
    while True:
        with writing() as session:
            some = session.exec(select(row.id).where(*waiting).limit(PIECE)).all()
            stop = update(row).where(col(row.id).in_(some), *waiting)
            session.execute(stop.values(status="stopped", lease_until=None))
        if len(some) < PIECE:
            return
        time.sleep(GAP_SECONDS)


def _come_back(mailing_id: int, again: datetime | None) -> None:
    with writing() as session:
        again = again or leases.next_try(session, MailingDelivery, col(MailingDelivery.mailing_id) == mailing_id)
        if again is not None:
            wait = max(again - now(), timedelta(0))
            work.due(session, "mailing_send", f"{mailing_id}:again", wait=wait, mailing_id=mailing_id)
