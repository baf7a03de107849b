"""A step on a short scale, such as 1 to 5."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from heard.kit.errors import BadInput
from heard.kit.i18n import _, ngettext, number
from polls.kinds.kind import FrozenQuestion, Kind, OptionResult, QuestionResult, Value
from polls.kinds.taps import Taps


class Rating(Kind):
    """A whole number from low to high; the two ends may carry words."""

    name = "rating"
    place = 40
    has_mean = True
    operators = ("at_least", "at_most", "answered", "not_answered")
    seconds, judged = 5, "wording"
    height = 62
    default_settings: ClassVar[Mapping[str, Any]] = {"low": 1, "high": 5, "low_label": "", "high_label": ""}

    def label(self) -> str:
        """Its name in the editor."""
        return _("Rating")

    def purpose(self) -> str:
        """What it is for, where the editor lets one choose."""
        return _("A number on a scale, such as 1 to 5.")

    def setting_labels(self) -> Mapping[str, str]:
        """What stands beside the fields."""
        return {
            "low": _("From"), "high": _("To"), "low_label": _("Words at the low end"),
            "high_label": _("Words at the high end"),
        }  # fmt: skip

    def settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """low and high are whole numbers in 0..100 with 2 to 11 steps; the labels have at most 60 characters."""
        made = super().settings(given)
        low, high = made["low"], made["high"]
        if type(low) is not int or type(high) is not int or not 0 <= low < high <= 100 or high - low > 10:
            raise BadInput(
                _("A rating runs between two whole numbers, the lower one first, with at most 11 steps."),
                hint=_("Such as low 1 and high 5."),
                fields={"settings": "low"},
            )
        for name in ("low_label", "high_label"):
            if not isinstance(made[name], str) or len(made[name].strip()) > 60:
                raise BadInput(
                    _("The words at an end of the scale have at most 60 characters."), fields={"settings": name}
                )
            made[name] = made[name].strip()
        return made

    def steps(self, question: FrozenQuestion) -> range:
        """The numbers that can be chosen."""
        return range(question.settings.get("low", 1), question.settings.get("high", 5) + 1)

    def from_form(self, question: FrozenQuestion, form: Mapping[str, Sequence[str]]) -> list[Value]:
        """A radio button named q<id> whose value is the number."""
        sent = [v for v in form.get(question.name, ()) if v]
        if len(sent) > 1:
            raise question.refuse(_("Choose one number."))
        return [self._number(question, v) for v in sent]

    def from_json(self, question: FrozenQuestion, answer: Mapping[str, Any]) -> list[Value]:
        """{"number": n}."""
        given = answer.get("number")
        return [] if given is None else [self._number(question, given)]

    def taps(self, question: FrozenQuestion) -> Taps:
        """The steps side by side."""
        steps = tuple((str(step), str(step)) for step in self.steps(question))
        low, high = (str(question.settings.get(end, "")) for end in ("low_label", "high_label"))
        return Taps(steps, scale=True, low=low, high=high)

    def check(self, question: FrozenQuestion, values: list[Value]) -> list[Value]:
        """One whole number on the scale."""
        if len(values) > 1 or any(v.number is None or v.number not in self.steps(question) for v in values):
            raise self._off(question)
        return super().check(question, values)

    def result(self, question: FrozenQuestion, cells: Mapping[str, int]) -> QuestionResult:
        """The mean, and how often each step was chosen (as options whose id and label are the number)."""
        n, options = self._distribution(question, cells)
        mean = sum(o.id * o.count for o in options) / n if n else None
        steps = self.steps(question)
        return QuestionResult(
            question.id, self.name, question.wording, n, options, mean=mean, low=steps[0], high=steps[-1]
        )

    def finding(self, result: QuestionResult) -> str:
        """The mean with its scale and base."""
        words = ngettext(
            "%(mean)s on average, on a scale from %(low)s to %(high)s, from %(n)s answer.",
            "%(mean)s on average, on a scale from %(low)s to %(high)s, from %(n)s answers.",
            result.n,
        )
        mean = number(result.mean or 0, 1)
        return words % {"mean": mean, "low": result.low, "high": result.high, "n": number(result.n)}

    def to_long(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """The number."""
        return [f"{v.number:g}" for v in values if v.number is not None]

    def from_long(self, question: FrozenQuestion, cells: list[str]) -> list[Value]:
        """The number; other tools write 4.0 for 4."""
        return [self._number(question, c.strip()) for c in cells]

    def _distribution(self, question: FrozenQuestion, cells: Mapping[str, int]) -> tuple[int, tuple[OptionResult, ...]]:
        n = cells.get(f"{question.id}:n", 0)
        return n, tuple(
            OptionResult(step, str(step), count, count / n if n else 0.0)
            for step in self.steps(question)
            for count in [cells.get(f"{question.id}:v{step}", 0)]
        )

    def _number(self, question: FrozenQuestion, sent: Any) -> Value:
        try:
            if isinstance(sent, bool) or len(str(sent)) > 12:
                raise ValueError(sent)
            number = float(sent)
            if not number.is_integer():  # NaN and the infinities are not whole either
                raise ValueError(sent)
        except (ValueError, TypeError, OverflowError) as error:
            raise self._off(question) from error
        return Value(number=number)

    def _off(self, question: FrozenQuestion) -> BadInput:
        steps = self.steps(question)
        return question.refuse(
            _("Choose a whole number from %(low)s to %(high)s.") % {"low": steps[0], "high": steps[-1]}
        )
