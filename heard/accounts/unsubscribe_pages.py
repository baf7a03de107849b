"""/u/{token}: no more of these mails, and the way back. Opening it changes nothing: mail scanners open every link."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from heard.accounts import unsubscribing
from heard.accounts.contacts import BRIEFS, INVITATIONS
from heard.accounts.models import Community, Contact, Suppression
from heard.kit import limits
from heard.kit.db import DbSession, Session
from heard.kit.errors import BadInput, NotFound
from heard.kit.i18n import LANGUAGE_COOKIE, LANGUAGES, speaking
from heard.kit.web import Form, check_same_origin, first, page, read_form

router = APIRouter(include_in_schema=False)
_UNLISTED = {"X-Robots-Tag": "noindex, nofollow"}


async def whatever_came(request: Request) -> Form:
    """The form; nothing of it for a body that is none: a no counts, however a mail program writes it."""
    try:
        return await read_form(request)
    except (BadInput, HTTPException, ValueError):
        return {}


SentForm = Annotated[Form, Depends(whatever_came)]


@dataclass
class UnsubscribePage:
    """templates/public/unsubscribe.html. state: ask, stopped, back. `all_stopped`: no invitation of any list any more."""

    state: str
    about: str  # briefs, invitations
    at: str
    address: str
    list_name: str
    all_stopped: bool
    consent: str
    community_name: str
    community_slug: str
    accent: str


@router.get("/u/{token}")
def ask_before_stopping(request: Request, token: str, session: Session) -> HTMLResponse:
    """A page with a button, or what was stopped before."""
    contact, purpose = _behind(request, session, token)
    state = "stopped" if unsubscribing.is_stopped(session, contact, purpose) else "ask"
    return _page(request, session, contact, purpose, token, state)


@router.post("/u/{token}")
def stop(request: Request, token: str, session: Session, form: SentForm) -> HTMLResponse:
    """No more mail of this list; from the page, or from a mail program (RFC 8058) without cookie and from any origin."""
    contact, purpose = _behind(request, session, token)
    unsubscribing.stop(session, contact, purpose, everything=first(form, "stop") == "all")
    return _page(request, session, contact, purpose, token, "stopped")


@router.post("/u/{token}/return")
def take_back(request: Request, token: str, session: Session) -> HTMLResponse:
    """It was a slip: from our own page only, since a mail program never says yes."""
    check_same_origin(request)
    contact, purpose = _behind(request, session, token)
    with speaking(_language(request, contact)):
        unsubscribing.take_back(session, contact, purpose)
    return _page(request, session, contact, purpose, token, "back")


def _behind(request: Request, session: DbSession, token: str) -> tuple[Contact, str]:
    try:
        return unsubscribing.contact_of(session, token)
    except NotFound:
        limits.guessed(request)
        raise


def _page(request: Request, session: DbSession, contact: Contact, purpose: str, token: str, state: str) -> HTMLResponse:
    community = session.get_one(Community, contact.community_id)
    with speaking(_language(request, contact)):
        shown = UnsubscribePage(
            state, BRIEFS if purpose == BRIEFS else INVITATIONS, f"/u/{token}", contact.address,
            unsubscribing.list_name(session, contact, purpose),
            session.get(Suppression, (contact.id, INVITATIONS)) is not None,
            unsubscribing.yes_words(community, purpose), community.name, community.slug, community.accent,
        )  # fmt: skip
        return page(request, "public/unsubscribe.html", shown, headers=_UNLISTED)


def _language(request: Request, contact: Contact) -> str:
    """The one that was chosen at the foot of a page of ours, else that of the contact's mails."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else contact.locale
