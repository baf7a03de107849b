"""What was said: responses, answers, counters, comments, themes, and what was done about them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from heard.kit.db import BigId, UtcTime, one_of, only_where

SOURCES = ("page", "embed", "api", "email", "import")
SUGGESTION_STATES = ("waiting", "accepted", "rejected")
ACTION_STATUSES = ("planned", "doing", "done", "declined")
# Why a response is stored and not counted; "" : it is counted. The last one is a person's decision.
SET_ASIDE = ("", "network", "bot", "quick", "burst", "alike", "person")


class Response(SQLModel, table=True):
    """A recorded ballot. Its id is random (no order, no time); in an anonymous poll voter_key is random and the time a day.

    A withdrawn response keeps its row and loses its answers, so that its mark can still be listed. One that is set aside is
    stored whole and counted nowhere (feedback/integrity).
    """

    __tablename__ = "responses"
    __table_args__ = (
        UniqueConstraint("poll_id", "voter_key"),
        UniqueConstraint("poll_id", "submission_id"),
        UniqueConstraint("poll_id", "id"),
        CheckConstraint("length(voter_key) = 43", name="voter_key"),
        CheckConstraint("length(submission_id) BETWEEN 1 AND 200", name="submission_id"),
        CheckConstraint("length(mark) = 20", name="mark"),
        one_of("source", SOURCES),
        one_of("set_aside", SET_ASIDE),
        # Only what waits for its step, or is not sealed, or is set aside, stands in these indexes, so that they stay small.
        Index("ix_responses_waiting", "poll_id", **only_where("NOT released")),
        Index("ix_responses_unsealed", "poll_id", **only_where("sealed <> 1")),
        Index("ix_responses_set_aside", "poll_id", **only_where("set_aside <> ''")),
        Index("ix_responses_network", "poll_id", "network", **only_where("network IS NOT NULL")),
    )
    id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE")
    voter_key: str = Field(max_length=43)
    submission_id: str = Field(max_length=200)
    receipt_hash: str = Field(max_length=64, unique=True)
    mark: str = Field(max_length=20, unique=True)
    source: str = Field(max_length=10)
    language: str = Field(default="", max_length=8)
    submitted_at: datetime = Field(sa_type=UtcTime)
    changed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcTime)
    released: bool = Field(default=True, nullable=False)  # anonymous polls: part of a published step of k responses
    option_seed: int | None = None  # the order of shuffled options on this ballot (polls.logic.ordered)
    link_id: int | None = Field(default=None, foreign_key="links.id", ondelete="SET NULL")  # never in anonymous polls
    set_aside: str = Field(default="", max_length=10)
    network: str | None = Field(default=None, max_length=22)  # a keyed hash of the /24 or /64; never in anonymous polls
    sealed: int = Field(
        default=0, nullable=False
    )  # 0 never, 1 as it is now, 2 before it changed (feedback/integrity/seals)


class Answer(SQLModel, table=True):
    """One value of one response: exactly one of option, number, text; or none: asked and left empty.

    `item` is the row, ranked option, statement or option that a value is about. Keyed by response, so that the
    table's order on disk is that of random ids.
    """

    __tablename__ = "answers"
    __table_args__ = (
        ForeignKeyConstraint(["poll_id", "response_id"], ["responses.poll_id", "responses.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["poll_id", "question_id"], ["questions.poll_id", "questions.id"]),
        ForeignKeyConstraint(
            ["question_id", "option_id"], ["options.question_id", "options.id"], name="fk_answers_option"
        ),
        ForeignKeyConstraint(["question_id", "item_id"], ["options.question_id", "options.id"], name="fk_answers_item"),
        CheckConstraint(
            "(CASE WHEN option_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN number IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN text IS NULL THEN 0 ELSE 1 END) <= 1",
            name="one_value",
        ),
        # UNIQUE lets NULLs through; the expressions do not.
        Index(
            "uq_answers_value",
            "response_id",
            "question_id",
            text("coalesce(item_id, 0)"),
            text("coalesce(option_id, 0)"),
            unique=True,
        ),
        Index("ix_answers_tally", "question_id", "option_id"),
        {"sqlite_with_rowid": False},
    )
    response_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    position: int = Field(primary_key=True)
    poll_id: int
    question_id: int
    item_id: int | None = None
    option_id: int | None = None
    number: float | None = None
    text: str | None = None


class Suggestion(SQLModel, table=True):
    """A statement that a member adds to a question. It becomes an option when it is accepted; a rejected one loses its words.

    Random id; in an anonymous poll neither response nor time, and a manager sees it once it belongs to a step of k ballots.
    """

    __tablename__ = "suggestions"
    __table_args__ = (
        ForeignKeyConstraint(["poll_id", "response_id"], ["responses.poll_id", "responses.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["poll_id", "question_id"], ["questions.poll_id", "questions.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["question_id", "option_id"], ["options.question_id", "options.id"], name="fk_suggestions_option"
        ),
        UniqueConstraint("question_id", "text_hash"),  # the same words once, and once rejected, never again
        one_of("state", SUGGESTION_STATES),
        CheckConstraint("(state = 'rejected') = (length(text) = 0)", name="rejected_has_no_words"),
        Index("ix_suggestions_poll", "poll_id", "state"),
        Index("ix_suggestions_response", "response_id"),
    )
    id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE")
    question_id: int
    response_id: int | None = Field(default=None, sa_column=Column(BigId, nullable=True))
    text: str = Field(max_length=500)
    text_hash: str = Field(max_length=64)
    state: str = Field(default="waiting", max_length=8)
    option_id: int | None = None
    released: bool = Field(default=True, nullable=False)  # anonymous polls: part of a step of k ballots
    said_at: datetime | None = Field(default=None, sa_type=UtcTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcTime)
    decided_by: int | None = Field(default=None, foreign_key="accounts.id", ondelete="SET NULL")


class BallotDraft(SQLModel, table=True):
    """A ballot that somebody has begun, page by page: its form's fields. Never counted; erased when it rests too long.

    Found by the hash of its token, and by the voter's key; in an anonymous poll by the token only, and `saved_at` is a day.
    """

    __tablename__ = "ballot_drafts"
    __table_args__ = (
        UniqueConstraint("poll_id", "voter_key"),
        CheckConstraint("length(voter_key) = 43", name="voter_key"),
        Index("ix_ballot_drafts_saved", "saved_at"),
    )
    id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE")
    token_hash: str = Field(max_length=64, unique=True)
    voter_key: str | None = Field(default=None, max_length=43)
    fields: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    place: int = Field(default=1, nullable=False)  # the page they were on, from 1
    saved_at: datetime = Field(sa_type=UtcTime)


class HeardIn(SQLModel, table=True):
    """The themes that a trial's version answers: what was heard."""

    __tablename__ = "heard_in"
    __table_args__ = (
        ForeignKeyConstraint(["poll_id", "theme_id"], ["themes.poll_id", "themes.id"], ondelete="CASCADE"),
        Index("ix_heard_in_theme", "theme_id"),
    )
    version_id: int = Field(foreign_key="versions.id", ondelete="CASCADE", primary_key=True)
    theme_id: int = Field(primary_key=True)
    poll_id: int


