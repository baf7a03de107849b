"""/sign-in/{token}: one button that signs in once. Opening the page uses nothing up."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from heard.accounts import signin, signin_links
from heard.accounts.access import session_cookie
from heard.kit.db import Session
from heard.kit.limits import spend
from heard.kit.web import page, secure_cookie, see_other

router = APIRouter(include_in_schema=False)
TRIES = "30/minute"


@dataclass
class LinkPage:
    """templates/account/link.html: whom the button signs in."""

    name: str
    email: str


@router.get("/sign-in/{token}")
def show_link(token: str, request: Request, session: Session) -> Response:
    """Whom this link signs in, and the button."""
    spend("sign-in link", request.client.host if request.client else "", TRIES)
    account = signin_links.account_of_link(session, token)
    return page(request, "account/link.html", LinkPage(account.name, account.email))


@router.post("/sign-in/{token}")
def use_link(token: str, request: Request, session: Session) -> Response:
    """Sign in; the link ends here."""
    spend("sign-in link", request.client.host if request.client else "", TRIES)
    cookie = signin_links.take_link(session, token)
    signin.end_session(session, request.cookies.get(session_cookie(), ""))
    answer = see_other("/")
    secure_cookie(answer, session_cookie(), cookie, days=signin.SESSION_LASTS.days)
    return answer
