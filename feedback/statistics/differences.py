"""Differences of means with their 95 % intervals: of the same people twice, and of two groups of people. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from feedback.statistics.distributions import student_point


@dataclass(frozen=True)
class Difference:
    """A mean difference, second less first. `low`, `high`: its 95 % interval, or None where there is none to give."""

    mean: float
    low: float | None = None
    high: float | None = None


def paired_difference(before: Sequence[float], after: Sequence[float]) -> Difference:
    """The mean of after − before for the same people in the same order, with its 95 % interval.

    Student's t with n − 1 degrees of freedom; all differences equal gives an interval of no width.
    Raises ValueError for fewer than two pairs or lists of different length.
    Source: Student, Biometrika 6 (1908) 1-25.
    """
    if len(before) != len(after) or len(before) < 2:
        raise ValueError(f"{len(before)} and {len(after)} values make no pairs")
    differences = [b - a for a, b in zip(before, after, strict=True)]
    mean, variance = _moments(differences)
    reach = student_point(len(differences) - 1) * math.sqrt(variance / len(differences))
    return Difference(mean, mean - reach, mean + reach)


def independent_difference(before: Sequence[float], after: Sequence[float]) -> Difference:
    """The difference of the means of two groups of different people, with its 95 % interval; unequal variances.

    Raises ValueError for a group of fewer than two.
    Source: B. L. Welch, Biometrika 34 (1947) 28-35.
    """
    if len(before) < 2 or len(after) < 2:
        raise ValueError("a group of fewer than two has no variance")
    (mean_1, var_1), (mean_2, var_2) = _moments(before), _moments(after)
    parts = var_1 / len(before), var_2 / len(after)
    error = sum(parts)
    if not error:
        return Difference(mean_2 - mean_1, mean_2 - mean_1, mean_2 - mean_1)
    degrees = error**2 / (parts[0] ** 2 / (len(before) - 1) + parts[1] ** 2 / (len(after) - 1))
    reach = student_point(degrees) * math.sqrt(error)
    return Difference(mean_2 - mean_1, mean_2 - mean_1 - reach, mean_2 - mean_1 + reach)


def mean_of(values: Sequence[float]) -> float:
    """The mean. Raises ZeroDivisionError for no values."""
    return math.fsum(values) / len(values)


def _moments(values: Sequence[float]) -> tuple[float, float]:
    mean = mean_of(values)
    return mean, math.fsum((v - mean) ** 2 for v in values) / (len(values) - 1)
