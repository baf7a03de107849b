"""What the API says about opinion groups."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from feedback.groups.queries import letter, people_of, questions_of
from feedback.models import OpinionRun
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion
from polls.kinds.statements import asked_in


class OpinionSaidOut(BaseModel):
    """A statement that says something about groups. stance: 1 they agree, -1 they disagree; z: of its weakest test.

    value: how well it represents its group; of bridging statements the group-informed consensus, of dividing ones the
    difference of the two shares, both 0..1.
    """

    statement: int
    label: str
    stance: int
    value: float
    z: float


class OpinionGroupOut(BaseModel):
    """A group: people, their share (0..1) of those who take part, middle and spread (a standard deviation) on the map.
    representative: opinions that it stands for; people: what more of it than of the others say of themselves,
    with the difference of the two shares as `value`.
    """

    name: str
    n: int
    share: float
    x: float
    y: float
    wide: float
    high: float
    representative: list[OpinionSaidOut]
    people: list[OpinionSaidOut]


class OpinionSideOut(BaseModel):
    """What one group says to a statement; null where it stays hidden."""

    group: str
    agree: int | None
    disagree: int | None
    passed: int | None
    n: int | None


class OpinionStatementOut(BaseModel):
    """A statement: where somebody would stand who agreed and said nothing else; what each group says to it."""

    id: int
    label: str
    x: float
    y: float
    groups: list[OpinionSideOut]


class OpinionsOut(BaseModel):
    """The groups of one question. n: people who take part, each with `need` votes or more, of all who `voted`. why: why there
    are no groups: not_yet, few_statements, few_people, alike, small; "" where there are. left_out: statements that were
    moderated out. apart: people who vote like hardly
    anybody else, counted with the nearest group. silhouette: how well the groups are told apart, -1..1; explained: the
    share of all differences that the map shows, 0..1."""

    question: int
    wording: str
    n: int
    voted: int
    need: int
    why: str
    left_out: int
    apart: int
    silhouette: float
    explained: float
    made_at: datetime | None
    groups: list[OpinionGroupOut]
    bridging: list[OpinionSaidOut]
    dividing: list[OpinionSaidOut]
    statements: list[OpinionStatementOut]


class GroupsOut(BaseModel):
    """The opinion groups of a poll, a question with statements after the other."""

    questions: list[OpinionsOut]

    @classmethod
    def of(cls, poll: FrozenPoll, runs: Mapping[int, OpinionRun]) -> "GroupsOut":
        """From what was found last."""
        return cls(questions=[_opinions(question, runs.get(question.id)) for question in questions_of(poll)])


def _opinions(question: FrozenQuestion, run: OpinionRun | None) -> OpinionsOut:
    found: Mapping[str, Any] = run.result if run else _NOT_YET
    labels = {option.id: option.label for option in asked_in(question)}
    figures = {name: found[name] for name in ("n", "voted", "need", "why", "apart", "silhouette", "explained")}
    return OpinionsOut(
        question=question.id, wording=question.wording, made_at=run.made_at if run else None, **figures,
        left_out=found.get("left_out", 0),
        groups=[_group(place, found, labels) for place in range(len(found["groups"]))],
        bridging=_said(found["bridging"], labels), dividing=_said(found["dividing"], labels),
        statements=[_statement(one, labels) for one in found["statements"] if one["item"] in labels],
    )  # fmt: skip


_NOT_YET: dict[str, Any] = {
    "n": 0, "voted": 0, "need": 0, "why": "not_yet", "apart": 0, "silhouette": 0.0, "explained": 0.0, "groups": [],
    "bridging": [], "dividing": [], "statements": [], "representative": [],
}  # fmt: skip


def _group(place: int, found: Mapping[str, Any], labels: Mapping[int, str]) -> OpinionGroupOut:
    group, everybody = found["groups"][place], sum(one["n"] for one in found["groups"])
    return OpinionGroupOut(
        name=letter(place), share=round(group["n"] / everybody, 4), **group,
        representative=_said(found["representative"][place], labels), people=_said(people_of(found, place), labels),
    )  # fmt: skip


def _said(several: list[dict[str, Any]], labels: Mapping[int, str]) -> list[OpinionSaidOut]:
    return [
        OpinionSaidOut(
            statement=one["item"], label=labels[one["item"]], stance=one["stance"], value=one["value"], z=one["z"]
        )
        for one in several
        if one["item"] in labels
    ]


def _statement(one: Mapping[str, Any], labels: Mapping[int, str]) -> OpinionStatementOut:
    sides = [_side(place, counts) for place, counts in enumerate(one["counts"])]
    return OpinionStatementOut(id=one["item"], label=labels[one["item"]], x=one["x"], y=one["y"], groups=sides)


def _side(place: int, counts: list[int] | None) -> OpinionSideOut:
    agree, disagree, passed = counts or (None, None, None)
    return OpinionSideOut(
        group=letter(place), agree=agree, disagree=disagree, passed=passed, n=sum(counts) if counts else None
    )
