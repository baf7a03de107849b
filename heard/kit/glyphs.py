"""What our fonts can draw, and which way a text runs: what no font has is left out, so that no empty box stands there."""

import re
import struct
import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

# Libertinus Serif comes inside Typst, so it cannot be read here: Hebrew, arrows and a few signs that Noto Sans has not.
EMBEDDED = (
    (0x5B0, 0x5C3), (0x5D0, 0x5EA), (0x5F0, 0x5F4), (0x2190, 0x219B), (0x221E, 0x221E), (0x2248, 0x2249),
    (0x2260, 0x2260), (0x2264, 0x2265), (0x25A0, 0x25A1), (0x25CB, 0x25CB), (0x25CF, 0x25CF), (0x2605, 0x2605),
)  # fmt: skip
_PLAIN = re.compile(r"[\n -~\u00a0-\u00ac\u00ae-\u024f\u2010-\u2015\u2018-\u201f\u2026\u202f]*")
_GAP = re.compile(r"(?<!\s)(\s*)\0([\s\0\u200b-\u200d]*)(?=(.?))", re.S)
_JOINERS = "\u200b\u200c\u200d"  # invisible, and needed: where a long word may break, and between letters
_HEAP = re.compile(r"(?<=[\u0300-\u036f]{3})[\u0300-\u036f]+")  # past the third accent on a letter


class Ranges(NamedTuple):
    """Characters, as sorted ranges: where each begins, where it ends."""

    begins: tuple[int, ...]
    ends: tuple[int, ...]

    def have(self, character: str) -> bool:
        """Whether this one is among them."""
        at = bisect_right(self.begins, ord(character)) - 1
        return at >= 0 and ord(character) <= self.ends[at]


def drawable(text: str) -> str:
    """The text without what none of our fonts has (emoji, rare scripts), invisible controls and heaps of accents."""
    if _PLAIN.fullmatch(text):
        return text
    marked = _HEAP.sub("", "".join(c if c == "\n" or _is_drawn(c) else "\0" for c in text))
    return _GAP.sub(_closed, marked).strip() if "\0" in marked else marked


def is_rtl(text: str) -> bool:
    """Whether it runs from right to left: by its first letter that has a direction."""
    ways = (unicodedata.bidirectional(c) for c in text)
    return next((way != "L" for way in ways if way in ("L", "R", "AL")), False)


def families(text: str) -> list[str]:
    """The fonts to set it in, in order. The font of East Asia, 19 MB, only where it is needed and installed."""
    needed = find_cjk() is not None and any(not _base().have(c) and _cjk().have(c) for c in set(text))
    return ["Noto Sans", "Noto Sans Arabic", *([_east_asian(text)] if needed else []), "Libertinus Serif"]


def find_cjk() -> Path | None:
    """The font file for Chinese, Japanese and Korean, if the extra `cjk` is installed."""
    found = find_spec("noto_cjk_sans_otc")
    return Path(found.origin).with_name("NotoSansCJK-Regular.ttc") if found and found.origin else None


def folders() -> list[Path]:
    """Where the fonts lie that are always there."""
    return [Path(find_spec(name).origin or "").parent for name in ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic")]  # type: ignore[union-attr]


def _closed(gap: "re.Match[str]") -> str:
    left, inside, then = gap.groups()
    if inside != inside.rstrip():
        return " "
    return " " if left and then.isalnum() else ""


@lru_cache(maxsize=4096)
def _is_drawn(character: str) -> bool:
    if unicodedata.category(character) == "Cf":
        return character in _JOINERS
    return _base().have(character) or _cjk().have(character)


def _east_asian(text: str) -> str:
    """Japanese, Korean and Chinese write the same signs differently: told by the letters only one of them has."""
    if any("\u3040" <= c <= "\u30ff" for c in text):
        return "Noto Sans CJK JP"
    return "Noto Sans CJK KR" if any("\uac00" <= c <= "\ud7a3" for c in text) else "Noto Sans CJK SC"


@cache
def _base() -> Ranges:
    files = [f for folder in folders() for f in folder.rglob("*.ttf") if "Italic" not in f.name]
    return _joined([*EMBEDDED, *(group for file in files for group in _cmap(file))])


@cache
def _cjk() -> Ranges:
    file = find_cjk()
    return _joined(_cmap(file) if file else [])


def _joined(groups: list[tuple[int, int]]) -> Ranges:
    merged: list[list[int]] = []
    for begin, end in sorted(groups):
        if merged and begin <= merged[-1][1] + 1:
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([begin, end])
    return Ranges(tuple(b for b, _ in merged), tuple(e for _, e in merged))


def _cmap(file: Path) -> list[tuple[int, int]]:
    """The characters of a font (of a collection: its first), from its table of format 12 (OpenType, "cmap")."""
    with file.open("rb") as font:

        def read(form: str, at: int) -> tuple[int, ...]:
            font.seek(at)
            return struct.unpack(form, font.read(struct.calcsize(form)))

        start = read(">I", 12)[0] if read(">4s", 0) == (b"ttcf",) else 0
        tables = (read(">4sIII", start + 12 + 16 * n) for n in range(read(">H", start + 4)[0]))
        cmap = next(where for name, _sum, where, _size in tables if name == b"cmap")
        kinds = (read(">HHI", cmap + 4 + 8 * n) for n in range(read(">H", cmap + 2)[0]))
        table = next(cmap + at for _platform, _encoding, at in kinds if read(">H", cmap + at) == (12,))
        (count,) = read(">I", table + 12)
        font.seek(table + 16)
        return [(begin, end) for begin, end, _glyph in struct.iter_unpack(">III", font.read(12 * count))]
