"""A day."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from heard.kit.errors import BadInput
from heard.kit.i18n import _, day, language, ngettext, number
from polls.kinds.kind import FrozenQuestion, Kind, OptionResult, QuestionResult, Value
from polls.kinds.number import MOST_BARS, Number, spread


@dataclass(frozen=True)
class DayResult(OptionResult):
    """A bar: a day, a month or a year, `id` the number of its first day. The label is ISO in every language."""

    @property
    def words(self) -> str:
        """The bar's name in the reader's language."""
        if len(self.label) == 10:
            return day(date.fromordinal(self.id))
        if len(self.label) == 7:
            from babel.dates import format_skeleton

            return str(format_skeleton("yMMMM", date.fromordinal(self.id), locale=language()))
        return self.label


class Day(Number):
    """One day between first and last, both optional (ISO). Stored as the number of the day since 0001-01-01."""

    name = "date"
    place = 85
    has_mean = False
    operators = ("answered", "not_answered")  # a day is no figure to a reader
    seconds, judged = 10, "wording"
    default_settings: ClassVar[Mapping[str, Any]] = {"first": "", "last": ""}
    setting_codes: ClassVar[frozenset[str]] = frozenset({"first", "last"})
    setting_inputs: ClassVar[Mapping[str, str]] = {"first": "date", "last": "date"}

    def label(self) -> str:
        """Its name in the editor."""
        return _("Date")

    def purpose(self) -> str:
        """What it is for, where the editor lets one choose."""
        return _("A day.")

    def setting_labels(self) -> Mapping[str, str]:
        """What stands beside the fields."""
        return {"first": _("Not before"), "last": _("Not after")}

    def settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """first and last are days such as 2026-11-22, or ""."""
        made = Kind.settings(self, given)
        for name in ("first", "last"):
            try:
                made[name] = iso_day(str(made[name])).isoformat() if made[name] else ""
            except ValueError as error:
                words = _("“%(name)s” is a day such as 2026-11-22.") % {"name": name}
                raise BadInput(words, fields={"settings": name}) from error
        if made["first"] and made["last"] and made["first"] > made["last"]:
            raise BadInput(_("The first day is after the last."), fields={"settings": "first"})
        return made

    def ends(self, question: FrozenQuestion) -> tuple[float | None, float | None]:
        """The first and the last day that is taken, as numbers."""
        first, last = (question.settings.get(name) for name in ("first", "last"))
        return (
            date.fromisoformat(first).toordinal() if first else 1,
            date.fromisoformat(last).toordinal() if last else date.max.toordinal(),
        )

    def from_json(self, question: FrozenQuestion, answer: Mapping[str, Any]) -> list[Value]:
        """{"date": "2026-11-22"}."""
        given = answer.get("date")
        if given is not None and not isinstance(given, str):
            raise self._off(question)
        return [self._read(question, given)] if given else []

    def check(self, question: FrozenQuestion, values: list[Value]) -> list[Value]:
        """One whole day within the limits."""
        if any(v.number is None or v.number != int(v.number) for v in values):
            raise self._off(question)
        return super().check(question, values)

    def result(self, question: FrozenQuestion, cells: Mapping[str, int]) -> QuestionResult:
        """First, middle and last day (as numbers), and as options at most 12 days in order; else months, else years."""
        counts = {int(value): n for value, n in self._counts(question, cells).items()}
        least, middle, most = spread(counts)
        return QuestionResult(
            question.id, self.name, question.wording, sum(counts.values()), _bars(counts),
            least=least, middle=None if middle is None else int(middle), most=most,
        )  # fmt: skip

    def finding(self, result: QuestionResult) -> str:
        """The day named most often where one is; else from when to when."""
        first, middle, last = (day(date.fromordinal(int(d or 1))) for d in (result.least, result.middle, result.most))
        most = max(o.count for o in result.options)
        ahead = [o for o in result.options if o.count == most and isinstance(o, DayResult)]
        if len(ahead) == 1 and (most > 1 or result.n == 1):
            words = _("“%(one)s” leads with %(votes)s of %(n)s.")
            return words % {"one": ahead[0].words, "votes": number(most), "n": number(result.n)}
        words = ngettext(
            "From %(first)s to %(last)s, %(middle)s in the middle: %(n)s answer.",
            "From %(first)s to %(last)s, %(middle)s in the middle: %(n)s answers.",
            result.n,
        )
        return words % {"first": first, "last": last, "middle": middle, "n": number(result.n)}

    def to_long(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """2026-11-22."""
        return [date.fromordinal(int(v.number)).isoformat() for v in values if v.number is not None]

    def figure(self, question: FrozenQuestion, number: float) -> dict[str, object]:
        """{"date": "2026-11-22"}, as it is sent."""
        return {"date": date.fromordinal(int(number)).isoformat()}

    def told(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """22 November 2026."""
        return [day(date.fromordinal(int(v.number))) for v in values if v.number is not None]

    def _read(self, question: FrozenQuestion, sent: str) -> Value:
        try:
            return Value(number=iso_day(sent).toordinal())
        except ValueError as error:
            raise self._off(question) from error

    def _off(self, question: FrozenQuestion) -> BadInput:
        first, last = (question.settings.get(name) for name in ("first", "last"))
        figures = {"first": first, "last": last}
        if first and last:
            return question.refuse(_("Choose a day from %(first)s to %(last)s.") % figures)
        if first:
            return question.refuse(_("Choose a day, %(first)s or later.") % figures)
        if last:
            return question.refuse(_("Choose a day, %(last)s or earlier.") % figures)
        return question.refuse(_("Write a day as year, month, day: 2026-11-22."))


def iso_day(text: str) -> date:
    """2026-11-22. Raises ValueError for any other form, and for days there are not."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip(), re.ASCII):
        raise ValueError(text[:40])
    return date.fromisoformat(text.strip())


def _bars(counts: Mapping[int, int]) -> tuple[DayResult, ...]:
    """By day, by month or by year: the finest that fits into 12 bars; decades of years are left as they are."""
    n, grouped = sum(counts.values()), dict[str, list[int]]()
    for letters in (10, 7, 4):
        grouped = {}
        for value, count in counts.items():
            bar = grouped.setdefault(date.fromordinal(value).isoformat()[:letters], [_start(value, letters), 0])
            bar[1] += count
        if len(grouped) <= MOST_BARS:
            break
    return tuple(DayResult(start, name, count, count / n) for name, (start, count) in grouped.items())


def _start(value: int, letters: int) -> int:
    """The first day of the month (7 letters of ISO) or year (4) of a day."""
    at = date.fromordinal(value)
    return {10: at, 7: at.replace(day=1), 4: at.replace(month=1, day=1)}[letters].toordinal()
