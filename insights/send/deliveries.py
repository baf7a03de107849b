"""A brief to its readers: once each, none lost, and twice only after a crash (trust.md, D6).

How one is claimed, sent and recorded stands in heard/kit/leases.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, update
from sqlmodel import col, select

from heard.accounts import audit, contacts
from heard.accounts.contacts import BRIEFS
from heard.accounts.models import Account, Community, Contact, Suppression
from heard.kit import mail, pausing, tokens, work
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import BadInput
from heard.kit.i18n import _, ngettext, number
from heard.kit.settings import settings
from insights.models import Brief, Delivery
from insights.send import approving, readers

MOST_READERS = 1_000  # in one transaction, which votes on SQLite wait for
ASK_AGAIN_AFTER = timedelta(days=7)


def addresses_in(text: str) -> list[str]:
    """Addresses from a text field: one a line, or with commas, semicolons or blanks between. Raises BadInput."""
    return clean_addresses(text.replace(",", " ").replace(";", " ").split())


def clean_addresses(given: Sequence[str]) -> list[str]:
    """Each once, in order. Raises BadInput for one that is none, for none at all, and for too many."""
    if len(given) > MOST_READERS:
        raise BadInput(
            _("At most %(n)s readers at a time.") % {"n": number(MOST_READERS)}, fields={"to": _("Too many addresses.")}
        )
    found = list(dict.fromkeys(contacts.one_form(text) for text in given))
    if not found:
        raise BadInput(
            _("There is no address to send the brief to."),
            hint=_("Write one address on each line."),
            fields={"to": _("An address is missing.")},
        )
    return found


def send_to(session: DbSession, brief: Brief, addresses: Sequence[str], *, by: Account | None) -> list[Delivery]:
    """Approve the brief and queue it for these readers, who stay readers of this kind of brief.

    Members and confirmed addresses get it now; others are first asked by mail; who said no gets nothing. Whoever has
    it, or will, is left alone; a delivery that failed is tried again. Who was forgotten for good is left out.
    """
    approving.approve(session, brief, by=by)
    community = session.get_one(Community, brief.community_id)
    to = readers.not_forgotten(session, community, clean_addresses(addresses))
    made = [queue(session, brief, community, address, by_hand=True) for address in to]
    session.flush()
    if any(d.status == "queued" for d in made):
        work.due(session, "deliver", brief.id, brief_id=brief.id)
    audit.record(session, by, "brief.sent", str(brief.id), community_id=brief.community_id, readers=len(made))
    return made


def queue(
    session: DbSession, brief: Brief, community: Community, address: str, *, quotes: bool = True, by_hand: bool = False
) -> Delivery:
    """This reader's delivery, made when there is none; whoever has it, or will, is left alone. `quotes`: as in Delivery.
    `by_hand`: a person sends it once more, so an address from which it came back is tried again."""
    contact = contacts.contact_for(session, community, address, locale=brief.locale)
    delivery = session.exec(
        select(Delivery).where(Delivery.brief_id == brief.id, Delivery.recipient == address)
    ).first()
    again = by_hand and delivery is not None and delivery.status == "bounced"
    ask = (delivery is None or again) and not _asked_lately(session, contact)
    if delivery is None:
        delivery = Delivery(
            brief_id=brief.id or 0, contact_id=contact.id, recipient=address, token_hash=tokens.hashed(token_of(brief.id, address)),
            message_id=mail.message_id(tokens.derived("message", brief.id, address)), created_at=now(), status="unconfirmed", quotes=quotes,
        )  # fmt: skip
    if again:
        contacts.try_again(session, contact, BRIEFS)
    if again or delivery.status == "failed":
        delivery.status, delivery.attempts, delivery.error, delivery.lease_until = "unconfirmed", 0, "", None
        delivery.created_at = now()
    if delivery.status in ("unconfirmed", "suppressed"):
        delivery.status = _standing(session, contact)
        if delivery.status == "bounced":
            delivery.error = _("An earlier mail to this address came back.")
    session.add(delivery)
    if delivery.status != "suppressed":
        readers.subscribe(session, contact, brief.audience)
    if delivery.status == "unconfirmed" and ask:
        work.due(session, "confirm", contact.id, contact_id=contact.id, brief_id=brief.id)
    return delivery


def _asked_lately(session: DbSession, contact: Contact) -> bool:
    """Nobody is asked twice in a week, whoever writes the address into a form."""
    asked = select(Delivery.id).where(
        Delivery.contact_id == contact.id,
        Delivery.status == "unconfirmed",
        Delivery.created_at > now() - ASK_AGAIN_AFTER,
    )
    return session.exec(asked.limit(1)).first() is not None


def why_not(session: DbSession, delivery_id: int) -> str:
    """The status of a delivery that is not sent after all: its reader said no meanwhile, or mail to them came back."""
    delivery = session.get(Delivery, delivery_id)
    contact = session.get(Contact, delivery.contact_id) if delivery and delivery.contact_id else None
    return "bounced" if contact and _standing(session, contact) == "bounced" else "suppressed"


def _standing(session: DbSession, contact: Contact) -> str:
    if contacts.may_write_to(session, contact, BRIEFS):
        return "queued"
    if session.get(Suppression, (contact.id, BRIEFS)):
        return "suppressed"
    return "bounced" if contacts.has_come_back(session, contact, BRIEFS) else "unconfirmed"


def token_of(brief_id: int | None, recipient: str) -> str:
    """The secret part of /b/{token} for one reader."""
    return tokens.derived("delivery", brief_id, recipient)


def leave_late(session: DbSession, brief_id: int) -> int:
    """Mails of this brief that nobody sent for more than a day are not sent by themselves any more: the brief's page says
    so, and sending again sends them. How many (trust.md, U7)."""
    return _leave(session, now() - pausing.LATE, col(Delivery.brief_id) == brief_id)


def _leave(session: DbSession, before: datetime, *which: ColumnElement[bool]) -> int:
    words = _("It waited for more than a day, so it was not sent. Send it again if it is still wanted.")
    late = update(Delivery).where(*which, *_waits(before))
    values = {"status": "failed", "error": words, "lease_until": None}
    return int(session.execute(late.values(**values)).rowcount)  # type: ignore[attr-defined]


def _leave_old(session: DbSession, before: datetime) -> None:
    _leave(session, before)


def _freshen(session: DbSession, before: datetime) -> None:
    session.execute(update(Delivery).where(*_waits(before)).values(created_at=now(), lease_until=None))


def _waits(before: datetime | None = None) -> tuple[ColumnElement[bool], ...]:
    """On its way, and (with `before`) untouched since before this moment."""
    waits = (col(Delivery.status).in_(["queued", "sending"]),)
    return (*waits, func.coalesce(Delivery.lease_until, Delivery.created_at) < before) if before else waits


def _count(session: DbSession, before: datetime | None = None) -> int:
    return session.scalar(select(func.count()).select_from(Delivery).where(*_waits(before))) or 0


def _words(n: int) -> str:
    return ngettext("%(n)s mail with a brief", "%(n)s mails with a brief", n) % {"n": number(n)}


def _questions(n: int) -> str:
    return ngettext("%(n)s question or note about briefs", "%(n)s questions or notes about briefs", n) % {
        "n": number(n)
    }


pausing.waits(pausing.Heap(_words, _count, _leave_old, _freshen))
pausing.waits(work.heap_of(_questions, "confirm", "drafts_wait", "tell_decision"))


@dataclass(frozen=True)
class DeliveryRow:
    """A reader's line on the brief's page. `file`: the mail is a file in the outbox, as there is no SMTP server."""

    id: int
    recipient: str
    status: str
    words: str
    error: str
    sent_at: datetime | None
    file: bool

    @property
    def lost(self) -> bool:
        """It did not arrive, and nothing more happens by itself."""
        return self.status in ("failed", "bounced")


def deliveries_of(session: DbSession, brief_id: int) -> list[DeliveryRow]:
    """Every reader of a brief and what became of the mail; what needs attention first."""
    order = {"failed": 0, "bounced": 0, "unconfirmed": 1, "queued": 2, "sending": 2, "suppressed": 3, "sent": 4}
    rows = session.scalars(select(Delivery).where(Delivery.brief_id == brief_id)).all()
    shown = []
    for d in sorted(rows, key=lambda d: (order[d.status], d.recipient)):
        file = d.status == "sent" and not settings().smtp_url and mail.outbox_file(d.message_id).exists()
        shown.append(
            DeliveryRow(d.id or 0, d.recipient, d.status, status_words(d.status, file=file), d.error, d.sent_at, file)
        )
    return shown


def status_words(status: str, *, file: bool = False) -> str:
    """A delivery's status in the reader's language."""
    if file:
        return _("kept as a file")
    return {
        "unconfirmed": _("asked to confirm"), "queued": _("waiting"), "sending": _("being sent"), "sent": _("sent"),
        "failed": _("not delivered"), "bounced": _("came back"), "suppressed": _("unsubscribed"),
    }[status]  # fmt: skip


def counts_of(session: DbSession, brief_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """For each brief, how many deliveries there are of each status."""
    rows = session.execute(
        select(Delivery.brief_id, Delivery.status, func.count()).where(col(Delivery.brief_id).in_(brief_ids)).group_by(
            col(Delivery.brief_id), col(Delivery.status)
        )
    )  # fmt: skip
    found: dict[int, dict[str, int]] = {}
    for brief_id, status, n in rows:
        found.setdefault(brief_id, {})[status] = n
    return found
