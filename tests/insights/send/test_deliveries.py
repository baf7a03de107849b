"""A brief to its readers: once each, none lost, and a yes before the first."""

from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from heard.accounts import contacts, unsubscribing
from heard.accounts.models import Consent, Contact, Suppression
from heard.kit import leases, mail, work
from heard.kit.clock import now, stopped_at
from heard.kit.db import reading, writing
from heard.kit.errors import BadInput
from heard.kit.mail import Outcome
from insights import jobs
from insights.models import Brief, Delivery, Subscription
from insights.send import deliveries, readers
from tests.insights.scene import library, write

pytestmark = pytest.mark.both
MAYA, CLAIRE = "maya@garden.example", "claire@board.example"


@pytest.fixture
def brief(world):
    library(world, 12, themed=False)
    with writing() as session:
        session.execute(delete(work.WorkDue))  # that the comments want to be read is no matter here
    return write(world)


@pytest.fixture
def sent(monkeypatch):
    """Mails that went out; set `.outcome` to a function of the mail to make the server answer otherwise."""

    class Sent(list):
        def outcome(self, message):
            return Outcome("sent")

    box = Sent()

    def send(message):
        box.append(message)
        return box.outcome(message)

    monkeypatch.setattr(mail, "send", send)
    return box


def send_to(world, brief, *addresses):
    with writing() as session:
        made = deliveries.send_to(session, session.get_one(Brief, brief.id), addresses, by=world.people["maya"])
        return {d.recipient: d.status for d in made}


def statuses():
    with reading() as session:
        return {d.recipient: d.status for d in session.exec(select(Delivery))}


def contact(address):
    with reading() as session:
        return session.exec(select(Contact).where(Contact.address == address)).one()


