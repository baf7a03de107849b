"""Asking again, copying, and putting a slip of the pen right."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from heard.accounts.access import Member, SignedIn
from heard.kit.db import DbSession, Session
from heard.kit.errors import Refused
from heard.kit.i18n import _
from heard.kit.web import first, page, see_other
from polls.access import access_poll
from polls.frozen import freeze
from polls.models import Poll
from polls.publish import corrections, editions
from polls.publish.overview import CorrectionPage
from polls.write.forms import TypedForm

router = APIRouter(include_in_schema=False)


@router.post("/m/{community}/polls/{slug}/editions", status_code=303)
def make_edition(community: str, slug: str, account: SignedIn, session: Session) -> RedirectResponse:
    """The next edition as a draft, or the draft that is there already."""
    _member, poll = access_poll(session, account, community, slug, to="publish")
    made = editions.again(session, poll, by=account, same_series=True)
    said = _("This is edition %(n)s, a draft. When it opens, it takes over the link; old answers keep their words.")
    return see_other(f"/m/{community}/polls/{made.slug}", flash=said % {"n": made.edition})


@router.post("/m/{community}/polls/{slug}/copies", status_code=303)
def make_copy(community: str, slug: str, account: SignedIn, session: Session) -> RedirectResponse:
    """A new draft with everything of this poll."""
    _member, poll = access_poll(session, account, community, slug, to="publish")
    made = editions.again(session, poll, by=account, same_series=False)
    return see_other(f"/m/{community}/polls/{made.slug}", flash=_("This is the copy, a draft of its own."))


@router.get("/m/{community}/polls/{slug}/corrections")
def show_texts(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, part: str = ""
) -> Response:
    """The texts of a poll, to choose one; with `part`, that one to put right."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    return page(request, "polls/correction.html", _correction(session, member, poll, part))


@router.post("/m/{community}/polls/{slug}/corrections", status_code=303)
def correct_poll(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """Put it right, or say why this is more than a slip of the pen."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    part, text = first(typed.form, "part"), first(typed.form, "text")
    try:
        corrections.correct(session, poll, part, text, by=account)
    except Refused as refused:
        shown = _correction(session, member, poll, part)
        shown.text = text if shown.chosen else ""
        shown.message, shown.hint, shown.errors = refused.message, refused.hint, refused.fields
        return page(request, "polls/correction.html", shown, status=refused.status)
    return see_other(f"/m/{community}/polls/{poll.slug}", flash=_("Corrected. Both spellings are kept and shown."))


def _correction(session: DbSession, member: Member, poll: Poll, key: str) -> CorrectionPage:
    frozen = freeze(session, poll)
    parts = corrections.parts_of(frozen)
    chosen = next((part for part in parts if part.key == key), None)
    at = f"/m/{member.community.slug}/polls/{poll.slug}"
    return CorrectionPage(
        member, frozen, at, parts, chosen.key if chosen else "", chosen.text if chosen else "", errors={}
    )
