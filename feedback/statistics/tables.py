"""Whether two questions hang together: a test for a table of counts, and how strongly. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from feedback.statistics.distributions import chi_square_tail

FEWEST_EXPECTED = 5


@dataclass(frozen=True)
class Association:
    """`v`: Cramér's V, 0 (nothing) to 1. `w`: Cohen's, the same for tables of any size: 0.1 weak, 0.3 middling, 0.5 strong.
    `p`: how often chance alone gives a table as uneven, if those asked were a random sample. `rough`: cells are too thin
    for the p of chi-square to be exact."""

    v: float
    w: float
    p: float
    n: int
    exact: bool  # Fisher's test
    rough: bool = False


def association(table: Sequence[Sequence[int]]) -> Association | None:
    """The test of a table of counts, each person in one cell; None where fewer than two rows or columns have anybody.

    Pearson's chi-square without a correction; Fisher's exact test, two-sided, for two rows and two columns of which a
    cell is expected to hold fewer than 5. Rough: more than a fifth of the cells are expected to hold fewer than 5, or one
    fewer than 1. Raises ValueError for a negative count or rows of different length.
    Sources: K. Pearson, Phil. Mag. 50 (1900) 157-175; R. A. Fisher, Statistical Methods for Research Workers, 5th ed.
    (1934), §21.02; W. G. Cochran, Biometrics 10 (1954) 417-451; H. Cramér, Mathematical Methods of Statistics (1946),
    §21.9; J. Cohen, Statistical Power Analysis, 2nd ed. (1988), §7.2.
    """
    if len({len(row) for row in table}) > 1 or any(n < 0 for row in table for n in row):
        raise ValueError("this is no table of counts")
    rows = [row for row in table if sum(row)]
    columns = [column for column in zip(*rows, strict=True) if sum(column)]
    if len(rows) < 2 or len(columns) < 2:
        return None
    rows = [*zip(*columns, strict=True)]
    n = sum(map(sum, rows))
    expected = [[sum(row) * sum(column) / n for column in columns] for row in rows]
    statistic = math.fsum(
        (seen - due) ** 2 / due
        for line, dues in zip(rows, expected, strict=True) for seen, due in zip(line, dues, strict=True)
    )  # fmt: skip
    w = math.sqrt(statistic / n)
    v = min(1.0, w / math.sqrt(min(len(rows), len(columns)) - 1))
    thin = [due for dues in expected for due in dues if due < FEWEST_EXPECTED]
    if thin and len(rows) == len(columns) == 2:
        return Association(v, w, fisher(*rows[0], *rows[1]), n, exact=True)
    p = chi_square_tail(statistic, (len(rows) - 1) * (len(columns) - 1))
    return Association(
        v, w, p, n, exact=False, rough=5 * len(thin) > len(rows) * len(columns) or min(thin, default=1) < 1
    )


def fisher(a: int, b: int, c: int, d: int) -> float:
    """The two-sided p of the table (a, b; c, d): all tables with its margins that are no likelier than it.

    Source: as above. Likelihoods that differ by a ten-millionth count as equal, as rounding may part them.
    """
    row, column, n = a + b, a + c, a + b + c + d
    chances = [
        _log_ways(row, k) + _log_ways(n - row, column - k)
        for k in range(max(0, column + row - n), min(row, column) + 1)
    ]  # fmt: skip
    own = _log_ways(row, a) + _log_ways(n - row, column - a)
    all_ = _log_ways(n, column)
    return min(1.0, math.fsum(math.exp(chance - all_) for chance in chances if chance <= own + 1e-7))


def _log_ways(n: int, k: int) -> float:
    """The logarithm of the ways to take k out of n."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
