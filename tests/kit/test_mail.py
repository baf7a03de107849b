"""Mail: headers that nothing can be smuggled into, and what a server may answer."""

import email
import email.policy

import pytest

from heard.kit import mail, smtp
from heard.kit.errors import BadInput
from heard.kit.settings import settings
from tests.mail_server import made

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
        '"a b"@c.example',
        '"a"@c.example',
        "=?UTF-8?Q?=0A?=Bcc@c.example",
        "=?utf-8?q?=0d=0aBcc=3a_y=40e.example?=@c.example",
        "=?utf-8?b?DQpCY2M6IHlAZQ==?=@c.example",
        "a@b..example",
        f"a@{'b' * 64}.example",
        "a@b.example\0",
        "a@b\u2028.example",
        "a@[127.0.0.1]",
        "a%\r\n.@b.example",
    ],
)
@pytest.mark.parametrize("field", ["to", "reply_to", "sender"])
def test_an_address_that_is_more_than_one_is_refused(field, address):
    with pytest.raises(BadInput):
        made(**{field: address})


def test_a_domain_in_other_letters_is_encoded():
    assert made(to="a@bücher.example")["To"] == "a@xn--bcher-kva.example"
    assert made(to="a@faß.example")["To"] == "a@xn--fa-hia.example"  # not fass.example, which is somebody else's


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("field", ["subject", "sender_name", "list_id", "text", "html"])
def test_what_people_wrote_never_reaches_the_conversation_with_the_server(server, field, text):
    assert mail.send(made(**{field: text})).state == "sent"
    (to, seen), raw = server.taken[0], server.raw[0]
    assert to == ["claire@board.example"]
    assert server.senders == ["heard@localhost"]
    assert set(seen.keys()) <= {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Id", "MIME-Version", "Content-Type",
        "Content-Language",
    }  # fmt: skip
    assert b"\0" not in raw


def test_a_body_cannot_end_the_mail_and_begin_another(server):
    text = "one\r\n.\r\nMAIL FROM:<y@evil.example>\n.\nRCPT TO:<z@evil.example>\r.\rQUIT\n.."
    assert mail.send(made(text=text, html="")).state == "sent"
    assert len(server.taken) == 1
    assert server.taken[0][1].get_content().splitlines() == text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


@pytest.mark.parametrize("subject", ["é" * 500, "x" * 3000, "Réunion à l’été : où, quand, comment ? " * 10, "🎉" * 300])
def test_a_long_subject_arrives_whole_in_lines_that_every_program_reads(server, subject):
    mail.send(made(subject=subject))
    head = server.raw[0].split(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 78
    assert server.taken[0][1]["Subject"] == subject.strip()


@pytest.mark.parametrize(
    "name",
    [
        "The Garden <y@evil.example>, and everybody else who reads in it and has a very long name to go with that, Other",
        '"The Garden" "><y@evil.example> ' + "and so on, " * 10,
        "Jardin d’été <y@evil.example>, " * 5,
        "(a comment) [x]; y@evil.example: z@evil.example; " * 3,
        "\\" * 60 + '"',
    ],
)
def test_a_name_is_never_an_address_however_long_it_is(server, name):
    mail.send(made(sender_name=name))
    (seen,) = server.taken[0][1]["From"].addresses
    assert (seen.addr_spec, server.senders) == ("heard@localhost", ["heard@localhost"])
    assert seen.display_name.replace(" ", "") == name.strip().replace(
        " ", ""
    )  # Python reads spaces between words wrongly


def test_a_name_without_end_is_cut():
    raw = made(sender_name="n" * 5000).as_bytes()
    assert max(map(len, raw.split(b"\r\n"))) < 998


def test_a_local_part_in_other_letters_goes_where_the_server_takes_it(international):
    assert mail.send(made(to="élise@bücher.example")).state == "sent"
    assert international.taken[0][0] == ["élise@xn--bcher-kva.example"]


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


def test_many_mails_go_in_one_conversation_and_one_that_is_refused_does_not_end_it(server):
    with mail.connection() as connection:
        assert connection.send(made()).state == "sent"
        server.answers["RCPT"] = "550 no such user"
        assert connection.send(made()).state == "never"
        del server.answers["RCPT"]
        assert connection.send(made()).state == "sent"
    assert (len(server.taken), len(server.conversations)) == (2, 1)


def test_a_long_batch_begins_a_new_conversation_now_and_then(server, monkeypatch):
    monkeypatch.setattr(smtp, "MAILS", 2)
    with mail.connection() as connection:
        assert {connection.send(made()).state for _ in range(5)} == {"sent"}
    assert (len(server.taken), len(server.conversations)) == (5, 3)


def test_a_conversation_that_the_server_ended_is_begun_anew(server):
    with mail.connection() as connection:
        connection.send(made())
        connection._server._server.sock.close()
        assert connection.send(made()).state == "sent"
        server.answers["DATA"] = "421 too many"
        assert connection.send(made())[0::2] == ("later", False)
        del server.answers["DATA"]
        assert connection.send(made()).state == "sent"
    assert len(server.taken) == 3


def test_a_batch_without_a_server_becomes_files(tmp_path, monkeypatch):
    monkeypatch.setattr(settings(), "smtp_url", "")
    monkeypatch.setattr(settings(), "data_folder", tmp_path)
    with mail.connection() as connection:
        assert [connection.send(made(message_id=f"<{n}@b.example>")).state for n in range(3)] == ["sent"] * 3
    assert len(list((tmp_path / "outbox").iterdir())) == 3


def test_styles_are_written_into_the_elements_and_kept_for_dark_mode():
    html = mail.inlined(
        "<style>p { color: red } @media (prefers-color-scheme: dark) { p { color: blue } }</style><p>x</p>"
    )
    assert '<p style="color: red;">' in html
    assert "prefers-color-scheme" in html
