"""What the DNS says about a domain that sends mail, and about the machine that sends it. Asks only; judges nothing."""

from dataclasses import dataclass, field
from ipaddress import ip_address

from heard.accounts.mail_lines import Sending
from heard.kit import dkim, spf
from heard.kit.dns import Answer, Asking

ADDRESSES = 8  # of the sending machine
PARENTS = 5  # names above a sub-domain where a DMARC record is looked for
NOTHING = Answer("none")
ANYBODY = "192.0.2.1"  # belongs to nobody: shows whether a record can be followed at all


@dataclass
class Found:
    """What the DNS said. `results`: for each address of the sending machine what SPF makes of it, a word of spf.py."""

    txt: Answer
    key: Answer = NOTHING
    policies: list[tuple[str, Answer]] = field(default_factory=list)  # (where, what): the last one counts
    mail_servers: Answer = NOTHING
    addresses: Answer = NOTHING
    results: dict[str, str] = field(default_factory=dict)
    broken: spf.Broken | None = None
    names: dict[str, bool] = field(default_factory=dict)  # address: it has a name that leads back to it


def look_up(sending: Sending, ask: Asking) -> Found:
    """Ask all there is to ask. It can take seconds: no transaction may be open."""
    found = Found(ask.txt(sending.domain))
    if sending.signed_as:
        found.key = ask.txt(dkim.record_name(sending.signed_as))
    for name in upwards(sending.domain):
        found.policies.append((name, ask.txt(f"_dmarc.{name}")))
        if dmarc_records(found.policies[-1][1]) or found.policies[-1][1].state == "unreachable":
            break
    if sending.host:
        answer = ask.addresses(sending.host)
        public = tuple(a for a in answer.values if ip_address(a).is_global)
        found.addresses = Answer(answer.state, public[:ADDRESSES])
    _evaluate(sending, found, ask)
    found.mail_servers = ask.mail_servers(sending.domain)
    if found.mail_servers.state == "none":
        found.mail_servers = ask.addresses(sending.domain)  # without MX the domain itself takes the mail
    for address in found.addresses.values:
        names = ask.names(address)
        if names.state != "unreachable":
            found.names[address] = any(address in ask.addresses(name).values for name in names.values[:3])
    return found


def _evaluate(sending: Sending, found: Found, ask: Asking) -> None:
    records = spf.records(found.txt.values)
    if len(records) != 1:
        return
    for address in found.addresses.values or (ANYBODY,):
        try:
            word = spf.Evaluation(ask, address).result(sending.domain, records[0])
        except spf.Unclear:
            word = "unclear"
        except spf.Broken as broken:
            found.broken = broken
            return
        if address != ANYBODY:
            found.results[address] = word


def dmarc_records(answer: Answer) -> list[str]:
    """Those of a name's texts that are DMARC records."""
    return [text for text in answer.values if text.strip().lower().startswith("v=dmarc1")]


def upwards(domain: str) -> list[str]:
    """The domain, and the names above it that hold for it where it says nothing itself, down to two labels."""
    labels = domain.split(".")
    above = [".".join(labels[at:]) for at in range(1, len(labels) - 1)]
    return [domain, *above[-PARENTS:]]
