"""A reader's answer to a brief, without a log-in: the delivery's secret address says who it is. Opening it records nothing."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from heard.accounts.models import Community
from heard.kit import tokens
from heard.kit.clock import today
from heard.kit.db import DbSession, Session
from heard.kit.errors import BadInput
from heard.kit.i18n import _, speaking
from heard.kit.web import Form, day_typed, first, page, read_form, see_other
from insights.decide import answers
from insights.decide.asked import Asked, part_of_address
from insights.models import Brief, Decision

router = APIRouter(include_in_schema=False)
SentForm = Annotated[Form, Depends(read_form)]
UNLISTED = {"X-Robots-Tag": "noindex, nofollow"}


@dataclass
class AnswerForms:
    """templates/public/decide.html. `mine`: what this reader answered, by kind; `whom`: part of their address, "" at the brief's
    own address, where nobody can answer; `chosen`: the kind that the link of the mail names; `late`: the day asked for is past."""

    asked: Asked
    whom: str
    mine: dict[str, Decision]
    chosen: str
    at: str
    late: bool = False
    typed: dict[str, str] = field(default_factory=dict)
    message: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class AnswerPage:
    """templates/public/answer.html: the forms alone, after a refusal."""

    forms: AnswerForms
    subject: str
    community_name: str
    community_slug: str
    accent: str


def forms_of(session: DbSession, brief: Brief, token: str, chosen: str = "") -> AnswerForms:
    """What stands below a brief for its reader; reads only."""
    delivery = answers.delivery_at(session, tokens.hashed(token))
    asked = answers.asked_in(session, brief)
    mine = answers.of_delivery(session, delivery.id) if delivery else {}
    return AnswerForms(
        asked, part_of_address(delivery.recipient) if delivery else "", mine, chosen if chosen in asked.kinds else "",
        f"/b/{token}/decisions", late=asked.due_on is not None and asked.due_on < today(),
    )  # fmt: skip


@router.post("/b/{token}/decisions")
def answer(request: Request, token: str, session: Session, form: SentForm) -> Response:
    """Record what the reader answers."""
    delivery = answers.delivery_to_answer(session, tokens.hashed(token))
    brief = session.get_one(Brief, delivery.brief_id)
    sent = {name: first(form, name) for name in ("kind", "note", "who", "due_on")}
    with speaking(brief.locale):
        try:
            due_on = day_typed(sent["due_on"], "due_on") if sent["kind"] == "decide" else None
            answers.record(session, delivery, sent["kind"], note=sent["note"], who=sent["who"], due_on=due_on)
        except BadInput as refused:
            return _again(request, session, brief, token, sent, refused)
        return see_other(
            f"/b/{token}?answer=given#answer", flash=_("Your answer is recorded, and whoever sent the brief is told.")
        )


def _again(
    request: Request, session: DbSession, brief: Brief, token: str, sent: dict[str, str], refused: BadInput
) -> HTMLResponse:
    session.rollback()
    community = session.get_one(Community, brief.community_id)
    forms = forms_of(session, brief, token, sent["kind"])
    forms.typed, forms.message, forms.errors = sent, f"{refused.message} {refused.hint}", refused.fields
    shown = AnswerPage(forms, brief.subject, community.name, community.slug, community.accent)
    return page(request, "public/answer.html", shown, status=refused.status, headers=UNLISTED)
