"""Which cells of a table of counts may be shown, so that no small group can be reckoned back (trust.md, R1 and R4). Pure.

A table is a partition: each response is in exactly one cell, so that its margins are what the results page shows to
everybody. Hidden is every cell below k; then, line by line, further cells until what is hidden of a line is at least k, and
until nobody who solves the equations of all lines (what is shown, what the margins are, and that no count is below nothing)
finds the value of a secret cell. Complementary suppression after L. H. Cox, J. Am. Stat. Assoc. 75 (1980) 377-385. What can
be found is decided exactly: in tables of two questions by rings of cells, in those of three by linear programs.
"""

from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Truths = NDArray[np.bool_]
NEARLY_ALL = 0.9
MOST_SECRETS = 150  # in a table of three questions; of more of them, nothing is shown
SMALL_GROUP = 4  # times k: in groups below, an answer that nearly all of them gave is hidden


def hidden_in(counts: Counts, k: int) -> Truths:
    """The cells of a table of two questions that must not be shown. counts: (rows, columns), a partition."""
    secret = _secret(counts, k)
    hidden = secret | (counts < k)
    return _protected(counts, secret, hidden, _lines(counts.shape), _IN_TWO, k)


def hidden_in_slices(counts: Counts, k: int, tables: Sequence[Truths]) -> Truths:
    """The cells of a table of three questions that must not be shown.

    counts: (a, b, c), a partition; `tables`: what is hidden in the tables of two of them that may be asked for as well:
    (a, b), (a, c) and (b, c). What lies below a hidden cell of these is hidden.
    """
    ab, ac, bc = tables
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
    lines = _lines(counts.shape, [~bc, ~ac, ~ab])
    found = _protected(counts, secret, hidden, lines, _IN_THREE, k)
    before, after = (_only(counts.reshape(-1), away.reshape(-1), few, lines) for away in (np.ones_like(found), found))
    return np.ones_like(found) if (after & ~before).any() else found


def _few(counts: Counts, k: int) -> list[Any]:
    """The cells under each small cell of the tables of two of the questions."""
    cells = np.arange(counts.size).reshape(counts.shape)
    lines = [line for axis in range(3) for line in np.moveaxis(cells, axis, -1).reshape(-1, counts.shape[axis])]
    return [line for line in lines if 0 < counts.reshape(-1)[line].sum() < k]


def _secret(counts: Counts, k: int) -> Truths:
    """Cells that nobody may find: those of few, and every cell of a small group whose members nearly all said the same."""
    secret = (counts > 0) & (counts < k)
    for axis in (0, 1):
        size, most = counts.sum(axis=axis), counts.max(axis=axis, initial=0)
        alike = (size > 0) & (size < SMALL_GROUP * k) & (most >= NEARLY_ALL * size)
        secret |= np.expand_dims(alike, axis) & (counts.sum(axis=1 - axis, keepdims=True) > 0)
    return secret


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


def _protected(counts: Counts, secret: Truths, hidden: Truths, lines: Sequence[Any], way: "_Way", k: int) -> Truths:
    """Hide more, the smallest first, until no line hides a few and no secret cell can be found. All of it, where that does
    not help."""
    flat, away = counts.reshape(-1), hidden.reshape(-1).copy()
    open_anyway = np.zeros(len(flat), np.bool_)
    while True:
        few = [line for line in lines if 0 < flat[line][away[line]].sum() < k]
        more = {cell for line in few if (cell := _least(flat, away, line)) is not None}
        if not more:
            told = way.find(counts, away, secret.reshape(-1) & ~open_anyway, lines)
            if told.any():  # what is told with every cell hidden is no secret that this table could keep
                open_anyway |= way.find(counts, np.ones(len(flat), np.bool_), told, lines)
                told &= ~open_anyway
            if not told.any():
                return away.reshape(counts.shape)
            more = {cell for one in np.flatnonzero(told) for cell in way.company(counts, away, int(one))}
        if not more:
            return np.ones_like(counts, np.bool_)
        away[list(more)] = True


def _least(counts: Counts, away: Truths, line: Any) -> int | None:
    """The smallest cell of a line that is still shown."""
    shown = line[~away[line]]
    shown = shown[counts[shown] > 0]
    return int(shown[np.argmin(counts[shown])]) if len(shown) else None


def _fixed(counts: Counts, away: Truths, wanted: Truths, _lines: Sequence[Any]) -> Truths:
    """Which of the wanted cells of a table of two questions have one possible value, of those that are hidden.

    A cell can be another one exactly if counts can be moved round a ring of hidden cells through it, one more here and one
    less there, and none below nothing.
    """
    hidden = away.reshape(counts.shape)
    less = hidden & (counts > 0)
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


def _cheapest_cube(counts: Counts, away: Truths, cell: int) -> list[int]:
    """The same in three directions: the eight corners of a cube, none of them nothing, with the smallest sum."""
    at = np.unravel_index(cell, counts.shape)
    cells = np.arange(counts.size).reshape(counts.shape)
    best: tuple[float, list[int]] = (np.inf, [])
    for corner in np.ndindex(*counts.shape):
        if any(one == other for one, other in zip(at, corner, strict=True)):
            continue
        corners = cells[np.ix_(*zip(at, corner, strict=True))].reshape(-1)
        fresh = [int(one) for one in corners if not away[one]]
        price = float(counts.reshape(-1)[fresh].sum())
        if fresh and price < best[0] and (counts.reshape(-1)[corners] > 0).all():
            best = price, fresh
    return best[1]


def _found(counts: Counts, away: Truths, wanted: Truths, lines: Sequence[Any]) -> Truths:
    """The same in any table."""
    cells, told = np.flatnonzero(wanted & away), np.zeros(counts.size, np.bool_)
    told[cells] = _only(counts.reshape(-1), away, [np.array([cell]) for cell in cells], lines)
    return told


def _only(counts: Counts, away: Truths, sums: Sequence[Any], lines: Sequence[Any]) -> Truths:
    """Which of these sums of cells have one possible value, by the sums that are known and because no count is below
    nothing. Each solution of a program that differs from the truth in a sum shows that this one is free."""
    told = np.ones(len(sums), np.bool_)
    if not len(sums):
        return told
    from scipy.optimize import linprog

    unknown = np.flatnonzero(away)
    left, truth = _matrix(lines, unknown, len(counts)), counts[unknown]
    left = np.unique(left[left.any(axis=1)], axis=0)
    wanted = _matrix(sums, unknown, len(counts))
    for at in range(len(sums)):
        for sign in (1, -1):
            if told[at]:
                found = linprog(sign * wanted[at], A_eq=left, b_eq=left @ truth, bounds=(0, None), method="highs")
                if found.status == 0:  # else nothing is shown to be free
                    told &= np.abs(wanted @ (found.x - truth)) < 1e-6
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


_IN_TWO, _IN_THREE = _Way(_fixed, _cheapest_ring), _Way(_found, _cheapest_cube)
