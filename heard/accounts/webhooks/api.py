"""Webhooks over the API: what their pages can do."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlmodel import select

from heard.accounts.access import Bearer, Key, Member, access_by_key
from heard.accounts.api_route import ApiRoute
from heard.accounts.models import Community, Webhook
from heard.accounts.webhooks import jobs, registering
from heard.accounts.webhooks.schemas import (
    WebhookDeliveryList,
    WebhookDeliveryOut,
    WebhookDeliveryRead,
    WebhookIn,
    WebhookList,
    WebhookOut,
    WebhookPatch,
)
from heard.kit import limits
from heard.kit.db import DbSession, Session, release, row_id, writing
from heard.kit.errors import BadInput, NotFound
from heard.kit.i18n import _

router = APIRouter(prefix="/api/v1", tags=["webhooks"], route_class=ApiRoute)
Limit = Annotated[int, Query(ge=1, le=200)]
PER_MINUTE = "10/minute"


@router.get("/communities/{slug}/webhooks")
def list_webhooks(slug: str, key: Bearer, session: Session, cursor: str = "", limit: Limit = 50) -> WebhookList:
    """The community's webhooks, oldest first."""
    member, after = _community(session, key, slug), _place(cursor)
    hooks = [h for h in registering.webhooks_of(session, member.community.id or 0) if (h.id or 0) > after]
    states = registering.states_of(session, hooks[:limit])
    following = str(hooks[limit - 1].id) if len(hooks) > limit else None
    return WebhookList(webhooks=[WebhookOut.of(h, states[h.id or 0]) for h in hooks[:limit]], next=following)


@router.post("/communities/{slug}/webhooks", status_code=201)
def make_webhook(slug: str, sent: WebhookIn, key: Bearer, session: Session) -> WebhookOut:
    """Make a webhook; it is told of what happens from now on. 422 target_refused for an address that is not called."""
    member = _community(session, key, slug)
    limits.spend("webhook", str(member.account.id), PER_MINUTE)
    release(session)  # no transaction is open while the DNS is asked
    wish = registering.wish_of(sent.name, sent.url, sent.events)
    return _out(session, registering.make(session, member.community, wish, by=member.account))


@router.get("/webhooks/{webhook_id}")
def read_webhook(webhook_id: int, key: Bearer, session: Session) -> WebhookOut:
    """One webhook with its secret."""
    return _out(session, _access(session, key, webhook_id)[1])


@router.patch("/webhooks/{webhook_id}")
def change_webhook(webhook_id: int, sent: WebhookPatch, key: Bearer, session: Session) -> WebhookOut:
    """Change its name, address or events. What waits goes to the new address."""
    member, webhook = _access(session, key, webhook_id)
    limits.spend("webhook", str(member.account.id), PER_MINUTE)
    name = webhook.name if sent.name is None else sent.name
    url, events = sent.url or webhook.url, sent.events or webhook.events
    release(session)  # as above
    wish = registering.wish_of(name, url, events)
    member, webhook = _access(session, key, webhook_id)
    registering.change(session, webhook, wish, by=member.account)
    return _out(session, webhook)


@router.delete("/webhooks/{webhook_id}", status_code=204)
def delete_webhook(webhook_id: int, key: Bearer, session: Session) -> Response:
    """Delete it with its deliveries; what waits is not sent."""
    member, webhook = _access(session, key, webhook_id)
    registering.delete(session, webhook, by=member.account)
    return Response(status_code=204)


@router.post("/webhooks/{webhook_id}/pause")
def pause_webhook(webhook_id: int, key: Bearer, session: Session) -> WebhookOut:
    """Nothing is sent, and nothing new recorded for it, until it is resumed."""
    member, webhook = _access(session, key, webhook_id)
    registering.pause(session, webhook, by=member.account)
    return _out(session, webhook)


@router.post("/webhooks/{webhook_id}/resumption")
def resume_webhook(webhook_id: int, key: Bearer, session: Session) -> WebhookOut:
    """Send again, what waited first."""
    member, webhook = _access(session, key, webhook_id)
    registering.resume(session, webhook, by=member.account)
    return _out(session, webhook)


