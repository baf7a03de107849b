"""A stored brief as a document of its own: HTML that needs nothing else, plain text, a mail, a page of PDF."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

from heard.accounts.models import Community
from heard.kit import mail, tokens, web
from heard.kit.i18n import _, day, speaking
from heard.kit.typeset import typeset
from insights.decide import asked
from insights.models import Brief
from insights.send import mails, shortening
from insights.write import briefs
from insights.write.shown import Tree

ENDINGS = ("html", "txt", "eml", "pdf")
# Points; tried in turn until a brief for leadership stands on one page.
SIZES = {"leadership": (11, 10, 9, 8), "product": (9.5,)}


def document(brief: Brief, community: Community, ending: str, tree: Tree) -> bytes:
    """The brief as a file with this ending; `tree`: its wording as it is shown. Raises LookupError for another ending."""
    makers = {
        "html": lambda: html_of(brief, community, tree).encode("utf-8", "replace"),
        "txt": lambda: briefs.plain_text(brief, tree).encode("utf-8", "replace"),
        "eml": lambda: eml_of(brief, community, tree),
        "pdf": lambda: pdf_of(brief, community, tree),
    }
    return makers[ending]()


def html_of(brief: Brief, community: Community, tree: Tree | None = None) -> str:
    """The brief as one HTML document: what its mail shows, with its styles inside."""
    with speaking(brief.locale):
        return mail.inlined(web.render("mail/brief/body.html", _context(brief, community, tree or brief.text)))


def eml_of(brief: Brief, community: Community, tree: Tree) -> bytes:
    """The brief as a mail to its own sender, to be opened, read and forwarded."""
    _name, own = mail.sender_of()
    sent = mails.composed(
        brief, community, tree, to=community.sender or own, message_id=mail.message_id(tokens.derived("file", brief.id)),
        address=briefs.address_of(brief),
    )  # fmt: skip
    return sent.as_bytes()


def sample_of(brief: Brief, community: Community, tree: Tree) -> EmailMessage:
    """The mail as a reader would get it, to nobody: its links are the brief's own."""
    address = briefs.address_of(brief)
    with speaking(brief.locale):
        answers = asked.buttons(asked.asked_of(tree), address)
    _name, own = mail.sender_of()
    return mails.composed(
        brief, community, tree, to=own, message_id=mail.message_id(tokens.derived("sample", brief.id)), address=address,
        unsubscribe=address, rhythm=address, answers=answers,
    )  # fmt: skip


def html_in(message: EmailMessage) -> str:
    """The HTML part of a mail of ours."""
    body = message.get_body(("html",))
    return str(body.get_content()) if body else ""


def in_scheme(html: str, *, dark: bool) -> str:
    """A mail as it looks where the reader's screen is dark, or light, whatever the screen it is looked at on. Pure."""
    return html.replace("@media (prefers-color-scheme: dark)", "@media all" if dark else "@media not all")


def pdf_of(brief: Brief, community: Community, tree: Tree | None = None) -> bytes:
    """The brief as PDF. What people wrote travels as JSON beside the template, never inside it."""
    tree = tree or brief.text
    with speaking(brief.locale):
        data = _for_typst(brief, community, tree)
    leading = brief.audience == "leadership"
    for part, size in _tries(tree) if leading else [(tree, SIZES["product"][0])]:
        made = typeset("insights/brief.typ", data | {"brief": part, "size": size}, form="pdf")
        if _pages(made) == 1:
            break
    return made


def _tries(tree: Tree) -> Iterator[tuple[Tree, float]]:
    """What a brief for leadership is set as until it stands on one page: smaller, then with less of how it was measured."""
    yield from ((tree, size) for size in SIZES["leadership"])
    yield from ((part, SIZES["leadership"][-1]) for part in shortening.shorter(tree) if part.get("cut"))


def _pages(pdf: bytes) -> int:
    """How many pages a PDF of ours has; Typst writes its page tree uncompressed."""
    return max((int(n) for n in re.findall(rb"/Count (\d+)", pdf)), default=1)


def _context(brief: Brief, community: Community, tree: Tree) -> dict[str, Any]:
    return {
        "brief": tree, "audience": brief.audience, "facts": brief.facts, "facts_hash": brief.facts_hash,
        "address": briefs.address_of(brief), "community": community.name, "reason": "", "unsubscribe": "", "rhythm": "", "answers": [],
    }  # fmt: skip


def _for_typst(brief: Brief, community: Community, tree: Tree) -> dict[str, Any]:
    return {
        "brief": tree, "audience": brief.audience, "locale": brief.locale, "hash": brief.facts_hash,
        "address": briefs.address_of(brief), "community": community.name,
        "period": _("%(since)s to %(until)s") % {"since": day(brief.since), "until": day(brief.until)},
        "cut": _("There was no room for all of this. The whole of it stands on its page."),
        "kind": _("Brief for leadership") if brief.audience == "leadership" else _("Brief for product"),
    }  # fmt: skip
