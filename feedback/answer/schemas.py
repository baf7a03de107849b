"""What the API takes and gives of themes and of what is done about them."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from feedback.answer.actions import LONGEST_NOTE, LONGEST_TITLE, ActionRow
from feedback.answer.views import Waiting
from feedback.models import ThemeRun
from feedback.themes.edits import LONGEST_LABEL
from feedback.themes.feelings import Moods
from feedback.themes.queries import Quote, ThemeRow
from heard.kit.settings import settings
from heard.kit.taken import Taken


class RunOut(BaseModel):
    """The last reading of the comments. kind: full, or what was new; `engine`: what turned them into vectors."""

    kind: str
    engine: str
    comments: int
    finished_at: datetime | None

    @classmethod
    def of(cls, run: ThemeRun) -> "RunOut":
        """From its row."""
        return cls(**{name: getattr(run, name) for name in cls.model_fields})


class ThemeOut(BaseModel):
    """A theme. `share` in 0..1 of the comments that were read; a coarse theme has no parent. named_by: machine or person.

    Of its comments `praise`, `complaint` and `urgent` do so; null where fewer than 5 of them tell a mood.
    pinned: a person holds it as it is; hidden: on no public page, in no brief, and not shown to viewers.
    """

    id: int
    label: str
    count: int
    share: float
    parent: int | None
    quotes: list[str]
    keywords: list[str]
    named_by: str
    emerged: bool
    praise: int | None
    complaint: int | None
    urgent: int | None
    pinned: bool
    hidden: bool

    @classmethod
    def of(cls, row: ThemeRow, moods: Moods | None) -> "ThemeOut":
        """From its row and its moods."""
        told = moods if moods and moods.told else None
        return cls(
            id=row.id, label=row.label, count=row.count, share=round(row.share, 4), parent=row.parent,
            quotes=[q.text for q in row.quotes], keywords=row.keywords, named_by=row.named_by, emerged=row.emerged,
            praise=told and told.praise, complaint=told and told.complaint, urgent=told and told.urgent,
            pinned=row.pinned, hidden=row.hidden,
        )  # fmt: skip


class ThemesPart(BaseModel):
    """A part of the themes of a poll, the coarse ones first, the largest first. `n`: comments read, the base of shares."""

    n: int
    run: RunOut | None
    themes: list[ThemeOut]
    next: str | None


class RunAsked(Taken):
    """`full`: find all themes anew, instead of reading what is new into the themes there are."""

    full: bool = False


class RunStarted(BaseModel):
    """The comments are being read; `url` shows what was found."""

    poll: str
    full: bool
    url: str


class ThemePatch(Taken):
    """A name that a person chose; no later reading changes it."""

    label: str = Field(max_length=LONGEST_LABEL)


class CommentOut(BaseModel):
    """What somebody wrote, with addresses, links and numbers masked."""

    id: int
    text: str

    @classmethod
    def of(cls, quote: Quote) -> "CommentOut":
        """From its row."""
        return cls(id=quote.comment_id, text=quote.text)


class CommentsPart(BaseModel):
    """A part of the comments of a theme: its quotes first, then the closest ones."""

    comments: list[CommentOut]
    next: str | None


class ActionIn(Taken):
    """What is done about a theme, as those who spoke will read it."""

    title: str = Field(max_length=LONGEST_TITLE)
    public_note: str = Field(max_length=LONGEST_NOTE)
    status: Literal["planned", "doing", "done", "declined"] = "done"
    owner: int | None = Field(default=None, description="The account of a member who sees to it; never told in public.")
    due_on: date | None = Field(default=None, description="The day until which it is promised.")


class ActionOut(BaseModel):
    """What is done about a theme, in public. `url`: where it stands; `owner`: the account of who sees to it, for members."""

    id: int
    theme: int
    title: str
    public_note: str
    status: str
    created_at: datetime
    url: str
    owner: int | None
    due_on: date | None
    overdue: bool

    @classmethod
    def of(cls, row: ActionRow, community: str) -> "ActionOut":
        """From its row."""
        return cls(
            id=row.id, theme=row.theme_id, title=row.title, public_note=row.public_note, status=row.status,
            created_at=row.created_at, url=f"{settings().base_url}/c/{community}", owner=row.owner_id, due_on=row.due_on,
            overdue=row.overdue,
        )  # fmt: skip


class ActionsPart(BaseModel):
    """A part of the actions, newest first."""

    actions: list[ActionOut]
    next: str | None


class UnansweredOut(BaseModel):
    """A theme that waits for an answer. `count`: comments that no answer reaches; `days`: how long it has waited."""

    theme: int
    label: str
    poll: str
    count: int
    days: int

    @classmethod
    def of(cls, waiting: Waiting) -> "UnansweredOut":
        """From its row."""
        return cls(
            theme=waiting.theme.id, label=waiting.theme.label, poll=waiting.poll_slug, count=waiting.count,
            days=waiting.since.days,
        )  # fmt: skip


class UnansweredPart(BaseModel):
    """A part of the themes that wait, the longest waiting first."""

    themes: list[UnansweredOut]
    next: str | None
