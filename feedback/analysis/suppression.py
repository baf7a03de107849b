"""Which cells of a table of counts may be shown, so that no small group can be reckoned back (trust.md, R1 and R4). Pure.

A table is a partition: each response is in exactly one cell, so that its margins are what the results page shows to
everybody. Hidden is every cell below k; then, line by line, further cells until what is hidden of a line is at least k, and
until nobody who solves the equations of all lines (what is shown, what the margins are, and that no count is below nothing)
finds the value of a secret cell. Complementary suppression after L. H. Cox, J. Am. Stat. Assoc. 75 (1980) 377-385. What can
be found is decided exactly: in tables of two questions by rings of cells, in those of three by linear programs.

Of a small group that said the same, one figure is told: that all of them, or all but one, gave this answer. Whoever solves
knows that as well.
"""

from collections.abc import Callable, Sequence
from functools import partial
from heapq import heappop, heappush
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Truths = NDArray[np.bool_]
MOST_SECRETS = 300  # in a table of three questions; of more of them, nothing is shown
SMALL_GROUP = 4  # times k: in groups below, an answer that all gave, or all but one, is hidden


class Kept(NamedTuple):
    """The cells of a table that must not be shown. `least`: what is told of one nevertheless: so many, or more; 0: nothing."""

    hidden: Truths
    least: Counts

    @property
    def turned(self) -> "Kept":
        """With rows for columns."""
        return Kept(self.hidden.T, self.least.T)


Floor = tuple[Any, int]  # the cells of a sum, and what it is told to be at least


def hidden_in(counts: Counts, k: int) -> Truths:
    """The cells of a table of two questions that must not be shown. counts: (rows, columns), a partition."""
    return kept_in(counts, k).hidden


def kept_in(counts: Counts, k: int) -> Kept:
    """The same, with what may be told of small groups that said the same. Where that would help to find a secret cell,
    nothing is told of them."""
    secret, least = _secret(counts, k), _least_of(counts, k)
    hidden, lines = secret | (counts < k), _lines(counts.shape)
    if least.any():
        told = _protected(counts, secret, hidden, lines, _Way(partial(_fixed, least), _cheapest_ring), k)
        if told is not None:
            return Kept(told, least)
    nothing = np.zeros_like(counts)
    found = _protected(counts, secret, hidden, lines, _Way(partial(_fixed, nothing), _cheapest_ring), k)
    return Kept(np.ones_like(hidden) if found is None else found, nothing)


def hidden_in_slices(counts: Counts, k: int, tables: Sequence[Kept]) -> Truths:
    """The cells of a table of three questions that must not be shown.

    counts: (a, b, c), a partition; `tables`: what is kept in the tables of two of them that may be asked for as well:
    (a, b), (a, c) and (b, c). What lies below a hidden cell of these is hidden.
    """
    ab, ac, bc = (table.hidden for table in tables)
    under = ab[:, :, None] | ac[:, None, :] | bc[None, :, :]
    secret = (counts > 0) & (counts < k)
    for axis in range(3):
        for at in range(counts.shape[axis]):
            slice_ = [slice(None)] * 3
            slice_[axis] = at  # type: ignore[call-overload]
            secret[tuple(slice_)] |= _secret(counts[tuple(slice_)], k)
    hidden = secret | (counts < k) | under
    few = _few(counts, k)
    if secret.sum() + len(few) > MOST_SECRETS:  # to be sure of so many takes longer than somebody waits
        return np.ones_like(hidden)
    lines, floors = _lines(counts.shape, [~bc, ~ac, ~ab]), _floors(counts.shape, tables)
    found = _protected(counts, secret, hidden, lines, _Way(partial(_found, floors), _cheapest_cube), k)
    if found is None:
        return np.ones_like(hidden)
    flat = counts.reshape(-1)
    told = [line for line, one in zip(few, _only(flat, found.reshape(-1), few, lines, floors), strict=True) if one]
    if not _only(flat, np.ones(counts.size, np.bool_), told, lines, ()).all():
        return np.ones_like(found)
    return found


