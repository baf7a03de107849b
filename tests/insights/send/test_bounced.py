"""A brief that came back: the reader's line says so, nothing more is sent, and nobody can pretend it."""

import io
import sys
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError
from sqlmodel import select

import insights.jobs  # noqa: F401  (registers what is ours)
from heard import cli
from heard.accounts import bounce_jobs, bounces, contacts, unsubscribing
from heard.accounts.models import AuditEntry, Contact, Suppression
from heard.kit import mail, tokens, work
from heard.kit.db import reading, writing
from heard.kit.mail import Outcome
from heard.kit.settings import settings
from insights.models import Brief, Delivery
from insights.send import deliveries
from tests.bounce_mails import ABSENT, complaint, report
from tests.insights.scene import library, write

MAYA, RAVI, CLAIRE = "maya@garden.example", "ravi@garden.example", "claire@board.example"


@pytest.fixture
def box(monkeypatch):
    """Mails that went out."""
    sent = []
    monkeypatch.setattr(mail, "send", lambda message: sent.append(message) or Outcome("sent"))
    return sent


@pytest.fixture
def brief(world, box):
    """To Maya and Ravi, sent."""
    library(world, 12, themed=False)
    with writing() as session:
        session.execute(delete(work.WorkDue))
    made = write(world)
    send(world, made, MAYA, RAVI)
    return made


def send(world, brief, *addresses):
    with writing() as session:
        deliveries.send_to(session, session.get_one(Brief, brief.id), addresses, by=world.people["maya"])
    work.run_due()


def of(address):
    """The newest delivery to an address."""
    with reading() as session:
        query = select(Delivery).where(Delivery.recipient == address).order_by(Delivery.id.desc())
        return session.exec(query).first()


def take(raw):
    with writing() as session:
        return bounces.take(session, raw)


def suppressions():
    with reading() as session:
        return [row.list for row in session.exec(select(Suppression))]


@pytest.mark.both
def test_a_brief_that_came_back_is_shown_and_its_reader_is_left_alone(world, brief, box, client):
    assert take(report(of(RAVI).message_id, RAVI)) == "failed"
    assert (of(RAVI).status, of(RAVI).error) == ("bounced", "550 5.1.1 <claire> no such user")
    assert (of(MAYA).status, suppressions()) == ("sent", ["bounced:briefs"])
    maya = client.sign_in("maya")
    page = maya.get(f"/m/garden/briefs/{brief.id}").text
    assert "1 of 2 not delivered" in page
    assert "no such user" in page
    assert "1 not delivered" in maya.get("/m/garden/briefs").text
    send(world, write(world, "product"), MAYA, RAVI)
    assert [str(m["To"]) for m in box[2:]] == [MAYA]
    assert (of(RAVI).status, of(RAVI).error) == ("bounced", "An earlier mail to this address came back.")


def test_taken_twice_it_is_noted_once(brief):
    raw = report(of(RAVI).message_id, RAVI)
    assert [take(raw), take(raw)] == ["failed", "failed"]
    with reading() as session:
        deeds = session.exec(select(AuditEntry).where(AuditEntry.action == "mail.bounced")).all()
    assert len(deeds) == len(suppressions()) == 1
    assert RAVI not in deeds[0].subject


def test_a_person_can_try_again(world, brief, box):
    take(report(of(RAVI).message_id, RAVI))
    send(world, brief, RAVI)
    assert (of(RAVI).status, suppressions()) == ("sent", [])
    assert [str(m["To"]) for m in box] == [MAYA, RAVI, RAVI]


def test_given_up_for_now_is_shown_but_the_next_brief_is_sent(world, brief, box):
    assert take(report(of(RAVI).message_id, RAVI, status="4.4.7", said="smtp; 451 4.4.7 given up")) == "failed"
    assert (of(RAVI).status, suppressions()) == ("bounced", [])
    send(world, write(world, "product"), RAVI)
    assert of(RAVI).status == "sent"


def test_late_is_only_noted(brief, client):
    assert take(report(of(RAVI).message_id, RAVI, action="delayed", status="4.4.1")) == "delayed"
    assert (of(RAVI).status, suppressions()) == ("sent", [])
    page = client.sign_in("maya").get(f"/m/garden/briefs/{brief.id}").text
    assert "no such user" in page
    assert "not delivered" not in page


