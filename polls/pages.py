"""Manager pages: the list of polls, opening and closing. The editor and the share page are in their own files."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from heard.accounts.access import Member, SignedIn, access_community
from heard.kit.db import Session
from heard.kit.i18n import _
from heard.kit.web import page, see_other
from polls import editor_pages, publishing, sharing_pages, translation_pages
from polls.access import access_poll
from polls.queries import PollRow, polls_of

router = APIRouter(include_in_schema=False)


@dataclass
class PollsPage:
    """templates/polls/polls.html"""

    member: Member
    polls: list[PollRow]


@router.get("/m/{community}/polls")
def list_polls(request: Request, community: str, account: SignedIn, session: Session) -> HTMLResponse:
    """All polls of a community."""
    member = access_community(session, account, community, to="read")
    return page(request, "polls/polls.html", PollsPage(member, polls_of(session, member.community.id or 0)))


@router.post("/m/{community}/polls/{slug}/opening", status_code=303)
def open_poll(community: str, slug: str, account: SignedIn, session: Session) -> RedirectResponse:
    """Open a draft for voting now."""
    _member, poll = access_poll(session, account, community, slug, to="publish")
    publishing.open_now(session, poll, by=account)
    said = _("The poll is open. Share it where your people are.")
    return see_other(f"/m/{community}/polls/{poll.slug}/sharing", flash=said)


@router.post("/m/{community}/polls/{slug}/closing", status_code=303)
def close_poll(community: str, slug: str, account: SignedIn, session: Session) -> RedirectResponse:
    """Close an open poll."""
    _member, poll = access_poll(session, account, community, slug, to="publish")
    publishing.close_now(session, poll, by=account)
    return see_other(f"/m/{community}/polls/{poll.slug}", flash=_("The poll is closed. Its results stay."))


@router.post("/m/{community}/polls/{slug}/reopening", status_code=303)
def reopen_poll(community: str, slug: str, account: SignedIn, session: Session) -> RedirectResponse:
    """Take votes again on a closed poll."""
    _member, poll = access_poll(session, account, community, slug, to="publish")
    publishing.reopen(session, poll, by=account)
    return see_other(f"/m/{community}/polls/{poll.slug}", flash=_("The poll is open again."))


router.include_router(editor_pages.router)
router.include_router(sharing_pages.router)
router.include_router(translation_pages.router)
