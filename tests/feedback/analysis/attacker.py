"""Somebody who writes down all that is shown and solves for what is not."""

import numpy as np
from scipy.optimize import linprog


def ranges(equations, totals, wanted, floors=()):
    """The least and the greatest value of each wanted sum of unknown counts, none of which is below nothing. `floors`: sums,
    and what each of them is said to be at least."""
    left, right = np.array(equations, float), np.array(totals, float)
    above = (
        {"A_ub": -np.array([row for row, _n in floors], float), "b_ub": [-n for _row, n in floors]} if floors else {}
    )
    found = []
    for sum_ in np.atleast_2d(np.array(wanted, float)):
        low = linprog(sum_, A_eq=left, b_eq=right, bounds=(0, None), method="highs", **above)
        high = linprog(-sum_, A_eq=left, b_eq=right, bounds=(0, None), method="highs", **above)
        assert (low.status, high.status) == (0, 0)
        found.append((low.fun, -high.fun))
    return found


def solved(equations, wanted):
    """Which of the wanted sums follow from the equations alone: they lie in the space of their rows."""
    _u, sizes, rows = np.linalg.svd(np.array(equations, float))
    space = rows[: int((sizes > 1e-9).sum())]
    wanted = np.atleast_2d(np.array(wanted, float))
    inside = wanted @ space.T @ space
    return np.abs(inside - wanted).max(axis=1) < 1e-7
