"""Jobs of briefs: a few lines each, with no transaction open while a mail is on its way, safe to run twice."""

from datetime import timedelta

from sqlmodel import col

import insights.decide.decision_jobs
import insights.decide.records
import insights.send.bounced
import insights.send.turn_jobs
import insights.write.rewording_jobs  # noqa: F401  (registers their jobs)
from heard.accounts.contacts import BRIEFS
from heard.accounts.models import Account, Community, Contact
from heard.kit import leases, logs, mail, work
from heard.kit.clock import now
from heard.kit.db import reading, writing
from heard.kit.i18n import speaking
from heard.kit.mail import Outcome
from insights.models import Brief, Delivery
from insights.send import deliveries, mails, readers

log = logs.logger("heard.mail")


@work.sends("deliver")
def deliver(brief_id: int) -> None:
    """Mail a brief to every reader who waits for it. Running it again after success does nothing."""
    with writing() as session:
        # First of all: should this process die in the middle, the work comes up again when its leases have run out.
        work.due(session, "deliver", f"{brief_id}:again", wait=leases.LEASE, brief_id=brief_id)
        brief = session.get(Brief, brief_id)
        community = session.get(Community, brief.community_id) if brief else None
        with speaking(community.locale if community else ""):
            late = deliveries.leave_late(session, brief_id)
    if late:
        log.warning("brief.late", brief=brief_id, mails=late)
    while True:
        with writing() as session:
            claimed = leases.claim(session, Delivery, col(Delivery.brief_id) == brief_id)
        if claimed is None:
            break
        outcome = _send(claimed.id)  # no transaction is open here
        if outcome is None:
            with writing() as session:
                leases.leave(session, Delivery, claimed, deliveries.why_not(session, claimed.id))
            continue
        with writing() as session:
            leases.record(session, Delivery, claimed, outcome)
        log.info("brief.mail", brief=brief_id, delivery=claimed.id, state=outcome.state, attempt=claimed.attempt)
        if not outcome.reached:
            break
    _come_back(brief_id)


def _send(delivery_id: int) -> Outcome | None:
    """What became of the mail; None when its reader said no meanwhile, or the brief is gone. One that cannot be made
    never blocks the others."""
    try:
        with reading() as session:
            delivery = session.get(Delivery, delivery_id)
            message = mails.brief_mail(session, delivery) if delivery else None
        return mail.send(message) if message else None
    except leases.PASSING:
        raise
    except Exception as error:
        log.error("brief.mail", delivery=delivery_id, exc_info=error)
        return Outcome("never", f"{type(error).__name__}: {error}"[:300])


def _come_back(brief_id: int) -> None:
    with writing() as session:
        again = leases.next_try(session, Delivery, col(Delivery.brief_id) == brief_id)
        if again is not None:
            wait = max(again - now(), timedelta(seconds=1))
            work.due(session, "deliver", f"{brief_id}:again", wait=wait, brief_id=brief_id)


@work.sends("confirm")
def ask_to_confirm(contact_id: int, brief_id: int, by: int = 0, tries: int = 0) -> None:
    """Ask an address whether it wants briefs. The Message-ID is the same for a brief, however often this runs. Without a
    brief (0) it was added to the readers, by the account `by`."""
    with reading() as session:
        contact, brief = session.get(Contact, contact_id), session.get(Brief, brief_id)
        if contact is None or (brief_id and brief is None) or contact.confirmed_at is not None:
            return
        person = session.get(Account, brief.created_by or 0 if brief else by)
        message = mails.confirm_mail(session, contact, brief_id, person)
    outcome = mail.send(message)
    log.info("confirm.mail", contact=contact_id, state=outcome.state)
    if outcome.state == "later":
        with writing() as session:
            leases.put_off(session, "confirm", contact_id, tries, contact_id=contact_id, brief_id=brief_id, by=by)


@work.handles("unsubscribed")
def take_in_a_no(contact_id: int, purpose: str) -> None:
    """Somebody stopped mails (heard/accounts/unsubscribing.py): briefs are ours, the rest asks when it is sent."""
    with writing() as session:
        contact = session.get(Contact, contact_id)
        if contact is not None and purpose == BRIEFS:
            readers.no_longer(session, contact)
