"""CSV in and out. What we write opens in a spreadsheet without running; what we read may come from anywhere.

A cell that a spreadsheet would take for a formula gets a leading apostrophe, and loses it again when it is read: so a
file that goes out and comes back is the same, a text that began with an apostrophe included.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from heard.kit.errors import BadInput
from heard.kit.i18n import _

LARGEST_CELL = 1_000_000
# White space and byte order marks in front do not keep a spreadsheet from seeing a formula.
_FORMULA = re.compile(r"'*[\s\ufeff]*[=+\-@＝＋－＠\t\r]")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


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
    """A row and the line of the file it ends on."""

    line: int
    cells: list[str]


class Sheet(NamedTuple):
    """A table that can be read as often as one likes: its file's name, its heads, and a way to its rows, each as wide as the
    heads. Empty lines are left out."""

    name: str
    head: list[str]
    rows: Callable[[], Iterator[Row]]


def read(path: Path) -> Sheet:
    """A CSV file: UTF-8 (with a mark or not), UTF-16 or Windows text; comma, semicolon or tab; any line ends.

    Every value stays text: "None", "NA" and "0012" are answers. Raises BadInput when there is nothing to read.
    """
    head, *rest = rows_in(_bytes(path), path.name)
    width = len(head.cells)
    rows = [Row(r.line, (r.cells + [""] * width)[:width]) for r in rest]
    return Sheet(path.name, [c.strip() for c in head.cells], lambda: iter(rows))


def rows_in(raw: bytes, name: str) -> list[Row]:
    """The rows of a file that came another way, the first one too; `name` is what it is called. Raises BadInput as above."""
    text = _decoded(raw)
    head_line = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=head_line.count)
    csv.field_size_limit(LARGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = list(_rows(reader))
    except csv.Error as error:
        raise BadInput(
            _("%(file)s cannot be read as CSV: line %(line)s: %(why)s.")
            % {"file": name, "line": reader.line_num, "why": error},
            hint=_("Save it again as CSV (UTF-8)."),
        ) from error
    if not rows:
        raise BadInput(_("%(file)s is empty.") % {"file": name}, hint=_("The first row names the columns."))
    return rows


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(
            _("%(file)s cannot be read: %(why)s.") % {"file": path, "why": error.strerror or error},
            hint=_("Check the path; it is taken from the folder you are in."),
        ) from error


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _rows(reader: Iterator[list[str]]) -> Iterator[Row]:
    for cells in reader:
        if any(cells):
            yield Row(reader.line_num, [plain(c) for c in cells])  # type: ignore[attr-defined]
