"""What became of a mailing, as its manager sees it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import case, func
from sqlmodel import col, select

from heard.accounts.models import Contact, ContactList
from heard.kit import visits
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.i18n import _
from polls.models import Invitation, Mailing, MailingDelivery, Poll
from polls.publish import mailing_plans, mailings

SHOWN = 100  # addresses that failed
PREPARING = timedelta(minutes=5)


@dataclass(frozen=True)
class MailingRow:
    """One mailing with its figures. `answered` of `reached`, whoever answered by whatever mail; `still`: a person is asked."""

    id: int
    kind: str
    subject: str
    words: str
    list_id: int | None
    list_name: str
    created_at: datetime
    stopped_at: datetime | None
    statuses: Counter[str]
    answered: int
    seen: Counter[str]  # visits: person, preview, scanner
    still: bool

    @property
    def all(self) -> int:
        """Everybody it is for."""
        return self.statuses.total()

    @property
    def reached(self) -> int:
        """To how many it went."""
        return self.statuses["sent"]

    @property
    def waiting(self) -> int:
        """How many are not done."""
        return self.statuses["queued"] + self.statuses["sending"]

    @property
    def remind_from(self) -> datetime | None:
        """When those who have not answered may be reminded; None where there is nobody to remind."""
        reminded = self.kind == "invitation" and self.list_name and self.answered < self.reached
        return self.created_at + mailing_plans.BETWEEN if reminded else None

    @property
    def may_remind(self) -> bool:
        """Whether that time has come."""
        return self.remind_from is not None and self.remind_from <= now()

    @property
    def preparing(self) -> bool:
        """Whether the worker has not made its mails yet."""
        return not self.all and self.stopped_at is None and now() - self.created_at < PREPARING


class Failed(NamedTuple):
    """A mail that a server refused for good."""

    address: str
    words: str


def mailings_of(session: DbSession, poll: Poll) -> list[MailingRow]:
    """The poll's mailings, newest first."""
    rows = session.exec(select(Mailing).where(Mailing.poll_id == poll.id).order_by(col(Mailing.id).desc())).all()
    return _shown(session, list(rows))


def figures_of(session: DbSession, mailing: Mailing) -> MailingRow:
    """One of them."""
    return _shown(session, [mailing])[0]


def _shown(session: DbSession, rows: list[Mailing]) -> list[MailingRow]:
    ids = [row.id or 0 for row in rows]
    statuses: dict[int, Counter[str]] = {i: Counter() for i in ids}
    answered: Counter[int] = Counter()
    delivery, turned_in = MailingDelivery, func.sum(case((col(Invitation.turned_in).is_(True), 1), else_=0))
    counted = session.execute(
        select(delivery.mailing_id, delivery.status, func.count(), turned_in)
        .join(Invitation, col(Invitation.id) == col(delivery.invitation_id))
        .where(col(delivery.mailing_id).in_(ids))
        .group_by(col(delivery.mailing_id), col(delivery.status))
    )
    stopped = {row.id for row in rows if row.stopped_at is not None}
    for mailing_id, status, n, used in counted:
        # of a mailing that was stopped, the worker marks the rest when it comes by
        statuses[mailing_id]["stopped" if status == "queued" and mailing_id in stopped else status] += n
        answered[mailing_id] += int(used) if status == "sent" else 0
    names = {
        one.id: one.name
        for one in session.exec(select(ContactList).where(col(ContactList.id).in_([r.list_id for r in rows])))
    }
    seen = visits.visits_of(session, [f"mailing:{i}" for i in ids])
    return [
        MailingRow(
            row.id or 0, row.kind, row.subject, row.words, row.list_id, names.get(row.list_id, ""), row.created_at,
            row.stopped_at, statuses[row.id or 0], answered[row.id or 0], seen[f"mailing:{row.id}"],
            row.stopped_at is None and mailings.is_still(session, row.id or 0),
        )
        for row in rows
    ]  # fmt: skip


def subjects_of(session: DbSession, poll_id: int) -> list[str]:
    """The names under which the visits by a poll's mailings are counted."""
    return [f"mailing:{i}" for i in session.exec(select(Mailing.id).where(Mailing.poll_id == poll_id))]


def failed_of(session: DbSession, mailing: Mailing) -> list[Failed]:
    """The first of those that a server refused, with its words."""
    rows = session.execute(
        select(Contact.address, MailingDelivery.error)
        .join(Contact, col(Contact.id) == col(MailingDelivery.contact_id), isouter=True)
        .where(MailingDelivery.mailing_id == mailing.id, MailingDelivery.status == "failed")
        .order_by(col(MailingDelivery.id))
        .limit(SHOWN)
    )
    return [Failed(address or _("a contact that was forgotten"), words) for address, words in rows]


def status_words() -> dict[str, str]:
    """Each status in the reader's language, in the order in which it is shown."""
    return {
        "sent": _("sent"), "queued": _("waiting"), "sending": _("being sent"), "failed": _("not delivered"),
        "answered": _("not sent: answered meanwhile"), "capped": _("not sent: had enough mails this week"),
        "suppressed": _("not sent: stopped these mails"), "stopped": _("not sent: stopped"),
    }  # fmt: skip
