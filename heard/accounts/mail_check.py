"""Whether receivers will believe a community's mail: what each answer of the DNS means, in plain words. Pure.

Before anything was asked, the rows say what each record is and which line makes it right.
"""

from dataclasses import dataclass

from heard.accounts.mail_lines import Line, Sending, dkim_line, dmarc_line, spf_line
from heard.accounts.mail_lookups import Found, dmarc_records
from heard.kit import dkim, spf
from heard.kit.dns import Answer
from heard.kit.i18n import _

POLICIES = ("none", "quarantine", "reject")


@dataclass
class Row:
    """One record. state: "" (not asked yet), fine, missing, differs or unknown."""

    title: str
    what: str
    state: str = ""
    says: str = ""
    found: tuple[str, ...] = ()
    line: Line | None = None
    instead: bool = False  # the line stands in for what was found


def rows(sending: Sending, found: Found | None) -> list[Row]:
    """SPF, DKIM and DMARC; when asked, also whether answers arrive and whether the sending machine has a name."""
    if not sending.domain:
        return []
    first = [_spf(sending, found), _dkim(sending, found)]
    return [*first, _dmarc_row(sending, found, first), *([_replies(found), _reverse(found)] if found else [])]


def _spf(sending: Sending, found: Found | None) -> Row:
    row = Row(
        _("SPF: who may send"),
        _(
            "A list at your domain of the machines that may send its mail. Receivers compare the machine that brings it."
        ),
        line=spf_line(sending, []),
    )
    if found is None:
        return row
    row.found = tuple(spf.records(found.txt.values))
    row.state, row.says = _spf_state(sending, found, list(row.found))
    row.line = spf_line(sending, list(row.found)) if row.state in ("missing", "differs") and not found.broken else None
    row.instead = bool(row.found)
    return row


def _spf_state(sending: Sending, found: Found, records: list[str]) -> tuple[str, str]:
    if found.txt.state == "unreachable":
        return "unknown", _("The DNS did not answer.")
    if not records:
        return "missing", _("There is no SPF record, so receivers cannot tell your mail from forged mail.")
    if len(records) > 1:
        return "differs", _(
            "There is more than one SPF record. Receivers then use none of them: put one in their place."
        )
    if found.broken:
        return "differs", _broken(found.broken)
    others = spf.says_all(records[0])
    if others == "pass":
        return "differs", _("The record lets everybody send mail in your name (+all).")
    denied = [address for address, word in found.results.items() if word not in ("pass", "unclear")]
    if denied and (friend := _included(sending.host, records[0])):
        return "fine", _("It includes %(domain)s, which belongs to your mail server.") % {"domain": friend}
    if denied:
        return "differs", _(
            "The record does not name %(host)s (%(addresses)s). If your mail provider sends from other machines than the "
            "one it takes mail at, follow what the provider says instead."
        ) % {"host": sending.host, "addresses": ", ".join(denied)}
    if not found.results or "unclear" in found.results.values():
        return "unknown", _("There is a record. Whether it names the machine that sends could not be found out.")
    if others in ("", "neutral"):
        return "differs", _(
            "The record names your machine, but does not say that others may not send (~all at its end)."
        )
    return "fine", _("The record names the machine that sends: %(addresses)s.") % {
        "addresses": ", ".join(found.results)
    }


def _broken(broken: spf.Broken) -> str:
    return {
        "lookups": _(
            "The record makes receivers ask the DNS more than 10 times, so they stop and count it as broken. Take out "
            "services that no longer send for you."
        ),
        "include": _("The record leads to %(value)s, which has no SPF record. Receivers count that as broken."),
        "syntax": _("The record holds “%(value)s”, which no receiver understands."),
    }[broken.why] % {"value": broken.value}


def _included(host: str, record: str) -> str:
    """The domain in the record that has the same owner as the mail server, as far as names tell."""
    values = (term.value for term in spf.terms(record) if term.kind in ("include", "redirect"))
    return next((value for value in values if _owner(value) == _owner(host)), "")


def _owner(name: str) -> list[str]:
    labels = name.lower().split(".")
    return labels[-3:] if len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3 else labels[-2:]


def _dkim(sending: Sending, found: Found | None) -> Row:
    row = Row(
        _("DKIM: a signature on each mail"),
        _("Receivers check it with a key that stands at your domain. So nobody can change a word on the way."),
        line=dkim_line(sending),
    )
    if sending.key_problem:
        row.state, row.says = "differs", sending.key_problem
    elif sending.key is None:
        row.state = "missing"
        row.says = _(
            "Heard signs nothing, because HEARD_DKIM_KEY is not set. Your mail server may sign in its place: a test mail "
            "that arrives shows it."
        )
    elif not sending.signed_as:
        row.state = "missing"
        row.says = _(
            "The key belongs to the domain of HEARD_MAIL_FROM. Mail from %(address)s is not signed by Heard."
        ) % {"address": sending.address}
    elif found:
        row.state, row.says, row.found = _dkim_state(sending.key, found.key)
        row.line = row.line if row.state in ("missing", "differs") else None
        row.instead = bool(row.found)
    return row


