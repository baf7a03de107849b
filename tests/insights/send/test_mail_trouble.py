"""Briefs when the mail server misbehaves, and when a brief is changed or deleted on its way (trust.md, M3 and M5)."""

import email
import email.policy
import itertools
import ssl
import subprocess
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from sqlalchemy import delete
from sqlmodel import select

from heard.accounts.models import Account, Community
from heard.kit import mail, work
from heard.kit.clock import now, stopped_at
from heard.kit.db import reading, writing
from heard.kit.mail import Outcome
from heard.kit.settings import settings
from insights import jobs
from insights.models import Brief, Delivery
from insights.send import deliveries
from tests.insights.scene import library, write
from tests.journeys.server import free_port
from tests.mail_server import MailServer
from tests.moody_server import misbehaving, moody, told

MAYA, RAVI = "maya@garden.example", "ravi@garden.example"


@pytest.fixture
def sink(monkeypatch):
    with misbehaving(monkeypatch) as server:
        yield server


@pytest.fixture
def brief(world):
    library(world, 12, themed=False)
    with writing() as session:
        session.execute(delete(work.WorkDue))
    return write(world)


def send(world, brief, *addresses):
    with writing() as session:
        deliveries.send_to(session, session.get_one(Brief, brief.id), addresses, by=world.people["maya"])
    work.run_due()


def later(minutes):
    with stopped_at(now() + timedelta(minutes=minutes)):
        work.run_due()


def of(address):
    with reading() as session:
        return session.exec(select(Delivery).where(Delivery.recipient == address)).one()


@pytest.mark.parametrize(
    ("stage", "reply", "status"),
    [
        ("MAIL", "421 4.3.2 closing", "queued"),
        ("RCPT", "450 4.2.1 busy", "queued"),
        ("RCPT", "451 4.7.1 greylisted", "queued"),
        ("DATA", "452 4.3.1 disk full", "queued"),
        ("DATA", "drop", "queued"),
        ("AFTER", "drop", "sent"),
        ("RCPT", "550 5.1.1 no such user", "failed"),
        ("DATA", "552 5.2.2 mailbox full", "failed"),
    ],
)
def test_a_brief_in_trouble(world, brief, sink, client, stage, reply, status):
    """Maya's mail meets it. 4xx waits for half an hour, or for a minute where the server itself is away; 5xx is for ever."""
    sink.moods = moody((stage, reply))
    send(world, brief, MAYA, RAVI)
    assert of(MAYA).status == status
    if status != "sent":
        words = {"queued": "waiting", "failed": "not delivered"}[status]
        page = client.sign_in("maya").get(f"/m/garden/briefs/{brief.id}").text
        assert words in page
        assert (of(MAYA).error and reply[:3] in of(MAYA).error) or reply == "drop"
    later(29)
    waits = status == "queued" and reply[:3] in ("450", "451", "452")
    assert of(MAYA).status == ("queued" if waits else "failed" if status == "failed" else "sent")
    later(31)
    later(3000)
    assert (of(MAYA).status, of(RAVI).status) == ("failed" if status == "failed" else "sent", "sent")
    to = [head["To"] for head in told(sink)]
    assert to.count(RAVI) == 1

    assert to.count(MAYA) == (0 if status == "failed" or stage == "DATA" else 1) + (
        status == "queued" and stage == "DATA"
    )
    assert len({head["Message-ID"] for head in told(sink)}) == len(set(to))


def test_a_silent_server_is_left_and_asked_again(world, brief, sink):
    sink.moods = moody(("RCPT", ""))
    send(world, brief, MAYA)
    assert (of(MAYA).status, "timed out" in of(MAYA).error) == ("queued", True)
    later(2)
    assert (of(MAYA).status, len(sink.taken)) == ("sent", 1)


@pytest.mark.parametrize(
    "url",
    ["smtp://127.0.0.1:9", "smtp://mail.invalid", "smtps://127.0.0.1:{port}", "smtp+starttls://127.0.0.1:{port}"],
    ids=["refused", "DNS gone", "no TLS there", "no STARTTLS there"],
)
def test_a_server_that_cannot_be_spoken_to_keeps_all_in_the_queue(world, brief, sink, monkeypatch, url):
    works = settings().smtp_url
    monkeypatch.setattr(settings(), "smtp_url", url.format(port=works.rpartition(":")[2]))
    send(world, brief, MAYA, RAVI)
    assert {of(MAYA).status, of(RAVI).status} == {"queued"}
    assert sorted([of(MAYA).attempts, of(RAVI).attempts]) == [0, 1], "one try tells it of all"
    assert (of(MAYA).error or of(RAVI).error).startswith("The mail server cannot be used")
    monkeypatch.setattr(settings(), "smtp_url", works)
    later(3)
    assert (of(MAYA).status, of(RAVI).status, len(sink.taken)) == ("sent", "sent", 2)


