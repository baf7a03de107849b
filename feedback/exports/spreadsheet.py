"""Responses as a workbook (XLSX): a sheet of responses, and the codebook. Texts are texts, whatever they begin with."""

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from feedback.collect.queries import StoredResponse
from feedback.exports.fields import OWN_HEADS, cells_of, fields_of, one_cell
from feedback.exports.tables import own_cells
from heard.kit.errors import BadInput
from heard.kit.i18n import _, number
from polls.frozen import FrozenPoll
from polls.kinds.number import exact

MOST_ROWS, MOST_COLUMNS, LONGEST = 1_048_576, 16_384, 32_767  # what a sheet, and a cell of it, can hold
PIECE = 64 * 1024
CUT = " […]"
_FIGURE = re.compile(r"-?\d{1,13}(\.\d{1,6})?", re.ASCII)


class TooWide(BadInput):
    """More fields than a sheet has columns."""

    code = "too_wide"


def check_width(poll: FrozenPoll) -> None:
    """Raise TooWide for a poll that fits no sheet."""
    width = len(OWN_HEADS) + len(fields_of(poll))
    if width > MOST_COLUMNS:
        words = _("This poll has %(n)s columns; a sheet has room for %(most)s.")
        raise TooWide(
            words % {"n": number(width), "most": number(MOST_COLUMNS)}, hint=_("Take the long format along instead.")
        )


def workbook(
    poll: FrozenPoll, rows: Iterable[StoredResponse], codebook: Sequence[Sequence[str | int]]
) -> Iterator[bytes]:
    """The file in pieces. It is made on disk, a row at a time, so that memory stays flat; more responses than a sheet holds
    go to the next one."""
    import xlsxwriter

    with tempfile.TemporaryDirectory(prefix="heard-xlsx-") as folder:
        path = Path(folder) / "responses.xlsx"
        quiet = {f"strings_to_{what}": False for what in ("formulas", "urls", "numbers")}
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": folder, **quiet})
        book.use_zip64()
        strong = book.add_format({"bold": True})
        _responses(book, strong, poll, rows)
        sheet = book.add_worksheet("Codebook")
        sheet.freeze_panes(1, 0)
        for at, cells in enumerate(codebook):
            _write(sheet, at, cells, strong if at == 0 else None)
        book.close()
        with open(path, "rb") as file:
            while piece := file.read(PIECE):
                yield piece


def _responses(book: Any, strong: Any, poll: FrozenPoll, rows: Iterable[StoredResponse]) -> None:
    head = [*OWN_HEADS, *(f.head for f in fields_of(poll))]
    sheets, at = 0, MOST_ROWS
    sheet: Any = None
    for row in chain(rows, [None]):  # the last one: a sheet with heads stands there without responses too
        if at == MOST_ROWS and (row is not None or not sheets):
            sheets, at = sheets + 1, 1
            sheet = book.add_worksheet("Responses" if sheets == 1 else f"Responses {sheets}")
            sheet.freeze_panes(1, 0)
            _write(sheet, 0, head, strong)
        if row is not None:
            _write(sheet, at, [*own_cells(row), *_typed(poll, row)], None)
            at += 1


def _typed(poll: FrozenPoll, row: StoredResponse) -> Iterator[str | float]:
    """The answers, numbers as numbers: where a value is one, and reads the same as what the other files say."""
    for question in poll.questions:
        values = row.answers.get(question.id, [])
        figures = any(v.number is not None for v in values)
        for cells in cells_of(question, values):
            cell = one_cell(question, cells)
            yield float(cell) if figures and _FIGURE.fullmatch(cell) and exact(float(cell)) == cell else cell


def _write(sheet: Any, at: int, cells: Iterable[str | float], form: Any) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            if cell:
                sheet.write_string(at, column, cell if len(cell) <= LONGEST else cell[: LONGEST - len(CUT)] + CUT, form)
        else:
            sheet.write_number(at, column, cell, form)
