"""How likely to recommend, 0 to 10."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from heard.kit.i18n import _, number
from polls.kinds.kind import FrozenQuestion, Kind, QuestionResult
from polls.kinds.rating import Rating
from polls.kinds.taps import Taps


class Nps(Rating):
    """Eleven steps, and one figure: the share of 9 and 10 less the share of 0 to 6."""

    name = "nps"
    place = 50
    seconds, judged = 6, "wording"
    height = 87
    default_settings: ClassVar[Mapping[str, Any]] = {}

    def label(self) -> str:
        """Its name in the editor."""
        return _("Recommend, 0 to 10")

    def purpose(self) -> str:
        """What it is for, where the editor lets one choose."""
        return _("How likely people are to recommend you, 0 to 10.")

    def setting_labels(self) -> Mapping[str, str]:
        """None."""
        return {}

    def settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """None: the scale is the convention."""
        return Kind.settings(self, given)

    def steps(self, question: FrozenQuestion) -> range:
        """0 to 10."""
        return range(11)

    def taps(self, question: FrozenQuestion) -> Taps:
        """The eleven steps, with the words of the ballot at their ends."""
        return replace(super().taps(question), low=_("not at all likely"), high=_("very likely"))

    def result(self, question: FrozenQuestion, cells: Mapping[str, int]) -> QuestionResult:
        """nps: a whole number in -100..100; the distribution as options 0 to 10.

        Source: F. Reichheld, Harvard Business Review 81 (12), 2003, 46-54.
        """
        n, options = self._distribution(question, cells)
        balance = sum(o.count for o in options if o.id >= 9) - sum(o.count for o in options if o.id <= 6)
        mean = sum(o.id * o.count for o in options) / n if n else None
        return QuestionResult(
            question.id,
            self.name,
            question.wording,
            n,
            options,
            mean=mean,
            nps=rounded(100 * balance, n),
            low=0,
            high=10,
        )

    def finding(self, result: QuestionResult) -> str:
        """The score and what it is made of."""
        would = sum(o.count for o in result.options if o.id >= 9)
        would_not = sum(o.count for o in result.options if o.id <= 6)
        words = _("The score is %(score)s: %(would)s of %(n)s would recommend (9 or 10), %(not)s would not (0 to 6).")
        score = number(abs(result.nps or 0))
        sign = "−" if (result.nps or 0) < 0 else "+" if result.nps else ""
        return words % {"score": sign + score, "would": number(would), "n": number(result.n), "not": number(would_not)}


def rounded(numerator: int, denominator: int) -> int | None:
    """The nearest whole number, halves away from zero (as readers round, and the same for praise and blame)."""
    if not denominator:
        return None
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size
