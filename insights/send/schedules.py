"""The rhythm in which a reader gets briefs: what may be wished for, who wishes it (a manager, or the reader), who reads."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import col, func, select

from heard.accounts import audit, contacts, unsubscribing
from heard.accounts.communities import zones
from heard.accounts.contacts import BRIEFS
from heard.accounts.models import Account, Community, Contact
from heard.kit import work
from heard.kit.clock import now
from heard.kit.db import DbSession, row_id
from heard.kit.errors import BadInput, NotFound
from heard.kit.i18n import _
from insights.models import AUDIENCES, RHYTHMS, Brief, Delivery, Subscription
from insights.send import deliveries, periods, readers, turns
from insights.send.periods import Period, Rule

SHOWN = 500  # readers of a kind on one page


@dataclass(frozen=True)
class Wish:
    """rhythm "": on demand only. weekday: 1 Monday to 7 Sunday. day: of the month. unapproved: what goes at the hour when
    nobody has approved the brief (without_quotes, wait); nothing_new: what goes when nothing was said (say, skip)."""

    rhythm: str = "weekly"
    weekday: int = 2
    day: int = 2
    hour: int = 8
    zone: str = "UTC"
    unapproved: str = "without_quotes"
    nothing_new: str = "say"

    @property
    def rule(self) -> Rule:
        """When it goes."""
        return Rule(self.rhythm, self.weekday, self.day, self.hour, self.zone)


_OWN = ("rhythm", "weekday", "day", "hour", "zone")  # of a reader; the rest is the manager's


def check(wish: Wish) -> None:
    """Raises BadInput that names every field that cannot be."""
    wrong: dict[str, str] = {}
    if wish.rhythm not in RHYTHMS:
        wrong["rhythm"] = _("Choose one of the list.")
    for name, low, high in (("weekday", 1, 7), ("day", 1, 31), ("hour", 0, 23)):
        if not low <= getattr(wish, name) <= high:
            wrong[name] = _("A whole number from %(low)s to %(high)s.") % {"low": low, "high": high}
    if wish.zone not in zones():
        wrong["zone"] = _("Choose one of the list.")
    if wish.unapproved not in ("without_quotes", "wait"):
        wrong["unapproved"] = _("Choose one of the list.")
    if wish.nothing_new not in ("say", "skip"):
        wrong["nothing_new"] = _("Choose one of the list.")
    if wrong:
        raise BadInput(
            _("This rhythm cannot be: %(fields)s.") % {"fields": ", ".join(wrong)},
            hint=_("Correct what is marked. Nothing was changed."),
            fields=wrong,
        )


def check_audience(audience: str) -> None:
    """Raises BadInput."""
    if audience not in AUDIENCES:
        words = _("Choose leadership or product.")
        raise BadInput(words, fields={"audience": words})


def add(
    session: DbSession, community: Community, addresses: list[str], audience: str, wish: Wish, *, by: Account
) -> list[Subscription]:
    """Make them readers with this rhythm. Who is no member and has not said yes is asked by mail; until then nothing goes.

    Who stopped briefs, or was forgotten, is left out: only they can come back. Raises BadInput.
    """
    check_audience(audience)
    check(wish)
    welcome = readers.not_forgotten(session, community, addresses)
    found = [contacts.contact_for(session, community, address) for address in welcome]
    new = [contact for contact in found if not unsubscribing.is_stopped(session, contact, BRIEFS)]
    for contact in new:
        before = contact.confirmed_at is None and readers.is_reader(session, contact)
        readers.subscribe(session, contact, audience)
        if contact.confirmed_at is None and not before:
            work.due(session, "confirm", contact.id, contact_id=contact.id, brief_id=0, by=by.id)
    return [keep(session, subscription(session, contact, audience), wish, by=by) for contact in new]


def keep(session: DbSession, row: Subscription, wish: Wish, *, by: Account | None) -> Subscription:
    """The manager's wish for a reader. What was missed before the rhythm began is not made up for. Raises BadInput."""
    check(wish)
    if wish.rule != wish_of(row).rule:
        row.since = now()
    if not wish.rhythm:
        turns.stop_waiting(session, turns.of_reader(row), now())
    for name, value in asdict(wish).items():
        setattr(row, name, value)
    session.add(row)
    audit.record(
        session, by, "reader.scheduled", str(row.contact_id), community_id=row.community_id, audience=row.audience,
        **{name: str(value) for name, value in asdict(wish).items()},
    )  # fmt: skip
    session.flush()
    return row


def keep_own(session: DbSession, row: Subscription, wish: Wish) -> Subscription:
    """The reader's own wish: rhythm, day, hour and zone. What happens without approval stays the manager's."""
    own = {name: getattr(wish, name) for name in _OWN}
    return keep(session, row, Wish(**own, unapproved=row.unapproved, nothing_new=row.nothing_new), by=None)


def remove(session: DbSession, row: Subscription, *, by: Account) -> None:
    """No reader of this kind of brief any more, for a manager took them off. They can be added again."""
    audit.record(
        session, by, "reader.removed", str(row.contact_id), community_id=row.community_id, audience=row.audience
    )
    session.delete(row)
    session.flush()


