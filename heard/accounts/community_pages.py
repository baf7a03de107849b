"""A community's own pages for owners (people, settings), and each member's API tokens."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from heard.accounts import api_tokens, communities, members, people, signin
from heard.accounts.access import Member, SignedIn, access_community, signed_in
from heard.accounts.contacts import clean_address
from heard.accounts.models import ApiToken
from heard.accounts.people import Person
from heard.kit.clock import now
from heard.kit.colour import Accent, accent_colours
from heard.kit.db import DbSession, Session, reading, writing
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _
from heard.kit.web import Form, first, page, read_form, see_other

router = APIRouter(prefix="/m/{community}", include_in_schema=False)
SentForm = Annotated[Form, Depends(read_form)]


@dataclass
class PeoplePage:
    """Everybody, a form to add one more, and once the password of somebody new."""

    member: Member
    people: list[Person]
    roles: dict[str, tuple[str, str]]
    values: dict[str, str] = field(default_factory=lambda: {"email": "", "role": "manager"})
    message: str = ""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    added: str = ""
    password: str = ""


@dataclass
class SettingsPage:
    """What a community is, in its own words. `own`: its accent as it will be shown."""

    member: Member
    values: dict[str, str]
    zones: list[tuple[str, str]]  # (name, how it is written)
    own: Accent
    member_key: str = ""  # with which the community's own site signs its members in; "": it does not
    message: str = ""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class TokensPage:
    """One's own API tokens here; `made` is shown once. `may`: what the form is set to, all | reads | some."""

    member: Member
    tokens: list[ApiToken]
    scopes: dict[str, str]
    ended: Collection[int] = ()  # ids of tokens that work no more
    made: str = ""
    may: str = "reads"
    chosen: Collection[str] = ()
    values: dict[str, str] = field(default_factory=lambda: {"name": "", "ends_on": ""})
    message: str = ""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@router.get("/people")
def people_page(request: Request, account: SignedIn, session: Session, community: str) -> HTMLResponse:
    """Who belongs here, and what they may do."""
    return _people(request, session, access_community(session, account, community, to="people"))


@router.post("/people")
def add_person(request: Request, community: str, form: SentForm) -> Response:
    """Add somebody by address; who has no account gets one, with a password that is shown once."""
    values = {"email": first(form, "email")[:254], "role": first(form, "role")}
    with reading() as session:  # own sessions: Argon2 stands between reading and writing
        member = access_community(session, signed_in(request, session), community, to="people")
    try:
        email = clean_address(values["email"])
        with reading() as session:  # see above
            password = people.first_password(session, email)
        password_hash = signin.hash_password(password) if password else ""
        with writing() as session:  # see above
            people.add_person(
                session, member.community, email, values["role"], by=member.account, new_password_hash=password_hash
            )
    except Refused as refusal:
        with reading() as session:  # see above
            return _people(request, session, member, refusal, values=values)
    if not password:
        return see_other(_at(member, "people"), flash=_("%(email)s is now a member.") % {"email": email})
    with reading() as session:  # see above
        return _people(request, session, member, added=email, password=password, status=201)


@router.post("/people/{account_id}/role")
def change_role(
    request: Request, account: SignedIn, session: Session, community: str, account_id: int, form: SentForm
) -> Response:
    """Another role."""
    member = access_community(session, account, community, to="people")
    try:
        person = people.change_role(session, member.community, account_id, first(form, "role"), by=account)
    except (people.LastOwner, BadInput) as refusal:
        return _people(request, session, member, refusal)
    return see_other(_at(member, "people"), flash=_("Saved: %(name)s.") % {"name": person.name})


@router.post("/people/{account_id}/removal")
def remove_person(request: Request, account: SignedIn, session: Session, community: str, account_id: int) -> Response:
    """Take a person out of the community."""
    member = access_community(session, account, community, to="people")
    try:
        person = people.remove_person(session, member.community, account_id, by=account)
    except people.LastOwner as refusal:
        return _people(request, session, member, refusal)
    place = "/communities" if person.id == account.id else _at(member, "people")
    return see_other(place, flash=_("%(name)s is no longer a member.") % {"name": person.name})


@router.get("/settings")
def settings_page(request: Request, account: SignedIn, session: Session, community: str) -> HTMLResponse:
    """What the community is."""
    member = access_community(session, account, community, to="people")
    values = {name: str(getattr(member.community, name)) for name in communities.Settings.__dataclass_fields__}
    return _settings(request, member, values)


