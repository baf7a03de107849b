"""The demo's list of contacts, and an invitation that went to it. With a mail server set nothing is mailed to invented people."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import col, select

from feedback.collect import voters
from heard import demo_asks
from heard.accounts import contact_lists
from heard.accounts.contact_files import Person
from heard.accounts.models import Account, Community
from heard.kit import clock
from heard.kit.db import reading, writing
from heard.kit.settings import settings
from heard.kit.visits import VisitCount
from polls.frozen import freeze
from polls.kinds.kind import Value
from polls.models import Invitation, Poll
from polls.publish import mailing_jobs, mailing_plans, mailings

READERS = (
    "ada",
    "basil",
    "cora",
    "dov",
    "edda",
    "finn",
    "gita",
    "henri",
    "isla",
    "jules",
    "kofi",
    "lou",
    "mina",
    "nils",
    "odile",
    "paz",
)
ANSWERED = (9, 10, 6, 8, 9, 7, 10)
SEEN = Counter(person=11, preview=2, scanner=37)


def build(community: Community, maya: Account, title: str, now: datetime) -> None:
    """A list of readers; some of them were invited to the poll with this title, and answered."""
    sent = now - timedelta(days=3)
    people = [
        Person(f"{name}@readers.example", name.title(), "fr" if n % 3 == 0 else "en") for n, name in enumerate(READERS)
    ]
    with clock.stopped_at(sent), writing() as session:
        the_list = contact_lists.new_list(session, community, "Newsletter readers", by=maya)
        consent = "They ticked “Ask me what I think” on the newsletter's form, on paper at the desk, since January."
        contact_lists.put(session, community, the_list, people, consent=consent)
        if settings().smtp_url:
            return
        poll = session.exec(select(Poll).where(Poll.title == title, Poll.community_id == community.id)).one()
        planned = mailing_plans.Round(poll, community, the_list)
        plan = mailing_plans.plan(session, planned)
        words = "Two questions, half a minute. We read the figures together on the first Monday of the month."
        made = mailings.begin(session, planned, plan, subject=f"{title} Two questions", words=words, by=maya)
    with clock.stopped_at(sent):
        mailing_jobs.queue(made.id or 0, 0)
        mailing_jobs.send(made.id or 0)
    with reading() as session:
        frozen = freeze(session, session.get_one(Poll, made.poll_id))
        of_them = select(Invitation).where(Invitation.poll_id == frozen.id).order_by(col(Invitation.number))
        invited = session.exec(of_them).all()
    ballots = []
    for n, (invitation, likely) in enumerate(zip(invited, ANSWERED, strict=False)):
        answers = {q.id: [Value(number=likely)] if n == 0 else [] for n, q in enumerate(frozen.questions)}
        key = voters.key_of(frozen.id, "invitation", invitation.id)
        ballot = demo_asks.ballot(frozen, 10_000 + n, answers, sent + timedelta(hours=2 + 5 * n), "en", key)
        ballots.append(replace(ballot, source="email", invitation_id=invitation.id))
    demo_asks.submitted(ballots)
    hour = sent.replace(minute=0, second=0, microsecond=0)
    with writing() as session:
        session.add_all(VisitCount(subject=f"mailing:{made.id}", hour=hour, kind=kind, n=n) for kind, n in SEEN.items())
