"""Webhooks of a community: addresses of other programs that are told of events, made, changed, paused and taken away."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func
from sqlmodel import col, select

from heard.accounts import audit
from heard.accounts.models import Account, AuditEntry, Community, Webhook, WebhookDelivery
from heard.accounts.webhooks.events import EVENTS, Happening, body_of, listens_again
from heard.kit import outbound, tokens, work
from heard.kit.clock import now
from heard.kit.db import DbSession, row_id
from heard.kit.errors import BadInput, NotFound, Refused
from heard.kit.i18n import _
from heard.kit.outbound import TargetRefused
from heard.kit.web import clean_text

MOST = 20  # of one community: each is a row for every event
TEST = "test"  # an event that nobody chooses: it is sent by hand


class TooManyWebhooks(Refused):
    """A community has as many as it may have."""

    code, status = "too_many_webhooks", 409


class StillOnItsWay(Refused):
    """It is being sent at this moment, or waits for its turn."""

    code, status = "still_on_its_way", 409


class NothingLeft(Refused):
    """What it said was taken back by the person who said it."""

    code, status = "nothing_left", 409


class Wish(NamedTuple):
    """What a webhook is to be. Made by `wish_of` only: its address was looked at."""

    name: str
    url: str
    events: list[str]


def wish_of(name: str, url: str, events: Sequence[str]) -> Wish:
    """Check what somebody wants; asks the DNS, so hold no transaction. Raises TargetRefused, BadInput with fields."""
    name, url = " ".join(clean_text(name).split())[:120], clean_text(url).strip()
    faults: dict[str, str] = {}
    if unknown := [e for e in events if e not in EVENTS]:
        faults["events"] = _("There is no event “%(name)s”.") % {"name": unknown[0][:40]}
    elif not events:
        faults["events"] = _("Choose at least one event.")
    try:
        place = outbound.look_at(url)
    except TargetRefused as refusal:
        refusal.fields |= faults
        raise
    if faults:
        raise BadInput(faults["events"], hint=_("Nothing was saved yet."), fields=faults)
    return Wish(name or place.name[:120], url, [e for e in EVENTS if e in events])


def make(session: DbSession, community: Community, wish: Wish, *, by: Account) -> Webhook:
    """A new webhook; it is told of what happens from now on. Raises TooManyWebhooks."""
    session.refresh(community, with_for_update={"key_share": True})  # two at once must not pass the limit together
    there = select(func.count()).select_from(Webhook).where(col(Webhook.community_id) == community.id)
    if session.scalar(there) >= MOST:  # type: ignore[operator]
        raise TooManyWebhooks(
            _("This community has %(n)s webhooks already.") % {"n": MOST}, hint=_("Delete one that nobody needs.")
        )
    made = Webhook(
        community_id=community.id or 0, name=wish.name, url=wish.url, events=wish.events, created_by=by.id,
        created_at=now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    listens_again(made.community_id)
    _record(session, by, "webhook.created", made, events=wish.events)
    return made


def change(session: DbSession, webhook: Webhook, wish: Wish, *, by: Account) -> None:
    """Another name, address or choice of events. What waits goes to the new address."""
    webhook.name, webhook.url, webhook.events = wish.name, wish.url, wish.events
    session.add(webhook)
    _record(session, by, "webhook.changed", webhook, events=wish.events)


def pause(session: DbSession, webhook: Webhook, *, by: Account | None, why: str = "by_hand") -> None:
    """Nothing is sent and nothing new recorded until it is resumed; what waits stays. `why`: by_hand, failing or gone."""
    if webhook.paused_at is None:
        webhook.paused_at = now()
        session.add(webhook)
        _record(session, by, "webhook.paused", webhook, why=why)


def resume(session: DbSession, webhook: Webhook, *, by: Account) -> None:
    """Told again of what happens; what waited is sent."""
    if webhook.paused_at is not None:
        webhook.paused_at = None
        session.add(webhook)
        _record(session, by, "webhook.resumed", webhook)
        listens_again(webhook.community_id)
        work.due(session, "webhook", webhook.id, webhook_id=webhook.id)


def replace_secret(session: DbSession, webhook: Webhook, *, by: Account) -> None:
    """A new secret at once; the old one signs nothing any more."""
    webhook.secret_number += 1
    session.add(webhook)
    _record(session, by, "webhook.secret_replaced", webhook)


def delete(session: DbSession, webhook: Webhook, *, by: Account) -> None:
    """It goes with all its deliveries; what waits is not sent."""
    _record(session, by, "webhook.deleted", webhook)
    session.delete(webhook)
    session.flush()


def secret_of(webhook: Webhook) -> str:
    """What signs its deliveries: the same always, until it is replaced."""
    return tokens.derived("webhook", webhook.id, webhook.secret_number, size=32)


def queue_test(session: DbSession, webhook: Webhook) -> WebhookDelivery:
    """A delivery that says nothing, to try the way. Tried once."""
    community = session.get_one(Community, webhook.community_id)
    its_id, moment = tokens.fresh(), now()
    test = Happening(TEST, its_id, {"webhook": webhook.name})
    made = WebhookDelivery(
        webhook_id=webhook.id or 0, event_id=its_id, event=TEST, body=body_of(its_id, test, community.slug, moment),
        created_at=moment,
    )  # fmt: skip
    session.add(made)
    session.flush()
    work.due(session, "webhook", webhook.id, webhook_id=webhook.id)  # should its turn not come at once
    return made


def queue_again(session: DbSession, delivery: WebhookDelivery) -> None:
    """One more try of the same id, now. Raises StillOnItsWay, NothingLeft."""
    session.refresh(delivery, with_for_update=True)
    if not delivery.body:
        raise NothingLeft(
            _("What this delivery said was taken back, so it cannot be sent again."),
            hint=_("Ask the person who spoke, if it matters."),
        )
    if delivery.status == "sending":
        raise StillOnItsWay(
            _("This delivery is being sent at this moment."), hint=_("Look again in half a minute what came of it.")
        )
    delivery.status, delivery.lease_until = "queued", None
    session.add(delivery)
    work.due(session, "webhook", delivery.webhook_id, webhook_id=delivery.webhook_id)
    session.flush()


def webhook_of(session: DbSession, community_id: int, webhook_id: int) -> Webhook:
    """The community's webhook with this id. Raises NotFound."""
    found = session.get(Webhook, row_id(webhook_id))
    if found is None or found.community_id != community_id:
        raise NotFound()
    return found


