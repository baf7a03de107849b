"""The words of a PDF that Typst made, for tests: its fonts say by ToUnicode which letters their glyphs are. No library reads it here."""

import re
import zlib
from collections.abc import Iterator, Mapping

_OBJECT = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.DOTALL)
_WORD = re.compile(rb"/(\w+)\s+[\d.]+\s+Tf|<([0-9A-Fa-f\s]*)>|(\()|\b(?:Td|BT|Tm|TD)\b")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """What the pages show, in the order in which it is drawn, a line for each piece that is placed anew."""
    objects = {int(n): body for n, body in _OBJECT.findall(pdf)}
    objects |= {n: body for packed in objects.values() if b"/ObjStm" in packed for n, body in _unpacked(packed)}
    maps = {
        n: _letters(_stream(objects[int(found[1])]))
        for n, body in objects.items()
        if (found := re.search(rb"/ToUnicode (\d+) 0 R", body))
    }
    pages = [body for body in objects.values() if re.search(rb"/Type\s*/Page\b", body)]
    return "\n".join(_page(body, objects, maps) for body in pages)


def _page(body: bytes, objects: Mapping[int, bytes], maps: Mapping[int, dict[bytes, str]]) -> str:
    resources = body
    if found := re.search(rb"/Resources (\d+) 0 R", body):
        resources = objects[int(found[1])]
    if found := re.search(rb"/Font (\d+) 0 R", resources):
        resources = b"/Font" + objects[int(found[1])]
    block = re.search(rb"/Font\s*<<(.*?)>>", resources, re.DOTALL)
    named = re.findall(rb"/(\w+) (\d+) 0 R", block[1]) if block else []
    fonts = {name: maps[int(n)] for name, n in named if int(n) in maps}
    contents = re.findall(rb"/Contents (?:\[\s*)?(\d+) 0 R", body)
    return "\n".join(_drawn(_stream(objects[int(n)]), fonts) for n in contents)


def _stream(body: bytes) -> bytes:
    found = re.search(rb"stream\r?\n(.*?)endstream", body, re.DOTALL)
    if found is None:
        return b""
    try:
        # the line break before endstream is left on: what is packed may itself end with one
        return zlib.decompressobj().decompress(found[1])
    except zlib.error:
        return found[1]


def _unpacked(body: bytes) -> Iterator[tuple[int, bytes]]:
    data = _stream(body)
    first, n = (int(re.search(rb"/%s (\d+)" % name, body)[1]) for name in (b"First", b"N"))  # type: ignore[index]
    numbers = [int(x) for x in data[:first].split()[: 2 * n]]
    places = list(zip(numbers[::2], numbers[1::2], strict=True))
    for (number, start), end in zip(places, [p for _n, p in places[1:]] + [len(data) - first], strict=True):
        yield number, data[first + start : first + end]


def _letters(cmap: bytes) -> dict[bytes, str]:
    """{code in hex: letters} of a ToUnicode map."""
    found: dict[bytes, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, letters in re.findall(rb"<(\w+)>\s*<(\w+)>", block):
            found[code.upper()] = bytes.fromhex(letters.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for low, high, letters in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for step in range(int(high, 16) - int(low, 16) + 1):
                found[b"%0*X" % (len(low), int(low, 16) + step)] = chr(int(letters, 16) + step)
    return found


def _drawn(stream: bytes, fonts: Mapping[bytes, dict[bytes, str]]) -> str:
    out: list[str] = []
    letters: dict[bytes, str] = {}
    place = 0
    while found := _WORD.search(stream, place):
        place, raw = found.end(), b""
        if found[1]:
            letters = fonts.get(found[1], {})
        elif found[2] is not None:
            raw = bytes.fromhex(found[2].decode())
        elif found[3]:
            raw, place = _string(stream, place)
        else:
            out.append("\n")
        out += [letters.get(raw[at : at + 2].hex().upper().encode(), "?") for at in range(0, len(raw), 2)]
    return "".join(out)


def _string(stream: bytes, place: int) -> tuple[bytes, int]:
    """The string that begins here, and where it ends: brackets may stand in it in pairs, all else behind a backslash."""
    out, depth = bytearray(), 1
    while True:
        letter = stream[place : place + 1]
        place += 1
        if letter == b"\\":
            octal = re.match(rb"[0-7]{1,3}", stream[place : place + 3])
            said = octal[0] if octal else stream[place : place + 1]
            place += len(said)
            out += bytes([int(said, 8) & 255]) if octal else _ESCAPES.get(said, said)
            continue
        depth += (letter == b"(") - (letter == b")")
        if not depth or not letter:
            return bytes(out), place
        out += letter
