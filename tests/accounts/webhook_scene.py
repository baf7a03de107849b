"""A community with a receiver on this machine, for the tests of webhooks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlmodel import col, select

import feedback.events  # noqa: F401  (makes its events known)
import insights.events  # noqa: F401
from heard.accounts.models import Webhook, WebhookDelivery
from heard.accounts.webhooks import events, registering
from heard.accounts.webhooks.events import EVENTS
from heard.accounts.webhooks.registering import Wish
from heard.kit.db import reading, writing
from heard.kit.settings import settings
from tests.receiver import Receiver, receiving

LOCAL = "127.0.0.0/8"


@contextmanager
def allowed_receiver() -> Iterator[Receiver]:
    """A receiver that the operator allows."""
    before = settings().allow_private_targets
    settings().allow_private_targets = LOCAL
    try:
        with receiving() as made:
            yield made
    finally:
        settings().allow_private_targets = before


def hook(world: Any, url: str, *events: str, community: str = "garden", name: str = "Chat") -> Webhook:
    """A webhook of Maya's, told of these events or of all."""
    with writing() as session:
        by = world.people["maya" if community == "garden" else "olu"]
        wish = Wish(name, url, [*events] or [*EVENTS])
        return registering.make(session, world.the_community(session, community), wish, by=by)


def secret(webhook: Webhook) -> str:
    """What signs its deliveries now."""
    with reading() as session:
        return registering.secret_of(session.get_one(Webhook, webhook.id))


def happen(world: Any, *subjects: object, event: str = "poll.opened", community: str = "garden") -> None:
    """Events, each in a transaction of its own."""
    for subject in subjects:
        with writing() as session:
            home = world.the_community(session, community)
            events.tell(session, home.id or 0, event, subject, {"poll": str(subject)})


def deliveries(webhook: Webhook | None = None) -> list[WebhookDelivery]:
    """All, or those of one, oldest first."""
    query = select(WebhookDelivery).order_by(col(WebhookDelivery.id))
    with reading() as session:
        return list(session.exec(query.where(WebhookDelivery.webhook_id == webhook.id) if webhook else query))


def states(webhook: Webhook | None = None) -> list[str]:
    """Of its deliveries."""
    return [row.status for row in deliveries(webhook)]
