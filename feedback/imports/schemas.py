"""What the API takes and gives of imports."""

import binascii
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, WithJsonSchema

from feedback.imports import formats
from feedback.imports.choosing import Said
from feedback.imports.parsed import RefusedRow
from feedback.imports.previewing import Found, FoundQuestion
from feedback.imports.uploads import ImportRow
from heard.kit.taken import Short, Taken

FORMATS = ("auto", *formats.FORMATS)


def _decoded(value: Any) -> bytes:
    """Bytes and no text from here on: the checks of texts look at each letter, of which there may be 28 million."""
    if not isinstance(value, str):
        raise ValueError("a text in base64")
    try:
        return binascii.a2b_base64("".join(value.split()), strict_mode=True)  # some tools break the lines
    except ValueError as error:
        raise ValueError("no base64 (RFC 4648)") from error


def _known(name: str) -> str:
    if name not in FORMATS:
        raise ValueError(f"one of {', '.join(FORMATS)}")
    return name


Base64 = Annotated[
    bytes, BeforeValidator(_decoded), WithJsonSchema({"type": "string", "contentEncoding": "base64"}, mode="validation")
]
Format = Annotated[str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": list(FORMATS)})]


class ImportIn(Taken):
    """A file of at most 20 MB. `poll`: the slug of the open one that its answers go to; without, a new poll is made, with
    this `title`, and on the community's page when it is `listed`."""

    file_name: Short = Field(examples=["days.csv"])
    content: Base64 = Field(description="The file in base64.")
    format: Format = "auto"
    poll: Short = ""
    title: Short = ""
    listed: bool = False


class QuestionChoice(Taken):
    """What is chosen for one question of the file; what is left out stays."""

    id: str = Field(max_length=1000)
    wording: str | None = Field(default=None, max_length=1000)
    kind: str | None = Field(default=None, max_length=40, description="One of its `kinds`.")
    to: str | None = Field(
        default=None, max_length=210, description="One of `targets`; `-` leaves it out, empty takes it into a new poll."
    )

    def said(self) -> Said:
        """For feedback.imports.choosing."""
        return Said(self.id, self.wording, self.kind, self.to)


class ImportPatch(Taken):
    """Other choices; what is left out stays. Another `format` finds other questions, so choose it by itself."""

    format: Format | None = None
    listed: bool | None = None
    questions: list[QuestionChoice] = Field(default=[], max_length=2000)


class RecordingIn(Taken):
    """`hash`: of the file that was looked at, as the import tells it."""

    hash: Short


class ImportLine(BaseModel):
    """An import. status: uploaded (waits for being looked through), ready, running, done, canceled, failed; `poll`: the slug
    of the one that its answers go to, null before a new one is made. Of `rows` responses `done` are through; `refused`
    before it is recorded: rows that would not be taken."""

    id: int
    status: str
    format: str
    file_name: str
    poll: str | None
    title: str
    rows: int
    done: int
    taken: int
    unchanged: int
    refused: int
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, row: ImportRow, **more: Any) -> "ImportLine":
        """From its row."""
        found, shown = row.found, row.found.mapping.get("found", {})
        return cls(
            id=found.id or 0, status=found.status, format=found.form, file_name=found.file_name, poll=row.poll_slug or None,
            title=row.poll_title or found.mapping.get("title", ""), rows=found.rows, done=found.done, taken=found.taken,
            unchanged=found.unchanged, refused=found.refused or shown.get("refused_in_all", 0),
            created_at=found.created_at, finished_at=found.finished_at, **more,
        )  # fmt: skip


class ImportQuestion(BaseModel):
    """A question of the file. `kinds`: those that fit its answers; `options` and `examples`: the first ones; `items`: how
    many things it asks about one by one; `problem`: why it cannot be brought in like this."""

    id: str
    wording: str
    kind: str
    kinds: list[str]
    to: str
    answers: int
    items: int
    options: list[str]
    examples: list[str]
    problem: str

    @classmethod
    def of(cls, one: FoundQuestion, problem: str) -> "ImportQuestion":
        """From what was found."""
        named = {name: getattr(one, name) for name in cls.model_fields if name != "problem"}
        return cls(problem=problem, **named)


class ImportTarget(BaseModel):
    """A question of the poll, or one of the things it asks about, that a question of the file may go to."""

    to: str
    wording: str


class FirstRows(BaseModel):
    """The first responses as they will be recorded: a column for each question, before it the line of the file."""

    heads: list[str]
    rows: list[list[str]]


class ImportOut(ImportLine):
    """An import with all that was found in its file. `hash`: what the recording takes; `error`: why it cannot be recorded,
    or has failed; `questions`, `first` and `targets` are told until it is recorded."""

    hash: str
    listed: bool
    error: str
    notes: list[str]
    questions: list[ImportQuestion]
    first: FirstRows
    targets: list[ImportTarget]

    @classmethod
    def of(cls, row: ImportRow, **more: Any) -> "ImportOut":
        """From its row and `targets`, (id, words) of each."""
        kept = row.found.mapping
        shown = Found.from_json(kept["found"]) if "found" in kept else None
        questions = [ImportQuestion.of(q, shown.fields.get(q.id, q.problem)) for q in shown.questions] if shown else []
        return super().of(  # type: ignore[return-value]
            row, hash=row.found.file_hash, listed=bool(kept.get("listed")),
            error=row.found.error or (shown.problem if shown else ""),
            notes=shown.notes if shown else kept.get("notes", []), questions=questions,
            first=FirstRows(heads=shown.heads if shown else [], rows=shown.first if shown else []),
            targets=[ImportTarget(to=to, wording=words) for to, words in more["targets"]],
        )  # fmt: skip


class ImportsPart(BaseModel):
    """Imports, newest first; `next`: the cursor of the next part."""

    imports: list[ImportLine]
    next: str | None


class RefusalOut(BaseModel):
    """A row that was not taken. `line`: of the file."""

    line: int
    reason: str

    @classmethod
    def of(cls, row: RefusedRow) -> "RefusalOut":
        """From its row."""
        return cls(line=row.line, reason=row.reason)


class RefusalsPart(BaseModel):
    """Rows that were not taken, in the order in which they were met; `next`: the cursor of the next part."""

    refusals: list[RefusalOut]
    next: str | None