@pytest.fixture
def stranger(tmp_path):
    """A mail server that shows a certificate which nobody vouches for; `taken`: how many mails it got."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    handler = MailServer()

    def serving(scheme):
        more = {"ssl_context": context} if scheme == "smtps" else {}
        controller = Controller(handler, hostname="127.0.0.1", port=free_port(), **more)
        starttls = {} if more else {"tls_context": context}
        controller.factory = lambda: SMTP(handler, hostname="sink.example", **starttls)
        controllers.append(controller)
        controller.start()
        return f"{scheme}://127.0.0.1:{controller.port}"

    controllers = []
    handler.serving = serving
    yield handler
    for controller in controllers:
        controller.stop()


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing_and_is_asked_again(
    world, brief, stranger, monkeypatch, client, scheme
):
    monkeypatch.setattr(settings(), "smtp_url", stranger.serving(scheme))
    send(world, brief, MAYA)
    assert (of(MAYA).status, stranger.taken) == ("queued", [])
    assert "certificate verify failed" in of(MAYA).error
    page = client.sign_in("maya").get(f"/m/garden/briefs/{brief.id}").text
    assert "certificate verify failed" in page
    with stopped_at(now() + timedelta(minutes=2)):
        work.run_due()
    assert (of(MAYA).attempts, of(MAYA).status, stranger.taken) == (2, "queued", [])


def test_without_a_password_any_encryption_that_is_offered_is_better_than_none(world, brief, stranger, monkeypatch):
    monkeypatch.setattr(settings(), "smtp_url", stranger.serving("smtp"))
    send(world, brief, MAYA)
    assert (of(MAYA).status, len(stranger.taken)) == ("sent", 1)


def test_not_now_is_tried_later_and_later_for_two_days_then_a_person_is_told(world, brief, monkeypatch):
    tries = []
    monkeypatch.setattr(mail, "send", lambda _m: tries.append(now()) or Outcome("later", "451 4.7.1 greylisted"))
    begun = now()
    with stopped_at(begun):
        send(world, brief, MAYA)
    for minutes in range(30, 60 * 60, 30):
        with stopped_at(begun + timedelta(minutes=minutes)):
            work.run_due()
    gaps = [(after - before) / timedelta(minutes=1) for before, after in itertools.pairwise(tries)]
    assert gaps[:5] == [30, 60, 120, 240, 480]
    assert set(gaps[5:]) == {480}
    assert timedelta(hours=47) < tries[-1] - begun < timedelta(hours=57)
    assert (of(MAYA).status, of(MAYA).error) == ("failed", "451 4.7.1 greylisted")


def test_never_is_not_tried_again_and_a_person_can(world, brief, monkeypatch):
    tries = []
    monkeypatch.setattr(mail, "send", lambda _m: tries.append(1) or Outcome("never", "550 5.1.1 no such user"))
    send(world, brief, MAYA)
    for hours in (1, 24, 72):
        later(60 * hours)
    assert (of(MAYA).status, len(tries)) == ("failed", 1)
    send(world, brief, MAYA)
    assert len(tries) == 2


@pytest.mark.parametrize("moment", ["queued", "claimed", "on its way"])
def test_a_brief_that_is_deleted_on_its_way_stops_nothing(world, brief, monkeypatch, moment):
    """Before it is claimed, after, or while the server has it: no traceback, and the next brief goes."""
    box = []

    def gone():
        with writing() as session:
            session.execute(delete(Brief).where(Brief.id == brief.id))

    def out(message):
        box.append(message)
        if moment == "on its way":
            gone()
        return Outcome("sent")

    monkeypatch.setattr(mail, "send", out)
    with writing() as session:
        deliveries.send_to(session, session.get_one(Brief, brief.id), [MAYA], by=world.people["maya"])
    if moment == "queued":
        gone()
    if moment == "claimed":
        send_one = jobs._send
        monkeypatch.setattr(jobs, "_send", lambda delivery_id: gone() or send_one(delivery_id))
    work.run_due()
    assert len(box) == (1 if moment == "on its way" else 0)
    monkeypatch.undo()
    monkeypatch.setattr(mail, "send", lambda message: box.append(message) or Outcome("sent"))
    other = write(world, "product")
    send(world, other, RAVI)
    assert str(box[-1]["To"]) == RAVI


def test_what_changes_after_the_queue_is_not_in_the_mail(world, brief, monkeypatch):
    """The frozen brief goes, whatever becomes of the answers it was made of."""
    box = []
    with writing() as session:
        deliveries.send_to(session, session.get_one(Brief, brief.id), [MAYA], by=world.people["maya"])
    library(world, 60, title="Quite another poll")
    monkeypatch.setattr(mail, "send", lambda message: box.append(message) or Outcome("sent"))
    work.run_due()
    text = box[0].get_body(("plain",)).get_content()
    assert (str(box[0]["Subject"]), brief.facts_hash in text) == (brief.subject, True)
    assert "Quite another poll" not in text


@pytest.mark.parametrize(
    "nasty",
    [
        "x\r\nBcc: y@evil.example",
        "x\n.\nRCPT TO:<y@evil.example>",
        "=?UTF-8?Q?=0A?=Bcc: y@evil.example",
        "x\0\u2028Bcc: y@e",
    ],
)
def test_no_name_or_title_adds_a_header_or_a_reader(world, sink, nasty):
    """Of the community, of the person who sends, of a poll, of a theme: through the real server, byte by byte."""
    library(world, 30, title=nasty.replace("\0", ""))
    with writing() as session:
        home = session.exec(select(Community).where(Community.slug == "garden")).one()
        person = session.exec(select(Account).where(Account.email == MAYA)).one()
        home.name, person.name = nasty.replace("\0", ""), nasty.replace("\0", "")
        session.execute(delete(work.WorkDue))
    brief = write(world)
    with writing() as session:
        session.get_one(Brief, brief.id).subject = nasty.replace("\0", "")[:60]
    send(world, brief, MAYA)
    (raw,) = sink.taken
    seen = email.message_from_bytes(raw, policy=email.policy.default)
    assert set(seen.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Reply-To", "List-Id", "List-Unsubscribe",
        "List-Unsubscribe-Post", "MIME-Version", "Content-Type", "Content-Language",
    }  # fmt: skip
    assert len(seen.keys()) == len(set(seen.keys()))
    assert [a.addr_spec for a in seen["To"].addresses] == [MAYA]
    assert [a.addr_spec for a in seen["Reply-To"].addresses] == [MAYA]
