"""SPF: whether the record of a domain lets an address send its mail (RFC 7208).

Not a mail server's evaluator: macros are not worked out, and every term is looked at, also those behind the first that
fits, because a record that asks too much of receivers fails for the next address.
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import NamedTuple, Protocol

from heard.kit.dns import Answer

LOOKUPS = 10
HOSTS = 10  # of an MX record
_TERM = re.compile(r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?::([^\s/]+))?((?:/\d{1,2})?(?://\d{1,3})?)", re.I)
_IP = re.compile(r"([+?~-]?)(ip4|ip6):(\S+)", re.I)
_MODIFIER = re.compile(r"([a-z][\w.-]*)=(\S*)", re.I)
_WORDS = {"+": "pass", "": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


class Broken(Exception):
    """Receivers cannot use the record; the word says why: lookups, syntax, include."""

    def __init__(self, why: str, value: str = "") -> None:
        super().__init__(why)
        self.why, self.value = why, value


class Unclear(Exception):
    """It could not be found out: the DNS is away, or macros stand in the way."""


class Asks(Protocol):
    """What is needed of heard.kit.dns.Asking."""

    def txt(self, name: str) -> Answer: ...
    def addresses(self, name: str) -> Answer: ...
    def mail_servers(self, name: str) -> Answer: ...


class Term(NamedTuple):
    """A part of a record: `~all`, `include:x.example`, `redirect=x.example` (kind "redirect")."""

    word: str  # what it makes of an address that fits: pass, fail, softfail, neutral
    kind: str
    value: str = ""
    sizes: str = ""  # /24, //64 or /24//64


def records(texts: tuple[str, ...]) -> list[str]:
    """Those of a domain's texts that are SPF records."""
    return [text.strip() for text in texts if re.match(r"v=spf1(\s|$)", text.strip(), re.I)]


def terms(record: str) -> list[Term]:
    """The record taken apart. Raises Broken for a part that is none."""
    found = []
    for part in record.split()[1:]:
        if literal := _IP.fullmatch(part):
            found.append(Term(_WORDS[literal[1]], literal[2].lower(), _network(literal[3], part)))
        elif mechanism := _TERM.fullmatch(part):
            kind, value = mechanism[2].lower(), mechanism[3] or ""
            if (kind in ("include", "exists", "ip4", "ip6") and not value) or (
                kind == "all" and (value or mechanism[4])
            ):
                raise Broken("syntax", part)
            found.append(Term(_WORDS[mechanism[1]], kind, value.rstrip("."), mechanism[4]))
        elif modifier := _MODIFIER.fullmatch(part):
            if modifier[1].lower() == "redirect":
                found.append(Term("", "redirect", modifier[2].rstrip(".")))
        else:
            raise Broken("syntax", part)
    return found


def says_all(record: str) -> str:
    """What the record makes of everybody else: pass, fail, softfail, neutral; "redirect"; "" when it does not say."""
    parts = terms(record)
    return next(
        (t.word for t in parts if t.kind == "all"), "redirect" if any(t.kind == "redirect" for t in parts) else ""
    )


@dataclass
class Evaluation:
    """Of one address."""

    ask: Asks
    address: str
    lookups: int = 0

    def result(self, domain: str, record: str) -> str:
        """pass, fail, softfail or neutral. Raises Broken and Unclear."""
        parts, found, unclear = terms(record), "", False
        everybody = any(term.kind == "all" for term in parts)
        for term in parts:
            if term.kind == "redirect":
                continue
            try:
                if self._fits(term, domain) and not found:
                    found = term.word
            except Unclear:
                unclear = unclear or not found
            if term.kind == "all":
                break
        target = next((t.value for t in parts if t.kind == "redirect"), "")
        if target and not everybody:
            followed = self._follow(target)
            found = found or followed
        if unclear and found != "pass":
            raise Unclear
        return found or "neutral"

    def _fits(self, term: Term, domain: str) -> bool:
        name = term.value or domain
        if term.kind == "all":
            return True
        if term.kind in ("ip4", "ip6"):
            return ip_address(self.address) in ip_network(term.value, strict=False)
        if term.kind == "include":
            return self._follow(name) == "pass"
        self._count()
        if "%" in name or term.kind in ("ptr", "exists"):
            raise Unclear
        hosts = (name,) if term.kind == "a" else _known(self.ask.mail_servers(name))[:HOSTS]
        return any(self._near(address, term.sizes) for host in hosts for address in _known(self.ask.addresses(host)))

    def _follow(self, domain: str) -> str:
        self._count()
        if "%" in domain:
            raise Unclear
        found = records(_known(self.ask.txt(domain)))
        if len(found) != 1:
            raise Broken("include", domain)
        return self.result(domain, found[0])

    def _count(self) -> None:
        self.lookups += 1
        if self.lookups > LOOKUPS:
            raise Broken("lookups")

    def _near(self, address: str, sizes: str) -> bool:
        ours, theirs = ip_address(self.address), ip_address(address)
        four, _sep, six = sizes.partition("//")
        size = four.strip("/") if ours.version == 4 else six
        longest = 32 if ours.version == 4 else 128
        return ours.version == theirs.version and ours in ip_network(
            f"{theirs}/{min(int(size or longest), longest)}", strict=False
        )


def _known(answer: Answer) -> tuple[str, ...]:
    if answer.state == "unreachable":
        raise Unclear
    return answer.values


def _network(text: str, part: str) -> str:
    try:
        return str(ip_network(text, strict=False))
    except ValueError:
        raise Broken("syntax", part) from None
