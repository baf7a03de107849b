"""What the API takes and gives of single ballots: behind a receipt, in a list of responses, and the statements they add."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, Field

from feedback.answer.actions import ActionRow
from feedback.collect.queries import Recorded, StoredResponse
from feedback.collect.schemas import AnswerIn
from feedback.collect.suggestions import Waiting
from heard.kit.settings import settings
from heard.kit.taken import Taken
from polls.kinds.kind import Value


class ValueOut(BaseModel):
    """One value: `option` or `item` by id, a number, or words."""

    item: int | None = None
    option: int | None = None
    number: float | None = None
    text: str | None = None


class AnsweredOut(BaseModel):
    """What was answered to a question; no values: it was left empty."""

    question: int
    values: list[ValueOut]


class ResponseOut(BaseModel):
    """A response without its receipt. Of an anonymous poll, `submitted_at` is a day."""

    submission_id: str
    mark: str
    submitted_at: datetime
    language: str
    answers: list[AnsweredOut]

    @classmethod
    def of(cls, row: StoredResponse) -> "ResponseOut":
        """From its row."""
        return cls(
            submission_id=row.submission_id, mark=row.mark, submitted_at=row.submitted_at, language=row.language,
            answers=answered(row.answers),
        )  # fmt: skip


class ResponsesPart(BaseModel):
    """A part of the responses, in an order that tells nothing."""

    responses: list[ResponseOut]
    next: str | None


class ReplyOut(BaseModel):
    """What was done about something that this ballot spoke to."""

    title: str
    public_note: str
    status: str
    theme: str
    created_at: datetime


class BallotOut(BaseModel):
    """The ballot behind a receipt. `may_change`: it can be changed and withdrawn now."""

    poll: str
    url: str
    mark: str
    submitted_at: datetime
    changed: bool
    withdrawn: bool
    may_change: bool
    answers: list[AnsweredOut]
    replies: list[ReplyOut]

    @classmethod
    def of(cls, receipt: str, it: Recorded, replies: list[ActionRow]) -> "BallotOut":
        """From what is recorded."""
        open_now = it.poll.phase == "open" and it.poll.may_change and it.withdrawn_at is None
        return cls(
            poll=it.poll.slug, url=f"{settings().base_url}/r/{receipt}", mark=it.mark, submitted_at=it.submitted_at,
            changed=it.changed_at is not None, withdrawn=it.withdrawn_at is not None, may_change=open_now,
            answers=answered(it.answers),
            replies=[ReplyOut(**{n: getattr(row, n) for n in ReplyOut.model_fields}) for row in replies],
        )  # fmt: skip


class AnswersIn(Taken):
    """Other answers instead of the recorded ones; a question that is left out is left empty."""

    answers: list[AnswerIn] = Field(max_length=1000)

    def values(self) -> list[dict[str, object]]:
        """The answers as the kinds read them."""
        return [a.model_dump(exclude_none=True) for a in self.answers]


class StatementOut(BaseModel):
    """A statement of a member that waits. `said_at` null: the poll is anonymous."""

    id: int
    question: int
    text: str
    said_at: datetime | None

    @classmethod
    def of(cls, row: Waiting) -> "StatementOut":
        """From its row."""
        return cls(id=row.id, question=row.question_id, text=row.text, said_at=row.said_at)


class StatementsPart(BaseModel):
    """A part of the statements that wait, oldest first."""

    statements: list[StatementOut]
    next: str | None


class AcceptanceIn(Taken):
    """`words`: the statement with its slips corrected; without them as it was written."""

    words: str | None = Field(default=None, max_length=2000)


class Decided(BaseModel):
    """What became of a statement: accepted, as this `option` of its question, or rejected."""

    state: str
    option: int | None


class Moderated(BaseModel):
    """A statement of a poll, by its option's id: moderated out, nobody is asked about it; else everybody is."""

    option: int
    moderated: bool


def answered(answers: Mapping[int, list[Value]]) -> list[AnsweredOut]:
    """Answers by question, as the API gives them."""
    return [AnsweredOut(question=question, values=[_value(v) for v in values]) for question, values in answers.items()]


def _value(value: Value) -> ValueOut:
    said = {"item": value.item, "option": value.option, "number": value.number, "text": value.text}
    return ValueOut(**{name: what for name, what in said.items() if what is not None})
