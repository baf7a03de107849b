"""The manager's page of opinion groups."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from feedback.groups.views import groups_page
from heard.accounts.access import SignedIn
from heard.kit.db import Session
from heard.kit.web import page
from polls.access import access_poll

router = APIRouter(include_in_schema=False)


@router.get("/m/{community}/polls/{slug}/groups")
def groups(request: Request, community: str, slug: str, account: SignedIn, session: Session) -> HTMLResponse:
    """The groups in the votes on a poll's statements."""
    member, poll = access_poll(session, account, community, slug, to="read")
    return page(request, "feedback/groups.html", groups_page(session, member, poll))
