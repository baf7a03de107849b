"""Jobs of webhooks: sending what waits, a turn at a time; telling an owner that one was paused; erasing what is old.

Safe to run twice. The worker does two things at once, whatever they are (heard/worker.py), so nobody holds a place for long:
a turn ends after ten seconds or when the target is away, and of targets that were away one is tried at a time.
"""

import threading
import time
from datetime import timedelta

from heard.accounts.models import Webhook
from heard.accounts.webhooks import mails, sending
from heard.accounts.webhooks.sending import Parcel
from heard.kit import logs, mail, work
from heard.kit.clock import now
from heard.kit.db import reading, writing
from heard.kit.outbound import Answer

log = logs.logger("heard.webhooks")
TURN_SECONDS = 10.0
ONE_DOUBTFUL = threading.Lock()
DOUBTFUL_WAIT = timedelta(seconds=10)
ERASE_EVERY = timedelta(days=1)


@work.sends("webhook")
def send_waiting(webhook_id: int) -> None:
    """Send what waits for this webhook, and come back for the rest. Running it again after success does nothing."""
    with reading() as session:
        doubtful = sending.is_doubtful(session, webhook_id)
    if not doubtful:
        _turn(webhook_id)
    elif ONE_DOUBTFUL.acquire(blocking=False):
        try:
            _turn(webhook_id)
        finally:
            ONE_DOUBTFUL.release()
    else:
        with writing() as session:
            work.due(session, "webhook", webhook_id, wait=DOUBTFUL_WAIT, webhook_id=webhook_id)
        return
    with writing() as session:
        again = sending.next_moment(session, webhook_id)
        if again is not None:
            work.due(session, "webhook", webhook_id, wait=max(again - now(), timedelta(0)), webhook_id=webhook_id)
        work.due(session, "webhook_erase", "old", wait=ERASE_EVERY)


def _turn(webhook_id: int) -> None:
    until = time.monotonic() + TURN_SECONDS
    with writing() as session:
        parcel = sending.take(session, webhook_id)
    while parcel is not None:
        answer = _sent(parcel)
        with writing() as session:
            sending.record(session, parcel, answer)
            goes_on = answer.status is not None and time.monotonic() < until
            parcel = sending.take(session, webhook_id) if goes_on else None


def try_now(webhook_id: int, delivery_id: int) -> bool:
    """Send this one now, for somebody who waits to see what comes of it; at most ten seconds, with no transaction open.
    False: another one of this webhook is on its way, and this one waits for its turn."""
    with writing() as session:
        parcel = sending.take(session, webhook_id, only=delivery_id)
    if parcel is None:
        return False
    answer = _sent(parcel)
    with writing() as session:
        sending.record(session, parcel, answer, by_hand=True)
    return True


def _sent(parcel: Parcel) -> Answer:
    """Send one; no transaction is open here."""
    answer = sending.send(parcel)
    log.info(
        "webhook.sent", webhook=parcel.webhook_id, delivery=parcel.claimed.id, attempt=parcel.claimed.attempt,
        status=answer.status, error=answer.error,
    )  # fmt: skip
    return answer


@work.sends("webhook_paused")
def tell_of_pause(webhook_id: int, why: str) -> None:
    """Mail to whoever made the webhook that it is paused, if it still is."""
    with reading() as session:
        webhook = session.get(Webhook, webhook_id)
        messages = mails.paused_mails(session, webhook, why) if webhook and webhook.paused_at else []
    later = False
    for message in messages:  # the Message-ID is the same, should some of them go twice
        outcome = mail.send(message)
        log.info("webhook.mail", webhook=webhook_id, state=outcome.state)
        later |= outcome.state == "later"
    if later:
        with writing() as session:
            wait = timedelta(minutes=30)
            work.due(session, "webhook_paused", webhook_id, wait=wait, webhook_id=webhook_id, why=why)


@work.handles("webhook_forget")
def forget(community_id: int, field: str, value: str, but: str = "") -> None:
    """What somebody took back leaves the deliveries."""
    with writing() as session:
        sending.forget(session, community_id, field, value, but=but)


@work.handles("webhook_erase")
def erase_old_deliveries() -> None:
    """Deliveries are kept for thirty days."""
    more = True
    while more:
        with writing() as session:
            more = sending.erase_old(session)
    with writing() as session:
        if sending.any_left(session):
            work.due(session, "webhook_erase", "old", wait=ERASE_EVERY)
