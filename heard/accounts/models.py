"""People, communities, roles, tokens, and whom we may write to."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from heard.kit.db import UtcTime, one_of

ROLES = ("owner", "manager", "analyst", "viewer")
WEBHOOK_STATUSES = ("queued", "sending", "sent", "failed", "stopped")


class Community(SQLModel, table=True):
    """Whom the polls are for: one home with its people, polls and voice."""

    __tablename__ = "communities"
    __table_args__ = (
        one_of("locale", ("en", "fr")),
        CheckConstraint("length(slug) BETWEEN 1 AND 60", name="slug"),
        CheckConstraint("mails_per_week BETWEEN 1 AND 14", name="mails_per_week"),
    )
    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=120)
    mission: str = Field(default="", max_length=2000)
    brand_story: str = Field(default="", max_length=4000)
    audience: str = Field(default="", max_length=2000)
    locale: str = Field(default="en", max_length=2)
    zone: str = Field(default="UTC", max_length=60)
    accent: str = Field(default="", max_length=7)
    sender: str = Field(default="", max_length=254)
    mails_per_week: int = Field(default=2, nullable=False)  # invitations and reminders to one person, over all polls
    member_key: int = Field(default=0, nullable=False)  # which key signs the host site's members in; 0: none does
    member_url: str = Field(default="", max_length=500)  # the host site's page that sends its members here, signed in
    created_at: datetime = Field(sa_type=UtcTime)


class Account(SQLModel, table=True):
    """A person who signs in. `email` is lower case and stripped."""

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)
    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=120)
    password_hash: str = Field(max_length=255)
    locale: str = Field(default="en", max_length=2)
    created_at: datetime = Field(sa_type=UtcTime)


class Membership(SQLModel, table=True):
    """What an account is in a community."""

    __tablename__ = "memberships"
    __table_args__ = (one_of("role", ROLES),)
    account_id: int = Field(foreign_key="accounts.id", primary_key=True, ondelete="CASCADE")
    community_id: int = Field(foreign_key="communities.id", primary_key=True, ondelete="CASCADE", index=True)
    role: str = Field(max_length=10)


class SignIn(SQLModel, table=True):
    """A session in one browser; the row is the session, its end is a delete."""

    __tablename__ = "sign_ins"
    token_hash: str = Field(primary_key=True, max_length=64)
    account_id: int = Field(foreign_key="accounts.id", ondelete="CASCADE", index=True)
    created_at: datetime = Field(sa_type=UtcTime)
    ends_at: datetime = Field(sa_type=UtcTime)


class SignInLink(SQLModel, table=True):
    """An address that signs one account in once; the row is the link, and using it is a delete."""

    __tablename__ = "sign_in_links"
    token_hash: str = Field(primary_key=True, max_length=64)
    account_id: int = Field(foreign_key="accounts.id", ondelete="CASCADE", index=True)
    ends_at: datetime = Field(sa_type=UtcTime)


class ApiToken(SQLModel, table=True):
    """A key to the API of one community, with the rights of its account; stored as a hash."""

    __tablename__ = "api_tokens"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "community_id"], ["memberships.account_id", "memberships.community_id"], ondelete="CASCADE"
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    account_id: int
    community_id: int
    read_only: bool = Field(default=False, nullable=False)
    scopes: str = Field(
        default="", max_length=200
    )  # rights with blanks between (access.RIGHTS); "": all that the role has
    name: str = Field(default="", max_length=120)
    created_at: datetime = Field(sa_type=UtcTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcTime)


class ApiCall(SQLModel, table=True):
    """What a call with an Idempotency-Key was answered, written in the transaction of its deed: the same call gets it again."""

    __tablename__ = "api_calls"
    __table_args__ = (CheckConstraint("length(key) BETWEEN 1 AND 200", name="key"), Index("ix_api_calls_at", "at"))
    token_id: int = Field(foreign_key="api_tokens.id", ondelete="CASCADE", primary_key=True)
    key: str = Field(primary_key=True, max_length=200)
    call_hash: str = Field(max_length=64)  # of method, path and body: a key is for one call
    status: int
    answer: str
    at: datetime = Field(sa_type=UtcTime)


class Webhook(SQLModel, table=True):
    """An address of another program that is told of events. Its secret is derived (kit.tokens) from id and `secret_number`."""

    __tablename__ = "webhooks"
    __table_args__ = (CheckConstraint("length(url) > 0", name="url"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="communities.id", ondelete="CASCADE", index=True)
    name: str = Field(default="", max_length=120)
    url: str = Field(max_length=2000)
    events: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    secret_number: int = Field(default=1, nullable=False)  # a new secret is the next number
    created_by: int | None = Field(default=None, foreign_key="accounts.id", ondelete="SET NULL")
    created_at: datetime = Field(sa_type=UtcTime)
    paused_at: datetime | None = Field(default=None, sa_type=UtcTime)


class WebhookDelivery(SQLModel, table=True):
    """One event on its way to one address: its body is frozen when it happens, in the transaction of the event."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        one_of("status", WEBHOOK_STATUSES),
        Index("ix_webhook_deliveries_ready", "status", "lease_until"),
    )
    id: int | None = Field(default=None, primary_key=True)
    webhook_id: int = Field(foreign_key="webhooks.id", ondelete="CASCADE")
    event_id: str = Field(max_length=64)  # the same for every address that is told, and for every try
    event: str = Field(max_length=40)
    body: str
    status: str = Field(default="queued", max_length=8)
    attempts: int = Field(default=0, nullable=False)
    answered: int | None = None  # the last HTTP status that came back
    error: str = Field(default="", max_length=500)
    lease_until: datetime | None = Field(default=None, sa_type=UtcTime)
    created_at: datetime = Field(sa_type=UtcTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcTime)


