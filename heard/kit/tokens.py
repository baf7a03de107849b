"""Secrets made and compared: random, or derived from HEARD_SECRET so that they can be shown again.

Only hashes of them are stored. 128 bits or more, URL-safe, without a `-` at the start.
"""

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache

from heard.kit.settings import settings


def fresh(size: int = 16) -> str:
    """A new random token of `size` bytes (16 = 128 bit), as URL-safe text."""
    return _text(secrets.token_bytes(size))


def derived(purpose: str, *parts: object, size: int = 16) -> str:
    """A token made from HEARD_SECRET, the purpose and its parts: the same again after a restart or a kill."""
    message = "\x1f".join([purpose, *(str(p) for p in parts)])
    return _text(mac(message.encode("utf-8", "surrogatepass"))[:size])


def mac(message: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104) of a message under HEARD_SECRET: 32 bytes."""
    keyed = _keyed(settings().secret_key).copy()
    keyed.update(message)
    return keyed.digest()


@lru_cache(maxsize=4)
def _keyed(key: bytes) -> "hmac.HMAC":
    """With the key in it, to be copied: to begin anew takes longer than all the rest."""
    return hmac.new(key, digestmod="sha256")


def hashed(token: str) -> str:
    """What is stored of a token: SHA-256 in hex (64 characters)."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def same(one: str, other: str) -> bool:
    """Equal, compared in constant time."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


def random_id() -> int:
    """A random positive 63-bit integer: an id that tells neither order nor time (trust decision D7)."""
    return secrets.randbits(63) or 1


def ids_together(many: int) -> range:
    """So many ids that follow one another, from a random one on: rows that are written together lie together, in few pages of
    every index. Their order is the caller's; where it would tell something, each row takes a `random_id`."""
    start = 1 + secrets.randbelow(2**63 - 1 - many)
    return range(start, start + many)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=").replace("-", "~")
