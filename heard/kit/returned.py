"""Mails about a mail of ours: it came back, it is late (RFC 3464), or its reader complained (RFC 5965). Pure.

Anybody may write such a mail, so nothing in it is believed here; heard/accounts/bounces.py asks whether it is about a mail of
ours. Only the outermost level is taken apart, into pieces of limited size and number: however deep or long somebody
makes it, it costs no more than reading it once.
"""

import binascii
import quopri
import re
from email.message import Message
from email.parser import HeaderParser
from typing import NamedTuple

from heard.kit.headers import header

LONGEST = 1_000_000  # bytes; what matters stands before the text of the returned mail
_HEAD, _PARTS, _RECIPIENTS, _VALUE = 64_000, 20, 50, 1000
_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_ORIGINALS = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
_STATUS = re.compile(r"([245])\.\d{1,3}\.\d{1,3}(?!\d)")
_ABOUT_THIS_MAIL = re.compile(r"5\.2\.2|5\.7\.")  # a full mailbox, a rule of theirs: the address is there (RFC 3463)
_CODE = re.compile(r"(?<!\d)([45])\d\d(?!\d)")
_ID = re.compile(r"<[^<>\s]{1,190}>")
_BOUNDARY = re.compile(r';\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


class Returned(NamedTuple):
    """What one mail says about one of ours. kind: failed, delayed, complaint. addresses: to whom it was, as written there.

    permanent: there is no such address (5.x.x, but for a full mailbox and a refused sender).
    words: what the server said, in one line that may be shown.
    """

    kind: str
    message_id: str
    addresses: tuple[str, ...]
    permanent: bool = False
    words: str = ""


def read(raw: bytes) -> list[Returned]:
    """What a mail says about mails of ours; nothing for every other mail: answers, absences, reports of success."""
    text = raw[:LONGEST].replace(b"\r\n", b"\n").decode("utf-8", "replace")
    top, body = _part(text)
    cut = _BOUNDARY.search(_value(top, "Content-Type"))
    if _type(top) != "multipart/report" or cut is None:
        return []
    parts = [_part(piece) for piece in _pieces(body, cut[1] or cut[2])]
    original = next((one for one in parts if _type(one[0]) in _ORIGINALS), None)
    sent = _fields(_decoded(*original)) if original else Message()
    for fields, inside in parts:
        if _type(fields) in _REPORTS:
            return _came_back(_decoded(fields, inside), _message_id(sent))
        if _type(fields) == "message/feedback-report":
            return _complained(_fields(_decoded(fields, inside)), sent)
    return []


def _came_back(report: str, message_id: str) -> list[Returned]:
    found = []
    for block in _BLANK_LINE.split(report.strip("\n"), maxsplit=_RECIPIENTS)[: _RECIPIENTS + 1]:
        fields = _fields(block)
        message_id = message_id or _message_id(fields, "X-Original-Message-ID")
        kind = _value(fields, "Action").strip().lower()
        if kind in ("failed", "delayed"):
            said = _after_type(_value(fields, "Diagnostic-Code"))
            status = _STATUS.search(_value(fields, "Status")) or _STATUS.search(said) or _CODE.search(said)
            addresses = tuple(_address(_value(fields, name)) for name in ("Original-Recipient", "Final-Recipient"))
            words = header(said or _value(fields, "Status"))[:300]
            for_ever = bool(status and status[1] == "5" and not _ABOUT_THIS_MAIL.match(status[0]))
            found.append(Returned(kind, message_id, addresses, for_ever, words))
    return [one for one in found if one.message_id]


def _complained(report: Message, sent: Message) -> list[Returned]:
    if _value(report, "Feedback-Type").strip().lower() != "abuse" or not _message_id(sent):
        return []
    named = [str(one)[:_VALUE] for one in report.get_all("Original-Rcpt-To", [])[:_RECIPIENTS]]
    addresses = tuple(_address(text) for text in [*named, _value(sent, "To")])
    return [Returned("complaint", _message_id(sent), addresses)]


def _part(text: str) -> tuple[Message, str]:
    head, _blank, body = text.partition("\n\n")
    return _fields(head), body


def _type(fields: Message) -> str:
    # not the library's get_param: it raises for some, and takes long for others
    return _value(fields, "Content-Type").partition(";")[0].strip().lower()


def _pieces(body: str, boundary: str) -> list[str]:
    """The parts between the boundaries of the outermost level, without what stands before the first one."""
    pieces = f"\n{body}".split(f"\n--{boundary}", _PARTS)[1:]
    return [piece.partition("\n")[2] for piece in pieces if not piece.startswith("--")]


def _fields(text: str) -> Message:
    return HeaderParser().parsestr(text.lstrip("\n")[:_HEAD].partition("\n\n")[0])


def _decoded(fields: Message, body: str) -> str:
    how = _value(fields, "Content-Transfer-Encoding").strip().lower()
    if how == "quoted-printable":
        return quopri.decodestring(body.encode()).decode("utf-8", "replace")
    if how == "base64":
        try:
            return binascii.a2b_base64(body.encode()).replace(b"\r\n", b"\n").decode("utf-8", "replace")
        except binascii.Error:
            return ""
    return body


def _value(fields: Message, name: str) -> str:
    return str(fields.get(name, ""))[:_VALUE]


def _message_id(fields: Message, name: str = "Message-ID") -> str:
    found = _ID.search(_value(fields, name))
    return found[0] if found else ""


def _after_type(value: str) -> str:
    """`smtp; 550 no such user` without its first word."""
    return value.partition(";")[2].strip() or value.strip()


def _address(value: str) -> str:
    """An address out of `rfc822; claire@board.example`, or out of a header."""
    text = _after_type(value)
    return text.rpartition("<")[2].partition(">")[0].strip()