def _few(counts: Counts, k: int) -> list[Any]:
    """The cells under each small cell of the tables of two of the questions."""
    cells = np.arange(counts.size).reshape(counts.shape)
    lines = [line for axis in range(3) for line in np.moveaxis(cells, axis, -1).reshape(-1, counts.shape[axis])]
    return [line for line in lines if 0 < counts.reshape(-1)[line].sum() < k]


def _floors(shape: tuple[int, ...], tables: Sequence[Kept]) -> list[Floor]:
    """What the tables of two of the questions tell of small groups, as sums of cells of the three."""
    cells = np.arange(int(np.prod(shape))).reshape(shape)
    return [
        (np.moveaxis(cells, axis, -1)[tuple(at)], int(table.least[tuple(at)]))
        for axis, table in zip((2, 1, 0), tables, strict=True)
        for at in np.argwhere(table.least)
    ]


def _secret(counts: Counts, k: int) -> Truths:
    """Cells that nobody may find: those of few, and every cell of a small group whose members said the same."""
    secret = (counts > 0) & (counts < k)
    for axis in (0, 1):
        secret |= np.expand_dims(_alike(counts, axis, k), axis) & (counts.sum(axis=1 - axis, keepdims=True) > 0)
    return secret


def _alike(counts: Counts, axis: int, k: int) -> Truths:
    """Which groups are small, and gave one answer: all of them, or all but one."""
    size = counts.sum(axis=axis)
    found: Truths = (size > 0) & (size < SMALL_GROUP * k) & (counts.max(axis=axis, initial=0) >= size - 1)
    return found


def _least_of(counts: Counts, k: int) -> Counts:
    """Of a small group that said the same, one less than there are of them, for the answer that they gave: whether one of
    them said something else stays open. Of groups of which that would tell of fewer than k, nothing."""
    least = np.zeros_like(counts)
    for axis in (0, 1):
        size = np.expand_dims(counts.sum(axis=axis), axis)
        alike = np.expand_dims(_alike(counts, axis, k), axis) & (size > k) & (counts >= size - 1)
        least = np.where(alike, np.maximum(least, size - 1), least)
    return least


def _lines(shape: tuple[int, ...], known: Sequence[Truths] = ()) -> list[Any]:
    """The cells of every sum that is known. `known`: of a table of three questions, by axis, which of its lines are."""
    cells = np.arange(int(np.prod(shape))).reshape(shape)
    rows = []
    for axis in range(len(shape)):
        lines = np.moveaxis(cells, axis, -1).reshape(-1, shape[axis])
        rows += list(lines[known[axis].reshape(-1)] if known else lines)
    if known:  # how often each answer was given stands on the results page
        rows += [np.moveaxis(cells, axis, 0)[at].reshape(-1) for axis in range(3) for at in range(shape[axis])]
    return rows


def _protected(
    counts: Counts, secret: Truths, hidden: Truths, lines: Sequence[Any], way: "_Way", k: int
) -> Truths | None:  # fmt: skip
    """Hide more, the smallest first, until no line hides a few and no secret cell can be found; None where that does not
    help."""
    flat, away = counts.reshape(-1), hidden.reshape(-1).copy()
    open_anyway = np.zeros(len(flat), np.bool_)
    while True:
        few = [line for line in lines if 0 < flat[line][away[line]].sum() < k]
        more = {cell for line in few if (cell := _smallest(flat, away, line)) is not None}
        if not more:
            told = way.find(counts, away, secret.reshape(-1) & ~open_anyway, lines)
            if told.any():  # what the margins tell by themselves is no secret that this table could keep
                open_anyway |= _by_margins(counts, told, lines)
                told &= ~open_anyway
            if not told.any():
                return away.reshape(counts.shape)
            more = {cell for one in np.flatnonzero(told) for cell in way.company(counts, away, int(one))}
        if not more:
            return None
        away[list(more)] = True


def _by_margins(counts: Counts, told: Truths, lines: Sequence[Any]) -> Truths:
    """Which of these cells are found even where every cell is hidden, and nothing is told of any."""
    everything = np.ones(counts.size, np.bool_)
    if counts.ndim == 2:
        return _fixed(np.zeros_like(counts), counts, everything, told, lines)
    return _found((), counts, everything, told, lines)


