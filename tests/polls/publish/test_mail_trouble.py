"""Mailings in the night when things go wrong: servers that misbehave, two workers, people who come while it waits."""

import itertools
import time
from datetime import timedelta

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import select

import polls.publish.bounced  # noqa: F401  (registers what is ours)
from heard import backup
from heard.accounts import bounces, sending
from heard.kit import leases, mail, smtp, work
from heard.kit.clock import now, stopped_at
from heard.kit.db import reading, writing
from heard.kit.mail import Outcome
from polls.models import Mailing, MailingDelivery, Poll
from polls.publish import mailing_jobs, mailing_mails, mailing_plans, mailings
from tests.bounce_mails import complaint, report
from tests.conftest import pointing_to
from tests.moody_server import Moody, misbehaving, moody, told
from tests.polls.publish.inbox import ADA, BO, a_list, contact, invite, statuses

SECONDS = timedelta(seconds=1)


@pytest.fixture
def sink(monkeypatch):
    with misbehaving(monkeypatch) as server:
        yield server


@pytest.fixture
def poll(world):
    return world.open_poll(options=["Soup", "Salad"], title="Lunch")


@pytest.fixture
def maya(client):
    return client.sign_in("maya")


@pytest.mark.parametrize(
    ("stage", "reply", "state", "words"),
    [
        ("MAIL", "421 4.3.2 closing", "queued", "421 4.3.2 closing"),
        ("RCPT", "421 4.3.2 closing", "queued", "421 4.3.2 closing"),
        ("RCPT", "450 4.2.1 greylisted", "queued", "450 4.2.1 greylisted"),
        ("DATA", "452 4.3.1 disk full", "queued", "452 4.3.1 disk full"),
        ("RCPT", "550 5.1.1 no such user", "failed", "550 5.1.1 no such user"),
        ("DATA", "552 5.2.2 mailbox full", "failed", "552 5.2.2 mailbox full"),
        ("MAIL", "", "queued", "timed out"),
        ("MAIL", "drop", "queued", "closed"),
    ],
)
def test_one_mail_in_trouble_keeps_none_of_the_others(world, maya, poll, sink, stage, reply, state, words):
    """The first of 12 meets it; the other 11 go in the same night, the first one too where it may."""
    people = [f"r{n:02}@readers.example" for n in range(12)]
    sink.moods = moody((stage, reply))
    made = invite(maya, poll, a_list(world, *people), people=12)
    with reading() as session:
        first = session.exec(select(MailingDelivery).order_by(MailingDelivery.id)).first()
        assert (first.status, words in first.error) == (state, True), first.error
    with stopped_at(now() + timedelta(minutes=2)):
        work.run_due()
    with stopped_at(now() + timedelta(minutes=40)):
        work.run_due()
    found = statuses(made)
    assert [address for address in people if found[address] != "sent"] == (people[:1] if state == "failed" else [])
    assert sorted(head["To"] for head in told(sink)) == (people[1:] if state == "failed" else people)


def test_a_server_that_hangs_up_after_it_took_the_mail_gets_it_again_under_the_same_id(world, maya, poll, sink):
    sink.moods = moody(("AFTER", "drop"), ("DATA", "drop"))
    made = invite(maya, poll, a_list(world, ADA, BO), people=2)
    for minutes in (2, 10):
        with stopped_at(now() + timedelta(minutes=minutes)):
            work.run_due()
    assert set(statuses(made).values()) == {"sent"}
    heads = told(sink)
    assert len({head["Message-ID"] for head in heads}) == 2
    assert len(heads) <= 3


def test_a_server_that_thinks_long_before_it_says_yes_gets_each_mail_once(world, maya, poll, sink, monkeypatch):
    """Spam filters look through a mail for half a minute. Who hangs up meanwhile sends it again and again."""
    monkeypatch.setattr(smtp, "AFTER_DATA", 5)

    def slow(self, mood, stage, usual):
        if stage == "DATA":
            time.sleep(1.3)
        self.say(usual) if usual else None
        return True

    monkeypatch.setattr(Moody, "answer", slow)
    made = invite(maya, poll, a_list(world, ADA, BO), people=2)
    assert set(statuses(made).values()) == {"sent"}
    assert len(sink.taken) == 2
    assert smtp.AFTER_DATA > smtp.TIMEOUT


