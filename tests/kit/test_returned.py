"""Mails that came back, taken apart: what servers write, and what somebody writes who wishes us ill."""

import base64
import random
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heard.kit import returned
from tests.bounce_mails import ABSENT, complaint, report

ID, CLAIRE = "<secret@garden.example>", "claire@board.example"
WHOLE = report(ID, CLAIRE)


@pytest.mark.parametrize(
    ("more", "kind", "permanent"),
    [
        ({}, "failed", True),
        ({"status": "5.2.2", "said": "smtp; 552 5.2.2 mailbox full"}, "failed", False),
        ({"status": "5.7.1", "said": "smtp; 554 5.7.1 refused by policy"}, "failed", False),
        ({"status": "4.4.7", "said": "smtp; 451 4.4.7 given up"}, "failed", False),
        ({"action": "delayed", "status": "4.4.1"}, "delayed", False),
        ({"action": " Failed "}, "failed", True),
        ({"status": "", "said": "smtp; 550 no such user"}, "failed", True),
        ({"original": "text/rfc822-headers"}, "failed", True),
        ({"original": "message/global", "form": "message/global-delivery-status"}, "failed", True),
        ({"boundary": "a (b) + c?"}, "failed", True),
    ],
)
def test_what_servers_say(more, kind, permanent):
    (one,) = returned.read(report(ID, CLAIRE, **more))
    assert (one.kind, one.permanent, one.message_id, set(one.addresses)) == (kind, permanent, ID, {CLAIRE})


def test_the_servers_words_are_one_line_that_can_be_shown():
    raw = report(ID, CLAIRE).replace(b"<claire> no such user", b"no\r\n such =?utf-8?q?user?= \x00\x1b[31m")
    (one,) = returned.read(raw)
    assert one.words == "550 5.1.1 no such = ?utf-8?q?user?= [31m"  # the control went


def test_one_mail_can_tell_of_many():
    more = "".join(
        f"\nFinal-Recipient: rfc822; r{n}@board.example\nAction: failed\nStatus: 5.1.1\n" for n in range(200)
    )
    found = returned.read(report(ID, CLAIRE, also=more))
    assert len(found) == 50
    assert found[1].addresses[1] == "r0@board.example"


def test_parts_may_be_written_in_base64_or_quoted_printable():
    plain = report(ID, CLAIRE).decode()
    status = plain.split("delivery-status\r\n\r\n")[1].split("\r\n--=_cut")[0]
    for how, text in (
        ("base64", base64.encodebytes(status.encode()).decode()),
        ("quoted-printable", status.replace("=", "=3D").replace("f", "=66")),
    ):
        made = plain.replace(
            f"delivery-status\r\n\r\n{status}", f"delivery-status\r\nContent-Transfer-Encoding: {how}\r\n\r\n{text}"
        )
        assert [one.kind for one in returned.read(made.encode())] == ["failed"], how


def test_a_complaint():
    (one,) = returned.read(complaint(ID, CLAIRE))
    assert (one.kind, one.message_id, set(one.addresses)) == ("complaint", ID, {CLAIRE})


@pytest.mark.parametrize(
    "raw",
    [
        ABSENT % ID.encode(),
        report(ID, CLAIRE, action="delivered", status="2.0.0"),
        report(ID, CLAIRE, action="relayed"),
        report(ID, CLAIRE, kind="disposition-notification", form="message/disposition-notification"),
        complaint(ID, CLAIRE, kind="not-spam"),
        b"",
        b"\n\n\n",
        b"Content-Type: multipart/report\n\n--\n",
        b'Content-Type: multipart/report; boundary=""\n\n--\n\n',
        WHOLE.replace(ID.encode(), b"<two words>"),
        WHOLE.replace(b"multipart/report", b"multipart/mixed"),
        WHOLE.split(b"Action")[0],
    ],
)
def test_everything_else_says_nothing(raw):
    assert returned.read(raw) == []


def deep(levels: int) -> bytes:
    """A report in a report in a report."""
    opening = "".join(
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="b{n}"\n\n--b{n}\n'
        for n in range(levels)
    )
    return opening.encode() + WHOLE


@pytest.mark.parametrize(
    "raw",
    [
        deep(5_000),
        b"Content-Type: message/rfc822\n\n" * 100_000,
        WHOLE.replace(b"=_cut", b"x") + b"\r\n--x\r\n" * 400_000,
        b'Content-Type: multipart/report; boundary="' + b'";' * 400_000 + b"\n\n",
        b"Content-Type: multipart/report" + b";a*0*=''%" * 100_000 + b"\n\n",
        b"Content-Type: multipart/report; boundary=a\n" + b" x\n" * 300_000,
        WHOLE.replace(b"Status: 5", b"Status: " + b"5." * 400_000),
        WHOLE.replace(b"Diagnostic-Code: smtp", b"Diagnostic-Code: " + b"\n\t" * 400_000),
        WHOLE.replace(b"X-Postfix", b"\n" + b" \t" * 400_000 + b"X"),
        b"\0" * 3_000_000,
        b"\r" * 3_000_000,
    ],
    ids=lambda raw: f"{raw[:28]!r}",
)
def test_nothing_is_too_deep_or_too_long(raw):
    tracemalloc.start()
    returned.read(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60_000_000


@given(st.integers(0, 10_000), st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_a_mangled_report_never_breaks_us(seed, cuts):
    chance, raw = random.Random(seed), bytearray(WHOLE)
    for _cut in range(cuts):
        at = chance.randrange(len(raw))
        raw[at : at + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
    for one in returned.read(bytes(raw)):
        assert one.kind in ("failed", "delayed")
        assert "\n" not in one.words
