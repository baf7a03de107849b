"""What is packed: zip and gzip, unpacked a piece at a time and never beyond a limit, whatever their heads say.

Sizes in a zip are claims. Each entry is unpacked here with the standard library's zlib and counted; it ends where the
counter says so. Entries that share bytes, or hold further archives, are refused unseen: that is how 42 kB become 4 PB.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from heard.kit.csvio import PIECE, damaged
from heard.kit.errors import BadInput
from heard.kit.i18n import _, number

LARGEST_UNPACKED = 200_000_000  # bytes, all entries together
MOST_ENTRIES = 1_000
ALWAYS_FINE = 10_000_000  # bytes that a file may unpack to, however small it is
MOST_TIMES = 200  # as large as it was packed: text packs to a tenth, seldom to a fiftieth
_LOCAL = struct.Struct("<4s22xHH")  # the head of an entry where it lies: its signature, the lengths of name and extras
_ARCHIVES = (".zip", ".gz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".tgz", ".zst")


def entries(raw: BinaryIO, name: str) -> list[ZipInfo]:
    """The files in a zip, once they may be unpacked. Raises BadInput."""
    _check_directory(raw, name)
    try:
        zipped = ZipFile(raw)
    except (BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
        raise damaged(name) from error
    found = [e for e in zipped.infolist() if not e.is_dir()]
    if len(found) > MOST_ENTRIES:
        raise _bomb(name, _("it holds more than %(n)s files") % {"n": number(MOST_ENTRIES)})
    if sum(e.file_size for e in found) > LARGEST_UNPACKED:
        raise _bomb(name, _("it unpacks to more than %(n)s bytes") % {"n": number(LARGEST_UNPACKED)})
    for entry in found:
        if entry.file_size > max(ALWAYS_FINE, MOST_TIMES * entry.compress_size):
            raise _bomb(name, _("“%(entry)s” in it is packed too tightly") % {"entry": entry.filename[:80]})
        if entry.filename.lower().endswith(_ARCHIVES):
            raise _bomb(name, _("“%(entry)s” in it is packed once more") % {"entry": entry.filename[:80]})
        if entry.flag_bits & 1 or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise _bomb(
                name, _("“%(entry)s” in it has a password or an unknown packing") % {"entry": entry.filename[:80]}
            )
    ends = 0
    for entry in sorted(found, key=lambda e: e.header_offset):
        if entry.header_offset < ends:
            raise _bomb(name, _("files in it share their bytes"))
        ends = entry.header_offset + _LOCAL.size + entry.compress_size
    if len({e.filename for e in found}) < len(found):
        raise _bomb(name, _("two files in it have one name"))
    return found


def unpacked(raw: BinaryIO, entry: ZipInfo, name: str) -> Iterator[bytes]:
    """The bytes of one entry. Raises BadInput for damaged ones, and those that are longer than they say."""
    raw.seek(entry.header_offset)
    head = raw.read(_LOCAL.size)
    if len(head) < _LOCAL.size or not head.startswith(b"PK\3\4"):
        raise damaged(name)
    _signature, of_name, of_extras = _LOCAL.unpack(head)
    at = entry.header_offset + _LOCAL.size + of_name + of_extras
    end = at + entry.compress_size
    inflate = zlib.decompressobj(-15) if entry.compress_type == ZIP_DEFLATED else None
    total, check = 0, 0
    while at < end or (inflate and inflate.unconsumed_tail):
        if inflate and inflate.unconsumed_tail:
            packed = inflate.unconsumed_tail
        else:
            raw.seek(at)
            packed = raw.read(min(PIECE, end - at))
            if not packed:
                raise damaged(name)
            at += len(packed)
        try:
            piece = inflate.decompress(packed, PIECE) if inflate else packed
        except zlib.error as error:
            raise damaged(name) from error
        total, check = total + len(piece), zlib.crc32(piece, check)
        if total > entry.file_size:
            raise _bomb(name, _("“%(entry)s” in it is longer than it says") % {"entry": entry.filename[:80]})
        yield piece
        if inflate and inflate.eof:
            break
    if total != entry.file_size or check != entry.CRC:
        raise damaged(name)


def _check_directory(raw: BinaryIO, name: str) -> None:
    """Refuse a long list of files before it is read: each of them takes memory. Its length stands at the end of the zip."""
    size = raw.seek(0, 2)
    raw.seek(max(0, size - (1 << 16) - 22))
    tail = raw.read()
    ends = [at.start() for at in re.finditer(rb"PK\x05\x06", tail) if len(tail) - at.start() >= 22]
    if not ends:
        raise damaged(name)
    if max(struct.unpack_from("<L", tail, at + 12)[0] for at in ends) > MOST_ENTRIES * 1_000:
        raise _bomb(name, _("it holds more than %(n)s files") % {"n": number(MOST_ENTRIES)})


def gunzipped(raw: BinaryIO, size: int, name: str) -> Iterator[bytes]:
    """The bytes of a gzip file that is `size` bytes long. Raises BadInput."""
    inflate, total, at = zlib.decompressobj(31), 0, 0
    packed = b""
    while True:
        if not packed:
            raw.seek(at)
            packed = raw.read(PIECE)
            at += len(packed)
            if not packed:
                break
        if inflate.eof:  # a file of several members
            inflate = zlib.decompressobj(31)
        try:
            piece = inflate.decompress(packed, PIECE)
        except zlib.error as error:
            raise damaged(name) from error
        packed = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
        total += len(piece)
        if total > LARGEST_UNPACKED:
            raise _bomb(name, _("it unpacks to more than %(n)s bytes") % {"n": number(LARGEST_UNPACKED)})
        if total > max(ALWAYS_FINE, MOST_TIMES * size):
            raise _bomb(name, _("it is packed too tightly"))
        yield piece
    if not inflate.eof:
        raise damaged(name)


def _bomb(name: str, why: str) -> BadInput:
    return BadInput(
        _("%(file)s was not unpacked: %(why)s.") % {"file": name[:200], "why": why},
        hint=_("Unpack it yourself, and bring the CSV files in it one by one."),
    )