def test_every_third_refused_and_one_that_cannot_be_made(world, maya, poll, sink, monkeypatch):
    people = [f"r{n:02}@readers.example" for n in range(30)]
    sink.moods = itertools.cycle([("", ""), ("", ""), ("RCPT", "451 4.7.1 later")])
    compose = mailing_mails.mail_of

    def poisoned(session, delivery):
        if session.get_one(MailingDelivery, delivery.id).contact_id == contact(people[7]).id:
            raise RuntimeError("a row that nobody can make a mail of")
        return compose(session, delivery)

    monkeypatch.setattr(mailing_mails, "mail_of", poisoned)
    made = invite(maya, poll, a_list(world, *people), people=30)
    at = now()
    for minutes in (35, 100, 230, 480, 1000):
        with stopped_at(at + timedelta(minutes=minutes)):
            work.run_due()
    found = statuses(made)
    assert found.pop(people[7]) == "failed"
    assert set(found.values()) == {"sent"}
    assert len(sink.taken) == 29, "none twice"
    page = maya.get(f"{poll.page}/mailings/{made}").text
    assert people[7] in page
    assert "RuntimeError" in page


@pytest.mark.both
def test_two_workers_that_reach_for_one_person_at_once_send_one_mail_and_not_none(world, maya, monkeypatch):
    """Of two mailings, with a limit of one a week: both claimed before either is sent."""
    box = []
    monkeypatch.setattr(mail.Connection, "send", lambda _server, message: box.append(message) or Outcome("sent"))
    with writing() as session:
        home = world.the_community(session)
        home.mails_per_week = 1
        session.add(home)
    people = a_list(world, ADA, BO)
    ids, polls = [], [world.open_poll(title=title).id for title in ("One", "Other")]
    with writing() as session:
        for poll_id in polls:
            row = session.get_one(Poll, poll_id)
            planned = mailing_plans.Round(row, home, people)
            plan = mailing_plans.Plan(2, {})
            ids.append(mailings.begin(session, planned, plan, subject="Which?", words="", by=world.people["maya"]).id)
    for made in ids:
        with writing() as session:  # as if the two had been made at once: neither sees the other
            mailing = session.get_one(Mailing, made)
            planned = mailings.round_of(session, session.get_one(Poll, mailing.poll_id), home, mailing, 0)
            mailing_plans.take_piece(session, planned, mailing, 0)
            session.execute(MailingDelivery.__table__.update().values(status="queued"))
    with reading() as session:
        batches = [mailing_jobs._next_batch(session, made) for made in ids]
    assert [len(batch) for batch in batches] == [2, 2]
    claimed = [mailing_jobs._claimed(batch) for batch in batches]  # two workers, neither has sent yet
    assert claimed[0] is not None
    for one in claimed:
        if one is not None:
            with mail.connection() as server:
                mailing_jobs._recorded(one, mailing_jobs._send(server, one))
    for made in ids:
        mailing_jobs.send(made)
    assert sorted(str(m["To"]) for m in box) == [ADA, BO]


def test_whoever_comes_onto_the_list_after_the_yes_is_not_written_to(world, maya, poll, monkeypatch):
    box = []
    monkeypatch.setattr(mail.Connection, "send", lambda _server, message: box.append(message) or Outcome("sent"))
    people = a_list(world, ADA)
    maya.post(f"{poll.page}/mailings", data={"list": people.id, "subject": "Which?", "count": 1})
    with stopped_at(now() + SECONDS):
        consent = "They ticked the box at the open day, 3 May."
        form = {"email": BO, "name": "", "locale": "en", "consent": consent}
        assert maya.post(f"/m/garden/contacts/{people.id}/people", data=form).status_code == 303
        work.run_due()
    assert [m["To"] for m in box] == [ADA]


def test_two_clicks_on_send_are_one_mail_each(world, maya, poll, monkeypatch):
    box = []
    monkeypatch.setattr(mail.Connection, "send", lambda _server, message: box.append(message) or Outcome("sent"))
    people = a_list(world, ADA, BO)
    for _click in range(2):
        maya.post(f"{poll.page}/mailings", data={"list": people.id, "subject": "Which?", "count": 2})
    work.run_due()
    assert sorted(str(m["To"]) for m in box) == [ADA, BO]


