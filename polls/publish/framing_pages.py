"""Who may show a poll inside a frame of their own site."""

from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from heard.accounts.access import Member, SignedIn
from heard.kit.db import Session
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.web import first, page, see_other
from polls.access import access_poll
from polls.models import Poll
from polls.publish import framing
from polls.publish.framing import Choice
from polls.write.forms import TypedForm

router = APIRouter(include_in_schema=False)


@dataclass
class FramingPage:
    """templates/polls/framing.html"""

    member: Member
    poll: Poll
    at: str
    choice: Choice
    message: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@router.get("/m/{community}/polls/{slug}/framing")
def show_framing(request: Request, community: str, slug: str, account: SignedIn, session: Session) -> HTMLResponse:
    """Who may frame it now."""
    member, poll = access_poll(session, account, community, slug, to="read")
    return page(request, "polls/framing.html", _framing(member, poll))


@router.post("/m/{community}/polls/{slug}/framing", status_code=303)
def choose_framing(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """Any site, these sites, or none."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    choice = Choice(first(typed.form, "who"), (typed.form.get("sites") or [""])[0])
    try:
        framing.let_frame(session, poll, choice, by=account)
    except BadInput as refused:
        shown = _framing(member, poll)
        shown.choice, shown.message, shown.errors = choice, refused.message, refused.fields
        return page(request, "polls/framing.html", shown, status=422)
    said = {
        "anybody": _("Any site may show this poll."),
        "listed": _("The sites in your list may show this poll."),
        "nobody": _("No site may show this poll inside its pages."),
    }
    return see_other(f"/m/{community}/polls/{poll.slug}/framing", flash=said[choice.who])


def _framing(member: Member, poll: Poll) -> FramingPage:
    return FramingPage(member, poll, f"/m/{member.community.slug}/polls/{poll.slug}", framing.choice_of(poll.embed_on))
