"""The one way out to addresses that people give us.

An address is looked at when it is saved and again before every call: its form, its port, and every address that its name
has at that moment. The call goes to the very address that was looked at, so that a name which answers differently a
second later leads nowhere else (DNS rebinding; trust.md 2.7). Nothing is followed, and nothing of the answer is kept but
its status. What the operator sets (SMTP, a language model) does not come this way.
"""

import asyncio
import contextlib
import logging
import re
import socket
import threading
import time
from collections.abc import Mapping
from functools import cache, lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from heard.kit.dns import Asking
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.settings import settings

IpAddress = IPv4Address | IPv6Address
SECONDS = 10.0  # for a whole call, its name included
NAME_SECONDS, CONNECT_SECONDS, REST_SECONDS = 5.0, 4.0, 2.0  # of them: asking for a name; one address; an answer's rest
MOST_READ = 1_000_000  # bytes of an answer, as they come: nothing is unpacked, so nothing can swell
MOST_ADDRESSES = 4  # of a name that are tried
LONGEST = 2000
# Services that understand more of a stranger's bytes than they should; below 1024 only the web's own two are called.
CLOSED_PORTS = frozenset({
    1080, 1433, 1434, 1521, 2049, 2181, 2375, 2376, 2379, 2380, 3128, 3306, 3389, 4369, 5432, 5672, 5900, 5984, 6000,
    6379, 6380, 6443, 6667, 7199, 8500, 9042, 9092, 9100, 9160, 9200, 9300, 10250, 10255, 11211, 15672, 26379, 27017,
    27018, 50070,
})  # fmt: skip
_CLOSED4 = [ip_network(n) for n in (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
    "240.0.0.0/4",
)]  # fmt: skip
_OPEN6 = ip_network("2000::/3")  # all that is given out; in it, what is not for the public or holds another address
_CLOSED6 = [ip_network(n) for n in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
_NAT64 = ip_network("64:ff9b::/96")
# Where clouds hand out the keys of their machines: never called, whatever is allowed.
_METADATA = frozenset(ip_address(a) for a in (
    "169.254.169.254", "169.254.169.253", "169.254.170.2", "169.254.170.23", "100.100.100.200", "168.63.129.16", "192.0.0.192",
    "fd00:ec2::254", "fd00:ec2::253", "fd00:ec2::23", "fd20:ce::254",
))  # fmt: skip
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NUMERIC = re.compile(r"(?:.*\.)?(?:0x[0-9a-f]*|[0-9]+)")


class TargetRefused(BadInput):
    """An address that is not called. `why`: form, port, unknown or private."""

    code = "target_refused"

    def __init__(self, why: str, message: str, hint: str) -> None:
        super().__init__(message, hint=hint, fields={"url": message})
        self.why = why


class Place(NamedTuple):
    """An address that was looked at: `name` as the DNS knows it, and all the addresses it has just now."""

    scheme: str
    name: str
    port: int
    path: str  # with the query
    addresses: tuple[IpAddress, ...]

    @property
    def host(self) -> str:
        """For the header Host."""
        name = f"[{self.name}]" if ":" in self.name else self.name
        return name if self.port == {"http": 80, "https": 443}[self.scheme] else f"{name}:{self.port}"


class Answer(NamedTuple):
    """What came back. `status` None: nothing; `error` says why: timeout, unreachable, certificate, broken, or a `why` of
    TargetRefused."""

    status: int | None
    error: str = ""


def look_at(url: str, *, seconds: float = NAME_SECONDS) -> Place:
    """The place at this address, if it may be called. Asks the DNS: hold no transaction. Raises TargetRefused."""
    scheme, name, port, path = _taken_apart(url)
    if port not in (80, 443) and (port < 1024 or port in CLOSED_PORTS):
        raise TargetRefused(
            "port", _("Port %(port)s is not called.") % {"port": port}, _("Use 443, 80, or a port above 1023.")
        )
    addresses = _addresses(name, seconds)
    if not addresses:
        raise TargetRefused(
            "unknown", _("The name “%(name)s” is not known, or cannot be asked for now.") % {"name": name[:100]},
            _("Check how it is written, and try again in a minute."),
        )  # fmt: skip
    if not all(map(_may_be_called, addresses)):
        raise TargetRefused(
            "private", _("“%(name)s” leads to this machine or to a network that is not public.") % {"name": name[:100]},
            _("Use an address that everybody can reach. The operator can allow networks: HEARD_ALLOW_PRIVATE_TARGETS."),
        )  # fmt: skip
    return Place(scheme, name, port, path, addresses)


def _taken_apart(url: str) -> tuple[str, str, int, str]:
    """Scheme, name, port, path of an address. Whatever two programs could read differently is refused."""
    no_address = TargetRefused(
        "form", _("“%(url)s” is not an address that can be called.") % {"url": url[:100]},
        _("It looks like https://example.org/hooks/heard, without a user name in it."),
    )  # fmt: skip
    if len(url) > LONGEST or "\\" in url or any(c <= " " or c == "\x7f" for c in url):
        raise no_address
    try:
        parts = urlsplit(url)
        port = parts.port if parts.port is not None else {"http": 80, "https": 443}[parts.scheme]
        name = _plain(parts.hostname or "")
    except (ValueError, KeyError):
        raise no_address from None
    if "@" in parts.netloc or not name:
        raise no_address
    return parts.scheme, name, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _plain(host: str) -> str:
    """A host as the DNS knows it; "" for what is none, or a number written in a way of its own (0x7f.1, 2130706433)."""
    if not host.isascii():
        import idna

        host = idna.encode(host, uts46=True).decode()
    host = host.lower().rstrip(".")
    with contextlib.suppress(ValueError):
        return "" if "%" in host else str(ip_address(host))
    return host if len(host) <= 253 and _NAME.fullmatch(host) and not _NUMERIC.fullmatch(host) else ""


def _addresses(name: str, seconds: float) -> tuple[IpAddress, ...]:
    with contextlib.suppress(ValueError):
        return (ip_address(name),)
    if name == "localhost" or name.endswith(".localhost"):  # never by the DNS (RFC 6761, 6.3)
        return (IPv4Address("127.0.0.1"),)
    return tuple(ip_address(a.partition("%")[0]) for a in resolve(name, seconds))


def resolve(name: str, seconds: float) -> list[str]:
    """All addresses of a name: as HEARD_DNS_SERVER says where it is set, else as this machine knows them; [] when there are
    none, or none in time."""
    if settings().dns_server:
        return list(Asking().addresses(name).values)
    found: list[str] = []

    def ask() -> None:
        with contextlib.suppress(
            Exception
        ):  # whatever the system's resolver does: a name without address is not called
            found.extend(str(place[4][0]) for place in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM))

    # A thread of its own: the system's resolver knows no time limit, and cannot be told to stop.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    return [] if asking.is_alive() else list(dict.fromkeys(found))


