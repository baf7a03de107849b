"""The doors of the house: set-up, sign-in, one's own account, the language, and which community."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from heard.accounts import community_pages, mail_check_pages, setup, signin
from heard.accounts.access import SignedIn, access_community, communities_of, session_cookie, signed_in
from heard.accounts.models import Account, Community
from heard.kit import limits
from heard.kit.db import Session, reading, writing
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import LANGUAGE_COOKIE, LANGUAGES, _
from heard.kit.web import Form, first, own_path, page, read_form, secure_cookie, see_other

router = APIRouter(include_in_schema=False)
router.include_router(community_pages.router)
router.include_router(mail_check_pages.router)
SentForm = Annotated[Form, Depends(read_form)]
LANGUAGE_DAYS = 365


@dataclass
class DoorPage:
    """Set-up and sign-in: what was typed (never the password) and what was wrong with it."""

    values: dict[str, str] = field(default_factory=dict)
    message: str = ""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class AccountPage:
    """One's own account."""

    person: Account
    values: dict[str, str]
    message: str = ""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class CommunitiesPage:
    """The communities one belongs to."""

    person: Account
    communities: list[Community]


@router.get("/")
def start(request: Request, session: Session) -> Response:
    """To one's community, or to the door."""
    account = signin.account_of_session(session, request.cookies.get(session_cookie(), ""))
    if account is None:
        return RedirectResponse("/sign-in" if setup.has_accounts(session) else "/welcome", 302)
    mine = communities_of(session, account)
    return RedirectResponse(f"/m/{mine[0].slug}" if mine else "/communities", 302)


@router.get("/welcome")
def welcome(request: Request, session: Session) -> Response:
    """An empty install says where its set-up address is, and never what it is."""
    if setup.has_accounts(session):
        return RedirectResponse("/sign-in", 302)
    return page(request, "account/welcome.html")


@router.get("/setup/{token}")
def setup_page(request: Request, session: Session, token: str) -> HTMLResponse:
    """Two fields and a password, once."""
    setup.check_open(session, token)
    return page(request, "account/setup.html", DoorPage())


@router.post("/setup/{token}")
def set_up(request: Request, token: str, form: SentForm) -> Response:
    """Make the first owner and the community, signed in. Argon2 runs while no transaction is open."""
    values = {"community": first(form, "community"), "email": first(form, "email")}
    with reading() as session:  # own sessions: Argon2 stands between reading and writing
        setup.check_open(session, token)
    try:
        owner = setup.check_first_owner(values["community"], values["email"], _password(form))
    except BadInput as refusal:
        return _again(request, "account/setup.html", values, refusal)
    password_hash = signin.hash_password(owner.password)
    with writing() as session:  # see above
        setup.hold_accounts(session)
        setup.check_open(session, token)
        account, community = setup.set_up(session, owner, password_hash)
        cookie = signin.start_session(session, account)
    answer = see_other(f"/m/{community.slug}/polls/new", flash=_("Your community is ready. Ask it something."))
    return _signed_in(answer, cookie)


@router.get("/sign-in")
def sign_in_page(request: Request, session: Session) -> Response:
    """The door."""
    if not setup.has_accounts(session):
        return RedirectResponse("/welcome", 302)
    target = own_path(request.query_params.get("next", ""))
    if signin.account_of_session(session, request.cookies.get(session_cookie(), "")):
        return RedirectResponse(target, 302)
    return page(request, "account/sign_in.html", DoorPage({"email": "", "next": target}))


@router.post("/sign-in")
def sign_in(request: Request, form: SentForm) -> Response:
    """A new session, if address and password belong together."""
    values = {"email": first(form, "email")[:254], "next": own_path(first(form, "next"))}
    try:
        limits.spend("sign-in", f"{_peer(request)} {values['email'].lower()}", "10/minute")
        with reading() as session:  # own sessions: Argon2 stands between reading and writing
            account = signin.account_at(session, values["email"])
        if not signin.password_fits(_password(form), account.password_hash if account else None) or account is None:
            raise signin.WrongPassword()
    except Refused as refusal:
        return _again(request, "account/sign_in.html", values, refusal)
    with writing() as session:  # see above
        signin.end_session(session, request.cookies.get(session_cookie(), ""))
        cookie = signin.start_session(session, account)
    answer = _signed_in(see_other(values["next"]), cookie)
    if LANGUAGE_COOKIE not in request.cookies:
        secure_cookie(answer, LANGUAGE_COOKIE, account.locale, days=LANGUAGE_DAYS)
    return answer


