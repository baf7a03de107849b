"""oEmbed (version 1.0 of the specification): what another site shows in place of a poll's link. Pure: values in, an answer out.

An answer is "rich": a link that stays where frames are taken out, and the frame. It is "link" where nobody may frame the
poll, or where there is no room for it.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

WIDEST, NARROWEST, LOWEST = 600, 220, 120  # px; in a lower frame a vote needs two taps (templates/assets/frame.js)
KEPT_SECONDS = 3600
CARD = (1200, 630)  # px, of /p/{slug}/card.png
PRIVATE = ("/m/", "/r/", "/b/")  # by their address alone; whether there is something is not said
# What XML 1.0 cannot hold, not even escaped.
_NOT_XML = "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # compiled when first asked for: 5 ms
_PATH = re.compile(r"/(?:p/([\w~-]{1,80})(?:/results)?|e/([\w~-]{1,80})|l/([\w~-]{1,40}))/?", re.ASCII)

Answer = dict[str, str | int]


class Asked(NamedTuple):
    """What an address of ours leads to: a poll by its slug, or whatever a tracked link leads to."""

    slug: str = ""
    link: str = ""
    via: str = ""
    language: str = ""


@dataclass(frozen=True)
class Shown:
    """The poll as other sites may show it. `height` in px at a width."""

    slug: str
    title: str
    community: str
    framable: bool
    height: int


def own_path(url: str, base_url: str) -> str | None:
    """The path and query of an address of this site; None for any other, whatever it looks like."""
    try:
        parts, ours = urlsplit(url), urlsplit(base_url)
        same = (parts.scheme, parts.hostname, _port(parts)) == (ours.scheme, ours.hostname, _port(ours))
    except ValueError:
        return None
    # a browser reads \ as / and leaves line ends out: such an address is none that we gave away
    odd = "\\" in url or any(c <= " " or c == "\x7f" for c in url)
    if odd or not same or "@" in parts.netloc:
        return None
    return f"{unquote(parts.path)}?{parts.query}"


def asked_for(path: str) -> Asked | None:
    """What a path of ours leads to, or None for one that oEmbed has no answer to."""
    path, _sep, query = path.partition("?")
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    given = dict(parse_qsl(query, max_num_fields=50)) if query.count("&") < 50 else {}
    via, language = (re.sub(r"[^\w~-]", "", given.get(name, "")[:40], flags=re.ASCII) for name in ("via", "lang"))
    slug, link = found[1] or found[2] or "", found[3] or ""
    return Asked(slug, link, via or link, language)


def answer(
    poll: Shown, base_url: str, *, via: str = "", language: str = "", maxwidth: int | None = None, maxheight: int | None = None
) -> Answer:  # fmt: skip
    """The answer for this poll. `maxwidth` and `maxheight` in px are kept, of the card too; None: no limit."""
    page = f"{base_url}/p/{quote(poll.slug)}"
    along = urlencode({name: value for name, value in (("via", via), ("lang", language)) if value})
    frame = f"{base_url}/e/{quote(poll.slug)}" + (f"?{along}" if along else "")
    made: Answer = {
        "version": "1.0", "type": "link", "title": poll.title, "author_name": poll.community,
        "provider_name": "Heard", "provider_url": base_url, "cache_age": KEPT_SECONDS,
    }  # fmt: skip
    width, height = _within(WIDEST, maxwidth), _within(poll.height, maxheight)
    if poll.framable and width >= NARROWEST and height >= LOWEST:
        made |= {
            "type": "rich", "width": width, "height": height,
            "html": _html(f"{page}?{along}" if along else page, frame, poll.title, width, height),
        }  # fmt: skip
    if (_within(CARD[0], maxwidth), _within(CARD[1], maxheight)) == CARD:
        made |= {"thumbnail_url": f"{page}/card.png", "thumbnail_width": CARD[0], "thumbnail_height": CARD[1]}
    return made


def as_xml(made: Mapping[str, str | int]) -> bytes:
    """The same as XML, everything escaped."""
    from xml.etree import ElementTree as ET  # few ask for XML

    root = ET.Element("oembed")
    for name, value in made.items():
        ET.SubElement(root, name).text = re.sub(_NOT_XML, "\ufffd", str(value))
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _html(page: str, frame: str, title: str, width: int, height: int) -> str:
    """What WordPress lets through: exactly these elements and attributes, the blockquote without any."""
    page, frame, title = (html.escape(text) for text in (page, frame, " ".join(title.split())))
    return (
        f'<blockquote><a href="{page}">{title}</a></blockquote>'
        f'<iframe src="{frame}" title="{title}" width="{width}" height="{height}" frameborder="0" loading="lazy"></iframe>'
    )


def _port(parts) -> int | None:  # type: ignore[no-untyped-def]
    return parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _within(wanted: int, limit: int | None) -> int:
    return wanted if limit is None else min(wanted, limit)