class AuditEntry(SQLModel, table=True):
    """Who did what, when. Insert-only: triggers of migration 0001 refuse UPDATE and DELETE."""

    __tablename__ = "audit_log"
    id: int | None = Field(default=None, primary_key=True)
    community_id: int | None = Field(default=None, index=True)  # no foreign key: the entry outlives what it tells of
    account_id: int | None = None
    action: str = Field(max_length=60)
    subject: str = Field(default="", max_length=120)
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    at: datetime = Field(sa_type=UtcTime)


class Contact(SQLModel, table=True):
    """An address or handle we may be allowed to write to. `confirmed_at`: the person said yes, or is a member."""

    __tablename__ = "contacts"
    __table_args__ = (
        UniqueConstraint("community_id", "channel", "address"),
        one_of("channel", ("email",)),
        one_of("locale", ("en", "fr")),
    )
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="communities.id", ondelete="CASCADE")
    channel: str = Field(default="email", max_length=20)
    address: str = Field(max_length=254)
    name: str = Field(default="", max_length=120)
    locale: str = Field(default="en", max_length=2)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    created_at: datetime = Field(sa_type=UtcTime)


class ContactList(SQLModel, table=True):
    """Contacts who may be invited together. Its mails are a list of their own: "list:<id>" in consents and suppressions."""

    __tablename__ = "contact_lists"
    __table_args__ = (UniqueConstraint("community_id", "name"), CheckConstraint("length(name) > 0", name="name"))
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="communities.id", ondelete="CASCADE")
    name: str = Field(max_length=120)
    created_at: datetime = Field(sa_type=UtcTime)

    @property
    def purpose(self) -> str:
        """Its name in consents and suppressions."""
        return f"list:{self.id}"


class ListMember(SQLModel, table=True):
    """A contact on a list."""

    __tablename__ = "list_members"
    list_id: int = Field(foreign_key="contact_lists.id", ondelete="CASCADE", primary_key=True)
    contact_id: int = Field(foreign_key="contacts.id", ondelete="CASCADE", primary_key=True, index=True)
    added_at: datetime = Field(sa_type=UtcTime)


class Consent(SQLModel, table=True):
    """A yes, with the words that were shown."""

    __tablename__ = "consents"
    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contacts.id", ondelete="CASCADE", index=True)
    purpose: str = Field(max_length=40)
    text_shown: str = Field(max_length=2000)
    at: datetime = Field(sa_type=UtcTime)


class Suppression(SQLModel, table=True):
    """This contact does not want this list; only the person's own yes removes it. "bounced:…": no such address (contacts.py)."""

    __tablename__ = "suppressions"
    contact_id: int = Field(foreign_key="contacts.id", ondelete="CASCADE", primary_key=True)
    list: str = Field(primary_key=True, max_length=40)
    at: datetime = Field(sa_type=UtcTime)
