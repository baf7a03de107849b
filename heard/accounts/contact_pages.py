"""Manager pages of contacts: the lists, one list with its people, and forgetting somebody for good."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from heard.accounts import contact_lists, contact_upload_pages, erasing
from heard.accounts.access import Member, SignedIn, access_community
from heard.accounts.contact_lists import ListRow, MemberRow
from heard.accounts.models import Contact, ContactList
from heard.kit.db import DbSession, Session
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.web import Form, first, page, read_form, see_other

router = APIRouter(prefix="/m/{community}/contacts", include_in_schema=False)
SentForm = Annotated[Form, Depends(read_form)]


@dataclass
class ContactsPage:
    """templates/account/contacts.html"""

    member: Member
    lists: list[ListRow]
    name: str = ""
    message: str = ""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class ListPage:
    """templates/account/contact_list.html. `n`: how many fit the search; `values`: of the form that adds one."""

    member: Member
    the_list: ContactList
    at: str
    counts: ListRow
    people: list[MemberRow]
    n: int
    sought: str
    page: int
    pages: int
    values: dict[str, str]
    message: str = ""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class ErasurePage:
    """templates/account/contact_erasure.html"""

    member: Member
    contact: Contact
    at: str


@router.get("")
def list_contacts(request: Request, community: str, account: SignedIn, session: Session) -> HTMLResponse:
    """The community's lists."""
    member = access_community(session, account, community, to="publish")
    return page(
        request, "account/contacts.html", ContactsPage(member, contact_lists.lists_of(session, member.community))
    )


@router.post("", status_code=303)
def make_list(request: Request, community: str, account: SignedIn, session: Session, form: SentForm) -> Response:
    """A new list; then its page, which offers to fill it."""
    member = access_community(session, account, community, to="publish")
    try:
        made = contact_lists.new_list(session, member.community, first(form, "name"), by=account)
    except BadInput as refused:
        lists = contact_lists.lists_of(session, member.community)
        shown = ContactsPage(member, lists, first(form, "name"), refused.message, refused.hint, refused.fields)
        return page(request, "account/contacts.html", shown, status=422)
    return see_other(f"/m/{community}/contacts/{made.id}")


@router.get("/{list_id}")
def show_list(
    request: Request, community: str, list_id: int, account: SignedIn, session: Session,
    q: str = Query("", max_length=200), at: int = Query(1, alias="page", ge=1, le=10_000),
) -> HTMLResponse:  # fmt: skip
    """One list: its people, a page at a time."""
    member = access_community(session, account, community, to="publish")
    the_list = contact_lists.list_of(session, member.community, list_id)
    return page(request, "account/contact_list.html", _list(session, member, the_list, q, at))


@router.post("/{list_id}/people", status_code=303)
def add_person(
    request: Request, community: str, list_id: int, account: SignedIn, session: Session, form: SentForm
) -> Response:
    """Put one person on the list."""
    member = access_community(session, account, community, to="publish")
    the_list = contact_lists.list_of(session, member.community, list_id)
    values = {name: first(form, name) for name in ("email", "name", "locale", "consent")}
    try:
        contact_lists.add_one(
            session, member.community, the_list, address=values["email"], name=values["name"],
            locale=values["locale"], consent=values["consent"], by=account,
        )  # fmt: skip
    except BadInput as refused:
        shown = _list(session, member, the_list, "", 1)
        shown.values, shown.message, shown.hint, shown.errors = values, refused.message, refused.hint, refused.fields
        return page(request, "account/contact_list.html", shown, status=422)
    words = _("%(address)s is on the list.") % {"address": values["email"].lower()}
    return see_other(f"/m/{community}/contacts/{list_id}", flash=words)


@router.post("/{list_id}/people/{contact_id}/removal", status_code=303)
def remove_person(
    community: str, list_id: int, contact_id: int, account: SignedIn, session: Session
) -> RedirectResponse:
    """Take one person off the list."""
    member = access_community(session, account, community, to="publish")
    the_list = contact_lists.list_of(session, member.community, list_id)
    gone = erasing.contact_of(session, member.community, contact_id)
    contact_lists.take_off(session, the_list, gone, by=account)
    words = _("%(address)s is no longer on the list.") % {"address": gone.address}
    return see_other(f"/m/{community}/contacts/{list_id}", flash=words)


@router.get("/people/{contact_id}/erasure")
def ask_before_erasing(
    request: Request, community: str, contact_id: int, account: SignedIn, session: Session
) -> HTMLResponse:
    """What forgetting somebody means."""
    member = access_community(session, account, community, to="publish")
    contact = erasing.contact_of(session, member.community, contact_id)
    return page(request, "account/contact_erasure.html", ErasurePage(member, contact, f"/m/{community}/contacts"))


@router.post("/people/{contact_id}/erasure", status_code=303)
def erase_person(community: str, contact_id: int, account: SignedIn, session: Session) -> RedirectResponse:
    """Forget a contact for good. Once more changes nothing."""
    member = access_community(session, account, community, to="publish")
    if not erasing.is_gone(session, member.community, contact_id):
        erasing.erase(session, erasing.contact_of(session, member.community, contact_id), by=account)
    return see_other(f"/m/{community}/contacts", flash=_("The contact is forgotten, on every list."))


def _list(session: DbSession, member: Member, the_list: ContactList, sought: str, number: int) -> ListPage:
    rows, n = contact_lists.members_of(session, the_list, sought, number)
    counts = contact_lists.counts_of(session, the_list)
    values = {
        "email": "",
        "name": "",
        "locale": member.community.locale,
        "consent": contact_upload_pages.consent_begun(member.community),
    }
    pages = max(1, -(-n // contact_lists.A_PAGE))
    at = f"/m/{member.community.slug}/contacts/{the_list.id}"
    return ListPage(member, the_list, at, counts, rows, n, sought, number, pages, values)
