"""What is asked: polls, their questions and options, and personal invitations."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from heard.kit.db import UtcTime, one_of

STATUSES = ("draft", "scheduled", "open", "closed", "archived")
VOTER_RULES = ("open", "browser", "network", "link", "sign_in")  # integrity levels L0 … L4, in this order
RESULTS_RULES = ("always", "after_vote", "after_close", "never")
OPTION_ROLES = ("option", "row", "other", "dont_know")


class Poll(SQLModel, table=True):
    """One edition of a set of questions. A changed wording after the first vote is a new row of the same series."""

    __tablename__ = "polls"
    __table_args__ = (
        one_of("status", STATUSES),
        one_of("voter_rule", VOTER_RULES),
        one_of("results_rule", RESULTS_RULES),
        one_of("locale", ("en", "fr")),
        UniqueConstraint("series_id", "edition"),
        Index("ix_polls_community_status", "community_id", "status"),
    )
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="communities.id", ondelete="CASCADE")
    slug: str = Field(max_length=80, unique=True)
    series_id: str = Field(max_length=32)  # random; shared by the editions of one poll
    edition: int = Field(default=1, nullable=False)
    title: str = Field(max_length=200)
    intro: str = Field(default="", max_length=4000)
    locale: str = Field(default="en", max_length=2)
    status: str = Field(default="draft", max_length=10)
    voter_rule: str = Field(default="browser", max_length=10)
    results_rule: str = Field(default="after_vote", max_length=12)
    anonymous: bool = Field(default=False, nullable=False)
    listed: bool = Field(default=True, nullable=False)
    may_change: bool = Field(default=True, nullable=False)
    revision: int = Field(default=1, nullable=False)  # moves with every edit: two editors never overwrite each other
    opens_at: datetime | None = Field(default=None, sa_type=UtcTime)
    closes_at: datetime | None = Field(default=None, sa_type=UtcTime)
    opened_at: datetime | None = Field(default=None, sa_type=UtcTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    created_at: datetime = Field(sa_type=UtcTime)
    created_by: int | None = Field(default=None, foreign_key="accounts.id", ondelete="SET NULL")


class Question(SQLModel, table=True):
    """One question. `settings` belongs to its kind (polls/kinds/<kind>.py)."""

    __tablename__ = "questions"
    __table_args__ = (UniqueConstraint("poll_id", "id"), UniqueConstraint("poll_id", "position"))
    id: int | None = Field(default=None, primary_key=True)
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE")
    position: int
    kind: str = Field(max_length=20)
    wording: str = Field(max_length=1000)
    help: str = Field(default="", max_length=2000)
    required: bool = Field(default=False, nullable=False)
    field_id: str = Field(default="", max_length=200)  # its name in the long format, kept over export and import
    settings: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Option(SQLModel, table=True):
    """Something that can be chosen, ranked or rated; `role` row: the row of a matrix."""

    __tablename__ = "options"
    __table_args__ = (
        UniqueConstraint("question_id", "id"),
        UniqueConstraint("question_id", "role", "position"),
        one_of("role", OPTION_ROLES),
    )
    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="questions.id", ondelete="CASCADE")
    position: int
    role: str = Field(default="option", max_length=10)
    label: str = Field(max_length=500)


class Invitation(SQLModel, table=True):
    """A personal link. The token is derived (kit.tokens), its hash stored. `turned_in`: used, without saying for what."""

    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint("poll_id", "number"),
        CheckConstraint("number > 0", name="number"),
        ForeignKeyConstraint(["contact_id"], ["contacts.id"], ondelete="SET NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE")
    number: int
    token_hash: str = Field(max_length=64, unique=True)
    contact_id: int | None = None
    label: str = Field(default="", max_length=120)
    sent_at: datetime | None = Field(default=None, sa_type=UtcTime)
    turned_in: bool = Field(default=False, nullable=False)