def _may_be_called(address: IpAddress) -> bool:
    inner = _inner(address)
    if inner in _METADATA:
        return False
    if any(inner in network for network in _allowed(settings().allow_private_targets)):
        return True
    if isinstance(inner, IPv4Address):
        return not any(inner in network for network in _CLOSED4)
    return inner in _OPEN6 and not any(inner in network for network in _CLOSED6)


def _inner(address: IpAddress) -> IpAddress:
    """The IPv4 address that an IPv6 one stands for (mapped, or by way of NAT64), else itself."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


@lru_cache(maxsize=4)
def _allowed(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def post(url: str, content: bytes, headers: Mapping[str, str]) -> Answer:
    """Send this and say what came back; at most `SECONDS` for all of it. Hold no transaction. Never raises for what a name,
    a network or a server does."""
    until = time.monotonic() + SECONDS
    try:
        place = look_at(url)
    except TargetRefused as refusal:
        return Answer(None, refusal.why)
    return asyncio.run(_within(until - time.monotonic(), place, content, headers))


async def _within(seconds: float, place: Place, content: bytes, headers: Mapping[str, str]) -> Answer:
    import httpx

    logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log addresses, and some hold a secret
    secure = _certificates() if place.scheme == "https" else False
    answer = Answer(None, "timeout")
    try:
        # The limit is around everything: a server that sends a byte a second is inside every limit of single steps.
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(trust_env=False, verify=secure, timeout=httpx.Timeout(None, connect=CONNECT_SECONDS)) as http,
        ):  # fmt: skip
            for address in place.addresses[:MOST_ADDRESSES]:
                answer = await _to(http, address, place, content, headers)
                if answer.error != "unreachable":
                    break
    except TimeoutError:
        return answer if answer.status else Answer(None, "timeout")
    return answer


async def _to(http: Any, address: IpAddress, place: Place, content: bytes, headers: Mapping[str, str]) -> Answer:
    import httpx

    dialled = f"[{address}]" if address.version == 6 else str(address)
    sent = {"Host": place.host, "User-Agent": "Heard", "Accept": "*/*", "Accept-Encoding": "identity", **headers}
    request = http.build_request(
        "POST", f"{place.scheme}://{dialled}:{place.port}{place.path}", headers=sent, content=content,
        extensions={"sni_hostname": place.name},
    )  # fmt: skip
    try:
        answer = await http.send(request, stream=True, follow_redirects=False)
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        return Answer(None, "certificate" if "CERTIFICATE" in str(error) else "unreachable")
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
        return Answer(None, "broken")
    with contextlib.suppress(httpx.HTTPError, TimeoutError):
        async with asyncio.timeout(REST_SECONDS):
            await _let_finish(answer)
    with contextlib.suppress(httpx.HTTPError):
        await answer.aclose()
    return Answer(answer.status_code)


async def _let_finish(answer: Any) -> None:
    """Take the rest of an answer as it comes and throw it away: some servers call a caller rude who hangs up early."""
    read = 0
    async for piece in answer.aiter_raw():
        read += len(piece)
        if read > MOST_READ:
            return


@cache
def _certificates() -> Any:
    """Who may vouch for a server: the authorities of this machine, to which an operator may add, and those of certifi."""
    import ssl

    import certifi

    made = ssl.create_default_context()
    made.load_verify_locations(certifi.where())
    return made
