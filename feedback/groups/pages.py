"""Pages of opinion groups: for members of the community, and for everybody who may see the results."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from feedback.collect import languages
from feedback.collect.pages import poll_with_results
from feedback.groups.public_view import public_groups
from feedback.groups.views import groups_page
from heard.accounts.access import SignedIn
from heard.kit.db import Session
from heard.kit.i18n import speaking
from heard.kit.web import page
from polls.access import access_poll

router = APIRouter(include_in_schema=False)


@router.get("/p/{slug}/groups")
def of_results(request: Request, session: Session, slug: str) -> Response:
    """The groups, where the poll's rule lets this visitor see its results. Caches keep it only where everybody may."""
    poll, _everybody, kept = poll_with_results(session, request, slug)
    with speaking(poll.locale):
        shown = public_groups(session, poll, f"/p/{slug}/results")
        return page(request, "feedback/public_groups.html", shown, cache=kept, headers=languages.varies(poll))


@router.get("/m/{community}/polls/{slug}/groups")
def groups(request: Request, community: str, slug: str, account: SignedIn, session: Session) -> HTMLResponse:
    """The groups in the votes on a poll's statements."""
    member, poll = access_poll(session, account, community, slug, to="read")
    return page(request, "feedback/groups.html", groups_page(session, member, poll), plotly=True)
