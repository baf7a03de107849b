"""What is told: briefs with frozen facts, their findings, readers and their schedules, deliveries and decisions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from heard.kit.db import UtcTime, one_of

AUDIENCES = ("product", "leadership")
DELIVERY_STATUSES = ("unconfirmed", "queued", "sending", "sent", "failed", "bounced", "suppressed")
RHYTHMS = ("", "daily", "weekly", "monthly")
TURN_STATES = ("planned", "drafted", "waiting", "sent", "skipped", "missed", "failed")


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
    approved_by: int | None = Field(default=None, foreign_key="accounts.id", ondelete="SET NULL")
    scheduled: bool = Field(default=False, nullable=False)  # written for readers with a rhythm, not on demand


class BriefQuote(SQLModel, table=True):
    """A quote that a person read and let into a brief. Without such a row it is not sent."""

    __tablename__ = "brief_quotes"
    brief_id: int = Field(foreign_key="briefs.id", ondelete="CASCADE", primary_key=True)
    comment: str = Field(primary_key=True, max_length=20)  # its id as text; the words stand in the brief
    # Somebody read it and said: what looks like a name is none.
    as_written: bool = Field(default=False, nullable=False)
    ticked_by: int | None = Field(default=None, foreign_key="accounts.id", ondelete="SET NULL")
    ticked_at: datetime = Field(sa_type=UtcTime)


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
    edited: str = Field(default="", max_length=1000)  # a person's wording; the same figures, the same evidence
    edited_by: int | None = Field(default=None, foreign_key="accounts.id", ondelete="SET NULL")
    by_model: bool = Field(
        default=False, nullable=False
    )  # the language model was asked: its words, or none as ours stayed
    edited_at: datetime | None = Field(default=None, sa_type=UtcTime)


class Subscription(SQLModel, table=True):
    """A reader of a community's briefs: on demand only (rhythm ""), or on a day and hour of the reader's own zone."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        one_of("audience", AUDIENCES),
        one_of("rhythm", RHYTHMS),
        one_of("unapproved", ("without_quotes", "wait")),
        one_of("nothing_new", ("say", "skip")),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("day BETWEEN 1 AND 31", name="day"),
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
    )
    community_id: int = Field(foreign_key="communities.id", ondelete="CASCADE", primary_key=True)
    contact_id: int = Field(foreign_key="contacts.id", ondelete="CASCADE", primary_key=True)
    audience: str = Field(primary_key=True, max_length=10)
    created_at: datetime = Field(sa_type=UtcTime)
    rhythm: str = Field(default="", max_length=10)
    weekday: int = Field(default=2, nullable=False)  # 1 Monday … 7 Sunday, for weekly
    day: int = Field(default=2, nullable=False)  # of the month, for monthly; the last one where the month is shorter
    hour: int = Field(default=8, nullable=False)
    zone: str = Field(default="UTC", max_length=60)
    unapproved: str = Field(default="without_quotes", max_length=14)  # what happens at the hour, if nobody approved it
    nothing_new: str = Field(default="say", max_length=4)
    since: datetime | None = Field(
        default=None, sa_type=UtcTime
    )  # the rhythm holds from here: nothing before is made up for


class Turn(SQLModel, table=True):
    """One period of a subscription: when its brief is drafted, when it goes, and what became of it. One row, one period."""

    __tablename__ = "turns"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "contact_id", "audience"],
            ["subscriptions.community_id", "subscriptions.contact_id", "subscriptions.audience"],
            ondelete="CASCADE",
        ),
        one_of("state", TURN_STATES),
        Index("ix_turns_state_due", "state", "due_at"),
    )
    community_id: int = Field(primary_key=True)
    contact_id: int = Field(primary_key=True)
    audience: str = Field(primary_key=True, max_length=10)
    until: date = Field(primary_key=True)  # the last day of the period
    period_since: date
    drafts_at: datetime = Field(sa_type=UtcTime)
    due_at: datetime = Field(sa_type=UtcTime)
    state: str = Field(default="planned", max_length=10)
    brief_id: int | None = Field(default=None, foreign_key="briefs.id", ondelete="SET NULL", index=True)
    attempts: int = Field(default=0, nullable=False)
    error: str = Field(default="", max_length=500)
    done_at: datetime | None = Field(default=None, sa_type=UtcTime)


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
    quotes: bool = Field(default=True, nullable=False)  # False: nobody had approved it at its hour, so without quotes


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
    who: str = Field(default="", max_length=200)  # what was decided: who does it, and by when
    due_on: date | None = None
    theme_id: int | None = Field(default=None, foreign_key="themes.id", ondelete="SET NULL", index=True)
    poll_id: int | None = Field(
        default=None, foreign_key="polls.id", ondelete="SET NULL"
    )  # the draft that an “ask” became
    action_id: int | None = Field(default=None, foreign_key="actions.id", ondelete="SET NULL")  # what it became
