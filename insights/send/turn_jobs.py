"""Jobs of turns: looked at each minute, done where something is due, managers told of drafts. Safe to run twice."""

from heard.kit import leases, logs, mail, work
from heard.kit.clock import now
from heard.kit.db import reading, writing
from insights.send import draft_mails, turning, turns

log = logs.logger("heard.turns")


@work.each_minute
def look_at_turns() -> None:
    """What is planned otherwise than it should be, or due, asks for the job."""
    with reading() as session:
        wanted = any(turns.planning(session, now())) or turns.anything_to_do(session, now())
    if wanted:
        with writing() as session:
            work.due(session, "turns", "all")


@work.handles("turns")
def turn() -> None:
    """Plan, draft, hand over."""
    turning.plan()
    turning.draft_all()
    turning.send_all()


@work.sends("drafts_wait")
def tell_of_drafts(community_id: int, first: int, to: int = 0, tries: int = 0) -> None:
    """Mail to those who may approve that drafts wait, where reading them is still of use. Once for what came together.
    `to`: one person alone, whose mail has to be tried again."""
    with reading() as session:
        messages = draft_mails.drafts_mails(session, community_id, first, to)
    for account_id, message in messages.items():  # the Message-ID is the same, should one of them go twice
        outcome = mail.send(message)
        log.info("drafts.mail", community=community_id, account=account_id, state=outcome.state)
        if outcome.state == "later":
            with writing() as session:
                again = {"community_id": community_id, "first": first, "to": account_id}
                leases.put_off(session, "drafts_wait", f"{community_id}:{account_id}", tries, **again)
