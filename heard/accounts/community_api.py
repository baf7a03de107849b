"""A community over the API: what a token may do, the settings, the people, the log."""

from fastapi import APIRouter

from heard.accounts import audit, communities, people, signin
from heard.accounts.access import MAY, Bearer, access_by_key, access_community_by_key
from heard.accounts.api_route import ApiRoute
from heard.accounts.contacts import clean_address
from heard.accounts.people import Person
from heard.accounts.schemas import (
    CommunityOut,
    CommunityPatch,
    EntryOut,
    LogPart,
    PeoplePart,
    PersonAdded,
    PersonIn,
    PersonOut,
    RoleIn,
    TokenOut,
)
from heard.kit.db import Session, release
from heard.kit.paging import Paged, part_of, with_next

router = APIRouter(prefix="/api/v1", tags=["communities"], route_class=ApiRoute)


@router.get("/token")
def read_token(key: Bearer, session: Session) -> TokenOut:
    """The token of this call: whose it is, for which community, and what it may do."""
    member = access_by_key(session, key, key.community_id, to="read")
    return TokenOut.of(member, key, sorted(right for right in MAY[member.role] if member.may(right)))


@router.get("/communities/{slug}")
def read_community(slug: str, key: Bearer, session: Session) -> CommunityOut:
    """The community's settings."""
    return CommunityOut.of(access_community_by_key(session, key, slug, to="read").community)


@router.patch("/communities/{slug}")
def edit_community(slug: str, sent: CommunityPatch, key: Bearer, session: Session) -> CommunityOut:
    """Change settings; what is left out stays."""
    member = access_community_by_key(session, key, slug, to="people")
    communities.change_some(session, member.community, sent.model_dump(exclude_none=True), by=member.account)
    return CommunityOut.of(member.community)


@router.get("/communities/{slug}/people")
def list_people(slug: str, key: Bearer, session: Session, part: Paged) -> PeoplePart:
    """Who works on the community, by name."""
    member = access_community_by_key(session, key, slug, to="people")
    rows = people.people_of(session, member.community)
    found, following = part_of(rows, part, _by_name, types=(str, int))
    return PeoplePart(people=[PersonOut.of(row) for row in found], next=following)


def _by_name(person: Person) -> tuple[str, int]:
    return person.account.name.casefold(), person.account.id or 0


@router.post("/communities/{slug}/people", status_code=201)
def add_person(slug: str, sent: PersonIn, key: Bearer, session: Session) -> PersonAdded:
    """Add somebody by address. Who has no account gets one, and its password is in the answer this once."""
    member = access_community_by_key(session, key, slug, to="people")
    email = clean_address(sent.email)
    password = people.first_password(session, email)
    release(session)  # votes need not wait for Argon2
    new_hash = signin.hash_password(password) if password else ""
    added = people.add_person(
        session, member.community, email, sent.role, by=member.account, new_password_hash=new_hash
    )
    return PersonAdded(**PersonOut.of(Person(added, sent.role)).model_dump(), password=password or None)


@router.put("/communities/{slug}/people/{account_id}")
def change_role(slug: str, account_id: int, sent: RoleIn, key: Bearer, session: Session) -> PersonOut:
    """Give somebody another role. 409 last_owner for the only owner."""
    member = access_community_by_key(session, key, slug, to="people")
    changed = people.change_role(session, member.community, account_id, sent.role, by=member.account)
    return PersonOut.of(Person(changed, sent.role))


@router.delete("/communities/{slug}/people/{account_id}", status_code=204)
def remove_person(slug: str, account_id: int, key: Bearer, session: Session) -> None:
    """Take somebody out; their tokens here end at once. 409 last_owner for the only owner."""
    member = access_community_by_key(session, key, slug, to="people")
    people.remove_person(session, member.community, account_id, by=member.account)


@router.get("/communities/{slug}/log")
def read_log(slug: str, key: Bearer, session: Session, part: Paged) -> LogPart:
    """Who did what, newest first."""
    member = access_community_by_key(session, key, slug, to="people")
    after = part.after(int)
    rows = audit.entries_of(session, member.community.id or 0, before=after[0] if after else None, limit=part.limit + 1)
    found, following = with_next(rows, part, lambda entry: (entry.id,))
    return LogPart(entries=[EntryOut.of(row) for row in found], next=following)
