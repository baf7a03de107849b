"""DKIM: our signature on a mail, with the private key that HEARD_DKIM_KEY names (RFC 6376; RSA only).

One key and one selector for one domain, that of HEARD_MAIL_FROM: mail.signed_as() says which mail is signed.
"""

import base64
import binascii
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from heard.kit.errors import Misconfigured
from heard.kit.i18n import _
from heard.kit.settings import settings

SMALLEST, GOOD = 1024, 2048  # bits: below the first receivers do not look (RFC 8301), below the second some complain
# Signed as often as they stand there, and once more: then another one in front of ours breaks the signature too.
_SEALED = (
    "From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type", "List-Unsubscribe",
    "List-Unsubscribe-Post",
)  # fmt: skip
_SIGNED = ("Content-Transfer-Encoding", "List-Id", "Auto-Submitted")
_RSA = bytes.fromhex("300d06092a864886f70d0101010500")  # AlgorithmIdentifier: rsaEncryption, no parameters


class Key(NamedTuple):
    """A private key. `public` is its other half as it stands in the DNS: base64 of a SubjectPublicKeyInfo."""

    pem: bytes
    bits: int
    public: str


def key() -> Key | None:
    """The key of HEARD_DKIM_KEY; None when none is set. Raises Misconfigured for one that cannot be used."""
    return _read(settings().dkim_key) if settings().dkim_key else None


def is_open() -> bool:
    """Whether everybody on this machine may read the key."""
    try:
        return bool(Path(settings().dkim_key).stat().st_mode & 0o004)
    except OSError:
        return False


def record() -> str:
    """The TXT record that belongs to the key; "" without one."""
    own = key()
    return f"v=DKIM1; k=rsa; p={own.public}" if own else ""


def record_name(domain: str) -> str:
    """Where receivers look for it."""
    return f"{settings().dkim_selector}._domainkey.{domain}"


def sign(raw: bytes, domain: str) -> bytes:
    """The mail with its signature in front. `raw` is what goes out, to the byte. Raises Misconfigured."""
    import dkim

    own = key()
    if own is None:
        return raw
    there = [
        line.split(b":")[0].decode().lower() for line in raw.split(b"\r\n\r\n", 1)[0].split(b"\r\n") if b":" in line
    ]
    names = [n for name in _SEALED for n in [name] * (there.count(name.lower()) + 1)]
    names += [name for name in _SIGNED if name.lower() in there]
    head = dkim.sign(
        raw, settings().dkim_selector.encode(), domain.encode(), own.pem,
        canonicalize=(b"relaxed", b"relaxed"), include_headers=[name.encode() for name in names],
    )  # fmt: skip
    return bytes(head) + raw


@lru_cache
def _read(path: str) -> Key:
    from dkim.asn1 import ASN1FormatError
    from dkim.crypto import UnparsableKeyError, parse_pem_private_key

    try:
        text = Path(path).read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(path, getattr(error, "strerror", "") or _("it is not a PEM file")) from error
    if "ENCRYPTED" in text:
        raise _unusable(path, _("it asks for a password"))
    pem = "\n".join(line.strip() for line in text.strip().splitlines()).encode()
    try:
        found = parse_pem_private_key(pem)
    except (UnparsableKeyError, ASN1FormatError, binascii.Error, ValueError, IndexError, AssertionError) as error:
        raise _unusable(path, _("it holds no RSA private key in PEM form")) from error
    modulus, exponent = found["modulus"], found["publicExponent"]
    if modulus != found["prime1"] * found["prime2"] or modulus.bit_length() < SMALLEST:
        raise _unusable(path, _("it needs an RSA key of 2048 bits"))
    return Key(pem, modulus.bit_length(), base64.b64encode(_public(modulus, exponent)).decode())


def _unusable(path: str, why: str) -> Misconfigured:
    return Misconfigured(
        _("The DKIM key %(path)s cannot be used: %(why)s.") % {"path": path, "why": why},
        hint=_("Check the path and that Heard may read the file. A new key: %(command)s")
        % {"command": "openssl genrsa -out dkim.pem 2048"},
    )


def _public(modulus: int, exponent: int) -> bytes:
    """SubjectPublicKeyInfo (RFC 5280) around an RSAPublicKey (RFC 8017), in DER. dkimpy reads these but writes none."""
    numbers = _der(0x30, _integer(modulus) + _integer(exponent))
    return _der(0x30, _RSA + _der(0x03, b"\0" + numbers))


def _integer(value: int) -> bytes:
    return _der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))  # a bit more: the first one is the sign


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content
