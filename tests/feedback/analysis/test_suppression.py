"""No small group can be reckoned back from a table (trust.md, R1, R4): by an attacker of our own who solves the equations."""

import numpy as np
import pytest

from feedback.analysis.suppression import hidden_in, hidden_in_slices
from tests.feedback.analysis.attacker import ranges, solved

K = 5


def a_table(chance, axes=2):
    """Counts as they come: sparse or full, level or with favourites."""
    shape = chance.integers(2, 7 if axes == 2 else 5, axes)
    return chance.poisson(chance.choice([1, 3, 8, 40]) * chance.random(shape) * 2).astype(np.int64)


def margins(shape):
    """A row for each sum along all axes but one."""
    cells = np.arange(int(np.prod(shape))).reshape(shape)
    return [
        np.isin(cells, np.moveaxis(cells, axis, 0)[at]).reshape(-1)
        for axis in range(len(shape))
        for at in range(shape[axis])
    ]


def known_of(counts, hidden):
    """What is shown, and what the results page tells everybody."""
    shown = [row for row, away in zip(np.eye(counts.size), hidden.reshape(-1), strict=True) if not away]
    return [*shown, *margins(counts.shape)]


def secrets_of(counts):
    return np.eye(counts.size)[((counts > 0) & (counts < K)).reshape(-1)]


def leaks(counts, hidden, *, by_bounds):
    """Secret cells that the attacker finds, and would not have found from the margins alone."""
    flat, secrets = counts.reshape(-1), secrets_of(counts)
    if not len(secrets):
        return 0

    def told(equations):
        if by_bounds:
            found = ranges(equations, [row @ flat for row in np.array(equations, float)], secrets)
            return np.array([high - low < 1e-6 for low, high in found])
        return solved(equations, secrets)

    return int((told(known_of(counts, hidden)) & ~told(margins(counts.shape))).sum())


@pytest.mark.parametrize("seed", range(10))
def test_nobody_who_solves_the_equations_finds_a_small_cell(seed):
    chance = np.random.default_rng(seed)
    for _table in range(100):
        counts = a_table(chance)
        hidden = hidden_in(counts, K)
        assert not ((counts < K) & ~hidden).any()
        assert leaks(counts, hidden, by_bounds=False) == 0, counts
        for axis in (0, 1):
            left = np.where(hidden, counts, 0).sum(axis=axis)
            assert not ((left > 0) & (left < K) & (counts.sum(axis=axis) != left)).any(), counts


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 110))
def test_nor_by_bounds_in_ten_thousand_tables(seed):
    chance = np.random.default_rng(seed)
    for _table in range(1000):
        counts = a_table(chance)
        assert leaks(counts, hidden_in(counts, K), by_bounds=True) == 0, counts


def in_slices(counts):
    """What is hidden in a table of three questions and in the three of two of them."""
    sums = [counts.sum(axis=axis) for axis in (2, 1, 0)]
    tables = [hidden_in(s, K) for s in sums]
    return sums, tables, hidden_in_slices(counts, K, tables)


def slice_leaks(counts):
    """Of the small cells of all four tables, how many the attacker finds."""
    sums, tables, hidden = in_slices(counts)
    assert not ((counts < K) & ~hidden).any()
    cells = np.arange(counts.size).reshape(counts.shape)
    known, secrets = known_of(counts, hidden), [*secrets_of(counts)]
    for axis, (sum_, away) in zip((2, 1, 0), zip(sums, tables, strict=True), strict=True):
        lines = [
            np.isin(cells, line).reshape(-1) for line in np.moveaxis(cells, axis, -1).reshape(-1, counts.shape[axis])
        ]
        for line, n, hide in zip(lines, sum_.reshape(-1), away.reshape(-1), strict=True):
            if not hide:
                known.append(line)
            if 0 < n < K:
                secrets.append(line)
    if not secrets:
        return 0
    flat = counts.reshape(-1)

    def told(equations):
        found = ranges(equations, [np.array(row, float) @ flat for row in equations], secrets)
        return np.array([high - low < 1e-6 for low, high in found])

    return int((told(known) & ~told(margins(counts.shape))).sum())


@pytest.mark.parametrize("seed", range(2))
def test_three_questions_and_all_their_tables_tell_no_small_cell(seed):
    chance = np.random.default_rng(seed)
    for _table in range(10):
        counts = a_table(chance, axes=3)
        assert slice_leaks(counts) == 0, counts


@pytest.mark.long
@pytest.mark.parametrize("seed", range(50, 60))
def test_three_questions_many_times(seed):
    chance = np.random.default_rng(seed)
    for _table in range(100):
        counts = a_table(chance, axes=3)
        assert slice_leaks(counts) == 0, counts


def test_a_single_small_cell_takes_neighbours_along():
    hidden = hidden_in(np.array([[3, 40, 60], [30, 20, 50], [25, 35, 45]]), K)
    assert hidden[0, 0]
    assert all(hidden[at].sum() != 1 and hidden[:, at].sum() != 1 for at in range(3))


def test_what_is_large_is_shown():
    assert not hidden_in(np.full((4, 5), 30), K).any()


def test_a_small_group_that_said_the_same_is_hidden_whole():
    counts = np.array([[0, 9], [200, 150], [180, 170]])
    assert hidden_in(counts, K)[0].all()
    assert not hidden_in(np.array([[0, 90], [200, 150], [180, 170]]), K)[0, 1]


def test_turning_a_table_hides_as_much():
    chance = np.random.default_rng(3)
    for _table in range(50):
        counts = a_table(chance)
        assert leaks(counts, hidden_in(counts.T, K).T, by_bounds=False) == 0
