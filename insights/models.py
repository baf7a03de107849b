"""What is told: briefs with frozen facts, their findings, readers, deliveries and decisions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from heard.kit.db import UtcTime, one_of

AUDIENCES = ("product", "leadership")
DELIVERY_STATUSES = ("unconfirmed", "queued", "sending", "sent", "failed", "suppressed")


class Brief(SQLModel, table=True):
    """A page for one audience, made from facts that no longer move. The token of /b/{token} is derived; its hash stored."""

    __tablename__ = "briefs"
    __table_args__ = (
        one_of("audience", AUDIENCES),
        one_of("locale", ("en", "fr")),
        CheckConstraint("length(facts_hash) = 64", name="facts_hash"),
        Index("ix_briefs_community", "community_id", "created_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="communities.id", ondelete="CASCADE")
    audience: str = Field(max_length=10)
    locale: str = Field(default="en", max_length=2)
    since: date
    until: date
    token_hash: str = Field(max_length=64, unique=True)
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    facts_hash: str = Field(max_length=64)
    subject: str = Field(max_length=60)
    text: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))  # the frozen wording
    created_at: datetime = Field(sa_type=UtcTime)
    created_by: int | None = Field(default=None, foreign_key="accounts.id", ondelete="SET NULL")
    approved_at: datetime | None = Field(default=None, sa_type=UtcTime)


class Finding(SQLModel, table=True):
    """One sentence of a brief and what stands behind it; a sentence with nothing behind it cannot be stored."""

    __tablename__ = "findings"
    __table_args__ = (
        UniqueConstraint("brief_id", "position"),
        CheckConstraint("length(evidence) > 4", name="evidence"),  # JSON text: more than "[]" or "null"
    )
    id: int | None = Field(default=None, primary_key=True)
    brief_id: int = Field(foreign_key="briefs.id", ondelete="CASCADE")
    position: int
    sentence: str = Field(max_length=1000)
    evidence: str  # JSON: {"facts": [paths into the facts], "comments": [ids as text]}


class Subscription(SQLModel, table=True):
    """A reader of a community's briefs."""

    __tablename__ = "subscriptions"
    __table_args__ = (one_of("audience", AUDIENCES),)
    community_id: int = Field(foreign_key="communities.id", ondelete="CASCADE", primary_key=True)
    contact_id: int = Field(foreign_key="contacts.id", ondelete="CASCADE", primary_key=True)
    audience: str = Field(primary_key=True, max_length=10)
    created_at: datetime = Field(sa_type=UtcTime)


class Delivery(SQLModel, table=True):
    """One brief to one reader, once. `lease_until`: a worker has it; a lease that ran out is sent again, same Message-ID."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("brief_id", "recipient"),
        one_of("status", DELIVERY_STATUSES),
        Index("ix_deliveries_status", "status", "lease_until"),
    )
    id: int | None = Field(default=None, primary_key=True)
    brief_id: int = Field(foreign_key="briefs.id", ondelete="CASCADE")
    contact_id: int | None = Field(default=None, foreign_key="contacts.id", ondelete="SET NULL")
    recipient: str = Field(max_length=254)
    token_hash: str = Field(max_length=64, unique=True)
    message_id: str = Field(max_length=200, unique=True)
    status: str = Field(default="queued", max_length=12)
    attempts: int = Field(default=0, nullable=False)
    lease_until: datetime | None = Field(default=None, sa_type=UtcTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcTime)
    error: str = Field(default="", max_length=500)
    created_at: datetime = Field(sa_type=UtcTime)


class Decision(SQLModel, table=True):
    """What a reader answered to the decision asked."""

    __tablename__ = "decisions"
    __table_args__ = (
        one_of("kind", ("agree", "decide", "ask")),
        UniqueConstraint("delivery_id", "kind"),
    )
    id: int | None = Field(default=None, primary_key=True)
    brief_id: int = Field(foreign_key="briefs.id", ondelete="CASCADE", index=True)
    delivery_id: int = Field(foreign_key="deliveries.id", ondelete="CASCADE")
    kind: str = Field(max_length=10)
    note: str = Field(default="", max_length=2000)
    at: datetime = Field(sa_type=UtcTime)