def _dkim_state(key: dkim.Key, answer: Answer) -> tuple[str, str, tuple[str, ...]]:
    if answer.state == "unreachable":
        return "unknown", _("The DNS did not answer."), ()
    records = tuple(text for text in answer.values if "p" in _tags(text))
    if not records:
        return "missing", _("The key is not there, so receivers cannot check the signature."), ()
    if len(records) > 1:
        return "differs", _("There is more than one key at this name. Leave one."), records
    tags = _tags(records[0])
    there = "".join(tags["p"].split())
    if not there:
        return "differs", _("The key was withdrawn: the record is there, but empty."), records
    if there != key.public or tags.get("k", "rsa") != "rsa" or tags.get("v", "DKIM1") != "DKIM1":
        return "differs", _("Another key stands there, so receivers take the signature for forged."), records
    if key.bits < dkim.GOOD:
        return (
            "fine",
            _("The key fits. It has %(bits)s bits; take one of 2048 next time.") % {"bits": key.bits},
            records,
        )
    if "y" in tags.get("t", ""):
        return "fine", _("The key fits. The record says that it is a trial (t=y): take that out."), records
    return "fine", _("The key fits."), records


def _dmarc_row(sending: Sending, found: Found | None, others: list[Row]) -> Row:
    row = Row(
        _("DMARC: what is done with forged mail"),
        _("It tells receivers what to do with mail in your name that passes neither of the two checks above."),
        line=dmarc_line(sending),
    )
    if found is None:
        return row
    at, answer = found.policies[-1]
    row.found = tuple(dmarc_records(answer))
    row.state, row.says = _dmarc_state(sending, at, answer.state, row.found)
    row.line = row.line if row.state in ("missing", "differs") else None
    row.instead = bool(row.found)
    if (
        row.state == "fine"
        and "none" not in _policy(sending, at, row.found[0])
        and all(r.state != "fine" for r in others)
    ):
        row.says += " " + _("Until SPF or DKIM is in order, this also meets your own mail.")
    return row


def _dmarc_state(sending: Sending, at: str, state: str, records: tuple[str, ...]) -> tuple[str, str]:
    if state == "unreachable":
        return "unknown", _("The DNS did not answer.")
    if not records:
        return "missing", _("There is no DMARC record. Large receivers ask for one from whoever sends to many.")
    if len(records) > 1:
        return "differs", _("There is more than one DMARC record. Receivers then use none of them.")
    policy, tags = _policy(sending, at, records[0]), _tags(records[0])
    if policy not in POLICIES:
        return "differs", _("The record does not say what to do: p is none, quarantine or reject.")
    if tags.get("adkim") == "s" and sending.signed_as not in ("", sending.domain):
        return "differs", _(
            "The record asks that the signature is of the very domain that mail comes from (adkim=s); ours is of %(domain)s."
        ) % {"domain": sending.signed_as}
    says = {
        "none": _("Forged mail is let through (p=none). That is right to begin with."),
        "quarantine": _("Forged mail goes to the spam folder (quarantine)."),
        "reject": _("Forged mail is refused (reject)."),
    }[policy]
    return "fine", says if at == sending.domain else says + " " + _("The record of %(domain)s counts here too.") % {
        "domain": at
    }


def _policy(sending: Sending, at: str, record: str) -> str:
    tags = _tags(record)
    return (tags.get("sp") if at != sending.domain else None) or tags.get("p", "")


def _replies(found: Found) -> Row:
    row = Row(
        _("MX: where answers go"),
        _("Replies, and notices that a mail did not arrive, go to the server that your domain names for its mail."),
        found=tuple(filter(None, found.mail_servers.values)),
    )
    if found.mail_servers.state == "unreachable":
        row.state, row.says = "unknown", _("The DNS did not answer.")
    elif row.found:
        row.state, row.says = "fine", _("There is a server for answers.")
    else:
        row.state, row.says = "missing", _("Nobody takes mail for this domain, so some receivers refuse mail from it.")
    return row


def _reverse(found: Found) -> Row:
    row = Row(
        _("PTR: the name of the machine"),
        _("Receivers look up the name that belongs to the address of the machine that sends."),
    )
    if not found.names:
        row.state, row.says = "unknown", _("The address of the machine that sends could not be found out.")
    elif all(found.names.values()):
        row.state = "fine"
        row.says = _("%(addresses)s has a name that leads back to it.") % {"addresses": ", ".join(found.names)}
    else:
        bare = ", ".join(address for address, named in found.names.items() if not named)
        row.state = "missing"
        row.says = _("%(addresses)s has no name that leads back to it. Whoever rents out the machine sets it.") % {
            "addresses": bare
        }
    return row


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _sep, value in pairs}