def test_a_member_gets_it_at_once(world, brief, sent):
    assert send_to(world, brief, MAYA) == {MAYA: "queued"}
    work.run_due()
    assert statuses() == {MAYA: "sent"}
    assert [m["To"] for m in sent] == [MAYA]
    assert str(sent[0]["Subject"]) == brief.subject
    assert sent[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_brief_goes_once_to_a_reader(world, brief, sent):
    send_to(world, brief, MAYA, MAYA.upper())
    work.run_due()
    send_to(world, brief, MAYA)
    work.run_due()
    assert len(sent) == 1


def test_the_database_refuses_a_second_delivery(world, brief):
    send_to(world, brief, MAYA)
    with reading() as session:
        one = session.exec(select(Delivery)).one()
    with pytest.raises(IntegrityError), writing() as session:
        session.add(
            Delivery(
                brief_id=one.brief_id,
                recipient=one.recipient,
                token_hash="x" * 64,
                message_id="<x@y>",
                created_at=now(),
            )
        )


def test_others_are_asked_first_and_get_it_after_their_yes(world, brief, sent):
    assert send_to(world, brief, CLAIRE) == {CLAIRE: "unconfirmed"}
    work.run_due()
    assert [m["List-Unsubscribe"] for m in sent] == [None]
    assert "/subscriptions/" in sent[0].get_body(("plain",)).get_content()
    with writing() as session:
        readers.confirm(session, session.get_one(Contact, contact(CLAIRE).id))
    work.run_due()
    assert statuses() == {CLAIRE: "sent"}
    assert len(sent) == 2
    with reading() as session:
        assert "by e-mail" in session.exec(select(Consent)).one().text_shown


def test_nobody_is_asked_twice_in_a_week(world, brief, sent):
    send_to(world, brief, CLAIRE)
    send_to(world, brief, CLAIRE)
    send_to(world, write(world, "product"), CLAIRE)
    work.run_due()
    assert len(sent) == 1


def test_who_said_no_gets_nothing_not_even_a_question(world, brief, sent):
    send_to(world, brief, CLAIRE)
    work.run_due()
    with writing() as session:
        unsubscribing.stop(session, contact(CLAIRE), contacts.BRIEFS)
    other = write(world, "product")
    assert send_to(world, other, CLAIRE) == {CLAIRE: "suppressed"}
    work.run_due()
    assert len(sent) == 1


def test_a_no_between_queue_and_send_is_heard(world, brief, sent):
    send_to(world, brief, MAYA)
    with writing() as session:
        contacts.suppress(session, contact(MAYA), contacts.BRIEFS)
    work.run_due()
    assert statuses() == {MAYA: "suppressed"}
    assert sent == []


def test_readers_stay_readers_of_their_kind_of_brief(world, brief):
    send_to(world, brief, MAYA, CLAIRE)
    with reading() as session:
        assert readers.readers_of(session, brief.community_id, "leadership") == [CLAIRE, MAYA]
        assert readers.readers_of(session, brief.community_id, "product") == []
    with writing() as session:
        unsubscribing.stop(session, contact(CLAIRE), contacts.BRIEFS)
        unsubscribing.stop(session, contact(CLAIRE), contacts.BRIEFS)
    jobs.take_in_a_no(contact(CLAIRE).id, contacts.BRIEFS)
    with reading() as session:
        assert [s.contact_id for s in session.exec(select(Subscription))] == [contact(MAYA).id]
        assert session.get(Suppression, (contact(CLAIRE).id, contacts.BRIEFS))


def test_killed_between_claim_and_record_it_is_sent_again_with_the_same_message_id(world, brief, sent, monkeypatch):
    send_to(world, brief, MAYA)

    def die(message):
        sent.append(message)
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(mail, "send", die)
        with pytest.raises(KeyboardInterrupt):
            work.run_due()
    assert statuses() == {MAYA: "sending"}
    work.run_due()
    assert len(sent) == 1, "while the lease lasts, nobody else sends it"
    with stopped_at(now() + leases.LEASE + timedelta(seconds=1)):
        work.run_due()
    assert statuses() == {MAYA: "sent"}
    assert sent[0]["Message-ID"] == sent[1]["Message-ID"]


def test_two_workers_share_the_readers(world, brief):
    send_to(world, brief, MAYA, "ravi@garden.example")
    with writing() as one:
        first = leases.claim(one, Delivery, Delivery.brief_id == brief.id)
    with writing() as other:
        second = leases.claim(other, Delivery, Delivery.brief_id == brief.id)
    with writing() as third:
        assert leases.claim(third, Delivery, Delivery.brief_id == brief.id) is None
    assert first.id != second.id


def test_a_worker_that_slept_through_its_lease_overwrites_nothing(world, brief):
    send_to(world, brief, MAYA)
    with writing() as session:
        slow = leases.claim(session, Delivery, Delivery.brief_id == brief.id)
    with stopped_at(now() + leases.LEASE + timedelta(seconds=1)):
        with writing() as session:
            quick = leases.claim(session, Delivery, Delivery.brief_id == brief.id)
            leases.record(session, Delivery, quick, Outcome("sent"))
        with writing() as session:
            leases.record(session, Delivery, slow, Outcome("never", "550 no"))
    assert statuses() == {MAYA: "sent"}


def test_not_now_is_tried_again_after_half_an_hour(world, brief, sent):
    send_to(world, brief, MAYA)
    sent.outcome = lambda message: Outcome("later", "451 later")
    start = now()
    with stopped_at(start):
        work.run_due()
        work.run_due()
    assert len(sent) == 1
    with stopped_at(start + timedelta(minutes=29)):
        work.run_due()
    assert len(sent) == 1
    sent.outcome = lambda message: Outcome("sent")
    with stopped_at(start + timedelta(minutes=31)):
        work.run_due()
    assert statuses() == {MAYA: "sent"}


def test_never_is_never_tried_again_and_shown(world, brief, sent):
    send_to(world, brief, MAYA)
    sent.outcome = lambda message: Outcome("never", "550 no such user")
    work.run_due()
    with stopped_at(now() + timedelta(days=1)):
        work.run_due()
    assert len(sent) == 1
    with reading() as session:
        row = deliveries.deliveries_of(session, brief.id)[0]
    assert (row.status, row.error) == ("failed", "550 no such user")


def test_after_two_days_it_gives_up(world, brief, sent):
    send_to(world, brief, MAYA)
    sent.outcome = lambda message: Outcome("later", "connection refused", reached=False)
    start = now()
    for hours in range(0, 60, 4):
        with stopped_at(start + timedelta(hours=hours)):
            work.run_due()
    assert statuses() == {MAYA: "failed"}
    assert len(sent) == 13


def test_sending_again_tries_what_failed(world, brief, sent):
    send_to(world, brief, MAYA)
    sent.outcome = lambda message: Outcome("never", "550 mailbox full")
    work.run_due()
    sent.outcome = lambda message: Outcome("sent")
    assert send_to(world, brief, MAYA) == {MAYA: "queued"}
    work.run_due()
    assert statuses() == {MAYA: "sent"}


def test_a_mail_server_that_is_away_is_asked_once_not_for_each_reader(world, brief, sent):
    send_to(world, brief, MAYA, "ravi@garden.example", "ines@garden.example")
    sent.outcome = lambda message: Outcome("later", "refused", reached=False)
    work.run_due(rounds=1)
    assert len(sent) == 1


def test_a_mail_that_cannot_be_made_does_not_hold_up_the_others(world, brief, sent, monkeypatch):
    send_to(world, brief, MAYA, "ravi@garden.example")
    real = jobs.mails.brief_mail

    def poisoned(session, delivery):
        if delivery.recipient == MAYA:
            raise ValueError("poison")
        return real(session, delivery)

    monkeypatch.setattr(jobs.mails, "brief_mail", poisoned)
    work.run_due()
    assert statuses() == {MAYA: "failed", "ravi@garden.example": "sent"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "claire",
        "a@b>\r\nRCPT TO:<x@y.example>",
        "a@b.example>",
        f"{'a' * 65}@b.example",
        '"a b"@c.example',
        "a@b",
        "ab.example",
    ],
)
def test_what_is_no_address_is_refused(world, brief, text):
    with pytest.raises(BadInput):
        send_to(world, brief, text)
    assert statuses() == {}


def test_addresses_are_read_with_whatever_stands_between():
    assert deliveries.addresses_in("a@x.example, b@x.example;c@x.example\n A@x.example ") == [
        "a@x.example",
        "b@x.example",
        "c@x.example",
    ]
