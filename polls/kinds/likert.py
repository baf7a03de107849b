"""A labelled scale, such as from strongly disagree to strongly agree."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from heard.kit.errors import BadInput
from heard.kit.i18n import _, ngettext, number
from polls.kinds.kind import FrozenQuestion, Kind, OptionResult, QuestionResult, Value, whole_number
from polls.kinds.taps import Taps, tapped


class Likert(Kind):
    """One step of a scale whose steps have labels, the lowest first: the usual five or seven, or the manager's own.

    Stored as the number of the step, from 1.
    """

    name, has_options, has_steps = "likert", True, True
    place = 45
    has_mean, mark = True, "circle"
    operators = ("is", "is_not", "at_least", "at_most", "answered", "not_answered")
    seconds, judged = 5, "wording"
    height, height_per_item = -8, 56
    default_settings: ClassVar[Mapping[str, Any]] = {"steps": 5}
    most_steps: ClassVar[int] = 11

    def label(self) -> str:
        """Its name in the editor."""
        return _("Agreement scale")

    def purpose(self) -> str:
        """What it is for, where the editor lets one choose."""
        return _("How much people agree, in words.")

    def setting_labels(self) -> Mapping[str, str]:
        """What stands beside the field."""
        return {"steps": _("Steps, 5 or 7, when you write no options of your own")}

    def settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """steps is 5 or 7."""
        made = super().settings(given)
        if type(made["steps"]) is not int or made["steps"] not in (5, 7):
            raise BadInput(_("An agreement scale has 5 or 7 steps."), fields={"settings": "steps"})
        return made

    def fixed_options(self, settings: Mapping[str, Any] | None = None) -> tuple[str, ...]:
        """The usual labels; those of five steps are among those of seven."""
        seven = (
            _("Strongly disagree"), _("Disagree"), _("Somewhat disagree"), _("Neither agree nor disagree"),
            _("Somewhat agree"), _("Agree"), _("Strongly agree"),
        )  # fmt: skip
        return seven if (settings or {}).get("steps") == 7 else (seven[0], seven[1], seven[3], seven[5], seven[6])

    def settings_seen(self, labels: Collection[str]) -> dict[str, Any]:
        """Seven steps where five have no such label."""
        return {} if set(labels) <= set(self.fixed_options()) else {"steps": 7}

    def gaps(self, question: FrozenQuestion) -> list[str]:
        """2 to 11 steps."""
        gaps = super().gaps(question)
        if len(question.options) > self.most_steps:
            words = _("“%(wording)s” has %(n)s steps; a scale has at most %(most)s.")
            gaps.append(words % {"wording": question.wording, "n": len(question.options), "most": self.most_steps})
        return gaps

    def from_form(self, question: FrozenQuestion, form: Mapping[str, Sequence[str]]) -> list[Value]:
        """A radio button named q<id> whose value is the option's id."""
        return [self._step(question, v) for v in form.get(question.name, ()) if v]

    def as_form(self, question: FrozenQuestion, values: list[Value]) -> dict[str, list[str]]:
        """The option's id."""
        return {question.name: [str(question.options[int(v.number) - 1].id) for v in values if v.number is not None]}

    def from_json(self, question: FrozenQuestion, answer: Mapping[str, Any]) -> list[Value]:
        """{"option": id}, or {"number": n} where 1 is the lowest step."""
        option, step = answer.get("option"), answer.get("number")
        values = [] if option is None else [self._step(question, option)]
        if step is not None:
            if isinstance(step, bool) or not isinstance(step, int | float):
                raise self._off(question)
            values.append(Value(number=step))
        return values[:1] if len(set(values)) == 1 else values

    def taps(self, question: FrozenQuestion) -> Taps:
        """Each step, by its label."""
        return Taps(tapped(question))

    def check(self, question: FrozenQuestion, values: list[Value]) -> list[Value]:
        """One step of the scale."""
        if len(values) > 1 or any(v.number not in range(1, len(question.options) + 1) for v in values):
            raise self._off(question)
        return super().check(question, values)

    def result(self, question: FrozenQuestion, cells: Mapping[str, int]) -> QuestionResult:
        """The mean, how often each step was chosen in the scale's order, and the share of the two highest."""
        n = cells.get(f"{question.id}:n", 0)
        counts = [cells.get(f"{question.id}:v{step}", 0) for step in range(1, len(question.options) + 1)]
        options = tuple(
            OptionResult(o.id, o.label, count, count / n if n else 0.0)
            for o, count in zip(question.options, counts, strict=True)
        )
        return QuestionResult(
            question.id, self.name, question.wording, n, options, low=1, high=len(options),
            mean=sum(step * count for step, count in enumerate(counts, 1)) / n if n else None,
            top=sum(counts[-2:]) / n if n and len(options) > 3 else None,
        )  # fmt: skip

    def finding(self, result: QuestionResult) -> str:
        """How many chose one of the two highest steps, and the mean."""
        figures = {
            "mean": number(result.mean or 0, 1), "low": result.low, "high": result.high, "n": number(result.n)
        }  # fmt: skip
        if result.top is None:
            words = ngettext(
                "%(mean)s on average, on a scale from %(low)s to %(high)s, from %(n)s answer.",
                "%(mean)s on average, on a scale from %(low)s to %(high)s, from %(n)s answers.",
                result.n,
            )
            return words % figures
        one, other = result.options[-2:]
        words = _("%(top)s of %(n)s chose “%(one)s” or “%(other)s”: %(mean)s on average, from %(low)s to %(high)s.")
        return words % {**figures, "top": number(one.count + other.count), "one": one.label, "other": other.label}

    def to_long(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """The label of the step."""
        return [question.options[int(v.number) - 1].label for v in values if v.number is not None]

    def from_long(self, question: FrozenQuestion, cells: list[str]) -> list[Value]:
        """By label, or by the number of the step."""
        steps = {str(step): step for step in range(1, len(question.options) + 1)}
        steps |= {o.label: step for step, o in enumerate(question.options, 1)}
        if missing := [c for c in cells if c not in steps]:
            raise question.refuse(_("There is no option “%(label)s”.") % {"label": missing[0][:80]})
        return [Value(number=steps[c]) for c in cells]

    def figure(self, question: FrozenQuestion, number: float) -> dict[str, object]:
        """The label of the step beside its number: labels may be figures too."""
        return {"option": question.options[int(number) - 1].label, "number": number}

    def _step(self, question: FrozenQuestion, sent: Any) -> Value:
        try:
            return Value(number=[o.id for o in question.options].index(whole_number(sent)) + 1)
        except (ValueError, TypeError) as error:
            raise question.refuse(_("This option does not belong to the question.")) from error

    def _off(self, question: FrozenQuestion) -> BadInput:
        words = _("Choose one step, from 1 (%(low)s) to %(n)s (%(high)s).")
        low, high = (question.options[0].label, question.options[-1].label) if question.options else ("–", "–")
        return question.refuse(words % {"low": low, "n": len(question.options), "high": high})
