"""Mail: headers that nothing can be smuggled into, and what a server may answer."""

import email
import email.policy
import socket

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from heard.kit import mail, smtp
from heard.kit.errors import BadInput
from heard.kit.settings import settings


class Server:
    """An SMTP server that keeps what it is given; `answers` maps a command to its reply."""

    def __init__(self):
        self.answers, self.taken = {}, []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if reply := self.answers.get("RCPT"):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if reply := self.answers.get("DATA"):
            return reply
        self.taken.append(
            (list(envelope.rcpt_tos), email.message_from_bytes(envelope.content, policy=email.policy.default))
        )
        return "250 kept"


@pytest.fixture
def server(monkeypatch):
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=0)
    controller.factory = lambda: SMTP(handler, hostname="sink.example", enable_SMTPUTF8=False)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
    controller.start()
    monkeypatch.setattr(settings(), "smtp_url", f"smtp://127.0.0.1:{controller.port}")
    yield handler
    controller.stop()


def made(**more):
    values = {
        "to": "claire@board.example",
        "subject": "Hello",
        "text": "Bonjour à tous",
        "html": "<p>x</p>",
        "message_id": "<a@b.example>",
    }
    return mail.message(**(values | more))


NASTY = [
    "x\r\nBcc: y@evil.example",
    "x\nBcc: y@evil.example",
    "x\rBcc: y@evil.example",
    "x\0",
    "=?UTF-8?Q?=0A?=Bcc: y@evil.example",
    "x\u2028Bcc: y@evil.example",
]


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("field", ["subject", "sender_name", "list_id", "unsubscribe", "message_id"])
def test_no_field_can_add_a_header(field, text):
    raw = made(**{field: text}).as_bytes()
    seen = email.message_from_bytes(raw, policy=email.policy.default)
    assert seen["Bcc"] is None
    assert b"\nBcc" not in raw.replace(b"\r", b"\n")
    assert b"\0" not in raw


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example>\r\nRCPT TO:<y@evil.example",
        "a b@c.example",
        "a@b.example,c@d.example",
        "<a@b.example>",
        f"{'a' * 65}@b.example",
        "a",
        "@b.example",
        "a@b.example\n",
    ],
)
@pytest.mark.parametrize("field", ["to", "reply_to", "sender"])
def test_an_address_that_is_more_than_one_is_refused(field, address):
    with pytest.raises(BadInput):
        made(**{field: address})


def test_a_domain_in_other_letters_is_encoded():
    assert made(to="a@bücher.example")["To"] == "a@xn--bcher-kva.example"


def test_long_addresses_are_not_folded():
    address = "http://127.0.0.1:8000/u/" + "a" * 200
    assert f"List-Unsubscribe: <{address}>\r\n".encode() in made(unsubscribe=address).as_bytes()


def test_a_mail_says_that_a_program_wrote_it():
    message = made(unsubscribe="http://127.0.0.1:8000/u/x")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Message-ID"] == "<a@b.example>"
    assert message["Date"]


def test_without_a_server_a_mail_is_a_file_and_writing_it_twice_leaves_one(tmp_path, monkeypatch):
    monkeypatch.setattr(settings(), "smtp_url", "")
    monkeypatch.setattr(settings(), "data_folder", tmp_path)
    assert mail.send(made()).state == mail.send(made()).state == "sent"
    assert [f.name for f in (tmp_path / "outbox").iterdir()] == ["a@b.example.eml"]
    assert mail.outbox_file("<a@b.example>").read_bytes().startswith(b"From: ")


def test_the_server_gets_the_mail(server):
    assert mail.send(made()) == mail.Outcome("sent", "250 kept")
    to, seen = server.taken[0]
    assert to == ["claire@board.example"]
    assert seen.get_body(("plain",)).get_content().strip() == "Bonjour à tous"


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ("450 busy", "later"),
        ("451 greylisted", "later"),
        ("452 full", "later"),
        ("550 no such user", "never"),
        ("552 too big", "never"),
        ("554 no", "never"),
    ],
)
def test_4xx_is_for_now_and_5xx_for_ever(server, stage, reply, state):
    server.answers[stage] = reply
    outcome = mail.send(made())
    assert (outcome.state, outcome.reached) == (state, True)
    assert reply[:3] in outcome.detail


def test_421_closes_the_door_for_all(server):
    server.answers["RCPT"] = "421 going down"
    assert mail.send(made())[0::2] == ("later", False)


def test_an_address_the_server_cannot_take_is_told(server):
    assert mail.send(made(to="é@board.example")).state == "never"


def test_a_server_that_is_away_is_told():
    settings().smtp_url, before = "smtp://127.0.0.1:9", settings().smtp_url
    try:
        outcome = mail.send(made())
    finally:
        settings().smtp_url = before
    assert (outcome.state, outcome.reached) == ("later", False)
    assert outcome.detail


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://user:secret@mail.invalid", "nonsense"])
def test_a_setting_that_cannot_work_loses_no_mail(monkeypatch, url):
    monkeypatch.setattr(settings(), "smtp_url", url)
    outcome = mail.send(made())
    assert outcome.state == "later"
    assert "secret" not in outcome.detail


def test_a_password_is_not_sent_over_an_open_line(server, monkeypatch):
    monkeypatch.setattr(smtp, "LOCAL", ())
    monkeypatch.setattr(settings(), "smtp_url", settings().smtp_url.replace("//", "//user:secret@"))
    outcome = mail.send(made())
    assert (outcome.state, outcome.reached) == ("later", False)
    assert "no encryption" in outcome.detail
    assert server.taken == []


def test_styles_are_written_into_the_elements_and_kept_for_dark_mode():
    html = mail.inlined(
        "<style>p { color: red } @media (prefers-color-scheme: dark) { p { color: blue } }</style><p>x</p>"
    )
    assert '<p style="color: red;">' in html
    assert "prefers-color-scheme" in html
