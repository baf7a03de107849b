"""Jobs of decisions: a mail to whoever approved the brief. Safe to run twice: the Message-ID is the same."""

from datetime import timedelta

from heard.kit import logs, mail, work
from heard.kit.db import reading, writing
from insights.decide import mails

log = logs.logger("heard.mail")
LATER = timedelta(minutes=30)


@work.sends("tell_decision")
def tell_decision(decision_id: int) -> None:
    """Mail that a reader has answered."""
    with reading() as session:
        messages = mails.decision_mails(session, decision_id)
    later = False
    for message in messages:
        outcome = mail.send(message)  # no transaction is open here
        log.info("decision.mail", decision=decision_id, state=outcome.state)
        later |= outcome.state == "later"
    if later:
        with writing() as session:
            work.due(session, "tell_decision", decision_id, wait=LATER, decision_id=decision_id)
