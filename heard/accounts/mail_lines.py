"""How a community's mail goes out, and the DNS lines that make receivers believe it. No network."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from heard.accounts.models import Community
from heard.kit import dkim, mail
from heard.kit.errors import BadInput, Misconfigured
from heard.kit.headers import ascii_domain
from heard.kit.settings import settings

PIECE = 255  # characters of one string in a zone file
_INSIDE = ("localhost", "local", "internal", "lan", "invalid")  # last labels of names that only a house knows


@dataclass(frozen=True)
class Line:
    """A TXT record to add: at this name, this value."""

    name: str
    value: str

    @property
    def zone(self) -> str:
        """As a line of a zone file, in strings that are short enough for one."""
        text = self.value.replace("\\", "\\\\").replace('"', '\\"')
        strings = [f'"{text[at : at + PIECE]}"' for at in range(0, len(text), PIECE)]
        return f"{self.name}. 3600 IN TXT {strings[0] if len(strings) == 1 else '( ' + ' '.join(strings) + ' )'}"


@dataclass(frozen=True)
class Sending:
    """From whom, and through what.

    `domain` is "" when no receiver could answer there (localhost); `server` is "" when mails become files; `host` is
    the machine whose address receivers see, "" when it cannot be known from here.
    """

    address: str
    domain: str
    server: str
    host: str
    key: dkim.Key | None
    key_problem: str
    signed_as: str


def sending_of(community: Community) -> Sending:
    """How this community's mail goes out now."""
    address = community.sender or mail.sender_of()[1]
    try:
        domain = ascii_domain(address.rpartition("@")[2]).lower()
        signed_as = mail.signed_as(address).lower()
    except BadInput:
        domain = signed_as = ""
    try:
        key, problem = dkim.key(), ""
    except Misconfigured as refusal:
        key, problem = None, refusal.message
    return Sending(address, domain if _outside(domain) else "", _server(), _host(), key, problem, signed_as)


def spf_line(sending: Sending, present: list[str]) -> Line | None:
    """The one record there should be: what stands there already, and the machine that sends."""
    if not sending.domain or not sending.host:
        return None
    kept, everybody, elsewhere = [], "~all", ""
    for part in (part for record in present for part in record.split()[1:]):
        if part.lower() == "-all":
            everybody = part
        elif part.lower().startswith("redirect="):
            elsewhere = part
        elif part.lower().lstrip("+?~-") != "all" and part not in kept:
            kept.append(part)
    ours = _term(sending.host)
    last = elsewhere if elsewhere and not any(p.lower().endswith("all") for p in present) else everybody
    return Line(sending.domain, " ".join(["v=spf1", *kept, *([] if ours in kept else [ours]), last]))


def dkim_line(sending: Sending) -> Line | None:
    """The public half of the key."""
    if not (sending.key and sending.signed_as and sending.domain):
        return None
    return Line(dkim.record_name(sending.signed_as), dkim.record())


def dmarc_line(sending: Sending) -> Line | None:
    """A first policy: nothing is refused, and the domain counts as looked after."""
    return Line(f"_dmarc.{sending.domain}", "v=DMARC1; p=none") if sending.domain else None


def _server() -> str:
    """host:port of HEARD_SMTP_URL, never who signs in there."""
    parts = urlsplit(settings().smtp_url)
    port = parts.port or (465 if parts.scheme == "smtps" else 25)
    return f"{parts.hostname}:{port}" if parts.hostname else ""


def _host() -> str:
    """The mail server, when the world can see it; else this machine, or rather the name that people know it by."""
    if not settings().smtp_url:
        return ""
    names = (urlsplit(settings().smtp_url).hostname or "", urlsplit(settings().base_url).hostname or "")
    return next((name for name in names if _outside(name)), "")


def _outside(host: str) -> bool:
    """Whether the whole world could know this name or address."""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and host.rstrip(".").rpartition(".")[2].lower() not in _INSIDE


def _term(host: str) -> str:
    try:
        return f"ip{ip_address(host).version}:{host}"
    except ValueError:
        return f"a:{ascii_domain(host)}"
