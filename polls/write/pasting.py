"""What people paste into "Options, one a line": lines, numbers, bullets, a line of CSV, cells of a sheet. Pure."""

import csv
import re
from collections.abc import Sequence
from itertools import pairwise

_BULLET = re.compile(r"(?:[-*+•‣◦▪–—·]|\[[ xX]?\]|[☐☑○●])[ \t\u00a0]+(?=\S)")
_NUMBERED = re.compile(
    r"\(?(\d{1,4})[.):][ \t\u00a0]*(?=[^\s\d])|\(?(\d{1,4})[.):][ \t\u00a0]+(?=\S)|(\d{1,4})\t(?=\S)"
)
_LETTERED = re.compile(r"\(?([a-zA-Z])[.)][ \t\u00a0]+(?=\S)")


def options_from(text: str) -> list[str]:
    """The options in a pasted text, in order, empty lines left out.

    A mark in front of a line is taken away only where every line has one, and numbers only where they count up: "24.
    December" after "10. December" keeps its day. One line alone is read as CSV (tab, semicolon or comma).
    """
    lines = lines_of(text)
    while (bare := _without_marks(lines)) != lines:
        lines = bare
    return _cells(lines[0]) if len(lines) == 1 else [_joined(line) for line in lines]


def lines_of(text: str) -> list[str]:
    """Its lines as they stand, stripped (of what cannot be seen too), without the empty ones."""
    return [line for raw in text.splitlines() if (line := raw.strip().strip("\u200b\ufeff").strip())]


def _without_marks(lines: list[str]) -> list[str]:
    if len(lines) < 2:
        return lines
    for mark in (_BULLET, _NUMBERED, _LETTERED):
        found = [mark.match(line) for line in lines]
        if all(found) and (mark is _BULLET or _counts_up([next(g for g in m.groups() if g) for m in found if m])):
            return [line[m.end() :] for line, m in zip(lines, found, strict=True) if m]
    if all(len(line) > 2 and line[0] == line[-1] == '"' for line in lines):
        return [_unquoted(line) for line in lines]
    return lines


def _counts_up(marks: Sequence[str]) -> bool:
    places = [int(m) if m.isdigit() else ord(m) for m in marks]
    return all(after == before + 1 for before, after in pairwise(places))


def _unquoted(line: str) -> str:
    return line[1:-1].replace('""', '"').strip() or line


def _cells(line: str) -> list[str]:
    """One line as CSV, when it has two cells or more by the first separator that splits it; else the line itself."""
    for separator in "\t;,":
        if separator in line:
            row = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
            cells = [c for cell in row if (c := " ".join(cell.split()))]
            if len(cells) > 1:
                return cells
    return [line]


def _joined(line: str) -> str:
    """Cells of one row of a sheet are one option."""
    return " – ".join(c for cell in line.split("\t") if (c := cell.strip()))
