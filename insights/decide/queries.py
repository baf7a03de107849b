"""Answers of readers as members see them."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import col

from feedback.models import Theme
from heard.kit.db import DbSession
from heard.kit.i18n import _
from insights.models import Brief, Decision, Delivery
from polls.models import Poll

SHOWN = 50


class DecisionRow(NamedTuple):
    """An answer, who gave it, and what it became. `reader`: its address; theme: "" where it is about none, or that is gone."""

    id: int
    kind: str
    note: str
    who: str
    due_on: date | None
    at: datetime
    brief_id: int
    subject: str
    audience: str
    reader: str
    theme_id: int | None
    theme: str | None
    poll: str | None  # the slug of the draft that it became
    action_id: int | None

    @property
    def said(self) -> str:
        """What the reader did, in words."""
        return said_words()[self.kind]

    @property
    def open(self) -> bool:
        """Whether somebody has still to take it up."""
        return self.action_id is None and self.poll is None


def said_words() -> dict[str, str]:
    """What a reader did."""
    return {"agree": _("Agreed"), "decide": _("Decided otherwise"), "ask": _("Asked")}


def decisions_of(
    session: DbSession, community_id: int, *, ids: Collection[int] | None = None, brief_id: int | None = None,
    theme_id: int | None = None, limit: int = SHOWN,
) -> list[DecisionRow]:  # fmt: skip
    """The answers of a community's readers, newest first."""
    query = (
        select(
            Decision.id, Decision.kind, Decision.note, Decision.who, Decision.due_on, Decision.at, Decision.brief_id,  # type: ignore[call-overload]
            Brief.subject, Brief.audience, Delivery.recipient, Decision.theme_id, Theme.label, Poll.slug, Decision.action_id,
        )
        .join(Brief, col(Brief.id) == col(Decision.brief_id))
        .join(Delivery, col(Delivery.id) == col(Decision.delivery_id))
        .join(Theme, col(Theme.id) == col(Decision.theme_id), isouter=True)
        .join(Poll, col(Poll.id) == col(Decision.poll_id), isouter=True)
        .where(col(Brief.community_id) == community_id)
        .order_by(col(Decision.at).desc(), col(Decision.id).desc())
        .limit(limit)
    )  # fmt: skip
    if ids is not None:
        query = query.where(col(Decision.id).in_(ids))
    if brief_id is not None:
        query = query.where(col(Decision.brief_id) == brief_id)
    if theme_id is not None:
        query = query.where(col(Decision.theme_id) == theme_id)
    return [DecisionRow(*row) for row in session.execute(query)]
