"""CSV in and out. What we write opens in a spreadsheet without running; what we read may come from anywhere.

A cell that a spreadsheet would take for a formula gets a leading apostrophe, and loses it again when it is read: so a
file that goes out and comes back is the same, a text that began with an apostrophe included.

A file is read as often as one likes and never held: once over its bytes, which tells the encoding and how long its lines
are, then row by row. What can be said of a megabyte at once (no apostrophe in it, no NUL) is not asked of each cell.
"""

import codecs
import csv
import io
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple
from zipfile import BadZipFile

from heard.kit.errors import BadInput
from heard.kit.i18n import _, number

LARGEST_CELL = 1_000_000  # characters
LARGEST_ROW = 8_000_000
MOST_COLUMNS = 5_000
PIECE = 1 << 20
DELIMITERS = "\t;,"  # where two fit equally well, the one that prose has less of
ONE_COLUMN = "\x1f"  # the delimiter of a file that has one column: commas in it are prose
_END = "\x1eend\x1e"
# White space and byte order marks in front do not keep a spreadsheet from seeing a formula.
_FORMULA = re.compile(r"'*[\s\ufeff]*[=+\-@＝＋－＠\t\r]")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_RUBBISH = bytes(c for c in range(32) if c not in b"\t\n\v\f\r\x1c\x1d\x1e\x1f\x1b")
_MAGIC = {
    b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"\xd0\xcf\x11\xe0": "XLS", b"PK\x03\x04": "ZIP",
    b"\x1f\x8b": "GZIP",
}  # fmt: skip
BROKEN = (OSError, EOFError, zlib.error, BadZipFile)  # what a damaged container raises while it is read


