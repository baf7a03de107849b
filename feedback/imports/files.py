"""The files that people bring, as tables: CSV of any dialect, TSV, XLSX, JSON lines, a zip or a folder of them, gzip.

Nothing is held: a table can be read as often as one likes. What was packed is unpacked once into a temporary file, which
goes when the last table of it does. What kind of file it is tells its content and not its name.
"""

import io
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar

from feedback.imports import packed, xlsx
from feedback.imports.kept import Kept
from heard.kit.csvio import BROKEN, Row, Sheet, as_text, damaged, encoding_of, open_file, sheet
from heard.kit.errors import BadInput
from heard.kit.i18n import _, number

JSON_LINES = "{json lines}"  # the only head of a table whose cells are lines of JSON
MOST_TABLES = 50
_TABLES = (".csv", ".tsv", ".txt", ".tab", ".jsonl", ".ndjson")
Opened = Callable[[], BinaryIO]
Some = TypeVar("Some")


def sheets_of(source: Path | bytes, name: str = "") -> list[Sheet]:
    """The tables of a file, of its bytes, or of a folder. `name`: what the file is called, where its path does not say.

    Raises BadInput: what was wrong with it, and what to do.
    """
    if isinstance(source, Path) and source.is_dir():
        inside = sorted(p for p in source.iterdir() if p.is_file() and _is_table(p.name.removesuffix(".gz")))
        return [one for p in _some(inside, source.name) for one in sheets_of(p) if p.stat().st_size]
    opened = partial(open_file, source) if isinstance(source, Path) else partial(io.BytesIO, source)
    return _sheets(name or (source.name if isinstance(source, Path) else "?"), opened)


def beside(path: Path) -> list[Path]:
    """The file and those that came with it: in its folder, with the same beginning before the last word of their names.

    Polis writes votes.csv, comments.csv and others; they are often renamed to <something>votes.csv.
    """
    stem, ending = _split(path.name)
    front = next((stem.removesuffix(word) for word in _POLIS if stem.endswith(word)), None)
    if front is None or not path.is_file():
        return [path]
    return [p for word in _POLIS if (p := path.with_name(front + word + ending)).is_file()]


_POLIS = ("participants-votes", "votes", "comments", "summary")


def _split(name: str) -> tuple[str, str]:
    at = name.find(".csv")
    return (name[:at], name[at:]) if at >= 0 else (name, "")


def _sheets(name: str, opened: Opened, *, may_be_packed: bool = True) -> list[Sheet]:
    try:
        with opened() as raw:
            start = raw.read(4)
            if start.startswith(b"PK\3\4") and may_be_packed:
                return _of_zip(raw, name)
            if start.startswith(b"\x1f\x8b") and may_be_packed:
                size = raw.seek(0, 2)
                return _sheets(name.removesuffix(".gz"), Kept(packed.gunzipped(raw, size, name)), may_be_packed=False)
    except BROKEN as error:
        raise damaged(name) from error
    return [_json_lines(name, opened) or sheet(name, opened)]


def _of_zip(raw: BinaryIO, name: str) -> list[Sheet]:
    found = packed.entries(raw, name)
    if any(e.filename == "xl/workbook.xml" for e in found):
        table, title = xlsx.as_csv(raw, name)
        one = sheet(name, table, by_rows=True)
        return [one._replace(told=(_("It was read from the sheet “%(name)s”.") % {"name": title},) if title else ())]
    inside = [e for e in found if e.file_size and _is_table(e.filename)]
    if not inside:
        raise BadInput(
            _("%(file)s holds no table.") % {"file": name[:200]},
            hint=_("Bring CSV, XLSX or JSON lines, or a zip of CSV files."),
        )
    return [
        one
        for entry in _some(inside, name)
        for one in _sheets(_last(entry.filename), Kept(packed.unpacked(raw, entry, name)), may_be_packed=False)
    ]


def _some(inside: list[Some], name: str) -> list[Some]:
    if len(inside) > MOST_TABLES:
        raise BadInput(
            _("%(file)s holds %(n)s tables; %(most)s are the most that can be read.")
            % {"file": name[:200], "n": number(len(inside)), "most": MOST_TABLES},
            hint=_("Bring those of one poll."),
        )
    return inside


def _is_table(name: str) -> bool:
    """By its ending; what systems hide beside files is none."""
    return name.lower().endswith(_TABLES) and not _last(name).startswith(".") and not name.startswith("__MACOSX/")


def _last(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]


def _json_lines(name: str, opened: Opened) -> Sheet | None:
    """The table of a file whose first line is an object of JSON; None for others."""
    with opened() as raw:
        if not raw.read(1 << 10).lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"{"):
            return None
    encoding, told = encoding_of(name, opened)
    with as_text(opened, encoding) as file:
        first = next((line for line in file if line.strip()), "")
    try:
        is_object = isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        is_object = name.lower().endswith((".jsonl", ".ndjson"))

    def rows() -> Iterator[Row]:
        with as_text(opened, encoding) as file:
            for at, line in enumerate(file, 1):
                if line.strip():
                    yield Row(at, [line])

    return Sheet(name, [JSON_LINES], rows, told) if is_object else None
