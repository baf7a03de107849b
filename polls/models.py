"""What is asked and where it goes out: polls, questions, options; announcements and trials; links, invitations, mailings."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from heard.kit.db import UtcTime, one_of
from polls.logic import OPERATORS

STATUSES = ("draft", "scheduled", "open", "closed", "archived")
VOTER_RULES = ("open", "browser", "network", "link", "sign_in")  # integrity levels L0 … L4, in this order
RESULTS_RULES = ("always", "after_vote", "after_close", "never")
OPTION_ROLES = ("option", "row", "other", "dont_know")
ANNOUNCEMENT_KINDS = ("news", "trial")
ANNOUNCEMENT_STATUSES = ("draft", "published", "ended")
OUTCOMES = ("", "adopt", "adapt", "drop")
PARTICIPANT_STATES = ("joined", "waiting", "left")
MAILING_KINDS = ("invitation", "reminder")
# What became of one mail; the last four were never sent: its reader said no, was written to enough, or has answered; or
# the manager stopped the mailing.
MAIL_STATUSES = ("queued", "sending", "sent", "failed", "suppressed", "capped", "answered", "stopped")


class Poll(SQLModel, table=True):
    """One edition of a set of questions. A changed wording after the first vote is a new row of the same series."""

    __tablename__ = "polls"
    __table_args__ = (
        one_of("status", STATUSES),
        one_of("voter_rule", VOTER_RULES),
        one_of("results_rule", RESULTS_RULES),
        one_of("locale", ("en", "fr")),
        UniqueConstraint("series_id", "edition"),
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint("closes_in_days BETWEEN 1 AND 366", name="closes_in_days"),
        CheckConstraint("network_limit BETWEEN 1 AND 100000", name="network_limit"),
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
    archived_at: datetime | None = Field(
        default=None, sa_type=UtcTime
    )  # put away; a draft too, until it is brought back
    closes_in_days: int | None = None  # counted from the opening, which turns it into closes_at
    paged: bool = Field(default=False, nullable=False)  # a section or a question at a time
    frozen: bool = Field(default=False, nullable=False)  # somebody has voted: set in the transaction of the first vote
    embed_on: str = Field(
        default="*", max_length=2000
    )  # who may frame it: * anybody, "" nobody, or origins with blanks
    network_limit: int = Field(default=20, nullable=False)  # ballots that one network counts in an hour (rule: network)
    trial_id: int | None = Field(default=None, foreign_key="announcements.id", ondelete="SET NULL", index=True)
    created_at: datetime = Field(sa_type=UtcTime)
    created_by: int | None = Field(default=None, foreign_key="accounts.id", ondelete="SET NULL")


class Question(SQLModel, table=True):
    """One question. `settings` belongs to its kind (polls/kinds/<kind>.py)."""

    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint("poll_id", "id"),
        UniqueConstraint("poll_id", "position"),
        CheckConstraint("keep_last >= 0", name="keep_last"),
        one_of("show_when", ("all", "any")),
    )
    id: int | None = Field(default=None, primary_key=True)
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE")
    position: int
    kind: str = Field(max_length=20)
    wording: str = Field(max_length=1000)
    help: str = Field(default="", max_length=2000)
    required: bool = Field(default=False, nullable=False)
    field_id: str = Field(default="", max_length=200)  # its name in the long format, kept over export and import
    settings: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    section: str = Field(default="", max_length=200)  # a section with this heading begins here
    section_intro: str = Field(default="", max_length=2000)
    shuffled: bool = Field(default=False, nullable=False)
    keep_last: int = Field(default=0, nullable=False)
    show_when: str = Field(default="all", max_length=3)


class ShowCondition(SQLModel, table=True):
    """One alternative of one condition under which a question is shown: rows with the same number are alternatives.

    `label`: an option that is not there (any more); such a poll cannot be published.
    """

    __tablename__ = "conditions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["poll_id", "question_id"],
            ["questions.poll_id", "questions.id"],
            ondelete="CASCADE",
            name="fk_conditions_question",
        ),
        ForeignKeyConstraint(
            ["poll_id", "on_question_id"],
            ["questions.poll_id", "questions.id"],
            ondelete="CASCADE",
            name="fk_conditions_on",
        ),
        ForeignKeyConstraint(
            ["on_question_id", "option_id"],
            ["options.question_id", "options.id"],
            ondelete="CASCADE",
            name="fk_conditions_option",
        ),
        one_of("operator", OPERATORS),
        CheckConstraint("question_id <> on_question_id", name="not_itself"),
        Index("ix_conditions_poll", "poll_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE")
    question_id: int
    number: int  # 1, 2 … of its question
    on_question_id: int
    operator: str = Field(max_length=12)
    option_id: int | None = None
    label: str = Field(default="", max_length=500)
    figure: float | None = None


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
    moderated: bool = Field(
        default=False, nullable=False
    )  # a statement that was moderated out after people voted on it


class PollTranslation(SQLModel, table=True):
    """A text of a poll in another language, found by its words: what is said twice is translated once."""

    __tablename__ = "poll_translations"
    __table_args__ = (UniqueConstraint("poll_id", "locale", "source_hash"), one_of("locale", ("en", "fr")))
    id: int | None = Field(default=None, primary_key=True)
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE")
    locale: str = Field(max_length=2)
    source_hash: str = Field(max_length=64)  # of `source`: an introduction is too long for an index of PostgreSQL
    source: str = Field(max_length=4000)
    text: str = Field(max_length=4000)


class Correction(SQLModel, table=True):
    """A slip of the pen that was put right after the first vote: both texts, kept and shown. `part`: title, wording, option …"""

    __tablename__ = "corrections"
    __table_args__ = (
        ForeignKeyConstraint(
            ["poll_id", "question_id"],
            ["questions.poll_id", "questions.id"],
            ondelete="CASCADE",
            name="fk_corrections_question",
        ),
        ForeignKeyConstraint(
            ["question_id", "option_id"],
            ["options.question_id", "options.id"],
            ondelete="CASCADE",
            name="fk_corrections_option",
        ),
        CheckConstraint("before <> after", name="differs"),
        Index("ix_corrections_poll", "poll_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE")
    part: str = Field(max_length=16)
    question_id: int | None = None
    option_id: int | None = None
    before: str = Field(max_length=4000)
    after: str = Field(max_length=4000)
    at: datetime = Field(sa_type=UtcTime)
    account_id: int | None = Field(default=None, foreign_key="accounts.id", ondelete="SET NULL")


class Announcement(SQLModel, table=True):
    """Something new, told to the community: news, or a trial that people sign up for and that has versions."""

    __tablename__ = "announcements"
    __table_args__ = (
        one_of("kind", ANNOUNCEMENT_KINDS),
        one_of("status", ANNOUNCEMENT_STATUSES),
        one_of("outcome", OUTCOMES),
        one_of("locale", ("en", "fr")),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("places > 0", name="places"),
        CheckConstraint("outcome = '' OR (kind = 'trial' AND length(outcome_reason) > 0)", name="outcome_has_reason"),
        Index("ix_announcements_community_status", "community_id", "status"),
    )
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="communities.id", ondelete="CASCADE")
    slug: str = Field(max_length=80, unique=True)
    kind: str = Field(max_length=5)
    title: str = Field(max_length=200)
    what: str = Field(default="", max_length=4000)
    audience: str = Field(default="", max_length=1000)  # for whom
    how: str = Field(default="", max_length=2000)  # how to answer
    consent: str = Field(default="", max_length=2000)  # what somebody who signs up agrees to
    locale: str = Field(default="en", max_length=2)
    starts_on: date | None = None
    ends_on: date | None = None
    places: int | None = None  # None: as many as like
    status: str = Field(default="draft", max_length=10)
    series_id: str = Field(default="", max_length=32)  # of its check-in poll
    outcome: str = Field(default="", max_length=6)
    outcome_reason: str = Field(default="", max_length=4000)
    outcome_at: datetime | None = Field(default=None, sa_type=UtcTime)
    revision: int = Field(default=1, nullable=False)
    published_at: datetime | None = Field(default=None, sa_type=UtcTime)
    created_at: datetime = Field(sa_type=UtcTime)
    created_by: int | None = Field(default=None, foreign_key="accounts.id", ondelete="SET NULL")


class Version(SQLModel, table=True):
    """One state of what a trial tries: what was heard of the last one, what was changed, and the check-in that asks again."""

    __tablename__ = "versions"
    __table_args__ = (
        UniqueConstraint("announcement_id", "number"),
        UniqueConstraint("poll_id"),
        CheckConstraint("number > 0", name="number"),
    )
    id: int | None = Field(default=None, primary_key=True)
    announcement_id: int = Field(foreign_key="announcements.id", ondelete="CASCADE")
    number: int
    name: str = Field(default="", max_length=120)
    heard: str = Field(default="", max_length=4000)
    changed: str = Field(default="", max_length=4000)
    poll_id: int | None = Field(default=None, foreign_key="polls.id", ondelete="SET NULL")  # its check-in
    published_at: datetime | None = Field(default=None, sa_type=UtcTime)
    created_at: datetime = Field(sa_type=UtcTime)


class Participant(SQLModel, table=True):
    """Somebody who signed up for a trial. The token of their page is derived (kit.tokens), its hash stored."""

    __tablename__ = "participants"
    __table_args__ = (
        UniqueConstraint("announcement_id", "contact_id"),
        one_of("state", PARTICIPANT_STATES),
        ForeignKeyConstraint(["contact_id"], ["contacts.id"], ondelete="SET NULL"),
        Index("ix_participants_announcement_state", "announcement_id", "state"),
    )
    id: int | None = Field(default=None, primary_key=True)
    announcement_id: int = Field(foreign_key="announcements.id", ondelete="CASCADE")
    contact_id: int | None = None
    name: str = Field(default="", max_length=120)
    state: str = Field(max_length=8)
    token_hash: str = Field(max_length=64, unique=True)
    asked_at: datetime = Field(sa_type=UtcTime)  # the waiting list is in this order
    joined_at: datetime | None = Field(default=None, sa_type=UtcTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcTime)
    mailed: list[str] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )  # mails that went out: no second


class Link(SQLModel, table=True):
    """A tracked link: one place where something was posted. It leads to a poll (whichever edition is the newest), an
    announcement, one of its versions, or to a `path` of what stands upstairs. Exactly one of the four."""

    __tablename__ = "links"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN poll_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN announcement_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN version_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN path IS NULL THEN 0 ELSE 1 END) = 1",
            name="leads_to_one",
        ),
        CheckConstraint("path LIKE '/%' AND path NOT LIKE '//%'", name="own_path"),
        UniqueConstraint("poll_id", "place", "name"),
        UniqueConstraint("announcement_id", "place", "name"),
        UniqueConstraint("version_id", "place", "name"),
        UniqueConstraint("path", "place", "name"),
    )
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="communities.id", ondelete="CASCADE", index=True)
    token: str = Field(max_length=40, unique=True)
    place: str = Field(max_length=20)  # polls.publish.links.PLACES
    name: str = Field(default="", max_length=120)  # the manager's own word for it: "Poster in the library"
    poll_id: int | None = Field(default=None, foreign_key="polls.id", ondelete="CASCADE")
    announcement_id: int | None = Field(default=None, foreign_key="announcements.id", ondelete="CASCADE")
    version_id: int | None = Field(default=None, foreign_key="versions.id", ondelete="CASCADE")
    path: str | None = Field(default=None, max_length=200)
    created_at: datetime = Field(sa_type=UtcTime)


class Invitation(SQLModel, table=True):
    """A personal link. The token is derived (kit.tokens), its hash stored. `turned_in`: used, without saying for what."""

    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint("poll_id", "number"),
        CheckConstraint("number > 0", name="number"),
        ForeignKeyConstraint(["contact_id"], ["contacts.id"], ondelete="SET NULL"),
        Index(
            "uq_invitations_contact", "poll_id", "contact_id", unique=True
        ),  # one ballot a person, however often asked
    )
    id: int | None = Field(default=None, primary_key=True)
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE")
    number: int
    token_hash: str = Field(max_length=64, unique=True)
    contact_id: int | None = None
    label: str = Field(default="", max_length=120)
    sent_at: datetime | None = Field(default=None, sa_type=UtcTime)
    turned_in: bool = Field(default=False, nullable=False)


class Mailing(SQLModel, table=True):
    """An invitation or a reminder to a list of contacts: its words, frozen when it goes."""

    __tablename__ = "mailings"
    __table_args__ = (one_of("kind", MAILING_KINDS), one_of("locale", ("en", "fr")))
    id: int | None = Field(default=None, primary_key=True)
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE", index=True)
    list_id: int | None = Field(default=None, foreign_key="contact_lists.id", ondelete="SET NULL", index=True)
    kind: str = Field(max_length=10)
    locale: str = Field(max_length=2)
    subject: str = Field(max_length=200)
    words: str = Field(default="", max_length=4000)  # above the question
    created_at: datetime = Field(sa_type=UtcTime)
    created_by: int | None = Field(default=None, foreign_key="accounts.id", ondelete="SET NULL")
    stopped_at: datetime | None = Field(default=None, sa_type=UtcTime)


class MailingDelivery(SQLModel, table=True):
    """One mail of a mailing to one person: claimed with a lease, sent, recorded (heard.kit.leases)."""

    __tablename__ = "mailing_deliveries"
    __table_args__ = (
        UniqueConstraint("mailing_id", "invitation_id"),
        one_of("status", MAIL_STATUSES),
        Index("ix_mailing_deliveries_contact_sent", "contact_id", "sent_at"),  # how often somebody was written to
    )
    id: int | None = Field(default=None, primary_key=True)
    mailing_id: int = Field(foreign_key="mailings.id", ondelete="CASCADE")
    invitation_id: int = Field(foreign_key="invitations.id", ondelete="CASCADE", index=True)
    contact_id: int | None = Field(default=None, foreign_key="contacts.id", ondelete="SET NULL")
    status: str = Field(default="queued", max_length=10)
    attempts: int = Field(default=0, nullable=False)
    error: str = Field(default="", max_length=500)
    lease_until: datetime | None = Field(default=None, sa_type=UtcTime)
    created_at: datetime = Field(sa_type=UtcTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcTime)
