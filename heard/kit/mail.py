"""Mail: building a message that no header can be smuggled into, and handing it to an SMTP server.

Without HEARD_SMTP_URL a mail becomes a file in HEARD_DATA/outbox, named by its Message-ID: writing it twice leaves one.
SMTP promises "at least once", so callers keep the Message-ID and record what happened (trust.md, D6).
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from heard.kit import dkim, web
from heard.kit.clock import now
from heard.kit.errors import Misconfigured
from heard.kit.headers import POLICY, address, ascii_domain, header
from heard.kit.i18n import language
from heard.kit.settings import settings
from heard.kit.smtp import Conversation, Outcome, words


def compose(name: str, context: Any, *, to: str, message_id: str, **headers: str) -> EmailMessage:
    """The mail of templates/mail/<name>/ (subject.txt, body.txt, body.html) with its context; `headers` as in message()."""
    subject = web.render(f"mail/{name}/subject.txt", context)
    text = web.render(f"mail/{name}/body.txt", context)
    return message(
        to, subject, text, inlined(web.render(f"mail/{name}/body.html", context)), message_id=message_id, **headers
    )


def inlined(html: str) -> str:
    """Styles written into their elements; the style element stays for what only it can say (dark mode, narrow screens)."""
    import css_inline

    return str(css_inline.inline(html, keep_style_tags=True, load_remote_stylesheets=False))


def message(
    to: str, subject: str, text: str, html: str = "", *, message_id: str, sender: str = "", sender_name: str = "",
    reply_to: str = "", list_id: str = "", unsubscribe: str = "",
) -> EmailMessage:  # fmt: skip
    """A mail to one address.

    `unsubscribe` is the address of a page of ours that takes the POST of RFC 8058. Raises BadInput for an address that
    cannot stand in a header; controls and encoded words in the other fields are taken out.
    """
    made = EmailMessage(policy=POLICY)
    name, own = sender_of()
    made["From"] = address(sender or own, sender_name or name)
    made["To"] = address(to)
    made["Subject"] = header(subject)
    made["Date"] = format_datetime(now())
    made["Message-ID"] = header(message_id)
    made["Auto-Submitted"] = "auto-generated"
    if reply_to:
        made["Reply-To"] = address(reply_to)
    if list_id:
        made["List-Id"] = f"<{header(list_id)}>"
    if unsubscribe:
        made["List-Unsubscribe"] = f"<{header(unsubscribe)}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(text, cte="quoted-printable")  # 8-bit bodies are not taken by every server
    if html:
        made.add_alternative(html, subtype="html", cte="quoted-printable")
    made["Content-Language"] = language()  # last: setting the content takes such headers out
    return made


def html_bytes(mail: EmailMessage) -> int:
    """How long its HTML part is, as a mail program reads it."""
    part = mail.get_body(("html",))
    return len(part.get_payload(decode=True)) if part else 0


def sender_of() -> tuple[str, str]:
    """Name and address that mail comes from: HEARD_MAIL_FROM, or heard@ the host of the base URL."""
    name, address = parseaddr(settings().mail_from)
    return (name or "Heard", address or f"heard@{mail_host()}")


def mail_host() -> str:
    """The domain of our Message-IDs and, unless set otherwise, of our sender."""
    _name, address = parseaddr(settings().mail_from)
    host = address.rpartition("@")[2] or urlsplit(settings().base_url).hostname or "localhost"
    try:
        ip_address(host)
        return "localhost"
    except ValueError:
        return host


def message_id(token: str) -> str:
    """A Message-ID that is the same whenever it is made from the same token."""
    return f"<{token}@{ascii_domain(mail_host())}>"


def signed_as(sender: str) -> str:
    """The domain that signs mail from this address: that of HEARD_MAIL_FROM, for its own addresses and those below it.

    "" when mail goes out without a signature of ours: no key is set, or the address belongs to another domain, whose
    DNS does not hold our key.
    """
    own, domain = ascii_domain(sender_of()[1].rpartition("@")[2]), ascii_domain(sender.rpartition("@")[2])
    signs = "." in own and f".{domain}".lower().endswith(f".{own}".lower())
    return own if signs and settings().dkim_key else ""


def as_sent(mail: EmailMessage) -> bytes:
    """The bytes that go out, made once: what is signed is what is sent. Raises Misconfigured for an unusable key."""
    sender = mail["From"].addresses[0].addr_spec
    plain = sender.isascii() and mail["To"].addresses[0].addr_spec.isascii()
    raw = mail.as_bytes(policy=POLICY if plain else POLICY.clone(utf8=True))
    domain = signed_as(sender)
    return dkim.sign(raw, domain) if domain else raw


def send(mail: EmailMessage) -> Outcome:
    """Hand the mail to the SMTP server, or keep it as a file. Never raises for what a server or network does."""
    with connection() as server:
        return server.send(mail)


@contextmanager
def connection() -> Iterator["Connection"]:
    """For a batch: `with mail.connection() as server: server.send(one); server.send(another)`."""
    made = Connection()
    try:
        yield made
    finally:
        made.end()


class Connection:
    """Sends mails one after the other, in one conversation with the server. It may stay open between them for seconds."""

    def __init__(self) -> None:
        url = settings().smtp_url
        self._server = Conversation(url, ascii_domain(mail_host())) if url else None

    def send(self, mail: EmailMessage) -> Outcome:
        """As mail.send()."""
        try:
            raw = as_sent(mail)
        except Misconfigured as refusal:
            return Outcome("later", refusal.message, reached=False)
        if self._server is None:
            return _keep(str(mail["Message-ID"]), raw)
        sender, to = (mail[name].addresses[0].addr_spec for name in ("From", "To"))
        return self._server.send(sender, to, raw)

    def end(self) -> None:
        """Take leave of the server."""
        if self._server:
            self._server.end()


def outbox_file(message_id: str) -> Path:
    """Where a mail with this Message-ID is kept when there is no SMTP server."""
    name = re.sub(r"[^\w~@.-]", "_", message_id.strip("<>"))[:180]
    return settings().data_folder / "outbox" / f"{name}.eml"


def _keep(message_id: str, raw: bytes) -> Outcome:
    file = outbox_file(message_id)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # addresses and links of readers are in it
        draft = file.with_suffix(".part")
        draft.write_bytes(raw)
        os.replace(draft, file)
    except OSError as error:
        return Outcome("later", f"{file.parent}: {words(error)}", reached=False)
    return Outcome("sent", "outbox")
