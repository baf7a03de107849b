"""How far the figures of an invited poll could be from those of everybody who was invited, if chance had chosen who answered.

Only where people were invited one by one, and never without the “if” (trust.md, D8): who may answer by an open link is no
sample of anything. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from feedback.collect.counters import K
from feedback.statistics.nps import promoter_score
from feedback.statistics.proportions import wilson
from heard.kit.i18n import _, ngettext, number, percent
from polls.frozen import FrozenPoll
from polls.kinds.kind import QuestionResult

MOST = 8  # options; a longer list says nothing at a glance


@dataclass(frozen=True)
class Ranges:
    """`premise`: the “if”; `rows`: an answer, or "" for the score, and its range in words."""

    premise: str
    rows: list[tuple[str, str]]


def ranges_of(poll: FrozenPoll, results: Iterable[QuestionResult], invited: int) -> dict[int, Ranges]:
    """The ranges of an invited poll by question; none of a question that fewer than K people answered, that all
    of them answered, or whose answers are no choices. `invited`: how many were, or 0 where that is not known."""
    if poll.voter_rule != "link":
        return {}
    found = ((result.id, _ranges(result, invited if invited >= result.n else 0)) for result in results)
    return {question: ranges for question, ranges in found if ranges is not None and ranges.rows}


def _ranges(result: QuestionResult, invited: int) -> Ranges | None:
    if result.n < K or result.n == invited:
        return None
    of = invited or None
    if result.nps is not None:
        return Ranges(_premise(invited), [("", _score(result, of))])
    if result.mean is not None or result.middle is not None or result.items or len(result.options) > MOST:
        return None
    decimals = 1 if result.n >= 1000 else 0
    told = [(o.label, wilson(o.count, result.n, of=of)) for o in result.options]
    return Ranges(
        _premise(invited), [(label, _words(*(percent(end, decimals) for end in ends))) for label, ends in told]
    )


def _premise(invited: int) -> str:
    if not invited:
        return _("If these were a random sample, the figures of everybody would be, in 19 of 20 cases:")
    words = ngettext(
        "If these were a random sample of the %(n)s person invited, the figures of all would be, in 19 of 20 cases:",
        "If these were a random sample of the %(n)s people invited, the figures of all would be, in 19 of 20 cases:",
        invited,
    )
    return words % {"n": number(invited)}


def _score(result: QuestionResult, of: int | None) -> str:
    up = sum(o.count for o in result.options if o.id >= 9)
    down = sum(o.count for o in result.options if o.id <= 6)
    _point, low, high = promoter_score(up, result.n - up - down, down, of=of)
    return _("a score of %(range)s") % {"range": _words(_signed(low), _signed(high))}


def _signed(score: float) -> str:
    whole = round(score)
    return ("−" if whole < 0 else "+" if whole else "") + number(abs(whole))


def _words(low: str, high: str) -> str:
    return _("%(low)s to %(high)s") % {"low": low, "high": high}