def test_a_copy_that_was_restored_the_same_day_asks_before_it_goes_on(world, maya, poll, tmp_path, monkeypatch):
    """M2: since the backup was made, the other one has sent what the copy takes for unsent."""
    box = []
    monkeypatch.setattr(mail.Connection, "send", lambda _server, message: box.append(message) or Outcome("sent"))
    monkeypatch.setattr(mailing_jobs, "BATCH", 1)
    people = a_list(world, ADA, BO)
    answer = maya.post(f"{poll.page}/mailings", data={"list": people.id, "subject": "Which?", "count": 2})
    made = int(answer.headers["location"].rpartition("/")[2])
    work.run_due(rounds=2)  # the rows, and the first mail
    assert len(box) == 1
    backup.backup(tmp_path / "night.tar.gz")
    other = tmp_path / "other"
    other.mkdir()
    with pointing_to(f"sqlite:///{other}/heard.db", other):
        backup.restore(tmp_path / "night.tar.gz")
        work.run_due()
        assert len(box) == 1
        again = maya.fresh().sign_in("maya")
        with writing() as session:  # all sending was paused; this mailing asks all the same
            sending.resume(session, None, with_old=False)
        work.run_due()
        assert len(box) == 1
        page = again.get(f"{poll.page}/mailings/{made}").text
        assert "Send the 1 that waits" in page or "waits for you" in page
        assert again.post(f"{poll.page}/mailings/{made}/resumption").status_code == 303
        work.run_due()
        assert sorted(str(m["To"]) for m in box) == [ADA, BO]


@pytest.mark.parametrize(
    "trouble", [MemoryError(), OSError("too many open files"), PoolTimeout("no connection is free")]
)
def test_trouble_of_this_machine_gives_up_no_mail(world, maya, poll, monkeypatch, trouble):
    box = []
    monkeypatch.setattr(mail.Connection, "send", lambda _server, message: box.append(message) or Outcome("sent"))
    people = a_list(world, ADA, BO)
    maya.post(f"{poll.page}/mailings", data={"list": people.id, "subject": "Which?", "count": 2})

    def fails(*_arguments):
        raise trouble

    with monkeypatch.context() as tonight:
        tonight.setattr(mailing_mails, "mail_of", fails)
        with pytest.raises(type(trouble)):
            work.run_due()
    with stopped_at(now() + leases.LEASE + SECONDS):
        work.run_due()
    assert sorted(str(m["To"]) for m in box) == [ADA, BO]


def test_a_worker_that_slept_over_its_lease_sends_nothing(world, maya, poll, monkeypatch):
    box = []
    monkeypatch.setattr(mail.Connection, "send", lambda _server, message: box.append(message) or Outcome("sent"))
    people = a_list(world, ADA)
    answer = maya.post(f"{poll.page}/mailings", data={"list": people.id, "subject": "Which?", "count": 1})
    made = int(answer.headers["location"].rpartition("/")[2])
    mailing_jobs.queue(made, 0)
    with reading() as session:
        batch = mailing_jobs._next_batch(session, made)
    slept = mailing_jobs._claimed(batch)
    with stopped_at(now() + leases.LEASE + SECONDS):
        work.run_due()
        with mail.connection() as server:
            assert mailing_jobs._send(server, slept) == "sent"
    assert len(box) == 1
    assert statuses(made) == {ADA: "sent"}


def test_an_invitation_that_came_back_is_shown_and_no_list_writes_there_again(world, maya, poll, sink):
    people = a_list(world, ADA, BO)
    made = invite(maya, poll, people, people=2)
    with reading() as session:
        rows = session.exec(select(MailingDelivery)).all()
        sent = next(row for row in rows if row.contact_id == contact(ADA).id)
    for address, verdict in ((BO, "other"), (ADA, "failed")):
        with writing() as session:
            assert bounces.take(session, report(mailings.message_id(sent.id), address)) == verdict
    assert statuses(made) == {ADA: "failed", BO: "sent"}
    page = maya.get(f"{poll.page}/mailings/{made}").text
    assert "no such user" in page
    other = world.open_poll(options=["Tea", "Coffee"], title="Drinks")
    with reading() as session:
        planned = mailing_plans.Round(session.get_one(Poll, other.id), world.the_community(session), people)
        plan = mailing_plans.plan(session, planned)
    assert (plan.to_send, plan.in_words) == (1, ["Mail to 1 person came back."])


def test_the_page_of_a_list_marks_who_cannot_be_reached_and_who_complained(world, maya, poll, sink):
    people = a_list(world, ADA, BO)
    invite(maya, poll, people, people=2)
    with reading() as session:
        ids = {row.contact_id: row.id for row in session.exec(select(MailingDelivery))}
    with writing() as session:
        for told, address in ((report, ADA), (complaint, BO)):
            bounces.take(session, told(mailings.message_id(ids[contact(address).id]), address))
    page = maya.get(f"/m/garden/contacts/{people.id}").text
    assert page.count("mail came back") == page.count("complained of these mails") == 1
    assert "no yes recorded" not in page
