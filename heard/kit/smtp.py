"""Speaking to the SMTP server: one conversation for one mail or for many, and what its answers mean."""

import smtplib
import ssl
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from heard.kit.headers import header
from heard.kit.i18n import _

TIMEOUT = 20
AFTER_DATA = 120  # a server that looks through each mail before it answers has often taken it by then: hung up on, it gets it twice
MAILS = 50  # in one conversation; some servers end longer ones in the middle of a mail
LOCAL = ("localhost", "127.0.0.1", "::1")


class Outcome(NamedTuple):
    """What became of a mail. state: sent, later (try again) or never (the address or the mail was refused).

    reached: False when the server itself could not be spoken to, so that the next mail would fare no better.
    """

    state: str
    detail: str = ""
    reached: bool = True


class Conversation:
    """With the server of `url`: begun with the first mail, begun anew after MAILS mails or when the line went dead."""

    def __init__(self, url: str, known_as: str) -> None:
        self._url, self._known_as = url, known_as
        self._server: _Plain | _Encrypted | None = None
        self._mails = 0

    def send(self, sender: str, to: str, raw: bytes) -> Outcome:
        """Hand over one mail, these very bytes. Never raises for what a server or network does."""
        try:
            server = self._at_hand()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            return Outcome("later", _("The mail server cannot be used: %(why)s") % {"why": words(error)}, reached=False)
        self._mails += 1
        options = () if (sender + to).isascii() else ("SMTPUTF8", "BODY=8BITMIME")
        try:
            if options and not server.has_extn("smtputf8"):
                raise smtplib.SMTPNotSupportedError(f"{to}: SMTPUTF8")
            server.sendmail(sender, [to], raw, options)
        except smtplib.SMTPRecipientsRefused as error:
            return _by_code(*next(iter(error.recipients.values())))
        except smtplib.SMTPResponseException as error:
            return _by_code(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
            return Outcome("never", _("The mail server cannot take this address: %(why)s") % {"why": words(error)})
        except (OSError, smtplib.SMTPException) as error:
            self.end()
            return Outcome(
                "later", _("The connection to the mail server broke: %(why)s") % {"why": words(error)}, reached=False
            )
        return Outcome("sent", server.last_words)

    def end(self) -> None:
        """Take leave. The mails were taken or not by now; how the parting goes changes nothing."""
        server, self._server, self._mails = self._server, None, 0
        if server:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _at_hand(self) -> "_Plain | _Encrypted":
        if self._server and (self._mails >= MAILS or not _listens(self._server)):
            self.end()
        self._server = self._server or _connect(self._url, self._known_as)
        return self._server


class _Remembers:
    """Keeps what the server said when it took a mail: its number there, which smtplib throws away."""

    last_words = ""
    sock: Any

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.sock.settimeout(AFTER_DATA)
        try:
            code, said = super().data(msg)  # type: ignore[misc]
        finally:
            if self.sock:
                self.sock.settimeout(TIMEOUT)
        self.last_words = header(f"{code} {said.decode('utf-8', 'replace')}")[:300]
        return code, said


class _Plain(_Remembers, smtplib.SMTP):
    pass


class _Encrypted(_Remembers, smtplib.SMTP_SSL):
    pass


def _listens(server: smtplib.SMTP) -> bool:
    """Asked before each mail but the first: what breaks in the middle of one may have been taken, and would go twice."""
    try:
        return server.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _connect(url: str, known_as: str) -> _Plain | _Encrypted:
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps", "smtp+starttls"):
        raise ValueError(_("HEARD_SMTP_URL begins with smtp:// or smtps://"))
    host = parts.hostname or "localhost"
    verified = ssl.create_default_context()
    server: _Plain | _Encrypted
    if parts.scheme == "smtps":
        server = _Encrypted(host, parts.port or 465, local_hostname=known_as, timeout=TIMEOUT, context=verified)
        safe = True
    else:
        server = _Plain(host, parts.port or 25, local_hostname=known_as, timeout=TIMEOUT)
        safe = host in LOCAL
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


def _by_code(code: int, said: bytes | str) -> Outcome:
    """5xx is for ever, 4xx is for now (RFC 5321, 4.2.1); 421 closes the door for all."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return Outcome("never" if 500 <= code < 600 else "later", header(f"{code} {text}")[:300], reached=code != 421)


def words(error: BaseException) -> str:
    """What an error says, in one line that may be shown."""
    said = getattr(error, "smtp_error", b"") or getattr(error, "strerror", "") or str(error) or type(error).__name__
    return header(said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said))[:200]
