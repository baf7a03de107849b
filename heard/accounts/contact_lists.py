"""Lists of contacts who may be invited together: made by a manager, left by each person at any time.

A person who has stopped a list, or all of them, or was forgotten, is never put back by anybody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, delete, func, insert, or_, update
from sqlmodel import col, exists, select

from heard.accounts import audit, bounces, contacts, erasing
from heard.accounts.contact_files import Person, clean_name
from heard.accounts.models import Account, Community, Consent, Contact, ContactList, ListMember, Suppression
from heard.kit.clock import now
from heard.kit.db import DbSession, row_id, upsert
from heard.kit.errors import BadInput, NotFound
from heard.kit.i18n import LANGUAGES, _

PIECE = 250  # rows of one transaction: votes wait no longer than that takes
A_PAGE = 100


class ListRow(NamedTuple):
    """A list, and how many of its people can be written to."""

    id: int
    name: str
    people: int
    writable: int


class MemberRow(NamedTuple):
    """Somebody on a list. state: writable, stopped, complained (which stops them too), came_back, no_yes. `agreed`: what was
    agreed to, and since when it is recorded."""

    id: int
    address: str
    name: str
    locale: str
    state: str
    agreed: str
    since: datetime | None


@dataclass(frozen=True)
class SortedOut:
    """What an upload would do: `new` people on the list, who is `there` already, and who has `stopped` it."""

    new: int = 0
    there: int = 0
    stopped: int = 0


def new_list(session: DbSession, community: Community, name: str, *, by: Account) -> ContactList:
    """An empty list. Raises BadInput."""
    name = " ".join(name.split())
    wrong = ""
    if not 0 < len(name) <= 120:
        wrong = _("Give the list a name of 1 to %(n)s characters.") % {"n": 120}
    elif any(row.name.casefold() == name.casefold() for row in lists_of(session, community)):
        wrong = _("There is a list “%(name)s” already.") % {"name": name}
    if wrong:
        raise BadInput(wrong, fields={"name": wrong})
    made = ContactList(community_id=community.id or 0, name=name, created_at=now())
    session.add(made)
    session.flush()
    audit.record(session, by, "contacts.list_made", str(made.id), community_id=community.id)
    return made


def list_of(session: DbSession, community: Community, list_id: int) -> ContactList:
    """The community's list with this id. Raises NotFound."""
    found = session.get(ContactList, row_id(list_id))
    if found is None or found.community_id != community.id:
        raise NotFound()
    return found


def lists_of(session: DbSession, community: Community) -> list[ListRow]:
    """The community's lists by name."""
    lists = session.exec(
        select(ContactList).where(ContactList.community_id == community.id).order_by(func.lower(ContactList.name))
    ).all()
    return [counts_of(session, one) for one in lists]


def counts_of(session: DbSession, the_list: ContactList) -> ListRow:
    """One list with its counts."""
    people, fine = session.execute(
        select(func.count(), func.coalesce(func.sum(case((contacts.writable(the_list.purpose), 1), else_=0)), 0))
        .select_from(Contact)
        .where(on(the_list))
    ).one()
    return ListRow(the_list.id or 0, the_list.name, int(people), int(fine))


def members_of(
    session: DbSession, the_list: ContactList, sought: str = "", page: int = 1
) -> tuple[list[MemberRow], int]:
    """One page of the people on a list whose address or name holds `sought`, by address; and how many there are."""
    which = _holding(the_list, sought)
    n = session.exec(select(func.count()).select_from(Contact).where(which)).one()
    return _members(session, the_list, which, offset=A_PAGE * (page - 1), limit=A_PAGE), n


def members_behind(
    session: DbSession, the_list: ContactList, after: str, *, sought: str = "", limit: int
) -> list[MemberRow]:
    """The same, those behind the address `after`."""
    which = _holding(the_list, sought) & (col(Contact.address) > after)
    return _members(session, the_list, which, offset=0, limit=limit)


def _holding(the_list: ContactList, sought: str) -> ColumnElement[bool]:
    which = on(the_list)
    if sought := sought.replace("\0", "").strip().casefold()[:100]:
        holds = [func.lower(column).contains(sought, autoescape=True) for column in (Contact.address, Contact.name)]
        which &= or_(*holds)
    return which


