"""A PNG made smaller: Typst packs for speed. Takes what Typst gives: eight bits a channel, red green blue alpha, no interlace."""

import struct
import zlib
from collections.abc import Iterator

# Steps of each channel, tried in turn: as they are, then fewer; text on paper looks the same.
STEPS = (256, 64, 32, 16, 8)


def at_most(png: bytes, size: int) -> bytes:
    """The same picture, opaque, in at most `size` bytes if any of STEPS gets there; unchanged if it is small already."""
    if len(png) <= size:
        return png
    chunks = list(_chunks(png))
    width, height = struct.unpack(">II", chunks[0][1][:8])
    rows = list(_rows(zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT")), width))
    for steps in STEPS:
        table = bytes(round(round(value * (steps - 1) / 255) * 255 / (steps - 1)) for value in range(256))
        packed = zlib.compress(b"".join(b"\0" + row.translate(table) for row in rows), 9)
        header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        smaller = png[:8] + header + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")
        if len(smaller) <= size:
            break
    return smaller


def _rows(raw: bytes, width: int) -> Iterator[bytes]:
    """The rows as red, green, blue, their filters undone (PNG, clause 9). A filter only looks at its own channel, so that
    alpha can go first."""
    above = bytes(3 * width)
    for start in range(0, len(raw), 4 * width + 1):
        row = bytearray(raw[start + 1 : start + 4 * width + 1])
        del row[3::4]
        undo = (None, _left, _above, _average, _paeth)[raw[start]]
        above = bytes(undo(row, above) if undo else row)
        yield above


def _left(row: bytearray, _above: bytes) -> bytearray:
    for at in range(3, len(row)):
        row[at] = (row[at] + row[at - 3]) & 255
    return row


def _above(row: bytearray, above: bytes) -> bytes:
    """All bytes at once, as one large number: sums of the lower seven bits, and the highest without its carry."""
    size = len(row)
    low, high = int.from_bytes(b"\x7f" * size, "big"), int.from_bytes(b"\x80" * size, "big")
    one, other = int.from_bytes(row, "big"), int.from_bytes(above, "big")
    return (((one & low) + (other & low)) ^ ((one ^ other) & high)).to_bytes(size, "big")


def _average(row: bytearray, above: bytes) -> bytearray:
    for at, up in enumerate(above):
        row[at] = (row[at] + ((row[at - 3] if at > 2 else 0) + up) // 2) & 255
    return row


def _paeth(row: bytearray, above: bytes) -> bytearray:
    for at, up in enumerate(above):
        left, corner = (row[at - 3], above[at - 3]) if at > 2 else (0, 0)
        if corner == up:
            near = left
        elif corner == left:
            near = up
        else:
            by_left, by_up, by_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
            near = left if by_left <= by_up and by_left <= by_corner else up if by_up <= by_corner else corner
        row[at] = (row[at] + near) & 255
    return row


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(png):
        size, name = struct.unpack(">I4s", png[at : at + 8])
        yield name, png[at + 8 : at + 8 + size]
        at += 12 + size


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
