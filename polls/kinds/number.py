"""A number, such as minutes, persons or euros."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from heard.kit import i18n
from heard.kit.errors import BadInput
from heard.kit.i18n import _, ngettext
from polls.kinds.kind import FrozenQuestion, Kind, OptionResult, QuestionResult, Value

LARGEST, DECIMALS = 10**12, 6
MOST_BARS = 12


@dataclass(frozen=True)
class NumberResult(OptionResult):
    """A bar: one number, or those from `first` to `last`, or to below `below`. The label is the same in every language,
    the words are not."""

    first: float = 0
    last: float = 0
    below: float | None = None

    @property
    def words(self) -> str:
        """The bar's name as the reader writes numbers."""
        if self.below is not None:
            return _("%(low)s to below %(high)s") % {"low": in_words(self.first), "high": in_words(self.below)}
        return "–".join(dict.fromkeys((in_words(self.first), in_words(self.last))))


class Number(Kind):
    """One number between min and max, both optional."""

    name = "number"
    place = 80
    has_mean = True
    operators: ClassVar[Sequence[str]] = ("at_least", "at_most", "answered", "not_answered")
    seconds, judged = 8, "wording"
    default_settings: ClassVar[Mapping[str, Any]] = {"min": None, "max": None, "whole": False, "unit": ""}

    def label(self) -> str:
        """Its name in the editor."""
        return _("Number")

    def purpose(self) -> str:
        """What it is for, where the editor lets one choose."""
        return _("How many, how far, how much.")

    def setting_labels(self) -> Mapping[str, str]:
        """What stands beside the fields."""
        return {
            "min": _("At least"), "max": _("At most"), "unit": _("Unit, such as minutes"),
            "whole": _("Whole numbers only"),
        }  # fmt: skip

    def settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """min and max are numbers or None, whole ones if `whole`; the unit has at most 20 characters."""
        made = super().settings(given)
        ends = [made[name] for name in ("min", "max") if made[name] is not None]
        for end in ends:
            if isinstance(end, bool) or not isinstance(end, int | float) or not abs(end) <= LARGEST:
                raise BadInput(
                    _("The smallest and the largest number are numbers, or left empty."), fields={"settings": "min"}
                )
            if made["whole"] and end != int(end):
                raise BadInput(_("“%(end)s” is not a whole number.") % {"end": end}, fields={"settings": "min"})
        if len(ends) == 2 and ends[0] >= ends[1]:
            raise BadInput(_("The smallest number is not below the largest."), fields={"settings": "min"})
        if not isinstance(made["unit"], str) or len(made["unit"].strip()) > 20:
            raise BadInput(_("A unit has at most 20 characters."), fields={"settings": "unit"})
        return {**made, "unit": made["unit"].strip()}

    def ends(self, question: FrozenQuestion) -> tuple[float | None, float | None]:
        """The smallest and the largest number that is taken; None: no limit."""
        return question.settings.get("min"), question.settings.get("max")

    def from_form(self, question: FrozenQuestion, form: Mapping[str, Sequence[str]]) -> list[Value]:
        """A field named q<id>: 12.5, 12,5, 1 000."""
        sent = [v for v in form.get(question.name, ()) if v.strip()]
        if len(sent) > 1:
            raise question.refuse(_("It takes one value, and several were sent."))
        return [self._read(question, v) for v in sent]

    def as_form(self, question: FrozenQuestion, values: list[Value]) -> dict[str, list[str]]:
        """The number as an input of the type number wants it."""
        return {question.name: self.to_long(question, values)}

    def from_json(self, question: FrozenQuestion, answer: Mapping[str, Any]) -> list[Value]:
        """{"number": n}."""
        given = answer.get("number")
        if given is None:
            return []
        if isinstance(given, bool) or not isinstance(given, int | float):
            raise self._off(question)
        return [self._number(question, given)]

    def check(self, question: FrozenQuestion, values: list[Value]) -> list[Value]:
        """One number within the limits."""
        least, most = self.ends(question)
        for value in values:
            given = value.number
            if len(values) > 1 or given is None or not abs(given) <= LARGEST:
                raise self._off(question)
            if (least is not None and given < least) or (most is not None and given > most):
                raise self._off(question)
            if question.settings.get("whole") and given != int(given):
                raise self._off(question)
        return super().check(question, values)

    def cells(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """A counter for each number that was given, exactly."""
        given = [v.number for v in values if v.number is not None]
        return [f"{question.id}:n", *(f"{question.id}:v{exact(v)}" for v in given)] if given else []

    def result(self, question: FrozenQuestion, cells: Mapping[str, int]) -> QuestionResult:
        """Mean, lowest, middle and highest, and as options at most 12 bars from low to high."""
        counts = self._counts(question, cells)
        n = sum(counts.values())
        least, middle, most = spread(counts)
        return QuestionResult(
            question.id, self.name, question.wording, n, bars(counts) if counts else (),
            mean=sum(v * c for v, c in counts.items()) / n if n else None, least=least, middle=middle, most=most,
            unit=question.settings.get("unit", ""),
        )  # fmt: skip

    def finding(self, result: QuestionResult) -> str:
        """The mean, the number in the middle, the ends and the base."""
        unit = f"\u00a0{result.unit}" if result.unit else ""
        words = ngettext(
            "%(mean)s on average, from %(n)s answer.",
            "%(mean)s on average, %(middle)s in the middle, from %(n)s answers between %(least)s and %(most)s.",
            result.n,
        )
        return words % {
            "mean": in_words(round(result.mean or 0, 1)) + unit, "n": i18n.number(result.n),
            "middle": in_words(result.middle or 0), "least": in_words(result.least or 0), "most": in_words(result.most or 0),
        }  # fmt: skip

    def to_long(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """The number, with a point."""
        return [exact(v.number) for v in values if v.number is not None]

    def from_long(self, question: FrozenQuestion, cells: list[str]) -> list[Value]:
        """The number; other tools write 12,5."""
        return [self._read(question, c) for c in cells]

    def told(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """The number as the reader writes it, with its unit."""
        unit = question.settings.get("unit", "")
        return [f"{in_words(v.number)} {unit}".strip() for v in values if v.number is not None]

    def _counts(self, question: FrozenQuestion, cells: Mapping[str, int]) -> dict[float, int]:
        """How often each number was given, in order."""
        start = f"{question.id}:v"
        found = {float(cell.removeprefix(start)): n for cell, n in cells.items() if n and cell.startswith(start)}
        return dict(sorted(found.items()))

    def _read(self, question: FrozenQuestion, sent: str) -> Value:
        try:
            return self._number(question, typed_number(sent))
        except ValueError as error:
            raise self._off(question) from error

    def _number(self, question: FrozenQuestion, given: float) -> Value:
        if not abs(given) <= LARGEST:  # NaN is not either
            raise self._off(question)
        return Value(number=round(float(given), DECIMALS) + 0.0)  # no -0.0: it is the same number

    def _off(self, question: FrozenQuestion) -> BadInput:
        least, most = (None if end is None else in_words(end) for end in self.ends(question))
        whole = question.settings.get("whole")
        if least is not None and most is not None:
            between = _("Write a number from %(low)s to %(high)s.")
            words = _("Write a whole number from %(low)s to %(high)s.") if whole else between
            return question.refuse(words % {"low": least, "high": most})
        if least is not None:
            words = _("Write a whole number, %(low)s or more.") if whole else _("Write a number, %(low)s or more.")
            return question.refuse(words % {"low": least})
        if most is not None:
            words = _("Write a whole number, %(high)s or less.") if whole else _("Write a number, %(high)s or less.")
            return question.refuse(words % {"high": most})
        return question.refuse(
            _("Write a whole number, such as 12.") if whole else _("Write a number, such as 12 or 12.5.")
        )


def typed_number(text: str) -> float:
    """A number as people type it, in the language of this context: 12.5, 12,5, −3, 1 000, 1,000. Raises ValueError."""
    text = re.sub(r"[\s\u00a0\u202f]", "", text).replace("−", "-")
    groups = r"[+-]?\d{1,3}(,\d{3})+" + (r"\.\d+" if i18n.language() == "fr" else r"(\.\d+)?")
    text = text.replace(",", "") if re.fullmatch(groups, text) else text.replace(",", ".")
    if len(text) > 40 or not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", text, re.ASCII):
        raise ValueError(text[:40])
    return float(text)


def exact(value: float) -> str:
    """A number for programs: 12, 12.5, never 1e+06."""
    return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")


def in_words(value: float) -> str:
    """A number for people, with the decimals it has."""
    return i18n.number(value, len(exact(value).partition(".")[2]))


def spread(counts: Mapping[float, int] | Mapping[int, int]) -> tuple[float | None, float | None, float | None]:
    """Lowest, median and highest of values in order with their counts; all None without one."""
    if not counts:
        return None, None, None
    n, seen, around = sum(counts.values()), 0, []
    for value, count in counts.items():
        around += [value for place in ((n - 1) // 2, n // 2) if seen <= place < seen + count]
        seen += count
    return min(counts), sum(around) / 2, max(counts)


def bars(counts: Mapping[float, int]) -> tuple[NumberResult, ...]:
    """A bar for each number, or where there are more than 12, for stretches of one round width; empty ones included."""
    n = sum(counts.values())
    if len(counts) <= MOST_BARS:
        return tuple(
            NumberResult(at, exact(value), count, count / n, first=value, last=value)
            for at, (value, count) in enumerate(counts.items())
        )
    least, most = min(counts), max(counts)
    whole = all(value == int(value) for value in counts)
    width = _round_width((most - least) / (MOST_BARS - 2))
    if whole:
        width = max(1, round(width))
    start = math.floor(least / width)
    made = []
    for at in range(math.floor(most / width) - start + 1):
        first, below = (start + at) * width, (start + at + 1) * width
        count = sum(c for value, c in counts.items() if math.floor(value / width) == start + at)
        if whole:
            name = "–".join(dict.fromkeys((exact(first), exact(below - 1))))
            made.append(NumberResult(at, name, count, count / n, first=first, last=below - 1))
        else:
            name = f"{exact(first)}–<{exact(below)}"
            made.append(NumberResult(at, name, count, count / n, first=first, last=below, below=below))
    return tuple(made)


def _round_width(width: float) -> float:
    """The next of 1, 2, 5, 10 … at or above."""
    ten = 10.0 ** math.floor(math.log10(width))
    return next(ten * step for step in (1, 2, 5, 10) if ten * step >= width * (1 - 1e-9))
