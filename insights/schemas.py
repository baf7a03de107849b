"""What the API takes and gives of briefs. Never a table class; unknown fields are refused."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from insights import briefs
from insights.models import Brief, Delivery


class _Taken(BaseModel):
    model_config = ConfigDict(extra="forbid")


class BriefIn(_Taken):
    """A brief to be written: on the days from `since` to `until`, the last 30 without them."""

    audience: Literal["product", "leadership"]
    since: date | None = None
    until: date | None = None
    locale: Literal["", "en", "fr"] = Field(default="", description="The community's own when empty.")


class BriefOut(BaseModel):
    """A brief that was written. `url`: where its reader sees it, without a log-in."""

    id: int
    token: str
    url: str
    facts_hash: str

    @staticmethod
    def of(brief: Brief) -> "BriefOut":
        """From its row."""
        token = briefs.token_of(brief)
        return BriefOut(id=brief.id or 0, token=token, url=briefs.address_of(brief, token), facts_hash=brief.facts_hash)


class BriefRead(BaseModel):
    """A brief with its frozen facts (insights/measures.py has their shape) and its two texts."""

    id: int
    audience: str
    locale: str
    subject: str
    facts: dict[str, Any]
    facts_hash: str
    text: str
    html: str


class DeliveriesIn(_Taken):
    """Readers, by address."""

    to: list[str] = Field(max_length=10_000)


class DeliveryOut(BaseModel):
    """One reader. status: queued (on its way), sent, unconfirmed (asked first), suppressed (unsubscribed), failed."""

    to: str
    status: str

    @staticmethod
    def of(delivery: Delivery) -> "DeliveryOut":
        """From its row."""
        return DeliveryOut(to=delivery.recipient, status=delivery.status)


class DeliveriesOut(BaseModel):
    """What was queued."""

    deliveries: list[DeliveryOut]
