"""Signatures, checked by a verifier on what a real SMTP server received. The keys beside this file protect nothing."""

import subprocess
from pathlib import Path

import dkim as verifier
import pytest

from heard.checks import _signature
from heard.kit import dkim, mail
from heard.kit.errors import Misconfigured
from heard.kit.settings import settings
from tests.mail_server import made
from tests.rsa_key import key_file

KEY, SMALL = str(key_file(2048)), str(key_file(1024))


@pytest.fixture
def signing(monkeypatch):
    monkeypatch.setattr(settings(), "dkim_key", KEY)
    monkeypatch.setattr(settings(), "mail_from", "The Garden <post@garden.example>")


def verified(raw, *, name="heard._domainkey.garden.example"):
    """Whether the signature on these bytes holds, with our record at this name alone."""
    asked = {f"{name}.".encode(): dkim.record().encode()}
    return verifier.verify(raw, dnsfunc=lambda place, timeout=5: asked.get(place))


LONG = {
    "plain": {},
    "long subject in other letters": {
        "subject": "Où irons-nous à l’été prochain, et à quelle heure ? 何時に始めますか " * 8
    },
    "one endless word": {"subject": "x" * 3000},
    "lines of 998 characters": {"text": "\n".join(["y" * 998, "é" * 998, " z " * 300, ""])},
    "dots, spaces and empty lines": {"text": ".\n..\n \t\n\n. x  \n\n\n", "html": ""},
    "text alone": {"html": ""},
    "a long unsubscribe address": {
        "unsubscribe": "https://heard.example/u/" + "a" * 700,
        "list_id": "briefs.garden.example",
    },
    "an answer address": {"reply_to": "maya@garden.example", "sender_name": "Ñandú & “Söhne”"},
    "letters in the address": {"to": "claire@bücher.example"},
}


@pytest.mark.parametrize("values", LONG.values(), ids=LONG)
def test_what_the_server_receives_verifies_and_is_what_the_outbox_keeps(server, signing, monkeypatch, tmp_path, values):
    message = made(**values)
    monkeypatch.setattr(settings(), "data_folder", tmp_path)
    assert mail.send(message).state == "sent"
    raw = server.raw[0]
    assert verified(raw)
    assert b"d=garden.example" in raw
    monkeypatch.setattr(settings(), "smtp_url", "")
    mail.send(message)
    kept = mail.outbox_file(str(message["Message-ID"])).read_bytes()
    assert kept.partition(b"\r\nFrom:")[2] == raw.partition(b"\r\nFrom:")[2]  # but for the second of signing the same
    assert verified(kept)


def test_a_changed_byte_breaks_it(signing):
    raw = mail.as_sent(made(text="Meet at ten", unsubscribe="https://heard.example/u/x"))
    assert verified(raw)
    for old, new in [
        (b"Meet at ten", b"Meet at two"), (b"Subject: Hello", b"Subject: Hellu"), (b"/u/x>", b"/u/y>"),
        (b"To: claire@", b"To: clare@"), (b"multipart/alternative", b"multipart/mixed"), (b"<p>x</p>", b"<p>y</p>"),
    ]:  # fmt: skip
        assert old in raw
        assert not verified(raw.replace(old, new, 1)), old


@pytest.mark.parametrize(
    "line",
    ["From: e@evil.example", "Subject: Other", "To: e@evil.example", "Cc: e@evil.example", "Reply-To: e@evil.example",
     "Content-Type: text/html", "List-Unsubscribe: <https://evil.example>", "Date: Mon, 1 Jan 2024 00:00:00 +0000"],
)  # fmt: skip
def test_a_header_put_in_front_or_behind_breaks_it(signing, line):
    raw = mail.as_sent(made())
    head, body = raw.split(b"\r\n\r\n", 1)
    assert verified(b"X-Seen: yes\r\n" + raw)  # servers on the way add some of their own
    assert not verified(line.encode() + b"\r\n" + raw)
    assert not verified(head + b"\r\n" + line.encode() + b"\r\n\r\n" + body)


def test_another_key_does_not_fit(signing, monkeypatch):
    raw = mail.as_sent(made())
    monkeypatch.setattr(settings(), "dkim_key", SMALL)
    assert not verified(raw)


def test_headers_that_matter_are_signed(signing):
    raw = mail.as_sent(made(reply_to="a@b.example", list_id="x.example", unsubscribe="https://heard.example/u/x"))
    signed = raw.split(b"h=")[1].split(b";")[0].decode().replace("\r\n", "").replace(" ", "").split(":")
    assert set(signed) >= {
        "from", "to", "subject", "date", "message-id", "reply-to", "list-id", "list-unsubscribe", "list-unsubscribe-post",
        "mime-version", "content-type", "auto-submitted",
    }  # fmt: skip
    assert signed.count("from") == 2
    assert b"c=relaxed/relaxed" in raw


