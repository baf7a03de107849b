"""The picture of 1200 × 630 that stands under a link in a post: what is on it, its version, and how it is drawn.

The version is a hash of what is on it and of how it is drawn, so that the address changes exactly when the picture does.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from heard.kit import glyphs, png, typeset
from heard.kit.colour import accent_colours
from heard.kit.i18n import _, speaking

TEMPLATE, WORDMARK = "feedback/card.typ", "assets/wordmark.svg"
LARGEST = 100_000  # bytes
_TOO_LONG = re.compile(r"[^\s\u200b\u2e80-\uffff]{25,}")  # words that get places to break
LONGEST_ALT, LEAST_TOLD, MOST_TOLD, LONGEST_SITE = 400, 60, 200, 253


@dataclass(frozen=True)
class Row:
    """An option, or a bar: `share` in 0..1, None where nothing is counted."""

    label: str
    figure: str = ""
    share: float | None = None
    top: bool = False


@dataclass(frozen=True)
class Card:
    """What is on the picture, from above; empty parts are left out. `alt` says the same in words."""

    community: str
    title: str
    locale: str
    accent: str
    state: str = ""  # beside the community
    before_head: str = ""
    before: str = ""  # smaller, above the title
    head: str = ""
    text: str = ""  # below the title, where there are no rows
    mark: str = ""  # before each row: circle | box | dot
    rows: tuple[Row, ...] = ()
    of: int = 0  # rows there are, if they are more
    scale: bool = False  # the rows are the steps of a scale: all of them or none
    foot: str = ""
    alt: str = ""

    @property
    def version(self) -> str:
        """Changes exactly when the picture does."""
        return hashlib.sha256(f"{_drawing()}{self._json}".encode()).hexdigest()[:20]

    def draw(self) -> bytes:
        """The picture, as PNG."""
        return png.at_most(typeset.typeset(TEMPLATE, json.loads(self._json), form="png"), LARGEST)

    @property
    def _json(self) -> str:
        return json.dumps(_as_drawn(self), ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True)
class Preview:
    """What a page tells whoever links to it (templates/parts/preview_tags.html). `address`, `image`: absolute."""

    title: str
    description: str
    address: str
    site_name: str
    image: str
    alt: str
    locale: str
    colour: str
    kind: str = "website"


def preview_of(card: Card, *, title: str, told: list[str], address: str, image: str, kind: str = "website") -> Preview:
    """The tags of a page. `told`: sentences of its description, as many as it takes; `image`: the card's address, without
    its version."""
    versioned = f"{image}{'&' if '?' in image else '?'}v={card.version}"
    return Preview(
        title=flat(title), description=description(told), address=address, site_name=_bytes_of(card.community or title),
        image=versioned, alt=cut(card.alt or card.title, LONGEST_ALT), locale={"fr": "fr_FR"}.get(card.locale, "en_US"),
        colour=accent_colours(card.accent).light, kind=kind,
    )  # fmt: skip


def description(told: list[str]) -> str:
    """Sentences until there are enough words for a preview, cut at a word."""
    out = ""
    for sentence in map(flat, told):
        if sentence and len(out) < LEAST_TOLD:
            out = f"{out} {sentence}".strip()
    return cut(out, MOST_TOLD)


def flat(text: str) -> str:
    """On one line; no-break spaces stay."""
    return re.sub(r"[\t\n\v\f\r ]+", " ", text).strip()


def cut(text: str, most: int) -> str:
    """At most this many characters, cut at a word."""
    if len(text) <= most:
        return text
    return f"{text[: most - 1].rsplit(' ', 1)[0].rstrip(' ,;:.–—-')}…"


def sentence(text: str) -> str:
    """With a full stop, where it ends in none."""
    return f"{text}." if text and text[-1].isalnum() else text


def _bytes_of(name: str) -> str:
    """Discord shows nothing at all of a page whose site's name is longer than this, in bytes."""
    return flat(name).encode()[:LONGEST_SITE].decode(errors="ignore")


@cache
def _drawing() -> str:
    """How pictures are drawn: the template, the wordmark, and whether there is a font for East Asia."""
    parts = (typeset.source(TEMPLATE), typeset.source(WORDMARK), str(glyphs.find_cjk() is not None).encode())
    return hashlib.sha256(b"".join(parts)).hexdigest()


def _as_drawn(card: Card) -> dict[str, Any]:
    """The data of the template: every text with its direction, without what no font can draw."""
    texts = ("community", "state", "before_head", "before", "head", "title", "text", "foot")
    said = {name: _said(getattr(card, name)) for name in texts}
    if said["title"] is None:  # only emoji, or a script that no font here has
        said["title"], said["community"] = said["community"] or _said("Heard"), None
    rows = [asdict(row) | {"label": label} for row in card.rows if (label := _said(row.label))]
    colours = accent_colours(card.accent)
    with speaking(card.locale):
        more = _("and %(n)s more")
    return said | {
        "rows": rows, "of": max(card.of, len(card.rows)), "more": more, "mark": card.mark, "scale": card.scale, "locale": card.locale,
        "accent": colours.light, "soft": colours.soft_light,
        "wordmark": typeset.source(WORDMARK).decode().replace("#0b5d63", "#56615f"),
    }  # fmt: skip


def _said(text: str) -> dict[str, Any] | None:
    words = _TOO_LONG.sub(_breakable, glyphs.drawable(flat(text)))
    return {"words": words, "rtl": glyphs.is_rtl(words)} if words.strip("\u200b\u200c\u200d ") else None


def _breakable(word: "re.Match[str]") -> str:
    return "\u200b".join(re.findall(".{1,8}", word[0]))