def _members(
    session: DbSession, the_list: ContactList, which: ColumnElement[bool], *, offset: int, limit: int
) -> list[MemberRow]:
    purpose = the_list.purpose
    state = case(
        (contacts.stopped(purpose), "stopped"), (contacts.came_back(purpose), "came_back"),
        (contacts.writable(purpose), "writable"), else_="no_yes",
    )  # fmt: skip
    rows = session.execute(
        select(Contact.id, Contact.address, Contact.name, Contact.locale, state)  # type: ignore[call-overload]
        .where(which)
        .order_by(Contact.address)
        .offset(offset)
        .limit(limit)
    ).all()
    said = _consents(session, purpose, [row[0] for row in rows])
    found = [MemberRow(*row, *said.get(row[0], ("", None))) for row in rows]
    angry = bounces.complained(session, the_list, [row.id for row in found if row.state == "stopped"])
    return [row._replace(state="complained") if row.id in angry else row for row in found]


def _consents(session: DbSession, purpose: str, ids: Sequence[int]) -> dict[int, tuple[str, datetime]]:
    """The last yes of each."""
    rows = session.exec(
        select(Consent)
        .where(col(Consent.contact_id).in_(ids), Consent.purpose == purpose)
        .order_by(col(Consent.at), col(Consent.id))
    )
    return {one.contact_id: (one.text_shown, one.at) for one in rows}


def consent_of(session: DbSession, contact_id: int, purpose: str) -> tuple[str, datetime] | None:
    """What this person agreed to, and when that was recorded."""
    return _consents(session, purpose, [contact_id]).get(contact_id)


def add_one(
    session: DbSession, community: Community, the_list: ContactList, *, address: str, name: str, locale: str,
    consent: str, by: Account,
) -> None:  # fmt: skip
    """Put one person on the list. Raises BadInput that names every field that is wrong, and for somebody who has stopped it."""
    wrong: dict[str, str] = {}
    checks = {"email": contacts.one_form, "name": clean_name, "consent": clean_consent}
    for (field, check), text in zip(checks.items(), (address, name, consent), strict=True):
        try:
            check(text)
        except BadInput as refused:
            wrong[field] = f"{refused.message} {refused.hint}".strip()
    if locale not in LANGUAGES:
        wrong["locale"] = _("Choose one of the list.")
    if wrong:
        raise BadInput(next(iter(wrong.values())), hint=_("Nobody was added yet."), fields=wrong)
    person = Person(contacts.one_form(address), clean_name(name), locale)
    if erasing.kept_out(session, the_list.community_id, [person.address]):
        words = _(
            "This address was forgotten for good, so no list takes it. Only its owner can come back, by signing up."
        )
        raise BadInput(words, fields={"email": words})
    known = sort_out(session, the_list, [person])
    if known.stopped or known.there:
        words = _("This address is on the list already.")
        if known.stopped:
            words = _(
                "This person has stopped these mails. Only they can take that back, by the link in a mail they have."
            )
        raise BadInput(words, fields={"email": words})
    put(session, community, the_list, [person], consent=consent)
    audit.record(session, by, "contacts.added", str(the_list.id), community_id=community.id, people=1)


def clean_consent(text: str) -> str:
    """What the people agreed to, with where and when. Raises BadInput."""
    text = text.strip()
    wrong = ""
    if not text or text.endswith(":"):
        wrong = _("Say where and when these people agreed: it is kept with each address.")
    elif len(text) > 2000:
        wrong = _("At most %(n)s characters.") % {"n": "2,000"}
    if wrong:
        raise BadInput(wrong, fields={"consent": wrong})
    return text