@pytest.mark.parametrize(
    ("sender", "domain"),
    [
        ("post@garden.example", "garden.example"),
        ("news@lists.garden.example", "garden.example"),
        ("maya@other.example", ""),
        ("maya@notgarden.example", ""),
        ("maya@example", ""),
    ],
)
def test_only_mail_of_the_keys_own_domain_is_signed(signing, sender, domain):
    raw = mail.as_sent(made(sender=sender))
    assert mail.signed_as(sender) == domain
    assert raw.startswith(b"DKIM-Signature:") is bool(domain)


def test_a_domain_in_other_letters_is_signed_as_the_dns_knows_it(signing, monkeypatch):
    monkeypatch.setattr(settings(), "mail_from", "post@bücher.example")
    raw = mail.as_sent(made())
    assert b"d=xn--bcher-kva.example" in raw
    assert verified(raw, name="heard._domainkey.xn--bcher-kva.example")


def test_an_address_in_other_letters_is_signed_where_the_server_takes_it(international, signing):
    assert mail.send(made(to="élise@board.example")).state == "sent"
    assert "To: élise@board.example".encode() in international.raw[0]
    assert verified(international.raw[0])


def test_without_a_key_or_a_domain_nothing_is_signed(monkeypatch):
    assert mail.as_sent(made()).startswith(b"From:")
    monkeypatch.setattr(settings(), "dkim_key", KEY)
    monkeypatch.setattr(settings(), "mail_from", "heard@localhost")
    assert mail.as_sent(made()).startswith(b"From:")


def test_the_record_holds_the_public_half_and_an_old_form_of_key_is_read_too(monkeypatch):
    for path, bits in ((KEY, 2048), (SMALL, 1024)):
        monkeypatch.setattr(settings(), "dkim_key", path)
        own = dkim.key()
        assert own is not None
        assert own.bits == bits
        found, size, _kind, _report = verifier.evaluate_pk(b"x", dkim.record().encode())
        assert (size, found["publicExponent"]) == (bits, 65537)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        (b"", "no RSA private key"),
        (b"\xff\xfe\x00", "not a PEM file"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no RSA private key"),
        (b"-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n", "no RSA private key"),
        (b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n", "password"),
        ("half", "no RSA private key"),
        ("ed25519", "no RSA private key"),
    ],
)
def test_a_key_that_cannot_be_used_is_told_and_no_mail_is_lost(signing, server, monkeypatch, tmp_path, content, said):
    file = tmp_path / "key.pem"
    ed25519 = b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEI" + b"A" * 43 + b"\n-----END PRIVATE KEY-----\n"
    whole = Path(KEY).read_bytes()
    content = {"half": whole[: len(whole) // 2] + b"\n-----END PRIVATE KEY-----\n", "ed25519": ed25519}.get(
        content, content
    )
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setattr(settings(), "dkim_key", str(file))
    with pytest.raises(Misconfigured, match=said):
        dkim.key()
    assert [check.state for check in _signature()] == ["bad"]
    outcome = mail.send(made())
    assert (outcome.state, outcome.reached, str(file) in outcome.detail) == ("later", False, True)
    assert server.taken == []


def test_a_folder_or_a_file_with_other_line_ends(monkeypatch, tmp_path):
    monkeypatch.setattr(settings(), "dkim_key", str(tmp_path))
    with pytest.raises(Misconfigured):
        dkim.key()
    (tmp_path / "k.pem").write_bytes(Path(KEY).read_bytes().replace(b"\n", b"\r\n"))
    monkeypatch.setattr(settings(), "dkim_key", str(tmp_path / "k.pem"))
    assert dkim.key()


def test_the_check_says_whether_mail_is_signed(monkeypatch):
    def said():
        (check,) = _signature()
        return check.state, check.what

    assert said()[0] == "note"
    monkeypatch.setattr(settings(), "dkim_key", KEY)
    assert said()[0] == "bad"  # a key, but mail comes from localhost
    monkeypatch.setattr(settings(), "mail_from", "post@garden.example")
    assert said()[0] == "good"
    assert "heard._domainkey.garden.example" in said()[1]
    monkeypatch.setattr(settings(), "dkim_key", SMALL)
    assert said() == ("note", said()[1])
    assert "1024" in said()[1]


def test_heard_does_not_start_with_a_key_that_cannot_be_used(tmp_path):
    from tests.journeys.server import Server

    for command in (("serve", "--port", "8000"), ("work",)):
        done: subprocess.CompletedProcess[str] = Server(tmp_path, HEARD_DKIM_KEY=str(tmp_path / "none.pem")).run(
            *command
        )
        assert (done.returncode, "DKIM key" in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr


def test_a_key_that_everybody_on_the_machine_can_read_is_told(monkeypatch, tmp_path):
    file = tmp_path / "open.pem"
    file.write_bytes(Path(KEY).read_bytes())
    monkeypatch.setattr(settings(), "dkim_key", str(file))
    monkeypatch.setattr(settings(), "mail_from", "news@example.org")
    told = {}
    for mode in (0o644, 0o604, 0o640, 0o600):
        file.chmod(mode)
        (check,) = _signature()
        told[mode] = check.state
    assert told == {0o644: "bad", 0o604: "bad", 0o640: "good", 0o600: "good"}
