"""Manager pages of answers: which themes wait, what was said to the people who spoke."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from feedback.access import access_action
from feedback.answer import actions
from feedback.answer import views as answer_views
from heard.accounts.access import SignedIn, access_community
from heard.kit.db import Session
from heard.kit.i18n import _
from heard.kit.web import page, see_other

router = APIRouter(include_in_schema=False)


@router.get("/m/{community}/answers")
def answers(request: Request, community: str, account: SignedIn, session: Session) -> HTMLResponse:
    """Themes that wait for an answer, by waiting time; and the answers given."""
    member = access_community(session, account, community, to="read")
    return page(request, "feedback/answers.html", answer_views.answers_page(session, member))


@router.post("/m/{community}/actions/{action_id}/withdrawal")
def withdraw(community: str, action_id: int, account: SignedIn, session: Session) -> RedirectResponse:
    """Take an answer back; its theme waits again."""
    member, action = access_action(session, account, community, action_id, to="act")
    actions.withdraw_action(session, action, by=member.account)
    return see_other(f"/m/{community}/answers", flash=_("The answer is withdrawn. The theme waits again."))