@router.post("/sign-out")
def sign_out(request: Request, session: Session) -> RedirectResponse:
    """End the session of this browser."""
    signin.end_session(session, request.cookies.get(session_cookie(), ""))
    answer = see_other("/sign-in", flash=_("You are signed out."))
    answer.delete_cookie(session_cookie(), path="/", httponly=True, samesite="lax", secure=session_cookie() != "heard")
    return answer


@router.post("/language")
def choose_language(request: Request, session: Session, form: SentForm) -> RedirectResponse:
    """Remember the language in a cookie, and for who is signed in also where mails and reports look it up."""
    language = first(form, "language")
    answer = see_other(own_path(first(form, "next")))
    if language in LANGUAGES:
        if account := signin.account_of_session(session, request.cookies.get(session_cookie(), "")):
            signin.change_details(session, account, account.name, language)
        secure_cookie(answer, LANGUAGE_COOKIE, language, days=LANGUAGE_DAYS)
    return answer


@router.get("/account")
def account_page(request: Request, account: SignedIn) -> HTMLResponse:
    """Name, language, password."""
    return page(request, "account/account.html", AccountPage(account, _of(account)))


@router.post("/account")
def change_account(request: Request, account: SignedIn, session: Session, form: SentForm) -> Response:
    """Store name and language."""
    values = {"name": first(form, "name"), "locale": first(form, "locale")}
    try:
        signin.change_details(session, account, values["name"], values["locale"])
    except BadInput as refusal:
        return _account_again(request, account, values, refusal)
    answer = see_other("/account", flash=_("Saved."))
    secure_cookie(answer, LANGUAGE_COOKIE, account.locale, days=LANGUAGE_DAYS)
    return answer


@router.post("/account/password")
def change_password(request: Request, form: SentForm) -> Response:
    """A new password; every other browser is signed out, this one goes on with a new session."""
    with reading() as session:  # own sessions: Argon2 stands between reading and writing
        account = signed_in(request, session)
    try:
        limits.spend("password", str(account.id), "10/minute")
        if not signin.password_fits(_password(form, "current"), account.password_hash):
            raise BadInput(_("The password was not changed."), fields={"current": _("This is not your password.")})
        password_hash = signin.hash_password(_password(form))
    except Refused as refusal:
        return _account_again(request, account, _of(account), refusal)
    with writing() as session:  # see above
        account = session.get_one(Account, account.id)
        signin.change_password(session, account, password_hash)
        cookie = signin.start_session(session, account)
    return _signed_in(
        see_other("/account", flash=_("Your password is changed; other browsers are signed out.")), cookie
    )


@router.get("/communities")
def communities_page(request: Request, account: SignedIn, session: Session) -> HTMLResponse:
    """Every community one belongs to."""
    return page(request, "account/communities.html", CommunitiesPage(account, communities_of(session, account)))


@router.get("/m/{community}")
def home(account: SignedIn, session: Session, community: str) -> RedirectResponse:
    """A community's first page is what it asks."""
    member = access_community(session, account, community, to="read")
    return RedirectResponse(f"/m/{member.community.slug}/polls", 302)


def _signed_in(answer: RedirectResponse, cookie: str) -> RedirectResponse:
    secure_cookie(answer, session_cookie(), cookie, days=signin.SESSION_LASTS.days)
    return answer


def _again(request: Request, template: str, values: dict[str, str], refusal: Refused) -> HTMLResponse:
    shown = DoorPage(values, refusal.message, refusal.hint, refusal.fields)
    return page(request, template, shown, status=refusal.status)


def _account_again(request: Request, account: Account, values: dict[str, str], refusal: Refused) -> HTMLResponse:
    shown = AccountPage(account, values, refusal.message, refusal.hint, refusal.fields)
    return page(request, "account/account.html", shown, status=refusal.status)


def _of(account: Account) -> dict[str, str]:
    return {"name": account.name, "locale": account.locale}


def _password(form: Form, name: str = "password") -> str:
    return (form.get(name) or [""])[0]  # as typed: spaces at the ends belong to it


def _peer(request: Request) -> str:
    return request.client.host if request.client else ""