@router.post("/settings")
def change_settings(request: Request, account: SignedIn, session: Session, community: str, form: SentForm) -> Response:
    """Store it."""
    member = access_community(session, account, community, to="people")
    wish = communities.Settings(**{name: first(form, name) for name in communities.Settings.__dataclass_fields__})
    try:
        communities.change_settings(session, member.community, wish, by=account)
    except BadInput as refusal:
        return _settings(request, member, asdict(wish), refusal)
    return see_other(_at(member, "settings"), flash=_("Saved."))


@router.post("/settings/members")
def change_member_key(
    request: Request, account: SignedIn, session: Session, community: str, form: SentForm
) -> Response:
    """The key with which the community's own site signs its members in here, and where they come from."""
    member = access_community(session, account, community, to="people")
    try:
        members.change(session, member.community, key=first(form, "key"), url=first(form, "member_url"), by=account)
    except BadInput as refusal:
        values = {name: str(getattr(member.community, name)) for name in communities.Settings.__dataclass_fields__}
        shown = values | {"member_url": first(form, "member_url")}
        return _settings(request, member, shown, refusal)
    return see_other(_at(member, "settings#members"), flash=_("Saved."))


@router.get("/tokens")
def tokens_page(request: Request, account: SignedIn, session: Session, community: str) -> HTMLResponse:
    """One's own tokens; everybody else's stay theirs."""
    member = access_community(session, account, community, to="read")
    return page(request, "account/tokens.html", _tokens(session, member))


@router.post("/tokens")
def make_token(request: Request, account: SignedIn, session: Session, community: str, form: SentForm) -> HTMLResponse:
    """A new token, shown once."""
    member = access_community(session, account, community, to="read")
    values = {name: first(form, name) for name in ("name", "ends_on")}
    may = first(form, "may") or ("reads" if first(form, "read_only") == "1" else "all")
    chosen = form.get("scope", []) if may == "some" else []
    try:
        if may == "some" and not chosen:
            words = _("Tick what it may do.")
            raise BadInput(words, fields={"scopes": words})
        made = api_tokens.create_token(
            session, account, member.community, read_only=may == "reads", name=values["name"], scopes=chosen,
            ends_at=api_tokens.last_moment(member.community, values["ends_on"]),
        )  # fmt: skip
    except BadInput as refused:
        shown = _tokens(session, member, may=may, chosen=chosen, values=values)
        shown.message, shown.hint, shown.errors = refused.message, refused.hint, refused.fields
        return page(request, "account/tokens.html", shown, status=422)
    return page(request, "account/tokens.html", _tokens(session, member, made=made), status=201)


@router.post("/tokens/{token_id}/revocation")
def revoke_token(account: SignedIn, session: Session, community: str, token_id: int) -> RedirectResponse:
    """End a token at once."""
    member = access_community(session, account, community, to="read")
    api_tokens.revoke_token(session, account, member.community, token_id)
    return see_other(_at(member, "tokens"), flash=_("The token no longer works."))


def _tokens(session: DbSession, member: Member, **more: Any) -> TokensPage:
    rows = api_tokens.tokens_of(session, member.account, member.community)
    ended = {row.id or 0 for row in rows if row.ends_at is not None and row.ends_at <= now()}
    return TokensPage(member, rows, api_tokens.scope_words(member.role), ended, **more)


def _people(
    request: Request, session: DbSession, member: Member, refusal: Refused | None = None, *,
    values: dict[str, str] | None = None, added: str = "", password: str = "", status: int = 200,
) -> HTMLResponse:  # fmt: skip
    shown = PeoplePage(
        member, people.people_of(session, member.community), people.role_words(), added=added, password=password
    )
    shown.values = values or shown.values
    if refusal:
        shown.message, shown.hint, shown.errors, status = refusal.message, refusal.hint, refusal.fields, refusal.status
    return page(request, "account/people.html", shown, status=status)


def _settings(request: Request, member: Member, values: dict[str, str], refusal: Refused | None = None) -> HTMLResponse:
    shown = SettingsPage(
        member,
        {"member_url": member.community.member_url, **values},
        [(z, z.replace("_", " ")) for z in communities.zones()],
        accent_colours(values["accent"]),
        members.key_of(member.community),
    )
    if refusal:
        shown.message, shown.hint, shown.errors = refusal.message, refusal.hint, refusal.fields
    return page(request, "account/settings.html", shown, status=refusal.status if refusal else 200)


def _at(member: Member, place: str) -> str:
    return f"/m/{member.community.slug}/{place}"
