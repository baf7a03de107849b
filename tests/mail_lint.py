"""What the mail programs of our readers can draw, as an allow-list: tags, attributes, properties, sizes, contrast.

The facts behind it, client by client: Outlook for Windows up to 2024 draws with Word (no padding on links, no max-width,
no rounded corners, no backgrounds but colours; reads `bgcolor`, `width`, `height`, conditional comments and `mso-` properties).
Gmail takes away style elements over 8,192 characters, every attribute on* and id, `position`, `float`-less layouts, SVG,
forms and what is not http, and cuts mails off at 102 kB; with a foreign account it takes away all style elements, so what
matters is inline. Apple Mail draws nearly all of CSS, and turns colours round only where a mail says nothing about dark
screens. What is in FINER is lost somewhere without harm: a corner is square, a line is solid.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

MOST_BYTES, MOST_STYLE = 70_000, 8_192
TAGS = {
    "html": {"lang"}, "head": set(), "body": {"style"}, "title": set(), "style": set(),
    "meta": {"charset", "name", "content"}, "div": {"class", "style", "role", "dir"},
    "table": {"role", "class", "style", "width", "align", "cellpadding", "cellspacing", "border", "bgcolor", "aria-hidden"},
    "tbody": set(), "tr": set(),
    "td": {"class", "style", "width", "height", "align", "bgcolor", "colspan", "dir"},
    "h1": {"style", "dir"}, "h2": {"style", "dir"}, "p": {"class", "style", "dir"}, "a": {"class", "style", "href", "dir"},
    "span": {"class", "style", "dir"}, "b": set(), "br": set(), "bdi": set(),
}  # fmt: skip
EVERYWHERE = {
    "background", "border", "border-left", "border-top", "color", "font-family", "font-size", "font-weight", "line-height",
    "margin", "padding", "text-decoration", "width", "height",
}  # fmt: skip
FINER = {
    "border-collapse", "border-radius", "display", "letter-spacing", "max-height", "max-width", "mso-hide", "mso-padding-alt", "overflow",
    "text-align", "text-decoration-color", "text-decoration-style", "text-decoration-thickness", "text-underline-offset",
    "white-space", "word-break", "border-color",
}  # fmt: skip
VALUES = {"display": {"none", "inline-block", "block"}, "font-weight": {"bold", "normal"}, "text-align": {"center"}}
SMALLEST = 14  # px, of text that is read
_EMPTY = {"meta", "br"}
_COLOUR = re.compile(r"#[0-9a-f]{6}")


class Seen(NamedTuple):
    """A piece of text, and how it is drawn."""

    text: str
    colour: str
    paper: str
    size: float
    bold: bool


class _Reader(HTMLParser):
    """Goes through a mail as a program without a style element does."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.seen: list[Seen] = []
        self.styles: list[str] = []
        self.open: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        above = self.open[-1][1] if self.open else {"color": "#000000", "paper": "#ffffff", "font-size": "16px"}
        given = {name: value or "" for name, value in attrs}
        if tag not in TAGS:
            self.wrong.append(f"<{tag}>")
        self.wrong += [f"<{tag} {name}>" for name in given if name not in TAGS.get(tag, set())]
        if not re.match(r"https?://", given.get("href", "https://")):
            self.wrong.append(f"href {given['href']}")
        style = dict(_declared(given.get("style", "")))
        self.wrong += list(_wrong_in(style))
        now = above | {n: v for n, v in style.items() if n in ("color", "font-size", "font-weight", "display")}
        paper = style.get("background") or given.get("bgcolor")
        if style.get("background") and tag == "table" and not given.get("bgcolor"):
            self.wrong.append("a background without bgcolor")
        now["paper"] = paper or above["paper"]
        if tag not in _EMPTY:
            self.open.append((tag, now))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.open or not data.strip("\xa0 \n"):
            return
        tag, now = self.open[-1]
        if tag == "style":
            self.styles.append(data)
        elif tag != "title" and not any(one.get("display") == "none" for _tag, one in self.open):
            size = float(now["font-size"].removesuffix("px"))
            self.seen.append(Seen(data.strip(), now["color"], now["paper"], size, now.get("font-weight") == "bold"))


def _declared(style: str) -> Iterator[tuple[str, str]]:
    for one in filter(None, (part.strip() for part in style.split(";"))):
        name, _colon, value = one.partition(":")
        yield name.strip().lower(), value.replace("!important", "").strip()


def _wrong_in(style: dict[str, str]) -> Iterator[str]:
    for name, value in style.items():
        if name not in EVERYWHERE | FINER:
            yield name
        if re.search(r"url\(|var\(|calc\(|rgba?\(|\b(rem|em|vw|vh)\b|\d(rem|em|vw|vh)\b", value):
            yield f"{name}: {value}"
        if name in VALUES and value not in VALUES[name]:
            yield f"{name}: {value}"
        if name in ("color", "background") and not _COLOUR.fullmatch(value):
            yield f"{name}: {value}"
        if name == "width" and value.endswith("px") and float(value[:-2]) > 320:
            yield f"{name}: {value}"


def faults(html: str) -> list[str]:
    """What some reader's program lacks, in words; none is as it should be."""
    wrong = []
    if (size := len(html.encode())) > MOST_BYTES:
        wrong.append(f"{size} bytes")
    light = read(html)
    wrong += light.wrong
    wrong += [f"a style element of {len(one)} characters" for one in light.styles if len(one) > MOST_STYLE]
    if not re.search(r"<!--\[if mso\]>.*?width=\"600\"", html, re.DOTALL):
        wrong.append("Word has no width of 600")
    for css in light.styles:
        names = re.findall(r"([a-z-]+)\s*:[^;{}]*[;}]", re.sub(r"@media[^{]*\{", "", css))
        wrong += [name for name in names if name not in EVERYWHERE | FINER]
        if re.search(r"@import|@font-face|url\(|expression", css):
            wrong.append("a style element that loads something")
    for scheme, reader in (("light", light), ("dark", read(darkened(html)))):
        for one in reader.seen:
            enough = 3.0 if one.size >= 24 or (one.bold and one.size >= 18.66) else 4.5
            if (found := contrast(one.colour, one.paper)) < enough:
                wrong.append(f"{scheme}: {one.text[:30]!r} {one.colour} on {one.paper}, {found:.1f}")
            if one.size < SMALLEST:
                wrong.append(f"{one.text[:30]!r} in {one.size} px")
    return sorted(set(wrong))


def read(html: str) -> _Reader:
    """A mail gone through."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def darkened(html: str) -> str:
    """The mail with its rules for dark screens written into its elements, `bgcolor` too."""
    import css_inline

    rules = re.findall(r"@media \(prefers-color-scheme: dark\) \{(.*?\})\s*\}", html, re.DOTALL)
    body = re.sub(r"<style>.*?</style>", "", html.partition("<![endif]-->")[2], flags=re.DOTALL)
    made = css_inline.inline(f"<style>{' '.join(rules)}</style>{body}", keep_style_tags=False)
    return str(made)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, 1.4.3."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