def test_a_complaint_is_a_no(brief):
    assert take(complaint(of(RAVI).message_id, RAVI)) == "complaint"
    assert (of(RAVI).status, suppressions()) == ("sent", ["briefs"])
    with reading() as session:
        contact = session.exec(select(Contact).where(Contact.address == RAVI)).one()
        assert unsubscribing.is_stopped(session, contact, contacts.BRIEFS)


def test_the_question_to_a_mistyped_address_comes_back_too(world, brief, box):
    send(world, brief, CLAIRE)
    question = box[-1]
    assert take(report(str(question["Message-ID"]), CLAIRE)) == "failed"
    assert (of(CLAIRE).status, suppressions()) == ("bounced", ["bounced:briefs"])
    send(world, brief, CLAIRE)
    assert (of(CLAIRE).status, suppressions()) == ("unconfirmed", [])
    assert str(box[-1]["Message-ID"]) == str(question["Message-ID"])
    assert len(box) == 4


def test_what_is_not_about_our_mail_changes_nothing(brief):
    ravi, guess = of(RAVI).message_id, mail.message_id(tokens.fresh())
    for raw in (
        report(guess, RAVI),  # whoever knows the address only
        report(ravi, MAYA),  # whoever has one mail, about another reader
        report(ravi, "<x@y>\r\nAction: failed"),
        complaint(guess, RAVI),
        complaint(ravi, MAYA),
        ABSENT % ravi.encode(),
        report(ravi, RAVI, action="delivered", status="2.0.0"),
        b"\xff" * 1000,
    ):
        assert take(raw) == "other"
    assert (of(RAVI).status, of(MAYA).status, suppressions()) == ("sent", "sent", [])


def test_a_bounce_that_is_quicker_than_our_own_note_stays(world, brief, box, monkeypatch):
    def quick(message):
        take(report(str(message["Message-ID"]), MAYA))
        return Outcome("sent")

    monkeypatch.setattr(mail, "send", quick)
    send(world, write(world, "product"), MAYA)
    assert of(MAYA).status == "bounced"


def test_files_of_a_maildir_are_read_once(brief, tmp_path, monkeypatch):
    box = tmp_path / "Maildir"
    (box / "new").mkdir(parents=True)
    monkeypatch.setattr(settings(), "bounces", box)
    bounce_jobs.look()
    with reading() as session:
        assert work.backlog(session) == 0
    (box / "new" / "1.mx").write_bytes(report(of(RAVI).message_id, RAVI))
    (box / "new" / "2.mx").write_bytes(ABSENT % b"<x@y>")
    bounce_jobs.look()
    work.run_due()
    assert (of(RAVI).status, sorted(file.name for file in (box / "cur").iterdir())) == (
        "bounced",
        ["1.mx:2,S", "2.mx:2,S"],
    )
    assert list((box / "new").iterdir()) == []


def test_an_mbox_is_read_mail_by_mail(brief):
    one, other = report(of(RAVI).message_id, RAVI), report(of(MAYA).message_id, MAYA, status="4.4.7", said="late")
    line = b"From MAILER-DAEMON Mon Nov 23 08:00:00 2026\n"
    text = b"\n\nFrom the board, with thanks.\n"
    counts = bounce_jobs.take_stream(
        io.BytesIO(line + one + text + b"\n" + line + other + b"\n" + line + b"To: x\n\ny\n")
    )
    assert counts == {"failed": 2, "other": 1}
    assert bounces.told(counts) == "3 mails read: 2 came back, 0 late, 0 complained, 1 not about our mail."


def test_a_mail_server_pipes_them_to_the_command(brief, monkeypatch, capsys):
    """When the database is away, the mail server keeps the mail (75) instead of answering a bounce with another one."""
    raw = report(of(RAVI).message_id, RAVI)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    cli.bounces()
    assert of(RAVI).status == "bounced"
    assert capsys.readouterr().out.startswith("1 mail read: 1 came back")
    for trouble in (OSError(28, "No space left"), OperationalError("x", {}, Exception()), RuntimeError("ours")):
        monkeypatch.setattr(bounce_jobs, "take_stream", Mock(side_effect=trouble))
        with pytest.raises(SystemExit) as ended:
            cli.bounces()
        assert ended.value.code == 75
