"""What a manager has beside a brief on its page: sentences to reword, quotes to read, what changed since the last one."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from heard.kit import language_model
from heard.kit.db import DbSession
from heard.kit.i18n import speaking
from insights.decide.asked import asked_of
from insights.decide.queries import DecisionRow, decisions_of
from insights.models import Brief
from insights.write import edits, quoting, rewording, shown
from insights.write.edits import SentenceRow
from insights.write.quoting import QuoteRow
from insights.write.rewording import Rewording
from insights.write.since_last import Moved, since_last


@dataclass(frozen=True)
class Desk:
    """`last_until`: the last day of the brief that this one is compared with, None: it is the first; `decided_since`: readers'
    answers after that one was approved; `host`: where the language model is, "" for none; question: with which it closes."""

    draft: bool
    sentences: list[SentenceRow]
    quotes: list[QuoteRow]
    moved: list[Moved]
    last_until: date | None
    decided_since: list[DecisionRow]
    decided: list[DecisionRow]
    reworded: Rewording
    host: str
    question: str


def desk_of(session: DbSession, brief: Brief) -> Desk:
    """All of it; an approved brief has no sentences to change."""
    draft = brief.approved_at is None
    last = last_approved(session, brief) if draft else None
    decided = decisions_of(session, brief.community_id)
    since = [row for row in decided if last and last.approved_at and row.at > last.approved_at]
    with speaking(brief.locale):
        question = asked_of(shown.to_readers(session, brief, quotes=False)).question
    return Desk(
        draft, edits.sentences_of(session, brief) if draft else [], quoting.quotes_of(session, brief) if draft else [],
        since_last(last.facts, brief.facts) if last else [], last.until if last else None, since if draft else [],
        [row for row in decided if row.brief_id == brief.id], rewording.state_of(session, brief),
        language_model.host() if language_model.is_set() else "", question,
    )  # fmt: skip


def last_approved(session: DbSession, brief: Brief) -> Brief | None:
    """The brief for the same audience that was approved last before this one."""
    query = select(Brief).where(
        Brief.community_id == brief.community_id, Brief.audience == brief.audience, Brief.id != brief.id,
        col(Brief.approved_at).is_not(None), col(Brief.until) <= brief.until, col(Brief.id) < brief.id,
    )  # fmt: skip
    return session.exec(query.order_by(col(Brief.approved_at).desc()).limit(1)).first()