def safe(cell: str) -> str:
    """A cell or a head that no spreadsheet runs. Numbers stay numbers."""
    return "'" + cell if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def plain(cell: str) -> str:
    """A cell as it was before `safe`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def line(cells: Iterable[object]) -> str:
    """One row of a CSV file: every cell made safe and quoted (so that no other separator splits it), ended by CRLF."""
    return ",".join('"' + safe(str(c)).replace('"', '""') + '"' for c in cells) + "\r\n"


class Row(NamedTuple):
    """A row and the line of the file it ends on. `problem`: why it cannot be taken, or ""; its cells are then as they came."""

    line: int
    cells: list[str]
    problem: str = ""


class Sheet(NamedTuple):
    """A table that can be read as often as one likes: its file's name, its heads, and a way to its rows, each as wide as the
    heads. Empty lines are left out. `told`: sentences on how it was read."""

    name: str
    head: list[str]
    rows: Callable[[], Iterator[Row]]
    told: tuple[str, ...] = ()


def read(path: Path) -> Sheet:
    """A CSV file: UTF-8 (with a mark or not), UTF-16 or Windows text; comma, semicolon or tab; any line ends.

    Every value stays text: "None", "NA" and "0012" are answers. Raises BadInput when there is nothing to read.
    """
    return sheet(path.name, partial(open_file, path))


def sheet(
    name: str, opened: Callable[[], BinaryIO], *, head: Sequence[str] | None = None, by_rows: bool = False
) -> Sheet:
    """The table that these bytes hold; `opened` opens them anew. `head`: its heads, where its first row is none. `by_rows`:
    rows are numbered one by one and not by lines. Raises BadInput."""
    encoding, told = encoding_of(name, opened)
    text = partial(as_text, opened, encoding)
    delimiter = _delimiter(name, text)
    first = next(_rows(name, text, delimiter, None), None)
    if first is None:
        raise _empty(name)
    must_be_so_few(name, len(first.cells))
    if first.problem:
        raise not_text(name)
    if delimiter in ";\t":
        words = (
            _("Its columns are separated by tabs.")
            if delimiter == "\t"
            else _("Its columns are separated by semicolons.")
        )
        told = (*told, words)
    heads = [c.strip() for c in first.cells] if head is None else list(head)
    rows = partial(_rows, name, text, delimiter, len(heads), skip_first=head is None, by_rows=by_rows)
    return Sheet(name, heads, rows, told)


def rows_in(raw: bytes, name: str) -> list[Row]:
    """The rows of a file that came another way, the first one too; `name` is what it is called. Raises BadInput as above."""
    opened = partial(io.BytesIO, raw)
    encoding, _told = encoding_of(name, opened)
    text = partial(as_text, opened, encoding)
    delimiter = _delimiter(name, text)
    rows = list(_rows(name, text, "," if delimiter == ONE_COLUMN else delimiter, None))
    if not rows:
        raise _empty(name)
    return rows


def must_be_so_few(name: str, columns: int) -> None:
    """Raise BadInput for a file with more columns, or questions, than can be read: each of them takes memory."""
    if columns > MOST_COLUMNS:
        raise BadInput(
            _("%(file)s has %(n)s columns; %(most)s are the most that can be read.")
            % {"file": name[:200], "n": number(columns), "most": number(MOST_COLUMNS)},
            hint=_("Delete the columns that hold no answers, and save it again."),
        )


def pieces(opened: Callable[[], BinaryIO], name: str) -> Iterator[bytes]:
    """The bytes, a megabyte at a time. Raises BadInput for a damaged file."""
    try:
        with opened() as file:
            while piece := file.read(PIECE):
                yield piece
    except BROKEN as error:
        raise damaged(name) from error


def damaged(name: str) -> BadInput:
    """The refusal of a file that ends too early or is not what it says."""
    return BadInput(
        _("%(file)s is damaged or cut off.") % {"file": name[:200]},
        hint=_("Download or save it again, and bring that one."),
    )


def not_text(name: str, what: str = "") -> BadInput:
    """The refusal of a file that holds no text."""
    return BadInput(
        _("%(file)s is no table but a file of the kind %(what)s.") % {"file": name[:200], "what": what}
        if what
        else _("%(file)s is no text that can be read here.") % {"file": name[:200]},
        hint=_("Save it again as CSV (UTF-8)."),
    )


def open_file(path: Path) -> BinaryIO:
    """A file of this machine, to read. Raises BadInput."""
    try:
        return path.open("rb")
    except OSError as error:
        raise BadInput(
            _("%(file)s cannot be read: %(why)s.") % {"file": path, "why": error.strerror or error},
            hint=_("Check the path; it is taken from the folder you are in."),
        ) from error


def _empty(name: str) -> BadInput:
    return BadInput(_("%(file)s is empty.") % {"file": name[:200]}, hint=_("The first row names the columns."))


def encoding_of(name: str, opened: Callable[[], BinaryIO]) -> tuple[str, tuple[str, ...]]:
    """The encoding, from all bytes, and what is worth saying of it. Raises BadInput for what is no text, and long lines."""
    start = next(pieces(opened, name), b"")
    if what := next((what for magic, what in _MAGIC.items() if start.startswith(magic)), ""):
        raise not_text(name, what)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        sample = start[: 1 << 16]
        even, odd = (sample[at::2].count(0) * 2.5 > len(sample) / 2 for at in (0, 1))
        encoding = "utf-16-le" if odd and not even else "utf-16-be" if even and not odd else "utf-8-sig"
        if encoding == "utf-8-sig" and len(sample) - len(sample.translate(None, _RUBBISH)) > max(16, len(sample) / 20):
            raise not_text(name)
    if encoding != "utf-8-sig":
        _check_lines(name, opened, encoding, "replace")
        return encoding, (_("Its letters are encoded as UTF-16."),)
    try:
        whole = _check_lines(name, opened, encoding, "strict")
    except UnicodeDecodeError:
        _check_lines(name, opened, "cp1252", "replace")
        return "cp1252", (_("Its letters are no UTF-8, so they were read as those of Windows (1252)."),)
    return encoding, () if whole else (_("It ends in the middle of a letter: perhaps it was cut off."),)


def _check_lines(name: str, opened: Callable[[], BinaryIO], encoding: str, errors: str) -> bool:
    """Whether the file ends with a whole letter. Raises BadInput for a line that is too long to be held."""
    decoder, length = codecs.getincrementaldecoder(encoding)(errors), 0
    for piece in pieces(opened, name):
        text = decoder.decode(piece)
        end = max(text.rfind("\n"), text.rfind("\r"))
        length = len(text) - end - 1 if end >= 0 else length + len(text)
        if length > LARGEST_ROW:
            raise BadInput(
                _("%(file)s has a line of more than %(n)s letters.") % {"file": name[:200], "n": number(LARGEST_ROW)},
                hint=_("Each response is a line of its own. Save it again as CSV (UTF-8)."),
            )
    return not decoder.getstate()[0]


def as_text(opened: Callable[[], BinaryIO], encoding: str) -> io.TextIOWrapper:
    """The letters of a file. All line ends are "\\n"."""
    return io.TextIOWrapper(opened(), encoding=encoding, errors="replace")


def _delimiter(name: str, text: Callable[[], io.TextIOWrapper]) -> str:
    """The delimiter by which most rows are as wide as the first one; it must split that one."""
    try:
        with text() as file:
            lines = file.readlines(PIECE // 4)
    except BROKEN as error:
        raise damaged(name) from error
    best = max(((_fit(lines, d), d) for d in DELIMITERS), key=lambda found: found[0])
    return best[1] if best[0] > (-1, 0.0) else ONE_COLUMN


def _fit(lines: Sequence[str], delimiter: str) -> tuple[int, float]:
    """How well it fits: without broken quotes before with them, then the share of the rows that are as wide as the first."""
    csv.field_size_limit(LARGEST_CELL)
    widths, sound = list[int](), 1
    for strict in (True, False):
        try:
            widths = []
            for cells in csv.reader(iter(lines), delimiter=delimiter, strict=strict):
                widths += [len(cells)] if any(cells) else []
                if len(widths) == 100:
                    break
            break
        except csv.Error:
            sound = 0  # a quote that the sample cuts in two is an error too: it is one for every delimiter
    if not widths or widths[0] < 2:
        return -1, 0.0
    return sound, sum(w == widths[0] for w in widths) / len(widths)


def _rows(
    name: str,
    text: Callable[[], io.TextIOWrapper],
    delimiter: str,
    width: int | None,
    *,
    skip_first: bool = False,
    by_rows: bool = False,
) -> Iterator[Row]:
    """The rows; `width` None: each as wide as it is.

    This loop runs for each of a million rows: what is rare stands in functions of its own.
    """
    csv.field_size_limit(LARGEST_CELL)
    last, odd, ended, count = 0, False, False, 0
    odd_ones = ("\0", "\n'", "\"'", delimiter + "'")  # NUL, or an apostrophe where a cell begins

    def lines(file: io.TextIOWrapper) -> Iterator[str]:
        nonlocal odd, ended
        before, given, waiting, was_odd = -1, 0, 0, False
        while piece := file.readlines(PIECE):
            joined = "".join(piece)
            waiting = len(joined) if last > before else waiting + len(joined)  # since the last row that ended
            if waiting > LARGEST_ROW + PIECE:
                raise _unclosed(name, last + 1)
            is_odd = joined[0] == "'" or any(odd_one in joined for odd_one in odd_ones)
            odd, was_odd = is_odd or was_odd, is_odd
            before, given = given, given + len(piece)
            del joined
            yield from piece
        ended = True
        yield _END

    make = tuple.__new__
    try:
        with text() as file:
            reader = csv.reader(lines(file), delimiter=delimiter)
            for cells in reader:
                if ended:
                    if cells != [_END]:
                        raise _unclosed(name, last + 1)
                    return
                last = reader.line_num
                count += 1
                problem = ""
                if odd:
                    cells, problem = _as_they_were(cells)
                if len(cells) != width and width is not None:
                    cells, problem = _as_wide(cells, width, problem)
                if skip_first or not any(cells):
                    skip_first = skip_first and not any(cells)
                    continue
                yield make(Row, (count if by_rows else last, cells, problem))
    except csv.Error as error:
        raise BadInput(
            _("%(file)s cannot be read: the row that begins in line %(line)s holds a field of more than %(n)s letters.")
            % {"file": name[:200], "line": number(last + 1), "n": number(LARGEST_CELL)},
            hint=_("A quote that is opened there and never closed does this. Save it again as CSV (UTF-8)."),
        ) from error
    except BROKEN as error:
        raise damaged(name) from error


def _unclosed(name: str, at: int) -> BadInput:
    return BadInput(
        _("%(file)s cannot be read: a quote in the row that begins in line %(line)s is never closed.")
        % {"file": name[:200], "line": number(at)},
        hint=_("Perhaps it was cut off. Save it again as CSV (UTF-8)."),
    )


def _as_they_were(cells: list[str]) -> tuple[list[str], str]:
    """Without the apostrophes before formulas; and why the row cannot be stored, or ""."""
    joined = "\x1f".join(cells)
    if joined.startswith("'") or "\x1f'" in joined:
        cells = [plain(c) for c in cells]
    if "\0" in joined:
        return cells, _("The text holds a character that cannot be stored (NUL, or half of a surrogate pair).")
    return cells, ""


def _as_wide(cells: list[str], width: int, problem: str) -> tuple[list[str], str]:
    """As wide as the heads. What stands beyond them is never dropped in silence."""
    if len(cells) < width:
        return cells + [""] * (width - len(cells)), problem
    if not any(c.strip() for c in cells[width:]):
        return cells[:width], problem
    words = _("The row has %(n)s cells, and there are %(heads)s heads: perhaps a text in it should stand in quotes.")
    return cells, problem or words % {"n": number(len(cells)), "heads": number(width)}
