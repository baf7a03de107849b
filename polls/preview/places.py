"""What a poll looks like in each place where its link is posted: the text, escaped for the place, within its limits. Pure.

Words of people never call anybody: an "@" is followed by a sign without width, and "<!channel>" is written out. What does
not fit is cut at a word, from the end, and shown as cut; the closing day and the link always stay.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from heard.kit.errors import NotFound
from heard.kit.i18n import _, day, ngettext, number
from polls.preview.fitting import Count, cut_at_word, utf8, utf16, with_short_links

NO_WIDTH = "\u200b"
MAIL_SUBJECT = 60  # characters; the hard limit of a header line, 998 bytes, is far away then
SHORT_DESCRIPTION = 40  # characters; a description that says less is not worth a preview
_CALLS = re.compile(r"@(?=everyone|here|channel|all\b|group|team|moderators|admins|staff)|(?<![\w/=])@(?=[\w&!])", re.I)
_LINKS = re.compile(r"https?://[\w.~/?#&=%:+-]+(?<![.:?])")
_FRONT = re.compile(r"^(\s*)(\d*)((?<=\d)[.)]|(?<!\d)[#+=-])")  # a heading, a list or a rule would begin
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class PreviewPart(NamedTuple):
    """One piece of a post. `used`: what the whole of it would need; `text`: what stands there in the end."""

    text: str
    used: int
    limit: int
    unit: str  # "characters" | "bytes"
    over: bool
    name: str = "text"  # subject | text | title | description
    cut: str = ""  # what did not fit, in the writer's words

    @property
    def label(self) -> str:
        """Its name, in the language of this context."""
        return {
            "subject": _("Subject"), "text": _("Text"), "title": _("Title of the card"),
            "description": _("Description of the card"),
        }[self.name]  # fmt: skip

    @property
    def measure(self) -> str:
        """How much of its room it needs, in words: "512 of 500 characters"."""
        words = (
            ngettext("%(used)s of %(limit)s byte", "%(used)s of %(limit)s bytes", self.limit)
            if self.unit == "bytes"
            else ngettext("%(used)s of %(limit)s character", "%(used)s of %(limit)s characters", self.limit)
        )
        return words % {"used": number(self.used), "limit": number(self.limit)}


class PlacePreview(NamedTuple):
    """A place with what stands there; `notes`: what its people should know, a sentence each."""

    place: "Place"
    label: str
    parts: tuple[PreviewPart, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A place with its rules: how it counts, how much room it has, how its markup is kept out of people's words."""

    name: str
    label: str
    room: int  # of a post
    count: Count
    unit: str = "characters"
    escape: Callable[[str], str] = str
    bold: str = ""
    link: Callable[[str], str] = str
    subject: bool = False
    posts: bool = True  # it has a text of its own; else only a card
    card: tuple[int, int] = (0, 0)  # room of the card's title and description; 0: no card
    card_count: Count = len
    card_unit: str = "characters"


def _quiet(text: str) -> str:
    """Calls nobody: an "@" in front of a name is followed by a sign without width."""
    return _CALLS.sub(f"@{NO_WIDTH}", text)


