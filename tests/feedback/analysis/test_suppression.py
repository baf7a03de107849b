"""No small group can be reckoned back from a table (trust.md, R1, R4): by an attacker of our own who solves the equations."""

import numpy as np
import pytest

from feedback.analysis.suppression import hidden_in, hidden_in_slices, kept_in
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


def floors_of(least):
    """What is told of small groups that said the same."""
    return [(row, n) for row, n in zip(np.eye(least.size), least.reshape(-1), strict=True) if n]


def leaks(counts, hidden, *, by_bounds, floors=()):
    """Secret cells that the attacker finds, and would not have found from the margins alone."""
    flat, secrets = counts.reshape(-1), secrets_of(counts)
    if not len(secrets):
        return 0

    def told(equations):
        if by_bounds:
            told_ = floors if len(equations) > len(margins(counts.shape)) else ()
            found = ranges(equations, [row @ flat for row in np.array(equations, float)], secrets, told_)
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
        kept = kept_in(counts, K)
        assert leaks(counts, kept.hidden, by_bounds=True, floors=floors_of(kept.least)) == 0, counts


def in_slices(counts):
    """What is hidden in a table of three questions and in the three of two of them."""
    sums = [counts.sum(axis=axis) for axis in (2, 1, 0)]
    tables = [kept_in(s, K) for s in sums]
    return sums, tables, hidden_in_slices(counts, K, tables)


def slice_leaks(counts):
    """Of the small cells of all four tables, how many the attacker finds."""
    sums, tables, hidden = in_slices(counts)
    assert not ((counts < K) & ~hidden).any()
    cells = np.arange(counts.size).reshape(counts.shape)
    known, secrets, floors = known_of(counts, hidden), [*secrets_of(counts)], []
    for axis, (sum_, table) in zip((2, 1, 0), zip(sums, tables, strict=True), strict=True):
        lines = [
            np.isin(cells, line).reshape(-1) for line in np.moveaxis(cells, axis, -1).reshape(-1, counts.shape[axis])
        ]
        told_of = zip(lines, sum_.reshape(-1), table.hidden.reshape(-1), table.least.reshape(-1), strict=True)
        for line, n, hide, least in told_of:
            if not hide:
                known.append(line)
            if least:
                floors.append((line, least))
            if 0 < n < K:
                secrets.append(line)
    if not secrets:
        return 0
    flat = counts.reshape(-1)

    def told(equations, floors=()):
        found = ranges(equations, [np.array(row, float) @ flat for row in equations], secrets, floors)
        return np.array([high - low < 1e-6 for low, high in found])

    return int((told(known, floors) & ~told(margins(counts.shape))).sum())


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


@pytest.mark.parametrize(
    ("alike", "least"), [((0, 5), 0), ((0, 6), 5), ((1, 6), 6), ((0, 19), 18), ((1, 18), 18), ((2, 17), 0)]
)
def test_of_a_small_group_that_said_the_same_it_is_told_that_all_or_all_but_one_did(alike, least):
    kept = kept_in(np.array([alike, [200, 150], [180, 170]]), K)
    assert kept.hidden[0].all()
    assert kept.least.tolist() == [[0, least], [0, 0], [0, 0]]


def test_what_is_told_of_it_does_not_say_whether_one_said_something_else():
    for alike in ((0, 12), (1, 11)):
        counts = np.array([alike, [200, 150], [180, 170]])
        kept = kept_in(counts, K)
        [(low, high)] = ranges(known_of(counts, kept.hidden), [row @ counts.reshape(-1) for row in known_of(counts, kept.hidden)],
                               np.eye(6)[1:2], floors_of(kept.least))  # fmt: skip
        assert (round(low), round(high)) == (11, 12)


def test_a_large_group_that_said_the_same_is_shown():
    assert not hidden_in(np.array([[0, 90], [200, 150], [180, 170]]), K)[0, 1]


def test_turning_a_table_hides_as_much():
    chance = np.random.default_rng(3)
    for _table in range(50):
        counts = a_table(chance)
        assert leaks(counts, hidden_in(counts.T, K).T, by_bounds=False) == 0