def sort_out(session: DbSession, the_list: ContactList, people: Sequence[Person]) -> SortedOut:
    """What putting these people on the list would do. Reads only."""
    there = stopped = 0
    for piece in pieces(people):
        out = erasing.kept_out(session, the_list.community_id, [p.address for p in piece])
        stopped += len(out)
        rows = session.execute(
            select(contacts.stopped(the_list.purpose), on(the_list)).select_from(Contact).where(
                Contact.community_id == the_list.community_id,
                Contact.channel == "email",
                col(Contact.address).in_([p.address for p in piece if p.address not in out]),
            )
        )  # fmt: skip
        for has_stopped, is_there in rows:
            stopped += bool(has_stopped)
            there += bool(is_there and not has_stopped)
    return SortedOut(len(people) - there - stopped, there, stopped)


def pieces(people: Sequence[Person]) -> list[Sequence[Person]]:
    """The people in portions of one short transaction each."""
    return [people[at : at + PIECE] for at in range(0, len(people), PIECE)]


def put(
    session: DbSession, community: Community, the_list: ContactList, people: Sequence[Person], *, consent: str
) -> int:
    """Put a portion of people on the list, each with the consent; who has stopped it or was forgotten stays away.

    Twice changes nothing. Returns how many are new on it. Raises BadInput for a consent that says nothing.
    """
    consent, purpose, moment = clean_consent(consent), the_list.purpose, now()
    out = erasing.kept_out(session, the_list.community_id, [p.address for p in people])
    people = [p for p in people if p.address not in out]
    ids = _contacts(session, community, people, moment)
    away = set(
        session.exec(
            select(Suppression.contact_id).where(
                col(Suppression.contact_id).in_(ids), col(Suppression.list).in_(contacts.stops(purpose))
            )
        )
    )
    there = set(
        session.exec(
            select(ListMember.contact_id).where(ListMember.list_id == the_list.id, col(ListMember.contact_id).in_(ids))
        )
    )
    agreed = set(_consents(session, purpose, ids))
    new = [i for i in ids if i not in away and i not in there]
    if new:
        rows = [{"list_id": the_list.id, "contact_id": i, "added_at": moment} for i in new]
        session.execute(upsert(session, ListMember).on_conflict_do_nothing(), rows)
    if silent := [i for i in ids if i not in away and i not in agreed]:
        session.execute(
            insert(Consent),
            [{"contact_id": i, "purpose": purpose, "text_shown": consent, "at": moment} for i in silent],
        )
    return len(new)


def _contacts(session: DbSession, community: Community, people: Sequence[Person], moment: datetime) -> list[int]:
    """Their ids, new ones made. A name is filled in where there is none."""
    rows = [
        {
            "community_id": community.id, "channel": "email", "address": p.address, "name": p.name,
            "locale": p.locale or community.locale, "created_at": moment,
        }
        for p in people
    ]  # fmt: skip
    where: dict[str, Any] = {"index_elements": ["community_id", "channel", "address"]}
    session.execute(upsert(session, Contact).on_conflict_do_nothing(**where), rows)
    found = session.execute(
        select(Contact.id, Contact.address, Contact.name).where(
            Contact.community_id == community.id,
            Contact.channel == "email",
            col(Contact.address).in_([p.address for p in people]),
        )
    ).all()
    names = {p.address: p.name for p in people if p.name}
    for contact_id, address, name in found:
        if not name and address in names:
            session.execute(update(Contact).where(col(Contact.id) == contact_id).values(name=names[address]))
    return [row[0] for row in found]


def take_off(session: DbSession, the_list: ContactList, contact: Contact, *, by: Account) -> None:
    """Take one person off a list, with their yes to it; a no stays. Twice changes nothing."""
    if member := session.get(ListMember, (the_list.id, contact.id)):
        session.delete(member)
        yes = (col(Consent.contact_id) == contact.id, col(Consent.purpose) == the_list.purpose)
        session.execute(delete(Consent).where(*yes))
        home = the_list.community_id
        audit.record(session, by, "contacts.removed", str(the_list.id), community_id=home, contact=contact.id)
        session.flush()


def on(the_list: ContactList, until: datetime | None = None) -> ColumnElement[bool]:
    """Being on the list (since `until` or before), as a condition on Contact."""
    there = exists().where(col(ListMember.list_id) == the_list.id, col(ListMember.contact_id) == col(Contact.id))
    return there.where(col(ListMember.added_at) <= until) if until else there
