"""What the API takes and gives of briefs. Never a table class; unknown fields are refused."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from heard.kit.taken import Taken
from insights.models import Brief, Delivery
from insights.write import briefs
from insights.write.evidence import Evidence

Audience = Literal["product", "leadership"]
QuotesTaken = Literal["all", "ticked", "none"]
QUOTES_TAKEN = "Of a draft: all in which nothing of a person was found, and those that somebody ticked; only the ticked ones; or none."


class BriefIn(Taken):
    """A brief to be written: on the days from `since` to `until`, the last 30 without them."""

    audience: Audience
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
    """A brief with its frozen facts (insights/measure/measures.py has their shape) and its two texts. `facts`: without the words
    that somebody withdrew since; `facts_hash`: of the facts as they were frozen."""

    id: int
    audience: str
    locale: str
    subject: str
    facts: dict[str, Any]
    facts_hash: str
    text: str
    html: str
    approved_at: datetime | None


class DeliveriesIn(Taken):
    """Readers, by address."""

    to: list[str] = Field(max_length=10_000)
    quotes: QuotesTaken = Field(default="all", description=QUOTES_TAKEN)


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


class DeliveriesPart(BaseModel):
    """A part of a brief's readers, in the order in which it was sent to them."""

    deliveries: list[DeliveryOut]
    next: str | None


class BriefLine(BaseModel):
    """A brief in a list. `url`: where its readers see it."""

    id: int
    audience: str
    locale: str
    subject: str
    since: date
    until: date
    facts_hash: str
    created_at: datetime
    url: str

    @classmethod
    def of(cls, brief: Brief) -> "BriefLine":
        """From its row."""
        names = cls.model_fields.keys() - {"url"}
        return cls(url=briefs.address_of(brief), **{name: getattr(brief, name) for name in names})


class BriefsPart(BaseModel):
    """A part of the briefs, newest first."""

    briefs: list[BriefLine]
    next: str | None


class EvidenceOut(BaseModel):
    """What one sentence of a brief rests on: facts, and comments with addresses masked. `gone`: withdrawn since."""

    sentence: str
    position: int
    last: int
    questions: list[dict[str, Any]]
    themes: list[dict[str, Any]]
    polls: list[dict[str, Any]]
    actions: list[dict[str, Any]]
    totals: dict[str, int]
    comments: list[str]
    of: int
    gone: int

    @classmethod
    def from_(cls, it: Evidence) -> "EvidenceOut":
        """From what was found."""
        whole = {name: getattr(it, name) for name in cls.model_fields if name != "comments"}
        return cls(comments=[said.text for said in it.comments], **whole)


class ReadersPart(BaseModel):
    """A part of the readers of briefs, by address."""

    readers: list[str]
    next: str | None
