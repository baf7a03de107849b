"""Contacts over the API: lists, the people on them, many rows at once, and forgetting somebody for good."""

from fastapi import APIRouter, Query

from heard.accounts import contact_files, contact_lists, contact_uploads, erasing
from heard.accounts.access import Bearer, Key, Member, access_by_key, access_community_by_key
from heard.accounts.api_route import ApiRoute
from heard.accounts.contact_files import ContactFile, Person
from heard.accounts.models import ContactList
from heard.accounts.schemas import (
    ContactIn,
    ContactOut,
    ContactsPart,
    ListIn,
    ListOut,
    ListsPart,
    RefusedRow,
    Uploaded,
    UploadIn,
    UploadPlan,
)
from heard.kit.db import DbSession, Session, release
from heard.kit.paging import Paged, part_of, with_next

router = APIRouter(prefix="/api/v1", tags=["contacts"], route_class=ApiRoute)


@router.get("/communities/{slug}/lists")
def list_lists(slug: str, key: Bearer, session: Session, part: Paged) -> ListsPart:
    """The community's lists of contacts, by name."""
    member = access_community_by_key(session, key, slug, to="publish")
    rows = contact_lists.lists_of(session, member.community)
    found, following = part_of(rows, part, lambda row: (row.name.casefold(), row.id), types=(str, int))
    return ListsPart(lists=[ListOut.of(row) for row in found], next=following)


@router.post("/communities/{slug}/lists", status_code=201)
def create_list(slug: str, sent: ListIn, key: Bearer, session: Session) -> ListOut:
    """Make an empty list."""
    member = access_community_by_key(session, key, slug, to="publish")
    made = contact_lists.new_list(session, member.community, sent.name, by=member.account)
    return ListOut.of(contact_lists.counts_of(session, made))


@router.get("/lists/{list_id}")
def read_list(list_id: int, key: Bearer, session: Session) -> ListOut:
    """A list with its counts."""
    _member, the_list = _access_list(session, key, list_id)
    return ListOut.of(contact_lists.counts_of(session, the_list))


@router.get("/lists/{list_id}/people")
def list_contacts(
    list_id: int, key: Bearer, session: Session, part: Paged, q: str = Query("", max_length=200)
) -> ContactsPart:
    """The people on a list, by address; with `q`, those whose address or name holds it."""
    _member, the_list = _access_list(session, key, list_id)
    after = part.after(str)
    rows = contact_lists.members_behind(session, the_list, after[0] if after else "", sought=q, limit=part.limit + 1)
    found, following = with_next(rows, part, lambda row: (row.address,))
    return ContactsPart(people=[ContactOut.of(row) for row in found], next=following)


@router.post("/lists/{list_id}/people", status_code=201)
def add_contact(list_id: int, sent: ContactIn, key: Bearer, session: Session) -> ListOut:
    """Put one person on a list, with the consent that you have."""
    member, the_list = _access_list(session, key, list_id)
    contact_lists.add_one(
        session, member.community, the_list, address=sent.email, name=sent.name,
        locale=sent.locale or member.community.locale, consent=sent.consent, by=member.account,
    )  # fmt: skip
    return ListOut.of(contact_lists.counts_of(session, the_list))


@router.post("/lists/{list_id}/uploads/plans")
def plan_upload(list_id: int, sent: UploadIn, key: Bearer, session: Session) -> UploadPlan:
    """What an upload would do. Nothing is stored."""
    _member, the_list = _access_list(session, key, list_id)
    contact_lists.clean_consent(sent.consent)
    read = _read(sent)
    return UploadPlan.of(contact_lists.sort_out(session, the_list, read.people), read.doubled, _refused(read, sent))


@router.post("/lists/{list_id}/uploads")
def upload_contacts(list_id: int, sent: UploadIn, key: Bearer, session: Session) -> Uploaded:
    """Put many people on a list. Who has stopped it, or was forgotten, stays away; twice changes nothing."""
    member, the_list = _access_list(session, key, list_id)
    consent, read = contact_lists.clean_consent(sent.consent), _read(sent)
    release(session)  # it goes in portions of short transactions
    new = contact_uploads.store(member, the_list, read.people, consent=consent)
    contact_uploads.record(session, member, the_list, new)
    return Uploaded(new=new, refused=_refused(read, sent)[:100])


@router.delete("/lists/{list_id}/people/{contact_id}", status_code=204)
def remove_contact(list_id: int, contact_id: int, key: Bearer, session: Session) -> None:
    """Take one person off a list."""
    member, the_list = _access_list(session, key, list_id)
    gone = erasing.contact_of(session, member.community, contact_id)
    contact_lists.take_off(session, the_list, gone, by=member.account)


@router.delete("/contacts/{contact_id}", status_code=204)
def erase_contact(contact_id: int, key: Bearer, session: Session) -> None:
    """Forget somebody for good, on every list. Once more changes nothing."""
    member = access_by_key(session, key, key.community_id, to="publish")
    if not erasing.is_gone(session, member.community, contact_id):
        erasing.erase(session, erasing.contact_of(session, member.community, contact_id), by=member.account)


def _access_list(session: DbSession, key: Key, list_id: int) -> tuple[Member, ContactList]:
    member = access_by_key(session, key, key.community_id, to="publish")
    return member, contact_lists.list_of(session, member.community, list_id)


def _read(sent: UploadIn) -> ContactFile:
    return contact_files.from_rows(Person(row.email, row.name, row.locale) for row in sent.rows)


def _refused(read: ContactFile, sent: UploadIn) -> list[RefusedRow]:
    return [RefusedRow(row=one.line, email=sent.rows[one.line - 1].email[:80], why=one.why) for one in read.refused]
