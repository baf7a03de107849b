"""What may stand in the header of a mail: one line, one address, nothing smuggled in (trust.md, E3 and E4)."""

import re
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.policy import SMTP, EmailPolicy
from typing import Any

import idna

from heard.kit.errors import BadInput
from heard.kit.i18n import _

LONGEST_NAME = 200
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_SPECIAL = re.compile(r"[\s<>\"(),:;\\\[\]@]")
_DOMAIN = re.compile(r"(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*")


class Folding(EmailPolicy):
    """Lines of 78 characters as mail programs expect them, but for addresses of pages and ids.

    Folded, an address in List-Unsubscribe would be cut, or turned into encoded words that no receiver calls. Addresses,
    and subjects in other letters, are written here: where Python 3.11 folds a name, it loses the quotes around
    `<another@address>` in it, and the spaces between long encoded words.
    """

    def fold(self, name: str, value: Any) -> str:
        return self._ours(name, value) or super(Folding, self._for(name)).fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        made = self._ours(name, value)
        return made.encode() if made else super(Folding, self._for(name)).fold_binary(name, value)

    def _for(self, name: str) -> "Folding":
        whole = name.lower().startswith("list-") or name.lower() == "message-id"
        return self.clone(max_line_length=998) if whole else self

    def _ours(self, name: str, value: Any) -> str:
        """The header, written out; "" where Python does it well."""
        addresses: tuple[Address, ...] = getattr(value, "addresses", ())
        if len(addresses) == 1:
            plain = self.utf8 or addresses[0].display_name.isascii()
            return f"{name}: {addresses[0] if plain else self._encoded(name, addresses[0])}{self.linesep}"
        if name.lower() == "subject" and not self.utf8 and not value.isascii():
            return f"{name}: {Header(value, 'utf-8', header_name=name).encode(linesep=self.linesep)}{self.linesep}"
        return ""

    def _encoded(self, name: str, one: Address) -> str:
        words = Header(one.display_name, "utf-8", header_name=name).encode(linesep=self.linesep)
        fits = len(words.rpartition(self.linesep)[2]) + len(one.addr_spec) < 75
        return f"{words}{'' if fits else self.linesep} <{one.addr_spec}>"


POLICY = Folding(linesep=SMTP.linesep)


def header(text: str) -> str:
    """One line for a header: no controls, and no `=?…?=` that the mail library or a reader would decode into some."""
    return " ".join(_UNSEEN.sub(" ", text).replace("=?", "= ?").split())


def address(text: str, name: str = "") -> Address:
    """One address with the name before it. Raises BadInput for what is none, or more than one."""
    local, at, domain = text.rpartition("@")
    # "=?": the mail library decodes encoded words even in an address, line ends included.
    if not at or not local or len(local) > 64 or _UNSEEN.search(text) or _SPECIAL.search(local) or "=?" in local:
        raise _no_address(text)
    try:
        return Address(header(name)[:LONGEST_NAME], username=local, domain=ascii_domain(domain))
    except (HeaderParseError, ValueError, IndexError) as error:
        raise _no_address(text) from error


def is_address(text: str) -> bool:
    """Whether a mail can be addressed to it."""
    try:
        return bool(address(text))
    except BadInput:
        return False


def ascii_domain(domain: str) -> str:
    """The domain as the DNS knows it: bücher.example is xn--bcher-kva.example. Raises BadInput for what is no domain."""
    try:
        plain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except UnicodeError as error:
        raise _no_address(domain) from error
    if not _DOMAIN.fullmatch(plain):
        raise _no_address(domain)
    return plain


def shown_domain(domain: str) -> str:
    """The domain as people write it."""
    try:
        return idna.decode(domain) if "xn--" in domain else domain
    except UnicodeError:
        return domain


def _no_address(text: str) -> BadInput:
    return BadInput(_("“%(text)s” is not an e-mail address.") % {"text": text.strip()[:80]}, hint="name@example.org")
