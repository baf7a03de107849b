"""Readers' answers over the API: what was answered, and what it becomes."""

from datetime import date, datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from feedback.answer.schemas import ActionIn
from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit import paging
from heard.kit.db import Session
from heard.kit.paging import Paged, part_of
from insights.decide import taking_up
from insights.decide.access import access_decision_by_key
from insights.decide.queries import DecisionRow, decisions_of
from polls.access import access_community_by_key

router = APIRouter(prefix="/api/v1", tags=["briefs"], route_class=ApiRoute)
ALL = 10_000


class ReadersDecisionOut(BaseModel):
    """What a reader answered. kind: agree (`note` is the decision that was proposed), decide, ask. `theme`, `poll`, `action`: what
    it is about, and what it became."""

    id: int
    brief: int
    kind: str
    note: str
    who: str
    due_on: date | None
    at: datetime
    reader: str
    theme: int | None
    poll: str | None
    action: int | None

    @classmethod
    def of(cls, row: DecisionRow) -> "ReadersDecisionOut":
        """From its row."""
        return cls(
            id=row.id, brief=row.brief_id, kind=row.kind, note=row.note, who=row.who, due_on=row.due_on, at=row.at,
            reader=row.reader, theme=row.theme_id, poll=row.poll, action=row.action_id,
        )  # fmt: skip


class ReadersDecisionsPart(BaseModel):
    """A part of the answers, newest first."""

    decisions: list[ReadersDecisionOut]
    next: str | None


class DecisionActionIn(ActionIn):
    """An action that is made of a decision. `theme`: that of the decision when it is left out."""

    theme: int | None = Field(default=None)


class DraftOut(BaseModel):
    """The draft poll that a question became."""

    poll: str


@router.get("/communities/{slug}/decisions")
def list_decisions(slug: str, key: Bearer, session: Session, part: Paged) -> ReadersDecisionsPart:
    """What readers of briefs answered, newest first."""
    member = access_community_by_key(session, key, slug, to="read")
    rows = decisions_of(session, member.community.id or 0, limit=ALL)
    found, following = part_of(rows, part, _newest_first, types=(int, int))
    return ReadersDecisionsPart(decisions=[ReadersDecisionOut.of(row) for row in found], next=following)


def _newest_first(row: DecisionRow) -> tuple[int, int]:
    return -paging.stamp(row.at), -row.id


@router.post("/decisions/{decision_id}/poll", status_code=201)
def ask_on(decision_id: int, key: Bearer, session: Session) -> DraftOut:
    """Make a draft poll of a reader's question, in the community's language. Once: later calls give the same draft."""
    member, decision = access_decision_by_key(session, key, decision_id, to="publish")
    return DraftOut(poll=taking_up.poll_of(session, member.community, decision, by=member.account).slug)


@router.post("/decisions/{decision_id}/action", status_code=201)
def act_on_decision(decision_id: int, sent: DecisionActionIn, key: Bearer, session: Session) -> ReadersDecisionOut:
    """Make an action of a decision, with who sees to it and a day; those who spoke read it on their receipts."""
    member, decision = access_decision_by_key(session, key, decision_id, to="act")
    taking_up.act_on(
        session, member.community, decision, theme_id=sent.theme or decision.theme_id, title=sent.title,
        public_note=sent.public_note, status=sent.status, owner_id=sent.owner, due_on=sent.due_on, by=member.account,
    )  # fmt: skip
    return ReadersDecisionOut.of(decisions_of(session, member.community.id or 0, ids=[decision_id])[0])