class Tally(SQLModel, table=True):
    """A counter moved in the vote's own transaction. `cell`: "n" for responses; see feedback/collect/tallies.py for the rest."""

    __tablename__ = "tallies"
    __table_args__ = (CheckConstraint("n >= 0", name="n"), {"sqlite_with_rowid": False})
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE", primary_key=True)
    cell: str = Field(primary_key=True, max_length=80)
    n: int = Field(sa_column=Column(BigInteger, nullable=False))


class Turnout(SQLModel, table=True):
    """Anonymous polls: that somebody voted, by HMAC, without time, and with nothing that leads to a response."""

    __tablename__ = "turnout"
    __table_args__ = (CheckConstraint("length(voter_key) = 43", name="voter_key"), {"sqlite_with_rowid": False})
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE", primary_key=True)
    voter_key: str = Field(primary_key=True, max_length=43)


class Comment(SQLModel, table=True):
    """Open text, from an answer (response and question) or later from a channel. Random id, as for responses."""

    __tablename__ = "comments"
    __table_args__ = (
        ForeignKeyConstraint(["poll_id", "response_id"], ["responses.poll_id", "responses.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["poll_id", "question_id"], ["questions.poll_id", "questions.id"]),
        UniqueConstraint("response_id", "question_id"),
        CheckConstraint("length(text) > 0", name="text"),
        Index("ix_comments_poll", "poll_id"),
    )
    id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE")
    response_id: int | None = Field(default=None, sa_column=Column(BigId, nullable=True))
    question_id: int | None = None
    text: str
    language: str = Field(default="", max_length=8)
    said_at: datetime = Field(sa_type=UtcTime)


class CommentVector(SQLModel, table=True):
    """Derived: the sentence vector of a comment (float16, little-endian), so that an update encodes only what is new."""

    __tablename__ = "comment_vectors"
    comment_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    model: str = Field(max_length=60)
    vector: bytes = Field(sa_column=Column(LargeBinary, nullable=False))

    __table_args__ = (ForeignKeyConstraint(["comment_id"], ["comments.id"], ondelete="CASCADE"),)


class ThemeRun(SQLModel, table=True):
    """One pass of clustering over a poll's comments. Of two workers that read at once, `number` lets one write."""

    __tablename__ = "theme_runs"
    __table_args__ = (one_of("kind", ("full", "update")), UniqueConstraint("poll_id", "number"))
    id: int | None = Field(default=None, primary_key=True)
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE")
    number: int  # 1, 2, 3 … of its poll
    kind: str = Field(max_length=10)
    engine: str = Field(max_length=40)
    comments: int
    started_at: datetime = Field(sa_type=UtcTime)
    finished_at: datetime = Field(sa_type=UtcTime)


class Theme(SQLModel, table=True):
    """What several comments are about. Coarse themes have no parent; every fine theme has one. Ids stay over runs."""

    __tablename__ = "themes"
    __table_args__ = (
        UniqueConstraint("poll_id", "id"),
        ForeignKeyConstraint(["poll_id", "parent_id"], ["themes.poll_id", "themes.id"]),
        one_of("named_by", ("machine", "person")),
        CheckConstraint("length(label) > 0", name="label"),
    )
    id: int | None = Field(default=None, primary_key=True)
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE", index=True)
    parent_id: int | None = None
    label: str = Field(max_length=120)
    named_by: str = Field(default="machine", max_length=10)
    keywords: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    quotes: list[str] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )  # comment ids as text (63 bit)
    born_at: datetime = Field(sa_type=UtcTime)
    emerged: bool = Field(default=False, nullable=False)  # opened by an update, not by the first run
    summary: str = Field(default="", max_length=300)  # a sentence that somebody said
    hidden: bool = Field(default=False, nullable=False)  # by a person: neither on pages for members nor in briefs
    pinned: bool = Field(default=False, nullable=False)  # by a person: a refit leaves it as it is
    merged_into: int | None = Field(default=None, foreign_key="themes.id", ondelete="SET NULL")
    x: float | None = None  # where it stands on the map of its poll's themes; no unit, the same over runs
    y: float | None = None
    model_label: str = Field(default="", max_length=120)  # what a configured model called it
    model_label_for: str = Field(default="", max_length=64)  # the hash of the words and quotes it was made from


class Assignment(SQLModel, table=True):
    """A comment's fine theme; theme NULL: it stands alone."""

    __tablename__ = "assignments"
    __table_args__ = (
        ForeignKeyConstraint(["poll_id", "theme_id"], ["themes.poll_id", "themes.id"]),
        ForeignKeyConstraint(["comment_id"], ["comments.id"], ondelete="CASCADE"),
        one_of("placed_by", ("machine", "person")),
        CheckConstraint("score BETWEEN 0 AND 1", name="score"),
        CheckConstraint("mood IS NULL OR mood BETWEEN -1 AND 1", name="mood"),
        Index("ix_assignments_theme", "theme_id"),
        Index("ix_assignments_poll", "poll_id"),
    )
    comment_id: int = Field(
        sa_column=Column(BigId, primary_key=True, autoincrement=False),
    )
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE")
    theme_id: int | None = None
    score: float = Field(default=0.0, nullable=False)
    placed_by: str = Field(default="machine", max_length=10)
    mood: int | None = None  # -1 complains, 0 neither, 1 praises; NULL where it cannot be told
    urgent: bool = Field(default=False, nullable=False)


class ThemeEdit(SQLModel, table=True):
    """What a person changed in the themes, kept over every run, until somebody takes it back."""

    __tablename__ = "theme_edits"
    __table_args__ = (one_of("kind", ("rename", "merge", "split", "move", "pin", "hide")),)
    id: int | None = Field(default=None, primary_key=True)
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE", index=True)
    kind: str = Field(max_length=10)
    theme_id: int | None = None
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    account_id: int | None = Field(default=None, foreign_key="accounts.id", ondelete="SET NULL")
    at: datetime = Field(sa_type=UtcTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcTime)


class ThemeMove(SQLModel, table=True):
    """A comment that an edit moved, and where it was before: what an undo needs. It goes with its comment."""

    __tablename__ = "theme_moves"
    __table_args__ = (
        ForeignKeyConstraint(["comment_id"], ["comments.id"], ondelete="CASCADE"),
        one_of("placed_by", ("machine", "person")),
        Index("ix_theme_moves_comment", "comment_id"),
    )
    edit_id: int = Field(foreign_key="theme_edits.id", ondelete="CASCADE", primary_key=True)
    comment_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    theme_id: int | None = None
    placed_by: str = Field(max_length=10)


class ThemeReading(SQLModel, table=True):
    """How far the reading of a poll's comments is: `done` have a vector. Gone when it has ended, unless somebody stopped it."""

    __tablename__ = "theme_readings"
    __table_args__ = (CheckConstraint("done BETWEEN 0 AND total", name="done"),)
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE", primary_key=True)
    done: int = Field(default=0, nullable=False)
    total: int = Field(default=0, nullable=False)
    began_at: datetime = Field(sa_type=UtcTime)
    seen_at: datetime = Field(sa_type=UtcTime)  # when the worker last said something: old where it was killed
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcTime)  # somebody asked it to end


