"""A poll's responses as columns, one entry a response, in the order of random ids: what cross tables and recounts read.

A column is named like the counters that it could be counted to (feedback/collect/tallies.py): "12:n" who answered question
12, "12:o5" who chose option 5, "12:i3:o5" who chose it for item 3: bits, eight a byte. "12:v" its number (NaN: none),
"12:i3:v" the whole number about item 3 (NONE: none). "day" is the day of the response as an ordinal; "language",
"source" and "way" (as tallies.way_of names it, without "via:") are places in `codes`. No name, no text, no id of a response. Pure.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion, Value, kind_of

NONE = -32768
_NUMBERED = re.compile(r"(.*:v)(-?\d.*)", re.ASCII)
MANY = 1 << 16  # whole numbers below are counted without sorting
Array = NDArray[Any]


class Column(NamedTuple):
    """One column; `codes`: what its numbers stand for."""

    name: str
    values: Array
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Columns:
    """Columns of n responses, and the counters (as they may be shown) that they agree with."""

    n: int
    cells: Mapping[str, int]
    arrays: Mapping[str, Array]
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def bits(self, name: str) -> Array:
        """Who, as bits; nobody where there is no such column."""
        found = self.arrays.get(name)
        return np.zeros(-(-self.n // 8), np.uint8) if found is None else found


def packed(who: Array) -> Array:
    """Truths as bits, eight a byte; the last byte is filled up with zeros."""
    return np.packbits(who)


def count(bits: Array) -> int:
    """How many."""
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


def everybody(n: int) -> Array:
    """All of n responses."""
    return packed(np.ones(n, np.bool_))


def counted(question: FrozenQuestion, columns: Mapping[str, Array]) -> Counter[str]:
    """The counters of a question, from its columns; each counter is named as in the tallies, numbers as `cell_key` says."""
    found: Counter[str] = Counter()
    for name, values in columns.items():
        if name.rpartition(":")[2] == "v":
            numbers = values[values != NONE] if values.dtype == np.int16 else values[~np.isnan(values)]
            found.update({cell_key(f"{name}{value!r}"): n for value, n in _frequent(numbers)})
        else:
            found[name] = count(values)
    items = {
        int(name.split(":")[1][1:]): values for name, values in columns.items() if name.endswith(":v") and ":i" in name
    }
    if items and _counts_whole(question):
        found.update(_whole(question, items))
    return +found


def cell_key(cell: str) -> str:
    """A counter's name with its number as Python writes it: kinds write 12, 12.5 or 1e+06 as they like."""
    found = _NUMBERED.fullmatch(cell)
    return f"{found[1]}{float(found[2])!r}" if found else cell


def _frequent(numbers: Array) -> Iterator[tuple[float, int]]:
    if numbers.size and numbers.min() >= 0 and numbers.max() < MANY:
        whole = numbers.astype(np.int64)
        if numbers.dtype.kind == "i" or np.array_equal(whole, numbers):
            often = np.bincount(whole)
            return ((float(value), int(often[value])) for value in np.flatnonzero(often))
    values, often = np.unique(numbers, return_counts=True)
    return ((float(value), int(n)) for value, n in zip(values, often, strict=True))


def _counts_whole(question: FrozenQuestion) -> bool:
    """Whether the kind counts whole ballots beside the numbers about items: rankings do."""
    kind = kind_of(question.kind)
    one = [Value(item.id, number=1.0) for item in kind.items(question)[:1]]
    return any(cell.startswith(f"{question.id}:b") for cell in kind.cells(question, one))


def _whole(question: FrozenQuestion, items: Mapping[int, Array]) -> Counter[str]:
    """How often each whole ballot was cast: each different one is asked of the kind once."""
    found: Counter[str] = Counter()
    table = np.stack([items[item] for item in items], axis=1)
    table = np.ascontiguousarray(table[(table != NONE).any(axis=1)])
    rows, often = np.unique(table.view(np.dtype((np.void, table.dtype.itemsize * table.shape[1]))), return_counts=True)
    for row, n in zip(rows, often, strict=True):
        ranks = np.frombuffer(row.tobytes(), np.int16)
        values = [Value(i, number=float(r)) for i, r in zip(items, ranks, strict=True) if r != NONE]
        whole = [cell for cell in kind_of(question.kind).cells(question, values) if cell.startswith(f"{question.id}:b")]
        found.update(dict.fromkeys(whole, int(n)))
    return found


def own_columns(question: FrozenQuestion, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The columns of one question."""
    return {name: values for name, values in arrays.items() if name.startswith(f"{question.id}:")}


def differences(poll: FrozenPoll, right: Mapping[str, int], cells: Mapping[str, int]) -> list[str]:
    """The cells of questions in which a recount and counters differ."""
    ours = {f"{question.id}" for question in poll.questions}
    shown: Counter[str] = Counter()
    for cell, n in cells.items():
        if n and cell.partition(":")[0] in ours:
            shown[cell_key(cell)] += n
    mine = {cell: n for cell, n in right.items() if n and cell.partition(":")[0] in ours}
    return sorted(cell for cell in mine.keys() | shown.keys() if mine.get(cell, 0) != shown[cell])
