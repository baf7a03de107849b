"""A share of people: how far the share of everybody could be from it if those asked were a random sample, and tests of one
share against a half and of two against each other. Pure."""

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


def z_of_half(said: float, n: float) -> float:
    """How many standard errors the share said/n lies above one half, each count with one more, so that one vote is not
    everybody: 2 √(n + 1) ((said + 1)/(n + 1) − ½). Raises ValueError if said lies outside 0..n.

    Source: the test of one proportion, J. L. Fleiss, Statistical Methods for Rates and Proportions, 2nd ed. (1981), §1.4,
    with the counts of Polis (https://compdemocracy.org/representative-comments).
    """
    if not 0 <= said <= n:
        raise ValueError(f"{said} of {n} is no share")
    return 2 * math.sqrt(n + 1) * ((said + 1) / (n + 1) - 0.5)


def z_of_two(said: float, n: float, other_said: float, other_n: float) -> float:
    """How many standard errors the first share lies above the second one, each count with one more; 0 where all of both, or
    nobody, said so. Raises ValueError if a share is none.

    Source: the test of two independent proportions with a pooled variance, Fleiss (as above), §2.3; its square is the
    chi-square statistic of the table.
    """
    if not (0 <= said <= n and 0 <= other_said <= other_n):
        raise ValueError(f"{said} of {n}, {other_said} of {other_n}: these are no shares")
    here, there, m, other_m = said + 1, other_said + 1, n + 1, other_n + 1
    pooled = (here + there) / (m + other_m)
    spread = math.sqrt(max(0.0, pooled * (1 - pooled)) * (1 / m + 1 / other_m))
    return (here / m - there / other_m) / spread if spread > 0 else 0.0
