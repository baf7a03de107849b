"""Asking the DNS: what stands at a name, or that it could not be asked. Nothing is raised for what a server does.

A question waits at most 3 seconds, all questions of one Asking together at most 8; the same question is asked once.
"""

import socket
import time
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from heard.kit.settings import settings

ONE, ALL = 3.0, 8.0  # seconds
QUESTIONS = 100  # of one Asking, whatever records lead to
RECORDS, LONGEST = 40, 4000


class Answer(NamedTuple):
    """state: found, none (no such name, or nothing of this kind there) or unreachable."""

    state: str
    values: tuple[str, ...] = ()


class Asking:
    """A round of questions to HEARD_DNS_SERVER, or to the servers of this machine."""

    def __init__(self) -> None:
        self._until = time.monotonic() + ALL
        self._known: dict[tuple[str, str], Answer] = {}
        self._resolver: Any = None

    def txt(self, name: str) -> Answer:
        """The texts at a name, each with its pieces put together."""
        return self._ask(name, "TXT")

    def addresses(self, name: str) -> Answer:
        """IPv4 and IPv6 addresses of a host; an address is its own."""
        if _is_address(name):
            return Answer("found", (name,))
        four, six = self._ask(name, "A"), self._ask(name, "AAAA")
        values = four.values + six.values
        if values:
            return Answer("found", values)
        return Answer("unreachable" if "unreachable" in (four.state, six.state) else "none")

    def mail_servers(self, name: str) -> Answer:
        """Where mail for a domain is taken, the preferred one first."""
        return self._ask(name, "MX")

    def names(self, address: str) -> Answer:
        """The names that an address says it has."""
        return self._ask(ip_address(address).reverse_pointer, "PTR")

    def _ask(self, name: str, kind: str) -> Answer:
        question = (name.rstrip(".").lower(), kind)
        if question not in self._known:
            self._known[question] = self._answer(*question)
        return self._known[question]

    def _answer(self, name: str, kind: str) -> Answer:
        import dns.exception
        import dns.name
        import dns.resolver

        left = self._until - time.monotonic()
        if left <= 0 or len(self._known) >= QUESTIONS:
            return Answer("unreachable")
        try:
            self._resolver = self._resolver or _resolver()
            said = self._resolver.resolve(dns.name.from_text(name), kind, search=False, lifetime=min(ONE, left))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.LabelTooLong, dns.name.NameTooLong):
            return Answer("none")
        except (dns.exception.DNSException, OSError, ValueError):
            return Answer("unreachable")
        return Answer("found", tuple(_value(record, kind) for record in sorted(said, key=_order)[:RECORDS]))


def _resolver() -> Any:
    import dns.resolver

    if not settings().dns_server:
        return dns.resolver.Resolver()
    parts = urlsplit(f"//{settings().dns_server}")
    made = dns.resolver.Resolver(configure=False)
    found = socket.getaddrinfo(parts.hostname, parts.port or 53, type=socket.SOCK_DGRAM)
    made.nameservers = list(dict.fromkeys(str(place[4][0]) for place in found))
    made.port = parts.port or 53
    return made


def _order(record: Any) -> int:
    return int(getattr(record, "preference", 0))


def _value(record: Any, kind: str) -> str:
    if kind == "TXT":
        return str(b"".join(record.strings).decode("utf-8", "replace")[:LONGEST])
    text = str(record.exchange if kind == "MX" else record.target if kind == "PTR" else record.address)
    return text.rstrip(".").lower()


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False
