"""One delivery of a webhook: taken, sent, recorded. At least once, under the same id always.

As in heard/kit/leases.py: claimed with a lease, sent with no transaction open, recorded behind a fence. One at a time for
each webhook. A target that is away holds back its own deliveries, all of them; one that answers with an error holds back
only what it was sent, for it may be that body which it cannot take.
"""

import hmac
import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, func, update
from sqlmodel import col, select

from heard.accounts.models import Webhook, WebhookDelivery
from heard.accounts.webhooks import registering
from heard.kit import leases, outbound, pausing, work
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.i18n import ngettext, number
from heard.kit.leases import Claimed
from heard.kit.outbound import Answer

LEASE = timedelta(seconds=30)  # three times what one sending may take
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 720))  # before the next try of one delivery
HOLDS = WAITS[:3]  # before another one is tried at a target that is away
GIVE_UP_AFTER = timedelta(days=3)
KEPT = timedelta(days=30)
GONE = 410
PIECE = 500
_D = WebhookDelivery


class Parcel(NamedTuple):
    """A delivery that this process sends now."""

    claimed: Claimed
    webhook_id: int
    url: str
    secret: str
    event: str
    event_id: str
    body: str
    at: datetime  # of this try


def take(session: DbSession, webhook_id: int, *, only: int | None = None) -> Parcel | None:
    """The webhook's next delivery whose time has come, or `only` this one, also while it is paused; None: nothing now."""
    webhook = _locked(session, webhook_id)
    if webhook is None or _busy_until(session, webhook_id):
        return None
    which = col(_D.webhook_id) == webhook_id
    if only is not None:
        which &= col(_D.id) == only
    elif webhook.paused_at or held_until(session, webhook_id):
        return None
    claimed = leases.claim(session, _D, which, lease=LEASE)
    if claimed is None:
        return None
    # Should this process die in the middle, the work comes up again when the lease has run out.
    work.due(session, "webhook", f"{webhook_id}:again", wait=LEASE, webhook_id=webhook_id)
    row = session.get_one(_D, claimed.id, populate_existing=True)
    secret, at = registering.secret_of(webhook), now().replace(microsecond=0)
    return Parcel(claimed, webhook_id, webhook.url, secret, row.event, row.event_id, row.body, at)


def _locked(session: DbSession, webhook_id: int) -> Webhook | None:
    """The webhook, ours until the commit: no second delivery of it is taken meanwhile. Events can still be told."""
    return session.get(Webhook, webhook_id, with_for_update={"key_share": True}, populate_existing=True)


def _busy_until(session: DbSession, webhook_id: int) -> datetime | None:
    mine = (col(_D.webhook_id) == webhook_id, col(_D.status) == "sending", col(_D.lease_until) > now())
    return session.scalars(select(_D.lease_until).where(*mine).limit(1)).first()


def held_until(session: DbSession, webhook_id: int) -> datetime | None:
    """Until when nothing is tried at a target that was away; None when there is no reason to wait."""
    away = _away(session, webhook_id)
    if away is None:
        return None
    tries, last = away
    until = last + HOLDS[min(tries, len(HOLDS)) - 1]
    return until if until > now() else None


def _away(session: DbSession, webhook_id: int) -> tuple[int, datetime] | None:
    """How many deliveries found nobody there, and when the last one did; None once anything was answered since."""
    mine = col(_D.webhook_id) == webhook_id
    unheard = (mine, col(_D.status) == "queued", col(_D.attempts) > 0, col(_D.answered).is_(None))
    tries, last = session.execute(select(func.count(), func.max(_D.sent_at)).where(*unheard)).one()
    if last is None:
        return None
    since = select(_D.id).where(mine, col(_D.answered).is_not(None), col(_D.sent_at) > last).limit(1)
    return None if session.scalars(since).first() else (tries, last)


def is_doubtful(session: DbSession, webhook_id: int) -> bool:
    """Whether the last try found nobody there."""
    return _away(session, webhook_id) is not None


def headers_of(event: str, event_id: str, at: datetime, secret: str, body: str) -> dict[str, str]:
    """What is sent beside the body. The signature is HMAC-SHA256 over "<time>.<body>" in hex."""
    time = str(int(at.timestamp()))
    signature = hmac.digest(secret.encode(), f"{time}.{body}".encode(), "sha256").hex()
    return {
        "Content-Type": "application/json", "Heard-Event": event, "Heard-Delivery": event_id, "Heard-Time": time,
        "Heard-Signature": f"v1={signature}",
    }  # fmt: skip


def headers_as_sent(session: DbSession, webhook: Webhook, delivery: WebhookDelivery) -> dict[str, str]:
    """The headers of its last try, made again; {} before one, when what it said was taken back, and once the secret that
    signed it was replaced."""
    if delivery.sent_at is None or not delivery.body:
        return {}
    replaced = registering.last_deed(session, webhook, "webhook.secret_replaced")
    if replaced and replaced.at >= delivery.sent_at:
        return {}
    secret = registering.secret_of(webhook)
    return headers_of(delivery.event, delivery.event_id, delivery.sent_at, secret, delivery.body)


def send(parcel: Parcel) -> Answer:
    """Hand it over; no transaction may be open here."""
    headers = headers_of(parcel.event, parcel.event_id, parcel.at, parcel.secret, parcel.body)
    return outbound.post(parcel.url, parcel.body.encode(), headers)


