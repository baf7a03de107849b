"""What a poll looks like in each place where its link is posted: the text, escaped for the place, within its limits. Pure.

Words of people stay words (polls/preview/escaping.py). What does not fit is cut at a word, from the end, and shown as cut;
the opening and closing day and the link always stay.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from heard.kit.errors import NotFound
from heard.kit.i18n import _, day, ngettext, number
from polls.preview import escaping
from polls.preview.fitting import Count, cut_at_word, on_x, utf8, utf16, with_short_links

MAIL_SUBJECT = 60  # characters; the hard limit of a header line, 998 bytes, is far away then
SHORT_DESCRIPTION = 40  # characters; a description that says less is not worth a preview
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
    seen: str = ""  # a post as its readers see it: without marks and escapes

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
    bold_end: str = ""  # "": as `bold`
    link: Callable[[str], str] = str
    subject: bool = False
    longest_subject: int = MAIL_SUBJECT
    between: str = "\n"  # lines
    posts: bool = True  # it has a text of its own; else only a card
    card: tuple[int, int] = (0, 0)  # room of the card's title and description; 0: no card
    card_count: Count = len
    card_unit: str = "characters"


SLACK = Place(
    "slack", "Slack", 3000, utf16, escape=escaping.slack, bold="*", link=lambda url: f"<{escaping.slack_url(url)}>"
)
DISCORD = Place(
    "discord", "Discord", 2000, utf16, escape=escaping.markdown, bold="**", card=(67, 347), card_count=utf8,
    card_unit="bytes",
)  # fmt: skip
MASTODON = Place("mastodon", "Mastodon", 500, with_short_links, escape=escaping.quiet)
BLUESKY = Place("bluesky", "Bluesky", 300, len, escape=escaping.quiet)
X = Place("x", "X", 280, on_x, escape=escaping.quiet)
LINKEDIN = Place("linkedin", "LinkedIn", 3000, utf16, escape=escaping.quiet)
REDDIT = Place(
    "reddit", "Reddit", 40_000, utf16, escape=escaping.reddit, subject=True, longest_subject=300, between="\n\n"
)
DISCOURSE = Place(
    "discourse", "Discourse", 32_000, utf16, escape=escaping.markdown, bold="**", card=(80, 250), card_count=utf16
)
FORUM = Place(
    "forum",
    "",
    60_000,
    utf16,
    escape=escaping.bbcode,
    bold="[b]",
    bold_end="[/b]",
    link=lambda url: f"[url]{url}[/url]",
)
CHAT = Place("chat", "", 4096, utf16, escape=escaping.quiet)
MAIL = Place("mail", "", 70_000, utf8, unit="bytes", subject=True)
CARD = Place("card", "", 0, utf16, posts=False, card=(70, 200), card_count=utf16)
PLACES = (CHAT, SLACK, DISCORD, MASTODON, BLUESKY, X, LINKEDIN, REDDIT, DISCOURSE, FORUM, MAIL, CARD)


def place_named(name: str) -> Place:
    """The place with this name. Raises NotFound."""
    for place in PLACES:
        if place.name == name:
            return place
    raise NotFound()


def preview_in(
    place: Place, *, title: str, intro: str, options: Sequence[str], url: str, closes: date | datetime | None,
    opens: date | datetime | None = None,
) -> PlacePreview:  # fmt: skip
    """What stands in this place. `url`: the tracked link of the place; `opens` (still to come), `closes`: in the
    community's zone.

    Sources: Slack's Block Kit reference (3,000 characters in a text), Discord's API reference (2,000) and a field report
    on its cards (67 and 347 bytes), Mastodon's API (500 by default), Discourse's oneboxes (80 and 250) and its setting
    max_post_length, Bluesky's 300 graphemes (code points are never fewer), twitter-text's weights, LinkedIn's 3,000,
    Reddit's 300 and 40,000, phpBB's 60,000, Telegram's 4,096 for a chat, the card's usual 70 and 200. Where a place does
    not say how it counts: UTF-16, which counts most.
    """
    title, intro = flat(title), _seen(intro)
    parts: list[PreviewPart] = []
    if place.subject:
        parts.append(_part("subject", title, place.longest_subject, utf16, "characters"))
    if place.posts:
        parts.append(_post(place, title, intro, options, url, _days(opens, closes)))
    if place.card != (0, 0):
        described = " ".join(intro.split()) or ", ".join(map(flat, options))
        for name, text, room in zip(("title", "description"), (title, described), place.card, strict=True):
            parts.append(_part(name, text, room, place.card_count, place.card_unit))
    return PlacePreview(
        place, label_of(place), tuple(parts), tuple(_notes(place, parts, f"{title}\n{intro}\n{options}"))
    )


def flat(text: str) -> str:
    """On one line, without signs that change what others see."""
    return " ".join(_seen(text).split())


def _seen(text: str) -> str:
    """Without signs that change what others see, or the header of a mail: controls, turned directions, half characters."""
    return _UNSEEN.sub(" ", text.replace("\r\n", "\n"))


def _part(name: str, text: str, room: int, count: Count, unit: str) -> PreviewPart:
    kept, cut = cut_at_word(text, room, count)
    return PreviewPart(kept, count(text), room, unit, count(text) > room, name, cut)


def _days(opens: date | datetime | None, closes: date | datetime | None) -> list[str]:
    if opens and closes:
        return [_("Open from %(start)s to %(end)s") % {"start": day(opens), "end": day(closes)}]
    if opens:
        return [_("Open from %(day)s on") % {"day": day(opens)}]
    return [_("Open until %(day)s") % {"day": day(closes)}] if closes else []


def _post(place: Place, title: str, intro: str, options: Sequence[str], url: str, days: Sequence[str]) -> PreviewPart:
    """Title, introduction, options and, whatever is cut, the days and the link."""
    tail = place.between.join([*days, place.link(url)])
    lines = [(place.bold, title, place.bold_end or place.bold)] if title and not place.subject else []
    lines += [("", " ".join(line.split()), "") for line in intro.splitlines() if line.strip()]
    lines += [("• ", words, "") for words in map(flat, options) if words]
    whole = place.between.join([*(f"{before}{place.escape(words)}{behind}" for before, words, behind in lines), tail])
    room, kept, cut, seen = place.room - place.count(f"{place.between}{tail}"), list[str](), list[str](), list[str]()
    for before, words, behind in lines:
        stays, rest = ("", words) if cut else cut_at_word(words, room, place.count, _shown(place, before, behind))
        if stays:
            kept.append(_shown(place, before, behind)(stays))
            seen.append(stays if before == place.bold else f"{before}{stays}")
            room -= place.count(f"{kept[-1]}{place.between}")
        if rest:
            cut.append(rest)
    text, used = place.between.join([*kept, tail]), place.count(whole)
    as_seen = "\n".join([*seen, *days, url])
    return PreviewPart(text, used, place.room, place.unit, bool(cut), "text", "\n".join(cut), as_seen)


def _shown(place: Place, before: str, behind: str) -> Callable[[str], str]:
    return lambda words: f"{before}{place.escape(words)}{behind}"


def label_of(place: Place) -> str:
    """Its name, in the language of this context."""
    if place.label:
        return place.label
    return {
        "mail": _("Mail"), "card": _("Link card"), "chat": _("Group chat"), "forum": _("Other forum"),
    }[place.name]  # fmt: skip


def _notes(place: Place, parts: Sequence[PreviewPart], written: str) -> list[str]:
    notes = []
    if any(part.cut for part in parts if part.name == "text"):
        notes.append(_("What does not fit is left out here; the link leads to all of it."))
    if place.escape is not str and escaping.CALLS.search(written):
        notes.append(_("An “@” in your words calls nobody here."))
    if place is MASTODON:
        notes.append(_("Every link counts as 23 characters, however long it is."))
    if place is DISCOURSE and len(next(p.text for p in parts if p.name == "description")) < SHORT_DESCRIPTION:
        words = _("Discourse previews the link only with a description: write an introduction of a sentence or two.")
        notes.append(words)
    if place is MAIL and parts[0].over:
        notes.append(_("A phone shows about 60 characters of a subject: put what matters first."))
    return notes