@router.post("/webhooks/{webhook_id}/secret")
def replace_secret(webhook_id: int, key: Bearer, session: Session) -> WebhookOut:
    """A new secret, at once; the old one signs nothing any more."""
    member, webhook = _access(session, key, webhook_id)
    registering.replace_secret(session, webhook, by=member.account)
    return _out(session, webhook)


@router.post("/webhooks/{webhook_id}/tests", status_code=201)
def send_test(webhook_id: int, key: Bearer, session: Session) -> WebhookDeliveryRead:
    """Send a delivery that says nothing, and wait for what comes of it: at most ten seconds."""
    member, webhook = _access(session, key, webhook_id)
    limits.spend("webhook", str(member.account.id), PER_MINUTE)
    release(session)  # as above
    with writing() as own:  # committed before the network is asked
        made = registering.queue_test(own, registering.webhook_of(own, webhook.community_id, webhook_id))
    jobs.try_now(webhook_id, made.id or 0)
    return _delivery(session, key, webhook_id, made.id or 0)


@router.get("/webhooks/{webhook_id}/deliveries")
def list_webhook_deliveries(
    webhook_id: int, key: Bearer, session: Session, cursor: str = "", limit: Limit = 50
) -> WebhookDeliveryList:
    """Its deliveries of the last 30 days, newest first."""
    _access(session, key, webhook_id)
    rows = registering.deliveries_of(session, webhook_id, before=_place(cursor) if cursor else None, limit=limit + 1)
    following = str(rows[limit - 1].id) if len(rows) > limit else None
    return WebhookDeliveryList(deliveries=[WebhookDeliveryOut.of(row) for row in rows[:limit]], next=following)


@router.get("/webhooks/{webhook_id}/deliveries/{delivery_id}")
def read_delivery(webhook_id: int, delivery_id: int, key: Bearer, session: Session) -> WebhookDeliveryRead:
    """One delivery with its body."""
    return _delivery(session, key, webhook_id, delivery_id)


@router.post("/webhooks/{webhook_id}/deliveries/{delivery_id}/tries", status_code=201)
def send_again(webhook_id: int, delivery_id: int, key: Bearer, session: Session) -> WebhookDeliveryRead:
    """One more try of the same event_id, now; waits for what comes of it. 409 still_on_its_way, nothing_left."""
    member, webhook = _access(session, key, webhook_id)
    limits.spend("webhook", str(member.account.id), PER_MINUTE)
    release(session)  # as above
    with writing() as own:  # committed before the network is asked
        again = registering.webhook_of(own, webhook.community_id, webhook_id)
        registering.queue_again(own, registering.delivery_of(own, again, delivery_id))
    jobs.try_now(webhook_id, delivery_id)
    return _delivery(session, key, webhook_id, delivery_id)


def _community(session: DbSession, key: Key, slug: str) -> Member:
    found = session.exec(select(Community.id).where(Community.slug == slug, Community.id == key.community_id)).first()
    if found is None:
        raise NotFound()
    return access_by_key(session, key, found, to="publish")


def _access(session: DbSession, key: Key, webhook_id: int) -> tuple[Member, Webhook]:
    webhook = registering.webhook_of(session, key.community_id, webhook_id)
    return access_by_key(session, key, webhook.community_id, to="publish"), webhook


def _out(session: DbSession, webhook: Webhook) -> WebhookOut:
    return WebhookOut.of(webhook, registering.states_of(session, [webhook])[webhook.id or 0])


def _delivery(session: DbSession, key: Key, webhook_id: int, delivery_id: int) -> WebhookDeliveryRead:
    _member, webhook = _access(session, key, webhook_id)
    return WebhookDeliveryRead.of(registering.delivery_of(session, webhook, delivery_id))


def _place(cursor: str) -> int:
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 20):
        raise BadInput(
            _("“%(cursor)s” is no cursor.") % {"cursor": cursor[:40]},
            hint=_("Take the value of “next” of the page before."), fields={"cursor": _("Not a cursor.")},
        )  # fmt: skip
    return row_id(int(cursor or 0))
