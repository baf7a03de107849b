"""Who may show a poll inside a frame: any site, the sites that a manager lists, or none. Kept in `Poll.embed_on`.

An entry is an origin as Content-Security-Policy reads it (`frame-ancestors`): what is stored goes into a header, so nothing
but scheme, host and port comes in, and hosts in letters beyond a to z come in as browsers compare them, in punycode.
"""

import re
from typing import NamedTuple

import idna

from heard.accounts import audit
from heard.accounts.models import Account
from heard.kit.db import DbSession
from heard.kit.errors import BadInput
from heard.kit.i18n import _, number
from polls.models import Poll

ANYBODY, NOBODY = "*", ""
WHO = ("anybody", "listed", "nobody")
MOST, LONGEST = 50, 2000  # entries; characters of all of them, as the column holds
LOCAL = ("localhost", "127.0.0.1")
_SITE = re.compile(r"(https?)://((?:\*\.)?)([^\s/:?#@;,'\"\\<>*%]+)(?::([0-9]{1,5}))?/?", re.I)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class Choice(NamedTuple):
    """What the form says: one of WHO, and a line for each site."""

    who: str
    sites: str = ""


def choice_of(embed_on: str) -> Choice:
    """A stored setting as the form shows it."""
    if embed_on in (ANYBODY, NOBODY):
        return Choice("anybody" if embed_on else "nobody")
    return Choice("listed", "\n".join(embed_on.split()))


def ancestors(embed_on: str) -> str:
    """The sources of frame-ancestors."""
    return embed_on or "'none'"


def let_frame(session: DbSession, poll: Poll, choice: Choice, *, by: Account | None) -> None:
    """Say who may frame a poll from now on. Raises BadInput naming the entry that is no site."""
    wanted = {"anybody": ANYBODY, "nobody": NOBODY}.get(choice.who)
    if choice.who not in WHO:
        words = _("Choose one of the three.")
        raise BadInput(words, fields={"who": words})
    embed_on = sites(choice.sites) if wanted is None else wanted
    session.refresh(poll, with_for_update=True)
    if poll.embed_on == embed_on:
        return
    poll.embed_on = embed_on
    poll.revision += 1  # so that the poll in memory is read again
    session.add(poll)
    audit.record(session, by, "poll.framing", poll.slug, community_id=poll.community_id, embed_on=embed_on[:200])
    session.flush()


def sites(text: str) -> str:
    """The lines as origins with a blank between them, each once. Raises BadInput."""
    found = list(dict.fromkeys(site(line) for line in _lines(text)))
    joined = " ".join(found)
    if not found:
        raise _refused(_("Name at least one site, or choose “On no site”."))
    if len(found) > MOST or len(joined) > LONGEST:
        raise _refused(
            _("This is more than the list can hold. %(n)s sites are the most; “https://*.example.org” stands for many.")
            % {"n": number(MOST)}
        )
    return joined


def _lines(text: str) -> list[str]:
    return [line.strip(" \t") for line in text.replace("\r\n", "\n").split("\n") if line.strip(" \t")]


def site(entry: str) -> str:
    """One entry as browsers compare it: https://blog.example.org, https://*.example.org:8443. Raises BadInput."""
    found = _SITE.fullmatch(entry)
    if found is None:
        raise _not_a_site(entry)
    scheme, wild, name, port = found[1].lower(), found[2], _host(found[3].lower(), entry), int(found[4] or 0)
    if (name in LOCAL and wild) or port > 65535 or (found[4] is not None and port == 0):
        raise _not_a_site(entry)
    if scheme == "http" and name not in LOCAL:
        words = _(
            "“%(site)s” begins with http: such a page can be altered on its way. Only sites with https can be listed."
        )
        raise _refused(words % {"site": entry[:100]})
    usual = {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{wild}{name}" + (f":{port}" if port and port != usual else "")


def _host(name: str, entry: str) -> str:
    if name in LOCAL:
        return name
    try:
        name = name if name.isascii() else idna.encode(name, uts46=True).decode()
    except UnicodeError as error:  # idna's own errors are of this kind
        raise _not_a_site(entry) from error
    labels = name.split(".")
    if len(name) > 253 or len(labels) < 2 or labels[-1].isdigit() or not all(map(_LABEL.fullmatch, labels)):
        raise _not_a_site(entry)
    return name


def _not_a_site(entry: str) -> BadInput:
    shown = "".join(c if c.isprintable() else "�" for c in entry[:100])
    return _refused(
        _(
            "“%(site)s” is not the address of a site. Write it like https://blog.example.org, without anything behind it."
        )
        % {"site": shown}
    )


def _refused(words: str) -> BadInput:
    return BadInput(words, fields={"sites": words})
