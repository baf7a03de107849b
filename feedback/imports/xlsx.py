"""XLSX: a workbook is looked through, then read once and written out as CSV in a temporary file.

The reader (calamine) holds the whole rectangle of a sheet, so a cell in the last row of the last column would take all
memory there is. Before it gets the file every part is unpacked and parsed piece by piece, and counted; it then gets a
copy made of what was counted, not the file that came. XML with a document type is refused: no entity is ever expanded.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from tempfile import NamedTemporaryFile
from typing import IO, Any, BinaryIO
from xml.parsers import expat
from zipfile import ZIP_STORED, ZipFile

from feedback.imports.kept import Kept
from feedback.imports.packed import entries, unpacked
from heard.kit.csvio import BROKEN, MOST_COLUMNS, PIECE, damaged, plain
from heard.kit.errors import BadInput
from heard.kit.i18n import _, number

MOST_CELLS = 1_000_000  # with a value, and of the rectangle around them
MOST_SHARED = 60_000_000  # bytes of all texts of a workbook, unpacked: they are held while it is read
_NEEDED = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?:workbook\.xml|_rels/workbook\.xml\.rels|styles\.xml)")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")


def as_csv(raw: BinaryIO, name: str) -> tuple[Kept, str]:
    """The first sheet that holds something, as UTF-8 CSV in a temporary file, and the sheet's name if there are several.

    Raises BadInput for a workbook that is damaged, too large, or no workbook.
    """
    with NamedTemporaryFile(suffix=".xlsx") as copy:
        _copy_of_what_was_counted(raw, name, copy)
        return _written(copy.name, name)


def _copy_of_what_was_counted(raw: BinaryIO, name: str, copy: IO[bytes]) -> None:
    shared = 0
    with ZipFile(copy, "w", ZIP_STORED) as made:
        for entry in entries(raw, name):
            sheet, texts = bool(_SHEET.fullmatch(entry.filename)), entry.filename == "xl/sharedStrings.xml"
            if not (sheet or texts or _NEEDED.fullmatch(entry.filename)):
                continue
            count = _counter(name)
            with made.open(entry.filename, "w", force_zip64=True) as part:
                for piece in unpacked(raw, entry, name):
                    shared += 0 if sheet else len(piece)
                    if shared > MOST_SHARED:
                        raise _too_large(name, _("its texts take more than %(n)s bytes") % {"n": number(MOST_SHARED)})
                    count(piece, False)
                    part.write(piece)
            count(b"", True)


def _counter(name: str) -> Callable[[bytes, bool], object]:
    """Takes a part's XML piece by piece and counts the cells in it; parts without cells count nothing.

    A cell's place is what its attribute r says, as the reader believes it, in the row that it stands in.
    """
    cells = row = column = first_row = last_row = last_column = 0
    row_said, columns = "", dict[str, int]()

    def element(tag: str, attributes: dict[str, str]) -> None:
        nonlocal cells, row, row_said, column, first_row, last_row, last_column
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if tag == "c":
            place = attributes.get("r")
            if place is None:
                column += 1
                return
            letters = place.rstrip("0123456789")
            if place[len(letters) :] != row_said:
                raise damaged(name)
            column = columns.get(letters) or columns.setdefault(letters, _column(letters, name))
        elif tag == "v" or tag == "is":
            cells += 1
            if row > last_row:
                first_row, last_row = first_row or row, row
            if column > last_column:
                last_column = column
            if cells > MOST_CELLS or (last_row - first_row + 1) * last_column > MOST_CELLS or column > MOST_COLUMNS:
                raise _too_many(name, column)
        elif tag == "row":
            given = attributes.get("r", str(row + 1))
            if not (given.isascii() and given.isdigit() and len(given) < 8 and int(given) > row):
                raise damaged(name)
            row, row_said, column = int(given), given, 0

    def doctype(*_: object) -> None:
        raise damaged(name)

    def feed(piece: bytes, last: bool) -> None:
        try:
            parser.Parse(piece, last)
        except expat.ExpatError as error:
            raise damaged(name) from error

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = element, doctype
    return feed


def _column(letters: str, name: str) -> int:
    """1 for A, 28 for AB."""
    if not re.fullmatch("[A-Z]{1,3}", letters):
        raise damaged(name)
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at


def _too_many(name: str, columns: int) -> BadInput:
    if columns > MOST_COLUMNS:
        return _too_large(name, _("it has more than %(n)s columns") % {"n": number(MOST_COLUMNS)})
    return _too_large(name, _("it has more than %(n)s cells") % {"n": number(MOST_CELLS)})


def _too_large(name: str, why: str) -> BadInput:
    return BadInput(
        _("%(file)s is too large to be read as a workbook: %(why)s.") % {"file": name[:200], "why": why},
        hint=_("Save the sheet as CSV (UTF-8): a CSV may be as long as you like."),
    )


def _written(path: str, name: str) -> tuple[Kept, str]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(path)
        for title in book.sheet_names:
            sheet = book.get_sheet_by_name(title)
            if sheet.height:
                return Kept(_lines(sheet.iter_rows())), title if len(book.sheet_names) > 1 else ""
    except (CalamineError, *BROKEN) as error:
        raise damaged(name) from error
    raise BadInput(_("%(file)s is empty.") % {"file": name[:200]}, hint=_("The first row names the columns."))


def _lines(rows: Iterator[list[Any]]) -> Iterator[bytes]:
    text = io.StringIO(newline="")
    written = csv.writer(text)
    for row in rows:
        written.writerow([_as_written(cell) if type(cell) is str else _as_text(cell) for cell in row])
        if text.tell() > PIECE:
            yield text.getvalue().encode("utf-8", "replace")
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode("utf-8", "replace")


def _as_written(cell: str) -> str:
    """In a workbook an apostrophe before a formula is one that somebody wrote."""
    return "'" + cell if cell.startswith("'") and plain(cell) != cell else cell


def _as_text(cell: Any) -> str:
    """A cell as its reader sees it: 4 and not 4.0, 0.000001 and not 1e-06, a day without a time that nobody wrote."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e15 else f"{Decimal(repr(cell)):f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell) if isinstance(cell, int | timedelta) else ""
