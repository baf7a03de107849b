"""What the API takes and gives of integrity. Never a table class; unknown fields are refused."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from feedback.integrity.panel import Panel
from heard.kit.taken import Taken, Whole


class DecisionIn(BaseModel):
    """What is to be done with a group, and why. `group`: its key, or the id of the decision to undo."""

    model_config = ConfigDict(extra="forbid")
    act: Literal["count", "set_aside", "leave", "undo"]
    group: str = Field(max_length=40)
    reason: str = Field(max_length=300)


class DecisionOut(BaseModel):
    """A decision that was written down, with the ballots it is about."""

    id: int
    act: str
    n: int


class LimitIn(Taken):
    """Ballots an hour and network that count, where a poll asks for networks."""

    limit: Whole = Field(examples=[20])


class LimitOut(BaseModel):
    """What holds from the next ballot on."""

    limit: int


class GroupOut(BaseModel):
    """Ballots to decide about; `set_aside`: they are not counted. `changed` null: not reckoned."""

    key: str
    n: int
    set_aside: bool
    first: datetime | None
    last: datetime | None
    changed: bool | None


class PastOut(BaseModel):
    """A decision of the past."""

    id: int
    who: str
    at: datetime
    words: str
    why: str
    undone: bool


class IntegrityOut(BaseModel):
    """How much is counted, and what is not. `changed`: ids of questions that would come out otherwise;
    `limit`: ballots an hour that count from one network."""

    level: int
    limit: int
    counted: int
    set_aside: int
    changed: list[int]
    sentence: str
    groups: list[GroupOut]
    marks: list[str]
    begun: int
    from_programs: int
    history: list[PastOut]

    @classmethod
    def of(cls, level: int, limit: int, panel: Panel) -> "IntegrityOut":
        """Of what the panel shows."""
        s = panel.standing
        return cls(
            level=level, limit=limit, counted=s.counted, set_aside=s.aside, changed=list(s.changed), sentence=s.sentence,
            groups=[
                GroupOut(key=g.key, n=g.n, set_aside=g.aside, first=g.first, last=g.last, changed=g.changed)
                for g in panel.groups
            ],
            marks=panel.marks, begun=panel.begun, from_programs=panel.from_programs,
            history=[PastOut(id=p.id, who=p.who, at=p.at, words=p.words, why=p.why, undone=p.undone) for p in panel.history],
        )  # fmt: skip
