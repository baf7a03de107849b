"""What the API takes and gives of webhooks. Never a table class; unknown fields are refused."""

import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from heard.accounts.models import Webhook, WebhookDelivery
from heard.accounts.webhooks import registering
from heard.accounts.webhooks.registering import State


class _Taken(BaseModel):
    model_config = ConfigDict(extra="forbid")


class WebhookIn(_Taken):
    """A webhook to be made. `events`: names, as on its page and in docs/api.md."""

    url: str = Field(max_length=2000, examples=["https://example.org/hooks/heard"])
    events: list[str] = Field(min_length=1, max_length=100, examples=[["poll.closed", "response.recorded"]])
    name: str = Field(default="", max_length=120)


class WebhookPatch(_Taken):
    """What is to be changed; what is left out stays."""

    url: str | None = Field(default=None, max_length=2000)
    events: list[str] | None = Field(default=None, min_length=1, max_length=100)
    name: str | None = Field(default=None, max_length=120)


class WebhookOut(BaseModel):
    """A webhook. state: new, working, waiting, failing or paused; `secret` signs its deliveries."""

    id: int
    name: str
    url: str
    events: list[str]
    state: str
    waiting: int
    secret: str
    created_at: datetime

    @staticmethod
    def of(webhook: Webhook, state: State) -> "WebhookOut":
        """From its row and its state."""
        return WebhookOut(
            id=webhook.id or 0, name=webhook.name, url=webhook.url, events=webhook.events, state=state.word,
            waiting=state.waiting, secret=registering.secret_of(webhook), created_at=webhook.created_at,
        )  # fmt: skip


class WebhookList(BaseModel):
    """Webhooks, oldest first; `next`: the cursor of the next page."""

    webhooks: list[WebhookOut]
    next: str | None = None


class WebhookDeliveryOut(BaseModel):
    """A delivery. state: queued, sending, sent, failed, or stopped (what it said was taken back); `answered`: the last HTTP
    status, null when nothing came back, and then `error` says why; `tried_at`: when it was last tried."""

    id: int
    event_id: str
    event: str
    state: str
    tries: int
    answered: int | None
    error: str
    created_at: datetime
    tried_at: datetime | None

    @classmethod
    def of(cls, row: WebhookDelivery, **more: Any) -> "WebhookDeliveryOut":
        """From its row."""
        return cls(
            id=row.id or 0, event_id=row.event_id, event=row.event, state=row.status, tries=row.attempts,
            answered=row.answered, error=row.error, created_at=row.created_at, tried_at=row.sent_at, **more,
        )  # fmt: skip


class WebhookDeliveryRead(WebhookDeliveryOut):
    """The same with what is sent; null when it was taken back."""

    body: dict[str, Any] | None

    @classmethod
    def of(cls, row: WebhookDelivery, **more: Any) -> "WebhookDeliveryRead":
        """From its row."""
        return super().of(row, body=json.loads(row.body) if row.body else None, **more)  # type: ignore[return-value]


class WebhookDeliveryList(BaseModel):
    """Deliveries, newest first; `next`: the cursor of the next page."""

    deliveries: list[WebhookDeliveryOut]
    next: str | None = None