def delivery_of(session: DbSession, webhook: Webhook, delivery_id: int) -> WebhookDelivery:
    """The webhook's delivery with this id. Raises NotFound."""
    found = session.get(WebhookDelivery, row_id(delivery_id))
    if found is None or found.webhook_id != webhook.id:
        raise NotFound()
    return found


def webhooks_of(session: DbSession, community_id: int) -> list[Webhook]:
    """The community's webhooks, oldest first."""
    return list(session.exec(select(Webhook).where(Webhook.community_id == community_id).order_by(col(Webhook.id))))


def deliveries_of(
    session: DbSession, webhook_id: int, *, before: int | None = None, limit: int = 50
) -> list[WebhookDelivery]:
    """A webhook's deliveries, newest first, those before the one with this id."""
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
    if before is not None:
        query = query.where(col(WebhookDelivery.id) < row_id(before))
    return list(session.exec(query.order_by(col(WebhookDelivery.id).desc()).limit(limit)))


class State(NamedTuple):
    """How a webhook does. `word`: paused, failing, waiting, working or new."""

    word: str
    waiting: int
    last: datetime | None  # when something arrived


def states_of(session: DbSession, hooks: Sequence[Webhook]) -> dict[int, State]:
    """The state of each of these webhooks, in one statement."""
    d = WebhookDelivery
    waits = col(d.status).in_(["queued", "sending"])
    rows = session.execute(
        select(
            d.webhook_id,
            func.count().filter(waits),
            func.count().filter(waits, col(d.attempts) > 0, col(d.sent_at).is_not(None)),
            func.max(col(d.sent_at)).filter(col(d.status) == "sent"),
        )
        .where(col(d.webhook_id).in_([h.id for h in hooks]))
        .group_by(col(d.webhook_id))
    )
    found = {webhook_id: (waiting, failing, last) for webhook_id, waiting, failing, last in rows}
    return {h.id or 0: _state(h, *found.get(h.id or 0, (0, 0, None))) for h in hooks}


def _state(webhook: Webhook, waiting: int, failing: int, last: datetime | None) -> State:
    word = "failing" if failing else "waiting" if waiting else "working" if last else "new"
    return State("paused" if webhook.paused_at else word, waiting, last)


def last_deed(session: DbSession, webhook: Webhook, action: str) -> AuditEntry | None:
    """The last time that this was done to the webhook, by the log."""
    entry = AuditEntry
    of_it = (entry.community_id == webhook.community_id, entry.action == action, entry.subject == str(webhook.id))
    return session.exec(select(entry).where(*of_it).order_by(col(entry.id).desc()).limit(1)).first()


def _record(session: DbSession, by: Account | None, what: str, webhook: Webhook, **details: object) -> None:
    audit.record(session, by, what, str(webhook.id), community_id=webhook.community_id, **details)
    session.flush()
