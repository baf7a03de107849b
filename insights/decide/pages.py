"""Manager pages of readers' answers: one answer, the poll or the action that it becomes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from feedback.answer.actions import status_words
from feedback.themes import queries as theme_queries
from heard.accounts.access import Member, SignedIn
from heard.accounts.people import people_of
from heard.kit.clock import today
from heard.kit.db import DbSession, Session
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.web import day_typed, first, page, see_other
from insights.access import access_brief
from insights.decide import taking_up
from insights.decide.access import access_decision
from insights.decide.queries import DecisionRow, decisions_of
from insights.models import Decision
from polls.models import Poll
from polls.write.forms import TypedForm

router = APIRouter(include_in_schema=False)


@dataclass
class DecisionPage:
    """templates/insights/decision.html. `themes`, `members`: (id, name), for the form of an action, whose fields `typed` has."""

    member: Member
    row: DecisionRow
    themes: list[tuple[int, str]]
    members: list[tuple[str, str]]
    statuses: list[tuple[str, str]]
    typed: Mapping[str, str]
    message: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/m/{community}/decisions/{decision_id}")
def see_decision(
    request: Request, community: str, decision_id: int, account: SignedIn, session: Session
) -> HTMLResponse:
    """One answer of a reader, and what can be made of it."""
    member, decision = access_decision(session, account, community, decision_id, to="read")
    return _decision(request, session, member, decision)


@router.post("/m/{community}/decisions/{decision_id}/poll")
def ask_on(community: str, decision_id: int, account: SignedIn, session: Session) -> RedirectResponse:
    """A draft poll of the reader's question."""
    member, decision = access_decision(session, account, community, decision_id, to="publish")
    poll = taking_up.poll_of(session, member.community, decision, by=account)
    return see_other(f"/m/{community}/polls/{poll.slug}", flash=_("The draft is made. Read it over, then publish it."))


@router.post("/m/{community}/briefs/{brief_id}/poll")
def ask_next(community: str, brief_id: int, account: SignedIn, session: Session) -> RedirectResponse:
    """A draft poll of the question with which the brief closes."""
    member, brief = access_brief(session, account, community, brief_id, to="publish")
    poll = taking_up.poll_of_brief(session, member.community, brief, by=account)
    return see_other(f"/m/{community}/polls/{poll.slug}", flash=_("The draft is made. Read it over, then publish it."))


@router.post("/m/{community}/decisions/{decision_id}/action")
def act(
    request: Request, community: str, decision_id: int, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """An action of the decision, told to those who spoke."""
    member, decision = access_decision(session, account, community, decision_id, to="act")
    sent = {name: first(typed.form, name) for name in ("theme", "title", "public_note", "status", "owner", "due_on")}
    try:
        if typed.refused:
            raise BadInput(next(iter(typed.refused.values())), fields=typed.refused)
        taking_up.act_on(
            session, member.community, decision, theme_id=_number(sent["theme"]), title=sent["title"],
            public_note=sent["public_note"], status=sent["status"], owner_id=_number(sent["owner"]),
            due_on=day_typed(sent["due_on"], "due_on"),
            by=account,
        )  # fmt: skip
    except BadInput as refused:
        session.rollback()
        member, decision = access_decision(session, account, community, decision_id, to="act")
        return _decision(request, session, member, decision, sent, refused)
    word = _("Published: on the community's page, in its feed, and on the receipts of those who spoke.")
    return see_other(f"/m/{community}/decisions/{decision_id}", flash=word)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 else None


def _decision(
    request: Request, session: DbSession, member: Member, decision: Decision, typed: Mapping[str, str] | None = None,
    refused: BadInput | None = None,
) -> HTMLResponse:  # fmt: skip
    (row,) = decisions_of(session, member.community.id or 0, ids=[decision.id or 0])
    may = member.may("act") and row.action_id is None and row.kind != "ask"
    shown = DecisionPage(
        member, row, _themes(session, member) if may else [], _members(session, member) if may else [],
        list(status_words().items()), typed or _prefilled(session, member, row),
        f"{refused.message} {refused.hint}" if refused else "", refused.fields if refused else {},
    )  # fmt: skip
    return page(request, "insights/decision.html", shown, status=refused.status if refused else 200)


def _prefilled(session: DbSession, member: Member, row: DecisionRow) -> dict[str, str]:
    """From the decision: its words, its day while that is to come, the member whose name it says."""
    title = " ".join(row.note.split())
    owner = next(
        (number for number, name in _members(session, member) if row.who and name.casefold() == row.who.casefold()), ""
    )
    return {
        "theme": str(row.theme_id or ""), "title": title[:200], "public_note": "", "status": "planned", "owner": owner,
        "due_on": row.due_on.isoformat() if row.due_on and row.due_on >= today() else "",
    }  # fmt: skip


def _members(session: DbSession, member: Member) -> list[tuple[str, str]]:
    return [(str(person.account.id), person.account.name) for person in people_of(session, member.community)]


def _themes(session: DbSession, member: Member) -> list[tuple[int, str]]:
    """The coarse themes of all polls, by poll."""
    heard = theme_queries.polls_with_comments(session, member.community.id or 0)
    told = [poll for poll in heard if not theme_queries.held_back(session, session.get_one(Poll, poll.id))]
    return [
        (theme.id, f"{theme.label} ({poll.title})")
        for poll in told
        for theme in theme_queries.themes_of(session, poll.id)
        if theme.parent is None
    ]