def wish_of(row: Subscription) -> Wish:
    """What is wished for now."""
    return Wish(**{name: getattr(row, name) for name in Wish.__dataclass_fields__})


def subscription(session: DbSession, contact: Contact, audience: str) -> Subscription:
    """This reader of this kind of brief. Raises NotFound."""
    row = session.get(Subscription, (contact.community_id, contact.id, audience[:10]))
    if row is None:
        raise NotFound()
    return row


def subscription_in(
    session: DbSession, community: Community, contact_id: int, audience: str
) -> tuple[Contact, Subscription]:
    """The same by the number of the contact, in this community. Raises NotFound."""
    contact = contact_in(session, community, contact_id)
    return contact, subscription(session, contact, audience)


def contact_in(session: DbSession, community: Community, contact_id: int) -> Contact:
    """The community's contact with this number. Raises NotFound."""
    contact = session.get(Contact, row_id(contact_id))
    if contact is None or contact.community_id != community.id:
        raise NotFound()
    return contact


def subscription_of(
    session: DbSession, community: Community, address: str, audience: str
) -> tuple[Contact, Subscription]:
    """The same by the address. Raises NotFound."""
    contact = contacts.contact_for(session, community, address)
    return contact, subscription(session, contact, audience)


def subscriptions_of(session: DbSession, contact: Contact) -> list[Subscription]:
    """All that this reader gets, by audience."""
    mine = select(Subscription).where(Subscription.contact_id == contact.id)
    return list(session.exec(mine.order_by(Subscription.audience)))


class Reader(NamedTuple):
    """A line of the readers' list. state: reads, asked (has not said yes), came_back (mail to the address did). `next`: None on
    demand, and where nothing goes. `last`, `last_words`: what became of the newest mail, a status and its words; "" before the first."""

    contact_id: int
    address: str
    audience: str
    wish: Wish
    state: str
    next: Period | None
    last: str = ""
    last_words: str = ""
    last_at: datetime | None = None

    def read_from(self, zone: str) -> datetime | None:
        """From when managers in this zone can read the draft of the next one; None: not before it goes (periods.read_from)."""
        return periods.read_from(self.next, zone) if self.next else None


def readers_in(
    session: DbSession, community: Community, audience: str, *, after: str = "", limit: int = SHOWN
) -> list[Reader]:
    """The readers of this kind of brief by address, from the one behind `after`."""
    rows = session.execute(
        select(Subscription, Contact, contacts.came_back(BRIEFS))
        .join(Contact, col(Contact.id) == col(Subscription.contact_id))
        .where(
            Subscription.community_id == community.id,
            Subscription.audience == audience,
            Contact.address > after,
        )
        .order_by(col(Contact.address))
        .limit(limit)
    ).all()
    last = _last_of(session, community, audience, [contact.id or 0 for _row, contact, _back in rows])
    return [_line(row, contact, came_back, last.get(contact.id or 0)) for row, contact, came_back in rows]


def reader_of(session: DbSession, row: Subscription, contact: Contact) -> Reader:
    """One line of the list, without the last mail."""
    return _line(row, contact, contacts.has_come_back(session, contact, BRIEFS), None)


def _line(row: Subscription, contact: Contact, came_back: bool, last: Delivery | None) -> Reader:
    wish = wish_of(row)
    state = "came_back" if came_back else "asked" if contact.confirmed_at is None else "reads"
    goes = periods.next_period(wish.rule, now()) if wish.rhythm and state == "reads" else None
    told = (last.status, deliveries.status_words(last.status), last.sent_at) if last else ("", "", None)
    return Reader(contact.id or 0, contact.address, row.audience, wish, state, goes, *told)


def _last_of(session: DbSession, community: Community, audience: str, contact_ids: list[int]) -> dict[int, Delivery]:
    newest = (
        select(func.max(Delivery.id))
        .join(Brief, col(Brief.id) == col(Delivery.brief_id))
        .where(
            Brief.community_id == community.id,
            Brief.audience == audience,
            col(Delivery.contact_id).in_(contact_ids),
        )
        .group_by(col(Delivery.contact_id))
    )
    rows = session.exec(select(Delivery).where(col(Delivery.id).in_(newest)))
    return {delivery.contact_id or 0: delivery for delivery in rows}


def weekdays() -> list[tuple[int, str]]:
    """Monday to Sunday in words."""
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return list(enumerate(names, 1))


def in_words(wish: Wish) -> str:
    """A rhythm as people say it: weekly, Tuesday at 08:00."""
    values: dict[str, Any] = {"hour": f"{wish.hour:02}:00", "day": wish.day}
    if wish.rhythm == "weekly":
        return _("weekly, %(weekday)s at %(hour)s") % (values | {"weekday": dict(weekdays())[wish.weekday]})
    if wish.rhythm == "monthly":
        return _("monthly, on day %(day)s at %(hour)s") % values
    return _("daily at %(hour)s") % values if wish.rhythm else _("on demand")
