"""The two distributions that tests and intervals look up: chi-square and Student's t. Plain Python, so that a web process
loads nothing for them. Pure.

Source of the series and continued fractions: NIST Digital Library of Mathematical Functions, 8.7.1, 8.9.2 and 8.17.22,
evaluated by the method of Lentz as I. J. Thompson and A. R. Barnett gave it, J. Comput. Phys. 64 (1986) 490-509.
"""

import math
from collections.abc import Iterator
from functools import lru_cache

Z = 1.959963984540054
"""Standard deviations on each side that hold 95 % of a normal distribution."""
Z90 = 1.2815515655446004
"""Standard deviations below which 90 % of a normal distribution lie: for tests of one side."""
_TINY, _ENOUGH, _MOST = 1e-300, 1e-15, 100_000


def chi_square_tail(statistic: float, degrees: int) -> float:
    """How often chance alone gives this statistic or a larger one: 0..1, with these degrees of freedom.

    Raises ValueError for a negative statistic or fewer than one degree.
    """
    if statistic < 0 or degrees < 1:
        raise ValueError(f"{statistic} with {degrees} degrees of freedom is no chi-square statistic")
    a, x = degrees / 2, statistic / 2
    if not x:
        return 1.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        return max(0.0, 1 - front * _gamma_series(a, x))
    return min(1.0, front / _fraction(x + 1 - a, ((-n * (n - a), x + 2 * n + 1 - a) for n in range(1, _MOST))))


def _gamma_series(a: float, x: float) -> float:
    term = total = 1 / a
    for n in range(1, _MOST):
        term *= x / (a + n)
        total += term
        if term < total * _ENOUGH:
            break
    return total


@lru_cache(maxsize=256)
def student_point(degrees: float) -> float:
    """How many standard errors on each side hold 95 % of Student's t. Raises ValueError for no degrees of freedom."""
    if degrees <= 0:
        raise ValueError("no degrees of freedom")
    low, high = 0.0, 1.0
    while _student_tails(high, degrees) > 0.05:
        high *= 2
    for _halving in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if _student_tails(middle, degrees) > 0.05 else (low, middle)
    return high


def _student_tails(t: float, degrees: float) -> float:
    """Both tails beyond ±t."""
    return _beta_part(degrees / (degrees + t * t), degrees / 2, 0.5) if t else 1.0


def _beta_part(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):  # the fraction is quick on the other side
        return 1 - _beta_part(1 - x, b, a)
    sides = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(sides + a * math.log(x) + b * math.log1p(-x))
    return front / (a * _fraction(1.0, _beta_steps(x, a, b)))


def _beta_steps(x: float, a: float, b: float) -> Iterator[tuple[float, float]]:
    yield -(a + b) * x / (a + 1), 1.0
    for m in range(1, _MOST):
        yield m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), 1.0
        yield -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)), 1.0


def _fraction(first: float, steps: Iterator[tuple[float, float]]) -> float:
    """first + a1/(b1 + a2/(b2 + …)), for steps (a, b)."""
    value = above = first or _TINY
    below = 0.0
    for a, b in steps:
        below = 1 / (b + a * below or _TINY)
        above = b + a / above or _TINY
        value *= above * below
        if abs(above * below - 1) < _ENOUGH:
            break
    return value
