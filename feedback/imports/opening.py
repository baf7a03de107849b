"""A file on its way in: read, its format told, its questions found. Nothing is written."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from feedback.imports import formats
from feedback.imports.parsed import Format, Incoming, Layout, RefusedRow
from heard.kit.csvio import Sheet
from polls.frozen import FrozenPoll


class Opened(NamedTuple):
    """A file that was looked through once."""

    sheets: Sequence[Sheet]
    form: Format
    layout: Layout

    def responses(self) -> Iterator[Incoming | RefusedRow]:
        """What it holds, always in the same order."""
        return self.form.responses(self.sheets, self.layout)


def opened(path: Path, form: str = "auto", name: str = "", poll: FrozenPoll | None = None) -> Opened:
    """The file or folder at this path; `poll`: the one that its answers go to, None for a new one. Raises BadInput for what
    cannot be read, and where no column could be a question."""
    found, sheets = formats.opened(path, form, name, poll)
    return Opened(sheets, found, found.survey(sheets))