def record(session: DbSession, parcel: Parcel, answer: Answer, *, by_hand: bool = False) -> None:
    """Write down what came of it, unless another process took it over meanwhile. `sent_at` is the time of the try."""
    webhook = _locked(session, parcel.webhook_id)
    row = session.get(_D, parcel.claimed.id, populate_existing=True)
    if webhook is None or row is None:
        return  # deleted while it was on its way
    values: dict[str, Any] = {
        "answered": answer.status,
        "error": answer.error,
        "sent_at": parcel.at,
        "lease_until": None,
    }
    if answer.status and 200 <= answer.status < 300:
        values |= {"status": "sent"}
    elif parcel.event == registering.TEST or answer.status == GONE or now() - row.created_at > GIVE_UP_AFTER:
        values |= {"status": "failed"}
    else:
        wait = WAITS[min(parcel.claimed.attempt, len(WAITS)) - 1]
        values |= {"status": "queued", "lease_until": now() + wait}
    leases.settle(session, _D, parcel.claimed, values)
    if answer.status == GONE and parcel.event != registering.TEST:
        _pause(session, webhook, "gone")
    elif values["status"] != "sent" and not by_hand and _fails_for_days(session, webhook, row.created_at):
        _pause(session, webhook, "failing")


def _fails_for_days(session: DbSession, webhook: Webhook, tried: datetime) -> bool:
    """Whether nothing has arrived for three days, and something that waited all that time was refused again."""
    limit = now() - GIVE_UP_AFTER
    mine = col(_D.webhook_id) == webhook.id
    oldest = session.scalar(select(func.min(_D.created_at)).where(mine, col(_D.status) == "queued")) or tried
    if min(oldest, tried) > limit:
        return False
    if session.scalars(select(_D.id).where(mine, col(_D.status) == "sent", col(_D.sent_at) > limit).limit(1)).first():
        return False
    resumed = registering.last_deed(session, webhook, "webhook.resumed")
    return resumed is None or resumed.at <= limit


def _pause(session: DbSession, webhook: Webhook, why: str) -> None:
    if webhook.paused_at is None:
        registering.pause(session, webhook, by=None, why=why)
        work.due(session, "webhook_paused", webhook.id, webhook_id=webhook.id, why=why)


def next_moment(session: DbSession, webhook_id: int) -> datetime | None:
    """When there is something to do for this webhook again; None: until something happens, nothing."""
    webhook = session.get(Webhook, webhook_id)
    if webhook is None or webhook.paused_at:
        return None
    waiting = (col(_D.webhook_id) == webhook_id, col(_D.status).in_(["queued", "sending"]))
    when = func.coalesce(_D.lease_until, _D.created_at)
    earliest = session.execute(select(_D.lease_until).where(*waiting).order_by(when).limit(1)).first()
    if earliest is None:
        return None
    others = (_busy_until(session, webhook_id), held_until(session, webhook_id))
    return max(earliest[0] or now(), now(), *(moment for moment in others if moment))


def erase_old(session: DbSession) -> bool:
    """Deliveries are kept for thirty days, sent or not; a piece of the older ones goes. Whether there may be more."""
    old = select(_D.id).where(col(_D.created_at) < now() - KEPT).limit(PIECE)
    ids = list(session.scalars(old))
    if ids:
        session.execute(delete(_D).where(col(_D.id).in_(ids)))
    return len(ids) == PIECE


def forget(session: DbSession, community_id: int, field: str, value: str, *, but: str) -> None:
    """Somebody took back what they said: events that hold it are not sent any more, and their bodies go. `field`: by which
    it is known in them; `but`: the event that tells of it."""
    hooks = select(Webhook.id).where(Webhook.community_id == community_id)
    words = f'"{field}": {json.dumps(value, ensure_ascii=False)}'
    of_it = (col(_D.webhook_id).in_(hooks), col(_D.event) != but, col(_D.body).contains(words, autoescape=True))
    session.execute(update(_D).where(*of_it, col(_D.status) == "sent").values(body=""))
    session.execute(
        update(_D).where(*of_it, col(_D.status) != "sent").values(body="", status="stopped", lease_until=None)
    )


def _waits(before: datetime | None = None) -> tuple[Any, ...]:
    goes = select(Webhook.id).where(col(Webhook.paused_at).is_(None))
    waits = (col(_D.status).in_(["queued", "sending"]), col(_D.webhook_id).in_(goes))
    return (*waits, func.coalesce(_D.lease_until, _D.created_at) < before) if before else waits


def _how_many(session: DbSession, before: datetime | None = None) -> int:
    return session.scalar(select(func.count()).select_from(_D).where(*_waits(before))) or 0


def _leave(session: DbSession, before: datetime) -> None:
    session.execute(update(_D).where(*_waits(before)).values(status="failed", lease_until=None))


def _words(n: int) -> str:
    return ngettext("%(n)s call of a webhook", "%(n)s calls of webhooks", n) % {"n": number(n)}


def _notes(n: int) -> str:
    return ngettext("%(n)s note about a webhook", "%(n)s notes about webhooks", n) % {"n": number(n)}


pausing.waits(pausing.Heap(_words, _how_many, _leave))
pausing.waits(work.heap_of(_notes, "webhook_paused"))


def any_left(session: DbSession) -> bool:
    """Whether there is any delivery."""
    return session.scalars(select(_D.id).limit(1)).first() is not None
