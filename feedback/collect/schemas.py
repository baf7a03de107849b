"""What the API takes and gives of responses and results. Never a table class; unknown fields are refused."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from feedback.collect.tallies import PollResults
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from polls.kinds.kind import ItemResult, OptionResult, QuestionResult

Id = Annotated[int, Field(strict=True, ge=0, lt=2**63)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class _Taken(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ItemIn(_Taken):
    """A value about one row, option or statement."""

    item: Id
    option: Id | None = None
    number: Number | None = None
    text: str | None = None


class AnswerIn(_Taken):
    """One answer; which of the fields it has depends on the question's kind."""

    question: Id
    option: Id | None = None
    options: list[Id] | None = None
    number: Number | None = None
    text: str | None = None
    date: str | None = None
    items: list[ItemIn] | None = None


class ResponseIn(_Taken):
    """A ballot. The same `submission_id` again gives the first receipt again; `voter` needs a token that may write."""

    submission_id: str | None = None
    voter: str | None = Field(default=None, max_length=400)
    answers: list[AnswerIn]

    def values(self) -> list[dict[str, object]]:
        """The answers as the kinds read them."""
        return [a.model_dump(exclude_none=True) for a in self.answers]


class ReceiptOut(BaseModel):
    """The voter's secret, and the mark that may be shown."""

    receipt: str
    mark: str


class OptionOut(BaseModel):
    """Votes of an option; `share` in 0..1 of those who answered the question."""

    id: int
    label: str
    count: int
    share: float


class ItemOut(BaseModel):
    """What came out for a row, statement or option; `n` answers about it. Which of the rest it has depends on the kind:

    matrix and statements `options`; ranking `count` and `share` (first places), `mean` (rank), `score` (Borda); points
    `mean`, `score` (all its points), `share` (of all points); pair `count` and `share` (comparisons won of `n`).
    `moderated`, for members: a statement that was taken out; nobody is asked about it any more.
    """

    id: int
    label: str
    n: int
    options: list[OptionOut] | None = None
    count: int | None = None
    share: float | None = None
    mean: float | None = None
    score: float | None = None
    moderated: bool | None = None

    @classmethod
    def of(cls, item: ItemResult) -> "ItemOut":
        """From the result object."""
        return cls(
            id=item.id, label=item.label, n=item.n, options=_options(item.options), count=item.count,
            share=item.share, mean=item.mean, score=item.score, moderated=item.moderated or None,
        )  # fmt: skip


class VotesOut(BaseModel):
    """Votes of an option in a round."""

    option: int
    count: int


class RoundOut(BaseModel):
    """A round of an instant runoff. `exhausted`: ballots that name nobody who is still in; `eliminated` leave after it;
    `drawn` were level at the bottom, so that a lot decided."""

    votes: list[VotesOut]
    exhausted: int
    eliminated: list[int]
    drawn: list[int]


class PointsOut(BaseModel):
    """Borda points of an option."""

    option: int
    score: int


class RankedOut(BaseModel):
    """A ranking by each method; options are ids everywhere. Several `winners` (those of `method`) are level.

    `pairwise` and `strengths` are tables in the order of `options`: row over column. `condorcet`: who beats every other
    option one to one, if there is one. `schulze`: the order, the best first; who stands together is level. `seed`: of the
    lots.
    """

    method: str
    winners: list[int]
    condorcet: int | None
    rounds: list[RoundOut]
    borda: list[PointsOut]
    options: list[int]
    pairwise: list[list[int]]
    strengths: list[list[int]]
    schulze: list[list[int]]
    seed: str

    @classmethod
    def of(cls, question: QuestionResult) -> "RankedOut | None":
        """From the result object, whose options are places of its items."""
        ids, found = [i.id for i in question.items], question.ranked
        if found is None:
            return None
        return cls(
            method=found.method, winners=[ids[o] for o in found.winners],
            condorcet=None if found.condorcet is None else ids[found.condorcet],
            rounds=[
                RoundOut(
                    votes=[VotesOut(option=ids[o], count=count) for o, count in r.votes], exhausted=r.exhausted,
                    eliminated=[ids[o] for o in r.out], drawn=[ids[o] for o in r.drawn],
                )
                for r in found.rounds
            ],
            borda=[PointsOut(option=ids[o], score=score) for o, score in enumerate(found.borda)], options=ids,
            pairwise=[list(row) for row in found.pairwise], strengths=[list(row) for row in found.strengths],
            schulze=[[ids[o] for o in level] for level in found.schulze], seed=found.seed,
        )  # fmt: skip


class QuestionOut(BaseModel):
    """What came out of a question; n answered it. `ranked`: of a ranking that somebody answered."""

    id: int
    kind: str
    wording: str
    n: int
    options: list[OptionOut] | None = None
    items: list[ItemOut] | None = None
    mean: float | None = None
    nps: int | None = None
    ranked: RankedOut | None = None


class ResultsOut(BaseModel):
    """What came out of a poll; n responded."""

    n: int
    questions: list[QuestionOut]

    @classmethod
    def of(cls, results: PollResults) -> "ResultsOut":
        """From the one result object that every surface reads."""
        return cls(
            n=results.n,
            questions=[
                QuestionOut(
                    id=q.id, kind=q.kind, wording=q.wording, n=q.n, mean=q.mean, nps=q.nps,
                    options=_options(q.options), items=[ItemOut.of(i) for i in q.items] or None,
                    ranked=RankedOut.of(q),
                )
                for q in results.questions
            ],
        )  # fmt: skip


def _options(options: Sequence[OptionResult]) -> list[OptionOut] | None:
    return [OptionOut(id=o.id, label=o.label, count=o.count, share=o.share) for o in options] or None


def response_in(body: bytes) -> ResponseIn:
    """A ballot from the body of a call. Raises BadInput that names the first field in trouble."""
    try:
        return ResponseIn.model_validate_json(body)
    except ValidationError as error:
        faults = {".".join(str(p) for p in e["loc"])[:80] or "body": str(e["msg"])[:200] for e in error.errors()[:20]}
        name, why = next(iter(faults.items()))
        raise BadInput(
            _("The ballot cannot be understood: %(name)s: %(why)s.") % {"name": name, "why": why},
            hint='{"submission_id": "…", "answers": [{"question": 1, "option": 2}]}',
            fields=faults,
        ) from error
