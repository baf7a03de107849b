"""A share of people, and how far the share of everybody could be from it if those asked were a random sample. Pure."""

import math

from feedback.statistics.distributions import Z


def wilson(votes: float, n: float, *, of: int | None = None, z: float = Z) -> tuple[float, float]:
    """Lower and upper bound of the share votes/n, both in 0..1.

    `of`: how many people the sample was drawn from, where that is known; the interval is then narrower, and without
    width when all of them answered. z is in standard deviations: 1.96 means 95 %. Stays inside 0..1 for small groups:
    9 of 10 gives 0.60 to 0.98. Raises ValueError if n is 0, votes lies outside 0..n, or `of` is below n.
    Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212.
    """
    if n <= 0 or not 0 <= votes <= n:
        raise ValueError(f"{votes} of {n} is no share")
    share, n = votes / n, worth(n, of)
    if math.isinf(n):
        return share, share
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # none and all are bounds themselves; rounding would miss them by a hair
    return (0.0 if not votes else max(0.0, middle - reach), 1.0 if share == 1 else min(1.0, middle + reach))


def worth(n: float, of: int | None) -> float:
    """The size of a sample from a crowd without end that says as much as n people out of `of`; infinite for all of them.

    The finite population correction (N − n)/(N − 1) of the variance, turned into a size.
    Source: W. G. Cochran, Sampling Techniques, 3rd ed. (1977), theorem 3.2.
    """
    if of is None:
        return n
    if of < n:
        raise ValueError(f"{n} people cannot be drawn from {of}")
    return math.inf if of == n else n * (of - 1) / (of - n)
