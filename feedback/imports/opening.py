"""A file on its way in: read, its format told, its questions found. Nothing is written."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from feedback.imports.formats import format_of
from feedback.imports.parsed import Format, Incoming, Layout, RefusedRow
from heard.kit import csvio
from heard.kit.csvio import Sheet


class Opened(NamedTuple):
    """A file that was looked through once."""

    sheets: Sequence[Sheet]
    form: Format
    layout: Layout

    def responses(self) -> Iterator[Incoming | RefusedRow]:
        """What it holds, always in the same order."""
        return self.form.responses(self.sheets, self.layout)


def opened(path: Path, form: str = "auto") -> Opened:
    """The file at this path. Raises BadInput for what cannot be read, and where no column could be a question."""
    sheets = [csvio.read(path)]
    found = format_of(sheets, form)
    return Opened(sheets, found, found.survey(sheets))