def _smallest(counts: Counts, away: Truths, line: Any) -> int | None:
    """The smallest cell of a line that is still shown."""
    shown = line[~away[line]]
    shown = shown[counts[shown] > 0]
    return int(shown[np.argmin(counts[shown])]) if len(shown) else None


def _fixed(least: Counts, counts: Counts, away: Truths, wanted: Truths, _lines: Sequence[Any]) -> Truths:
    """Which of the wanted cells of a table of two questions have one possible value, of those that are hidden.

    A cell can be another one exactly if counts can be moved round a ring of hidden cells through it, one more here and one
    less there, and none below what it is told to be at least.
    """
    hidden = away.reshape(counts.shape)
    less = hidden & (counts > least)
    found = np.zeros(counts.shape, np.bool_)
    for row, column in np.argwhere(hidden & wanted.reshape(counts.shape)):
        more = _ring(row, column, less, hidden)
        found[row, column] = not more and not (less[row, column] and _ring(row, column, hidden, less))
    return found.reshape(-1)


def _ring(row: int, column: int, to_row: Truths, to_column: Truths) -> bool:
    """Whether a way leads from the column back to the row, without the cell itself: to rows by the one kind of cells, to
    columns by the other."""
    columns = np.zeros(to_row.shape[1], np.bool_)
    columns[column] = True
    seen = np.zeros(to_row.shape[0], np.bool_)
    fresh: Any = to_row[:, column].copy()
    fresh[row] = False
    while True:
        new = fresh & ~seen
        if not new.any():
            return False
        seen |= new
        columns |= to_column[new].any(axis=0)
        back = columns.copy()
        back[column] = False
        if (to_row[row] & back).any():
            return True
        fresh = to_row[:, columns].any(axis=1)
        fresh[row] = False


def _cheapest_ring(counts: Counts, away: Truths, cell: int) -> list[int]:
    """The cells to hide, with the smallest sum, so that a ring of hidden cells goes through this one. Shortest path between
    its row and its column, where what is hidden already costs nothing (E. W. Dijkstra, Numer. Math. 1 (1959) 269-271)."""
    rows, columns = counts.shape
    start, end = cell // columns, rows + cell % columns
    cost = np.where(away.reshape(counts.shape), 0, counts)
    far: dict[int, float] = {start: 0}
    came: dict[int, int] = {}
    waiting, done = [(0.0, start)], set[int]()
    while waiting:
        so_far, node = heappop(waiting)
        if node in done:
            continue
        done.add(node)
        of_row = node < rows
        for other in range(columns if of_row else rows):
            row, column = (node, other) if of_row else (other, node - rows)
            to = rows + other if of_row else other
            if counts[row, column] == 0 or row * columns + column == cell:
                continue
            if so_far + cost[row, column] < far.get(to, np.inf):
                far[to], came[to] = so_far + float(cost[row, column]), node
                heappush(waiting, (far[to], to))
    path = []
    while end != start and end in came:
        row, column = (came[end], end - rows) if end >= rows else (end, came[end] - rows)
        path.append(row * columns + column)
        end = came[end]
    return [one for one in path if not away[one]] if end == start else []


def _corners(array: NDArray[Any], cell: int) -> list[tuple[int, NDArray[Any]]]:
    """Of each cube through a cell, named by the corner across, the eight corners: how many of their three places are not the
    cell's own, and what stands there, (a, b, c) or 1 long where the place is."""
    at = np.unravel_index(cell, array.shape)
    return [
        (3 - sum(own), array[tuple(slice(p, p + 1) if o else slice(None) for o, p in zip(own, at, strict=True))])
        for own in np.ndindex(2, 2, 2)
    ]


def _across(shape: tuple[int, ...], cell: int) -> Truths:
    """The corners that share no place with a cell."""
    apart = [np.arange(size) != place for size, place in zip(shape, np.unravel_index(cell, shape), strict=True)]
    found: Truths = np.logical_and.outer(np.logical_and.outer(apart[0], apart[1]), apart[2])
    return found


