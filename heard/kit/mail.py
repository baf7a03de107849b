"""Mail: building a message that no header can be smuggled into, and handing it to an SMTP server.

Without HEARD_SMTP_URL a mail becomes a file in HEARD_DATA/outbox, named by its Message-ID: writing it twice leaves one.
SMTP promises "at least once", so callers keep the Message-ID and record what happened (trust.md, D6).
"""

import os
import re
import smtplib
import ssl
from contextlib import suppress
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from heard.kit import web
from heard.kit.clock import now
from heard.kit.errors import BadInput
from heard.kit.i18n import _, language
from heard.kit.settings import settings

TIMEOUT = 20
# Long lines stay whole: folded, an address in List-Unsubscribe would be cut or turned into encoded words.
_POLICY = SMTP.clone(max_line_length=998)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_LOCAL = ("localhost", "127.0.0.1", "::1")


class Outcome(NamedTuple):
    """What became of a mail. state: sent, later (try again) or never (the address or the mail was refused).

    reached: False when the server itself could not be spoken to, so that the next mail would fare no better.
    """

    state: str
    detail: str = ""
    reached: bool = True


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
    made = EmailMessage(policy=_POLICY)
    name, own = sender_of()
    made["From"] = _address(sender or own, sender_name or name)
    made["To"] = _address(to)
    made["Subject"] = header(subject)
    made["Date"] = format_datetime(now())
    made["Message-ID"] = header(message_id)
    made["Auto-Submitted"] = "auto-generated"
    if reply_to:
        made["Reply-To"] = _address(reply_to)
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


def header(text: str) -> str:
    """One line for a header: no controls, and no `=?…?=` that the mail library or a reader would decode into some."""
    return " ".join(_UNSEEN.sub(" ", text).replace("=?", "= ?").split())


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
    return f"<{token}@{_ascii(mail_host())}>"


def _address(text: str, name: str = "") -> Address:
    local, at, domain = text.rpartition("@")
    if (
        not at
        or not local
        or len(local) > 64
        or _UNSEEN.search(text)
        or re.search(r"[\s<>\"(),:;\\\[\]@]", local + domain)
    ):
        raise _no_address(text)
    try:
        return Address(header(name), username=local, domain=_ascii(domain))
    except (HeaderParseError, ValueError, IndexError) as error:
        raise _no_address(text) from error


def _no_address(text: str) -> BadInput:
    return BadInput(_("“%(text)s” is not an e-mail address.") % {"text": text.strip()[:80]}, hint="name@example.org")


def _ascii(domain: str) -> str:
    try:
        return domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError as error:
        raise _no_address(domain) from error


def send(mail: EmailMessage) -> Outcome:
    """Hand the mail to the SMTP server, or keep it as a file. Never raises for what a server or network does."""
    if not settings().smtp_url:
        return _keep(mail)
    try:
        server = _connect(settings().smtp_url)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return Outcome("later", _("The mail server cannot be used: %(why)s") % {"why": _words(error)}, reached=False)
    try:
        server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        return _by_code(*next(iter(error.recipients.values())))
    except smtplib.SMTPResponseException as error:
        return _by_code(error.smtp_code, error.smtp_error)
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        return Outcome("never", _("The mail server cannot take this address: %(why)s") % {"why": _words(error)})
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(
            "later", _("The connection to the mail server broke: %(why)s") % {"why": _words(error)}, reached=False
        )
    finally:
        # The mail was taken or not by now; how the parting goes changes nothing.
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()
    return Outcome("sent")


def _connect(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps", "smtp+starttls"):
        raise ValueError(_("HEARD_SMTP_URL begins with smtp:// or smtps://"))
    host = parts.hostname or "localhost"
    verified = ssl.create_default_context()
    known_as = _ascii(mail_host())
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, local_hostname=known_as, timeout=TIMEOUT, context=verified
        )
        safe = True
    else:
        server = smtplib.SMTP(host, parts.port or 25, local_hostname=known_as, timeout=TIMEOUT)
        safe = host in _LOCAL
    try:
        server.ehlo_or_helo_if_needed()
        if parts.scheme == "smtp+starttls" or (parts.scheme == "smtp" and server.has_extn("starttls")):
            strict = parts.scheme == "smtp+starttls" or bool(parts.username)
            # Without a password to protect, any encryption is better than none: a relay's own certificate will do.
            server.starttls(context=verified if strict else ssl._create_unverified_context())
            server.ehlo()
            safe = True
        if parts.username:
            if not safe:
                raise ValueError(_("%(host)s offers no encryption, so the password was not sent") % {"host": host})
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _by_code(code: int, words: bytes | str) -> Outcome:
    """5xx is for ever, 4xx is for now (RFC 5321, 4.2.1); 421 closes the door for all."""
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return Outcome("never" if 500 <= code < 600 else "later", header(f"{code} {said}")[:300], reached=code != 421)


def _words(error: BaseException) -> str:
    said = getattr(error, "smtp_error", b"") or getattr(error, "strerror", "") or str(error) or type(error).__name__
    return header(said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said))[:200]


def outbox_file(message_id: str) -> Path:
    """Where a mail with this Message-ID is kept when there is no SMTP server."""
    name = re.sub(r"[^\w~@.-]", "_", message_id.strip("<>"))[:180]
    return settings().data_folder / "outbox" / f"{name}.eml"


def _keep(mail: EmailMessage) -> Outcome:
    file = outbox_file(str(mail["Message-ID"]))
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # addresses and links of readers are in it
        draft = file.with_suffix(".part")
        draft.write_bytes(mail.as_bytes())
        os.replace(draft, file)
    except OSError as error:
        return Outcome("later", f"{file.parent}: {_words(error)}", reached=False)
    return Outcome("sent", "outbox")
