"""Manager pages of readers: who gets briefs in which rhythm, adding some, changing one."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from heard.accounts.access import Member, SignedIn, access_community
from heard.accounts.communities import zones
from heard.accounts.models import Contact
from heard.kit.db import DbSession, Session
from heard.kit.errors import BadInput
from heard.kit.i18n import _, ngettext, number
from heard.kit.web import Form, first, page, see_other
from insights.models import AUDIENCES, Subscription
from insights.send import deliveries, schedules
from insights.send.schedules import Reader, Wish
from polls.write.forms import TypedForm

router = APIRouter(prefix="/m/{community}/readers", include_in_schema=False)


@dataclass
class Choices:
    """What the form of a rhythm offers; also on the reader's own page. templates/insights/rhythm_fields.html"""

    zones: list[tuple[str, str]]
    weekdays: list[tuple[int, str]]
    hours: list[tuple[int, str]]


def choices() -> Choices:
    """Zones as the settings of a community have them, days and hours."""
    return Choices(
        [(zone, zone.replace("_", " ")) for zone in zones()],
        schedules.weekdays(),
        [(hour, f"{hour:02}:00") for hour in range(24)],
    )


@dataclass
class ReadersPage:
    """templates/insights/readers.html. `said`: the rhythm of each reader in words, as `readers` has them."""

    member: Member
    readers: dict[str, list[Reader]]
    said: dict[Wish, str]
    choices: Choices
    form: dict[str, Any]
    more: bool = False
    message: str = ""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class ReaderPage:
    """templates/insights/reader.html: one reader's rhythm."""

    member: Member
    reader: Reader
    choices: Choices
    form: dict[str, Any]
    message: str = ""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@router.get("")
def list_readers(request: Request, community: str, account: SignedIn, session: Session) -> HTMLResponse:
    """Everybody who gets briefs of this community, and a form to add more."""
    member = access_community(session, account, community, to="publish")
    return _list(request, session, member, _fresh(member))


@router.post("")
def add_readers(request: Request, community: str, account: SignedIn, session: Session, typed: TypedForm) -> Response:
    """Add readers with a rhythm; who is no member is asked first."""
    member = access_community(session, account, community, to="publish")
    to, audience = first(typed.form, "to"), first(typed.form, "audience")
    try:
        wish = wish_in(typed.form, Wish(zone=member.community.zone))
        made = schedules.add(session, member.community, deliveries.addresses_in(to), audience, wish, by=account)
    except BadInput as refused:
        session.rollback()
        member = access_community(session, account, community, to="publish")
        return _list(request, session, member, _typed(typed.form, to=to, audience=audience), refused)
    word = ngettext("%(n)s reader is set.", "%(n)s readers are set.", len(made)) % {"n": number(len(made))}
    return see_other(f"/m/{community}/readers", flash=word)


@router.get("/{audience}/{contact_id}")
def see_reader(
    request: Request, community: str, audience: str, contact_id: int, account: SignedIn, session: Session
) -> HTMLResponse:
    """One reader's rhythm."""
    member, contact, row = _one(session, account, community, contact_id, audience)
    return _reader(request, session, member, contact, row, asdict(schedules.wish_of(row)))


@router.post("/{audience}/{contact_id}")
def change_reader(
    request: Request, community: str, audience: str, contact_id: int, account: SignedIn, session: Session,
    typed: TypedForm,
) -> Response:  # fmt: skip
    """Another rhythm."""
    member, contact, row = _one(session, account, community, contact_id, audience)
    try:
        schedules.keep(session, row, wish_in(typed.form, schedules.wish_of(row)), by=account)
    except BadInput as refused:
        return _reader(request, session, member, contact, row, _typed(typed.form), refused)
    return see_other(f"/m/{community}/readers", flash=_("Saved: %(name)s.") % {"name": contact.address})


@router.post("/{audience}/{contact_id}/removal", status_code=303)
def remove_reader(
    community: str, audience: str, contact_id: int, account: SignedIn, session: Session
) -> RedirectResponse:
    """No briefs of this kind any more. Twice changes nothing."""
    member = access_community(session, account, community, to="publish")
    contact = schedules.contact_in(session, member.community, contact_id)
    for row in schedules.subscriptions_of(session, contact):
        if row.audience == audience:
            schedules.remove(session, row, by=account)
    return see_other(f"/m/{community}/readers", flash=_("%(name)s gets them no more.") % {"name": contact.address})


def _one(
    session: DbSession, account: SignedIn, community: str, contact_id: int, audience: str
) -> tuple[Member, Contact, Subscription]:
    member = access_community(session, account, community, to="publish")
    return member, *schedules.subscription_in(session, member.community, contact_id, audience)


def wish_in(form: Form, before: Wish) -> Wish:
    """The rhythm in a form; fields that it does not have stay as they were. Raises BadInput for numbers that are none."""
    found: dict[str, Any] = {}
    for name, value in asdict(before).items():
        text = first(form, name, str(value))
        if isinstance(value, int) and not (text.isascii() and text.isdigit() and len(text) < 4):
            words = _("A whole number.")
            raise BadInput(words, hint=_("Correct what is marked. Nothing was changed."), fields={name: words})
        found[name] = int(text) if isinstance(value, int) else text
    return replace(before, **found)


def _fresh(member: Member) -> dict[str, Any]:
    return asdict(Wish(zone=member.community.zone)) | {"to": "", "audience": "leadership"}


def _typed(form: Form, **more: str) -> dict[str, Any]:
    return {name: first(form, name, str(value)) for name, value in asdict(Wish()).items()} | more


def _list(
    request: Request, session: DbSession, member: Member, form: dict[str, Any], refused: BadInput | None = None
) -> HTMLResponse:
    found = {
        audience: schedules.readers_in(session, member.community, audience, limit=schedules.SHOWN + 1)
        for audience in reversed(AUDIENCES)
    }
    shown = ReadersPage(
        member, {name: rows[: schedules.SHOWN] for name, rows in found.items()},
        {row.wish: schedules.in_words(row.wish) for rows in found.values() for row in rows}, choices(), form,
        any(len(rows) > schedules.SHOWN for rows in found.values()),
    )  # fmt: skip
    return _answer(request, "insights/readers.html", shown, refused)


def _reader(
    request: Request, session: DbSession, member: Member, contact: Contact, row: Subscription, form: dict[str, Any],
    refused: BadInput | None = None,
) -> HTMLResponse:  # fmt: skip
    shown = ReaderPage(member, schedules.reader_of(session, row, contact), choices(), form)
    return _answer(request, "insights/reader.html", shown, refused)


def _answer(request: Request, template: str, shown: ReadersPage | ReaderPage, refused: BadInput | None) -> HTMLResponse:
    if refused:
        shown.message, shown.hint, shown.errors = refused.message, refused.hint, refused.fields
    return page(request, template, shown, status=refused.status if refused else 200)
