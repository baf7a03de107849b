"""What the API takes and gives of edits of themes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from feedback.access import Said
from feedback.themes.answers_of import Found
from feedback.themes.changes import EditRow
from feedback.themes.edits import LONGEST_LABEL
from feedback.themes.moving import MOST
from feedback.themes.nearest import Near
from feedback.themes.text import masked
from feedback.themes.why import Why
from heard.kit.taken import Taken

Id = Annotated[int, Field(strict=True, ge=1, lt=2**63)]


class EditIn(Taken):
    """A change of a theme. rename: `label` · merge: `into`, another theme · split: `comments` and a `label` · move: `comments`
    and `into`, null: they stand alone · pin, hide: `on`, false takes the mark away."""

    kind: Literal["rename", "merge", "split", "move", "pin", "hide"]
    label: str = Field("", max_length=LONGEST_LABEL)
    into: Id | None = None
    comments: list[Id] = Field([], max_length=MOST)
    on: bool = True


class GatherIn(Taken):
    """A change of comments that may be anywhere in a poll. move: to `into`, a theme, or null: they stand alone · split: they
    open a theme with this `label`."""

    kind: Literal["split", "move"]
    label: str = Field("", max_length=LONGEST_LABEL)
    into: Id | None = None
    comments: list[Id] = Field(max_length=MOST)


class EditOut(BaseModel):
    """A change that somebody made. `theme`: null where comments came from anywhere; `other`: the theme its
    comments went to, or that was made; `n`: how many went.

    `newest`: it can be taken back now. The labels are those of that time.
    """

    id: int
    kind: str
    theme: int | None
    label: str
    other: int | None
    other_label: str
    n: int
    on: bool
    by: str
    at: datetime
    undone_at: datetime | None
    newest: bool

    @classmethod
    def of(cls, row: EditRow) -> "EditOut":
        """From its row."""
        return cls(
            **{name: getattr(row, name) for name in cls.model_fields}
            | {"theme": row.theme or None, "other": row.other or None}
        )


class EditDone(BaseModel):
    """The change, or null where everything was so before."""

    edit: EditOut | None


class EditsPart(BaseModel):
    """A part of the changes of a poll's themes, newest first."""

    edits: list[EditOut]
    next: str | None


class AnswerOut(BaseModel):
    """What somebody wrote, with addresses, links and numbers masked. `theme`: its fine theme, null: it stands alone."""

    id: int
    text: str
    theme: int | None

    @classmethod
    def of(cls, row: Found) -> "AnswerOut":
        """From its row."""
        return cls(id=row.comment, text=masked(row.text), theme=row.theme)

    @classmethod
    def of_near(cls, row: Near) -> "AnswerOut":
        """From one that is near another."""
        return cls(id=row.comment_id, text=row.text, theme=row.theme)


class AnswersPart(BaseModel):
    """A part of the comments of a poll."""

    comments: list[AnswerOut]
    next: str | None


class WhyOut(AnswerOut):
    """A comment, and why it is where it is. `label`: of its theme; `score`: 0..1, how near to the middle of its theme when it was
    last read; `alike`: how many say the same there, itself among them; `words`: keywords of the theme that it holds; `near`,
    `elsewhere`: the most like it in its theme, and in others; `by`: who placed it, of "person" only where the account is there."""

    label: str
    score: float
    alike: int
    words: list[str]
    near: list[AnswerOut]
    elsewhere: list[AnswerOut]
    placed_by: Literal["machine", "person"]
    by: str
    placed_at: datetime | None

    @classmethod
    def of(cls, said: Said, why: Why) -> "WhyOut":  # type: ignore[override]
        """From what was found."""
        return cls(
            id=said.comment.id, text=why.text, theme=said.place.theme_id, label=said.theme.label if said.theme else "",
            score=said.place.score, alike=why.n, words=why.words, near=[AnswerOut.of_near(n) for n in why.near],
            elsewhere=[AnswerOut.of_near(n) for n in why.elsewhere], placed_by="person" if why.by_person else "machine",
            by=why.put.name if why.put else "", placed_at=why.put.at if why.put else None,
        )  # fmt: skip
