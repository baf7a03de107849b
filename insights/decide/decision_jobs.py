"""Jobs of decisions: a mail to whoever approved the brief. Safe to run twice: the Message-ID is the same."""

from heard.kit import leases, logs, mail, work
from heard.kit.db import reading, writing
from insights.decide import mails

log = logs.logger("heard.mail")


@work.sends("tell_decision")
def tell_decision(decision_id: int, told: str = "", to: int = 0, tries: int = 0) -> None:
    """Mail that a reader has answered, or answered otherwise than was `told` (answers.said). `to`: one person alone, whose
    mail has to be tried again."""
    with reading() as session:
        messages = mails.decision_mails(session, decision_id, told, to)
    for account_id, message in messages.items():
        outcome = mail.send(message)  # no transaction is open here
        log.info("decision.mail", decision=decision_id, account=account_id, state=outcome.state)
        if outcome.state == "later":
            with writing() as session:
                again = {"decision_id": decision_id, "told": told, "to": account_id}
                leases.put_off(session, "tell_decision", f"{decision_id}:{account_id}", tries, **again)