class ThemeRefit(SQLModel, table=True):
    """What a full reading would make of a poll's themes: to be looked at, then taken over or thrown away."""

    __tablename__ = "theme_refits"
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE", primary_key=True)
    base: int  # the number of the run that it was made beside
    result: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    made_at: datetime = Field(sa_type=UtcTime)


class OpinionRun(SQLModel, table=True):
    """Derived: the opinion groups in the votes on a question's statements. Counts of groups only, of nobody alone."""

    __tablename__ = "opinion_runs"
    __table_args__ = (
        ForeignKeyConstraint(["poll_id", "question_id"], ["questions.poll_id", "questions.id"], ondelete="CASCADE"),
        Index("ix_opinion_runs_poll", "poll_id"),
    )
    question_id: int = Field(primary_key=True)
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE")
    n: int  # people whose votes were enough to be placed
    result: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    made_at: datetime = Field(sa_type=UtcTime)


class Action(SQLModel, table=True):
    """What is done about a theme. Its public note goes back to the people who spoke."""

    __tablename__ = "actions"
    __table_args__ = (
        ForeignKeyConstraint(["poll_id", "theme_id"], ["themes.poll_id", "themes.id"], ondelete="CASCADE"),
        one_of("status", ACTION_STATUSES),
        Index("ix_actions_theme", "theme_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE", index=True)
    theme_id: int
    title: str = Field(max_length=200)
    public_note: str = Field(max_length=4000)
    status: str = Field(max_length=10)
    created_by: int | None = Field(default=None, foreign_key="accounts.id", ondelete="SET NULL")
    created_at: datetime = Field(sa_type=UtcTime)
    owner_id: int | None = Field(default=None, foreign_key="accounts.id", ondelete="SET NULL")  # who sees to it
    due_on: date | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcTime)
