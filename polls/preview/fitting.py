"""How long a text is in the places it goes to, and cutting it to fit. Pure.

A cut falls between words, and never inside what a reader sees as one sign: an emoji of several parts, a letter with its
accents, a flag. Where a place's way of counting is not published, the way that counts most is taken.
"""

import re
import unicodedata
from collections.abc import Callable

Count = Callable[[str], int]
CUT = "…"
LINK = 23  # characters, whatever its length: Mastodon's rule
_LINKS = (
    re.compile(  # no more than what Mastodon surely takes for a link: a host with a name, and plain signs behind it
        r"https?://[a-z0-9.-]{1,250}\.[a-z]{2,24}(?![\w-])(?::\d{1,5})?(?:[/?#][a-z0-9_.~/?#&=%:+@-]*)?(?<![.:?])",
        re.I | re.A,
    )
)
_NAMES = re.compile(
    r"(?<![^\s@/])[^\w\s@/]*(\w[^\s@/]*\.\w\S*)"
)  # what X may take for an address, without https:// too
_HEAVY = re.compile("[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")  # what X counts twice
_JOINER, _KEYCAP = "\u200d", "\u20e3"


def signs(text: str) -> list[str]:
    """The text in what readers see as one sign each; a close likeness of Unicode's grapheme clusters (UAX 29)."""
    found: list[str] = []
    flag = False  # the last sign is one half of a flag
    for c in text:
        half = "\U0001f1e6" <= c <= "\U0001f1ff"
        joined = found and found[-1] != "\n" and (_continues(c) or (found[-1][-1] == _JOINER and ord(c) > 0x2000))
        if joined or (half and flag):
            found[-1] += c
            flag = False
        else:
            found.append(c)
            flag = half
    return found


def _continues(c: str) -> bool:
    """Marks, joiners, variation selectors, skin tones, tags."""
    return (
        unicodedata.category(c) in ("Mn", "Me", "Mc")
        or c in (_JOINER, _KEYCAP)
        or "\U0001f3fb" <= c <= "\U0001f3ff"
        or "\U000e0020" <= c <= "\U000e007f"
    )


def utf8(text: str) -> int:
    """Bytes."""
    return len(text.encode("utf-8", "replace"))


def utf16(text: str) -> int:
    """Characters as JavaScript counts them: an emoji is two or more."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def with_short_links(text: str) -> int:
    """Characters, every link as 23. Newer Mastodons count an emoji of several parts once, older ones each part: so do we."""
    return len(_LINKS.sub("x" * LINK, text))


def on_x(text: str) -> int:
    """Characters as X weighs them: links are 23, most signs beyond European letters count twice. Emoji of several parts,
    which X counts as one, are counted part by part; whatever may be an address counts 23 at least."""
    rest = _LINKS.sub(" ", text)
    links = len(_LINKS.findall(text))
    return (
        len(rest)
        + len(_HEAVY.findall(rest))
        + links * (LINK - 1)
        + sum(max(0, LINK - len(name)) for name in _NAMES.findall(rest))
    )


def cut_at_word(text: str, room: int, count: Count, shown: Callable[[str], str] = str) -> tuple[str, str]:
    """(what stays, what is cut off): `shown(what stays)` counts at most `room`, with "…" where something was cut.

    `shown` is the text as it goes out, escaped or marked up. ("", text) when not even a sign fits.
    """
    text = text.strip()
    if count(shown(text)) <= room:
        return text, ""
    parts = signs(text)
    low, high = 0, len(parts)
    while low < high:  # counting is nearly monotone: begin near the end of what fits, then look closely
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count(shown("".join(parts[:middle]) + CUT)) <= room else (low, middle - 1)
    words = [at for at in range(1, low + 1) if at == len(parts) or parts[at].isspace()]
    for at in [*reversed(words), *range(low, 0, -1)]:
        kept = "".join(parts[:at]).rstrip()
        if kept and count(shown(kept + CUT)) <= room:
            return kept + CUT, "".join(parts[at:]).strip()
    return "", text
