"""A picture made smaller is the same picture."""

import struct
import zlib

import pytest

from heard.kit import png

WIDTH, HEIGHT = 40, 25


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def pixel(x: int, y: int) -> bytes:
    return bytes(((x * 7 + y * y) % 256, (x * y * 3) % 256, (255 - 5 * x + y) % 256, 255))


def filtered(kind: int, row: bytes, above: bytes) -> bytes:
    """As an encoder does it: each byte less what its neighbours foretell (PNG, clause 9)."""
    out = bytearray()
    for at, value in enumerate(row):
        left, corner, up = (row[at - 4], above[at - 4], above[at]) if at > 3 else (0, 0, above[at])
        foretold = left + up - corner
        near = min((abs(foretold - left), 0, left), (abs(foretold - up), 1, up), (abs(foretold - corner), 2, corner))[2]
        out.append((value - (0, left, up, (left + up) // 2, near)[kind]) % 256)
    return bytes(out)


def a_png(kinds) -> bytes:
    raw, above = b"", bytes(4 * WIDTH)
    for y in range(HEIGHT):
        row = b"".join(pixel(x, y) for x in range(WIDTH))
        kind = kinds[y % len(kinds)]
        raw, above = raw + bytes([kind]) + filtered(kind, row, above), row
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def pixels(made: bytes) -> bytes:
    """Of what `at_most` gives: rows without a filter, three bytes a pixel."""
    at, packed = 8, b""
    while at < len(made):
        size, name = struct.unpack(">I4s", made[at : at + 8])
        body = made[at + 8 : at + 8 + size]
        assert struct.unpack(">I", made[at + 8 + size : at + 12 + size])[0] == zlib.crc32(name + body)
        packed += body if name == b"IDAT" else b""
        at += 12 + size
    raw, line = zlib.decompress(packed), 3 * WIDTH + 1
    assert all(raw[y * line] == 0 for y in range(HEIGHT))
    return b"".join(raw[y * line + 1 : (y + 1) * line] for y in range(HEIGHT))


@pytest.mark.parametrize("kinds", [(0,), (1,), (2,), (3,), (4,), (4, 2, 1, 3, 0)])
def test_every_filter_is_undone(monkeypatch, kinds):
    monkeypatch.setattr(png, "STEPS", (256,))
    assert pixels(png.at_most(a_png(kinds), 1)) == b"".join(
        pixel(x, y)[:3] for y in range(HEIGHT) for x in range(WIDTH)
    )


def test_what_is_small_stays_as_it_is():
    made = a_png((4, 2))
    assert png.at_most(made, len(made)) is made


def test_it_takes_fewer_steps_of_colour_until_it_is_small():
    smallest = png.at_most(a_png((2,)), 1)
    as_it_was = b"".join(pixel(x, y)[:3] for y in range(HEIGHT) for x in range(WIDTH))
    assert set(pixels(smallest)) == {round(step * 255 / 7) for step in range(8)}
    assert all(abs(a - b) <= 18 for a, b in zip(pixels(smallest), as_it_was, strict=True))