def _cheapest_cube(counts: Counts, away: Truths, cell: int) -> list[int]:
    """The same in three directions: the eight corners of a cube, none of them nothing, with the smallest sum."""
    hidden = away.reshape(counts.shape)
    price = np.where(counts > 0, np.where(hidden, 0.0, counts), np.inf)
    sums = np.where(_across(counts.shape, cell), 0.0, np.inf)
    shown = np.zeros(counts.shape, np.bool_)
    for (_apart, one), (_same, there) in zip(_corners(price, cell), _corners(~hidden, cell), strict=True):
        sums, shown = sums + one, shown | there
    sums = np.where(shown, sums, np.inf)
    best = np.unravel_index(np.argmin(sums), counts.shape)
    if not np.isfinite(sums[best]):
        return []
    places = np.ix_(*zip(np.unravel_index(cell, counts.shape), best, strict=True))
    return [int(one) for one in np.arange(counts.size).reshape(counts.shape)[places].reshape(-1) if not away[one]]


def _in_a_cube(counts: Counts, away: Truths, cell: Any) -> bool:
    """Whether one can be moved along the edges of a cube of hidden cells, so that every sum stays and this cell does not: a
    proof that it is free which costs nothing."""
    hidden = away.reshape(counts.shape)
    up = down = _across(counts.shape, cell)
    for (apart, there), (_same, some) in zip(
        _corners(hidden, cell), _corners(hidden & (counts > 0), cell), strict=True
    ):
        up, down = (up & some, down & there) if apart % 2 else (up & there, down & some)
    return bool(up.any() or down.any())


def _found(floors: Sequence[Floor], counts: Counts, away: Truths, wanted: Truths, lines: Sequence[Any]) -> Truths:
    """The same in any table."""
    cells = [cell for cell in np.flatnonzero(wanted & away) if not _in_a_cube(counts, away, cell)]
    told = np.zeros(counts.size, np.bool_)
    told[cells] = _only(counts.reshape(-1), away, [np.array([cell]) for cell in cells], lines, floors)
    return told


def _only(
    counts: Counts, away: Truths, sums: Sequence[Any], lines: Sequence[Any], floors: Sequence[Floor]
) -> Truths:  # fmt: skip
    """Which of these sums of cells have one possible value, by the sums that are known and because no count is below
    nothing, nor a sum below its floor.

    Two programs look for the least and the greatest value of all of them together, each times a number of its own. A
    solution that differs from the truth in a sum shows that this one is free; where both are the truth, none of those that
    are left can move, as their changes cannot cancel out."""
    told = np.ones(len(sums), np.bool_)
    if not len(sums):
        return told
    from scipy.optimize import linprog

    unknown = np.flatnonzero(away)
    truth = counts[unknown]
    left = _matrix(lines, unknown, len(counts))
    left = np.unique(left[left.any(axis=1)], axis=0)
    wanted = _matrix(sums, unknown, len(counts))
    above = _matrix([line for line, _least in floors], unknown, len(counts))
    room = above @ truth - np.array([counts[line].sum() - least for line, least in floors])
    given = {"A_eq": left, "b_eq": left @ truth, "bounds": (0, None), "method": "highs"}
    if len(floors):
        given |= {"A_ub": -above, "b_ub": -room}

    each = 1 + np.arange(len(sums)) * 0.6180339887 % 1
    moved = True
    while moved and told.any():
        goal, before = (told * each) @ wanted, told.copy()
        for sign in (1, -1):
            found = linprog(sign * goal, **given)
            if found.status == 0:  # else nothing is shown to be free
                told &= np.abs(wanted @ (found.x - truth)) < 1e-6
        moved = bool((told != before).any())
    return told


def _matrix(lines: Sequence[Any], unknown: Any, size: int) -> Any:
    """(lines, unknown cells) of 0 and 1."""
    place = np.full(size, -1)
    place[unknown] = np.arange(len(unknown))
    made = np.zeros((len(lines), len(unknown)))
    for at, line in enumerate(lines):
        here = place[line]
        made[at, here[here >= 0]] = 1
    return made


class _Way(NamedTuple):
    """How secrets are found in a kind of table, and what is hidden beside them."""

    find: Callable[[Counts, Truths, Truths, Sequence[Any]], Truths]
    company: Callable[[Counts, Truths, int], list[int]]
