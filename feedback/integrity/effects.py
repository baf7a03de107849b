"""What ballots that are set aside would change. Pure: two results of one poll, counted and with all of them."""

from collections.abc import Sequence

from feedback.collect.tallies import PollResults
from polls.kinds.kind import QuestionResult


def changes(counted: PollResults, everything: PollResults) -> list[int]:
    """The ids of the questions whose result would be another one: another leader, another order, or another mean."""
    return [
        one.id
        for one, other in zip(counted.questions, everything.questions, strict=True)
        if standing(one) != standing(other)
    ]


def standing(result: QuestionResult) -> object:
    """What a result says, without its figures. Of a scale the mean with one digit, of a recommendation the score; of
    everything else, what stands on which place, equals together."""
    if result.ranked is not None:
        return [item.id for item in result.items]  # in the order of its method
    if result.nps is not None:
        return result.nps
    if result.mean is not None:
        return round(result.mean, 1)
    if result.middle is not None:
        return result.middle
    if result.items and result.items[0].options:  # a matrix, statements: row by row
        return [(item.id, _places([(o.id, o.count) for o in item.options])) for item in result.items]
    if result.items:
        return _places([(item.id, _worth(item.score, item.mean, item.count)) for item in result.items])
    return _places([(o.id, o.count) for o in result.options])


def _worth(*figures: float | None) -> float:
    return next((round(f, 4) for f in figures if f is not None), 0.0)


def _places(figures: Sequence[tuple[int, float]]) -> list[list[int]]:
    found: dict[float, list[int]] = {}
    for one, figure in figures:
        found.setdefault(figure, []).append(one)
    return [sorted(found[figure]) for figure in sorted(found, reverse=True)]
