"""Options that are ranges: which of them share a value, and which values have no place. Pure; English and French."""

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from polls.preview.advice_words import plain

ENDLESS = Decimal(10) ** 15
_NUMBER = r"(\d{1,3}(?:[, ]\d{3})+(?![\d])|\d{1,9}(?:[.,]\d{1,4})?)"
_SIGN = r"[€$£%°]?"
_UNIT = r" ?([^\d\s:/]{0,12}?)"
_TWO = re.compile(
    rf"^(?:from |between |de |entre )?{_SIGN}{_NUMBER}{_UNIT} ?(?:-|to|and|à|et) ?{_SIGN}{_NUMBER}(?![\d:/])"
)
_FRONT = (  # word in front of a number: the range, and whether the number itself is in it
    (re.compile(r"^(?:less than|under|below|fewer than|younger than|moins de|en dessous de|<) ?"), "below", False),
    (re.compile(r"^(?:up to|at most|no more than|not more than|jusqu'à|au plus|au maximum|<=|≤) ?"), "below", True),
    (re.compile(r"^(?:more than|over|above|older than|plus de|au-dessus de|au-delà de|>) ?"), "above", False),
    (re.compile(r"^(?:at least|from|au moins|à partir de|dès|>=|≥) ?"), "above", True),
)
_BEHIND = (
    (re.compile(r"(?:or|and) (?:less|fewer|under|younger|below)\b|(?:ou|et) moins\b"), "below"),
    (re.compile(r"^ ?\+|(?:or|and) (?:more|over|older|above|up)\b|(?:ou|et) plus\b"), "above"),
)
# a day or an hour: two that meet are no overlap
_MOMENT = re.compile(
    r"\d ?[:h] ?\d\d|\d ?(?:am|pm)\b|\d ?h ?- ?\d|\d ?h (?:to|à)|\d{1,2}/\d{1,2}|\b(?:jan|feb|fév|mar|apr|avr"
    r"|may|mai|jun|jul|aug|aoû|sep|oct|nov|dec|déc|mon|tue|wed|thu|fri|sat|sun"
    r"|lun|mer|jeu|ven|sam|dim|noon|midi|o'clock)"
)


@dataclass(frozen=True)
class Range:
    """From low to high, both in it. A single number is a range of one value."""

    label: str
    low: Decimal
    high: Decimal
    unit: str = ""

    @property
    def wide(self) -> bool:
        """More than one value."""
        return self.low < self.high


def ranges_in(labels: list[str] | tuple[str, ...]) -> list[Range]:
    """The ranges among the labels, lowest first; [] unless nearly all are numbers or ranges of one unit, and two are ranges."""
    if any(_MOMENT.search(plain(label).lower()) for label in labels):
        return []
    step = min((_step(label) for label in labels), default=Decimal(1))
    found = [r for label in labels if (r := _range(label, step))]
    several_units = len({r.unit for r in found if r.unit}) > 1
    if several_units or sum(r.wide for r in found) < 2 or len(found) < len(labels) - 2:
        return []
    return sorted(found, key=lambda r: (r.low, r.high))


def overlap(ranges: list[Range]) -> tuple[Range, Range, Decimal] | None:
    """Two ranges that share a value, and the lowest one they share."""
    for one, other in pairwise(ranges):
        if other.low <= one.high:
            return one, other, other.low
    return None


def gap(ranges: list[Range]) -> tuple[Range, Range, Decimal] | None:
    """Two neighbours with a value between them that has no place, and the lowest such value."""
    step = min((_step(r.label) for r in ranges), default=Decimal(1))
    for one, other in pairwise(ranges):
        if other.low - one.high > step:
            return one, other, one.high + step
    return None


def moved_up(one: Range, other: Range) -> str:
    """The label of `other`, beginning just above `one`; "" where that cannot be written."""
    above = one.high + min(_step(one.label), _step(other.label))
    if one.high >= ENDLESS or above > other.high or not other.wide or other.high >= ENDLESS:
        return ""
    old = str(other.low)
    at = re.search(rf"(?<!\d){re.escape(old)}(?!\d)", other.label)
    return f"{other.label[: at.start()]}{above}{other.label[at.end() :]}" if at else ""


def _range(label: str, step: Decimal) -> Range | None:
    text = plain(label).lower()
    if two := _TWO.match(text):
        low, high = _value(two[1]), _value(two[3])
        return Range(label, low, high, _unit(text[two.end() :]) or _unit(two[2])) if low <= high else None
    for pattern, way, included in _FRONT:
        if front := pattern.match(text):
            return _half(label, text[front.end() :], way, step=Decimal(0) if included else step)
    number = re.match(rf"^{_SIGN} ?{_NUMBER}", text)
    if not number:
        return None
    rest = text[number.end() :]
    for pattern, way in _BEHIND:
        if pattern.search(rest):
            return _half(label, text, way, step=Decimal(0))
    return None if re.search(r"\d", rest) else Range(label, _value(number[1]), _value(number[1]), _unit(rest))


def _half(label: str, text: str, way: str, *, step: Decimal) -> Range | None:
    number = re.match(rf"^{_SIGN} ?{_NUMBER}", text)
    if not number or re.search(r"\d", text[number.end() :]):
        return None
    value, unit = _value(number[1]), _unit(text[number.end() :])
    return Range(label, -ENDLESS, value - step, unit) if way == "below" else Range(label, value + step, ENDLESS, unit)


def _value(text: str) -> Decimal:
    thousands = re.fullmatch(r"\d{1,3}(?:[, ]\d{3})+", text)
    return Decimal(re.sub(r"[, ]", "", text) if thousands else text.replace(",", "."))


def _unit(text: str) -> str:
    """What stands behind the number, in the singular: "5 to 10 times a week" is counted in "time"."""
    word = re.match(r"^[ .]*([^\W\d]+|[€$£%])", text)
    found = word[1] if word else ""
    return "" if found in ("or", "and", "ou", "et", "à", "to") else found.rstrip("s")


def _step(label: str) -> Decimal:
    """1, or 0.1 and less where the numbers have decimals."""
    decimals = max((len(d) for d in re.findall(r"\d[.,](\d{1,2})(?!\d)", label)), default=0)
    return Decimal(1).scaleb(-decimals)
