"""The promoter score and its interval. Pure."""

import math
from typing import NamedTuple

from feedback.statistics.distributions import Z
from feedback.statistics.proportions import worth


class Score(NamedTuple):
    """−100..100 each: the score, and its 95 % interval if those asked were a random sample."""

    score: float
    low: float
    high: float


def promoter_score(promoters: int, passives: int, detractors: int, *, of: int | None = None) -> Score:
    """The share of promoters (9, 10) less that of detractors (0 to 6), times 100.

    The variance is the multinomial one, p + d − (p − d)²; one person is added to promoters and one to detractors for the
    interval, which so keeps its level in small groups and has a width where all say the same. `of`: as in
    proportions.wilson. Raises ValueError for no answers or a negative count.
    Sources: F. Reichheld, Harvard Business Review 81 (12), 2003, 46-54; D. G. Bonett and R. M. Price, J. Educ. Behav.
    Stat. 37 (2012) 479-488 (the difference of two shares of the same people).
    """
    n = promoters + passives + detractors
    if n <= 0 or min(promoters, passives, detractors) < 0:
        raise ValueError(f"{promoters}, {passives} and {detractors} make no score")
    score, size = 100 * (promoters - detractors) / n, worth(n, of)
    if math.isinf(size):
        return Score(score, score, score)
    up, down = ((count * size / n + 1) / (size + 2) for count in (promoters, detractors))
    reach = Z * math.sqrt((up + down - (up - down) ** 2) / (size + 2))
    return Score(score, max(-100.0, 100 * (up - down - reach)), min(100.0, 100 * (up - down + reach)))
