"""What the API takes and gives of edits of themes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from feedback.themes.changes import EditRow
from feedback.themes.edits import LONGEST_LABEL
from feedback.themes.moving import MOST
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


class EditOut(BaseModel):
    """A change that somebody made. `other`: the theme its comments went to, or that was made; `n`: how many went.

    `newest`: it can be taken back now. The labels are those of that time.
    """

    id: int
    kind: str
    theme: int
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
        return cls(**{name: getattr(row, name) for name in cls.model_fields} | {"other": row.other or None})


class EditDone(BaseModel):
    """The change, or null where everything was so before."""

    edit: EditOut | None


class EditsPart(BaseModel):
    """A part of the changes of a poll's themes, newest first."""

    edits: list[EditOut]
    next: str | None
