"""What a manager has beside a brief on its page: how many quotes go, what changed since the last one, what readers answered."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from heard.kit.db import DbSession
from heard.kit.i18n import speaking
from insights.decide.asked import asked_of
from insights.decide.queries import DecisionRow, decisions_of
from insights.models import Brief
from insights.write import shown
from insights.write.since_last import Moved, since_last


@dataclass(frozen=True)
class Desk:
    """`quotes`, `let_in`: how many it has, and how many go; `last_until`: the last day of the brief that this one is compared
    with, None: it is the first; `decided_since`: readers' answers after that one was approved; question: with which it closes."""

    draft: bool
    quotes: int
    let_in: int
    moved: list[Moved]
    last_until: date | None
    decided_since: list[DecisionRow]
    decided: list[DecisionRow]
    question: str


def desk_of(session: DbSession, brief: Brief) -> Desk:
    """All of it; an approved brief is compared with none."""
    draft = brief.approved_at is None
    last = last_approved(session, brief) if draft else None
    decided = decisions_of(session, brief.community_id)
    since = [row for row in decided if last and last.approved_at and row.at > last.approved_at]
    quotes = {quote["comment"] for quote in shown.quotes_in(brief.text)}
    with speaking(brief.locale):
        question = asked_of(shown.to_readers(session, brief, quotes=False)).question
    return Desk(
        draft, len(shown.still_said(session, quotes)), len(shown.still_said(session, shown.let_in(session, brief))),
        since_last(last.facts, brief.facts) if last else [], last.until if last else None, since if draft else [],
        [row for row in decided if row.brief_id == brief.id], question,
    )  # fmt: skip


def last_approved(session: DbSession, brief: Brief) -> Brief | None:
    """The brief for the same audience that was approved last before this one."""
    query = select(Brief).where(
        Brief.community_id == brief.community_id, Brief.audience == brief.audience, Brief.id != brief.id,
        col(Brief.approved_at).is_not(None), col(Brief.until) <= brief.until, col(Brief.id) < brief.id,
    )  # fmt: skip
    return session.exec(query.order_by(col(Brief.approved_at).desc()).limit(1)).first()