def _slack(text: str) -> str:
    """Slack's own rule: & < > are written as entities; so no <!channel>, <@U1> or <http…|words> is left."""
    return _quiet(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _markdown(text: str) -> str:
    """Shown as it stands: no markup, no link with other words, no HTML. Plain links keep working."""
    out, end = [], 0
    for link in _LINKS.finditer(text):
        out += [_backslashed(text[end : link.start()]), link[0]]
        end = link.end()
    escaped = "".join(out) + _backslashed(text[end:])
    return _quiet(_FRONT.sub(r"\1\2\\\3", escaped))


def _backslashed(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>~|]|&(?=#?\w+;))", r"\\\1", text)


SLACK = Place("slack", "Slack", 3000, utf16, escape=_slack, bold="*", link=lambda url: f"<{_slack_url(url)}>")
DISCORD = Place(
    "discord", "Discord", 2000, utf16, escape=_markdown, bold="**", card=(67, 347), card_count=utf8, card_unit="bytes"
)
MASTODON = Place("mastodon", "Mastodon", 500, with_short_links, escape=_quiet)
DISCOURSE = Place(
    "discourse", "Discourse", 32_000, utf16, escape=_markdown, bold="**", card=(80, 250), card_count=utf16
)
MAIL = Place("mail", "", 70_000, utf8, unit="bytes", subject=True)
CARD = Place("card", "", 0, utf16, posts=False, card=(70, 200), card_count=utf16)
PLACES = (SLACK, DISCORD, MASTODON, DISCOURSE, MAIL, CARD)


def place_named(name: str) -> Place:
    """The place with this name. Raises NotFound."""
    for place in PLACES:
        if place.name == name:
            return place
    raise NotFound()


def preview_in(
    place: Place, *, title: str, intro: str, options: Sequence[str], url: str, closes: date | datetime | None
) -> PlacePreview:
    """What stands in this place. `url`: the tracked link of the place; `closes`: in the community's zone.

    Sources: Slack's Block Kit reference (3,000 characters in a text), Discord's API reference (2,000) and a field report
    on its cards (67 and 347 bytes), Mastodon's API (500 by default), Discourse's oneboxes (80 and 250) and its setting
    max_post_length, the card's usual 70 and 200. Slack and Discord do not say how they count: UTF-16, which counts most.
    """
    title, intro = " ".join(_seen(title).split()), _seen(intro)
    parts: list[PreviewPart] = []
    if place.subject:
        parts.append(_part("subject", title, MAIL_SUBJECT, utf16, "characters"))
    if place.posts:
        parts.append(_post(place, title, intro, options, url, closes))
    if place.card != (0, 0):
        described = " ".join(intro.split()) or ", ".join(" ".join(_seen(o).split()) for o in options)
        for name, text, room in zip(("title", "description"), (title, described), place.card, strict=True):
            parts.append(_part(name, text, room, place.card_count, place.card_unit))
    return PlacePreview(place, _label(place), tuple(parts), tuple(_notes(place, parts, f"{title}\n{intro}\n{options}")))


def _seen(text: str) -> str:
    """Without signs that change what others see, or the header of a mail: controls, turned directions, half characters."""
    return _UNSEEN.sub(" ", text.replace("\r\n", "\n"))


def _part(name: str, text: str, room: int, count: Count, unit: str) -> PreviewPart:
    kept, cut = cut_at_word(text, room, count)
    return PreviewPart(kept, count(text), room, unit, count(text) > room, name, cut)


def _post(
    place: Place, title: str, intro: str, options: Sequence[str], url: str, closes: date | datetime | None
) -> PreviewPart:
    """Title, introduction, options and, whatever is cut, the closing day and the link."""
    end = [_("Open until %(day)s") % {"day": day(closes)}] if closes else []
    tail = "\n".join([*end, place.link(url)])
    lines = [(place.bold, title, place.bold)] if title and not place.subject else []
    lines += [("", " ".join(line.split()), "") for line in intro.splitlines() if line.strip()]
    lines += [("• ", flat, "") for o in options if (flat := " ".join(_seen(o).split()))]
    whole = "\n".join([*(f"{before}{place.escape(words)}{behind}" for before, words, behind in lines), tail])
    room, kept, cut = place.room - place.count(f"\n{tail}"), list[str](), list[str]()
    for before, words, behind in lines:
        stays, rest = ("", words) if cut else _fitted(place, room, before, words, behind)
        if stays:
            kept.append(stays)
            room -= place.count(f"{stays}\n")
        if rest:
            cut.append(rest)
    text = "\n".join([*kept, tail])
    used = place.count(whole)
    return PreviewPart(text, used, place.room, place.unit, bool(cut), "text", "\n".join(cut))


def _fitted(place: Place, room: int, before: str, words: str, behind: str) -> tuple[str, str]:
    def shown(text: str) -> str:
        return f"{before}{place.escape(text)}{behind}"

    stays, rest = cut_at_word(words, room, place.count, shown)
    return (shown(stays) if stays else ""), rest


def _slack_url(url: str) -> str:
    return url.replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")


def _label(place: Place) -> str:
    return place.label or {"mail": _("Mail"), "card": _("Link card")}[place.name]


def _notes(place: Place, parts: Sequence[PreviewPart], written: str) -> list[str]:
    notes = []
    if any(part.cut for part in parts if part.name == "text"):
        notes.append(_("What does not fit is left out here; the link leads to all of it."))
    if place.escape is not str and _CALLS.search(written):
        notes.append(_("An “@” in your words calls nobody here."))
    if place is MASTODON:
        notes.append(_("Every link counts as 23 characters, however long it is."))
    if place is DISCOURSE and len(next(p.text for p in parts if p.name == "description")) < SHORT_DESCRIPTION:
        words = _("Discourse previews the link only with a description: write an introduction of a sentence or two.")
        notes.append(words)
    if place is MAIL and parts[0].over:
        notes.append(_("A phone shows about 60 characters of a subject: put what matters first."))
    return notes
