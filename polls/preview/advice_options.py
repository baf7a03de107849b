"""Checks of what can be answered: ranges that overlap or leave gaps, no middle, no "don't know", a lost order. Pure."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from heard.kit.i18n import _, number, speaking
from polls.preview.advice_asked import Advice, Asked
from polls.preview.advice_words import SIZES, Words
from polls.preview.ranges import ENDLESS, gap, moved_up, overlap, ranges_in
from polls.write.drafts import folded

LONG_LIST = 8  # an alphabetical list of so many is looked through by the alphabet


def options_advice(asked: Asked) -> Iterator[Advice]:
    """What is said of a question's options."""
    if asked.kind.has_options:
        yield from (a for check in (_ranges, _no_choice_between, _shuffled) if (a := check(asked)))
    elif steps := _even_steps(asked):
        yield steps


def _ranges(asked: Asked) -> Advice | None:
    ranges = ranges_in(asked.labels)
    if shared := overlap(ranges):
        one, other, value = shared
        values = {"one": one.label, "other": other.label, "value": _figure(value)}
        better = moved_up(one, other)
        words = _("“%(one)s” and “%(other)s” both hold %(value)s: somebody with %(value)s cannot tell where to tick.")
        once = _("Let each figure stand in one option only: “%(better)s” instead of “%(other)s”.")
        keep = _("Keep one of the two, or let the second begin where the first has ended.")
        suggestion = once % {**values, "better": better} if better else keep
        return Advice(asked.path("options"), "overlap", words % values, suggestion)
    if missing := gap(ranges):
        one, other, value = missing
        values = {"one": one.label, "other": other.label, "value": _figure(value)}
        words = _("Between “%(one)s” and “%(other)s” there is no place for %(value)s.")
        return Advice(
            asked.path("options"), "gap", words % values,
            _("Let “%(other)s” begin at %(value)s, or add an option for what is between.") % values,
        )  # fmt: skip
    return None


def _figure(value: Decimal) -> str:
    if abs(value) >= ENDLESS:
        return "–"
    return number(float(value), max(0, -int(value.normalize().as_tuple().exponent)))


def _no_choice_between(asked: Asked) -> Advice | None:
    """A scale with two ends and no middle, or a yes and a no for a matter of opinion."""
    words = asked.language
    if (
        asked.unsure
        or (asked.kind.has_items and not asked.kind.has_rows)
        or any(map(words.neutral.search, asked.lower))
    ):
        return None
    if asked.yes_no:
        return _no_unsure(asked) if words.attitude.search(asked.wording.lower()) else None
    both_ends = any(map(words.low_pole.search, asked.lower)) and any(
        words.high_pole.search(words.low_pole.sub(" ", label)) for label in asked.lower
    )
    if len(asked.lower) % 2 or not asked.steps or not both_ends:
        return None
    with speaking(asked.locale):
        middle = _("Neither one nor the other")
    words_ = _("Between “%(one)s” and “%(other)s” there is nothing for people who stand in the middle.")
    half = len(asked.labels) // 2
    return Advice(
        asked.path("options"), "no_middle",
        words_ % {"one": asked.labels[half - 1], "other": asked.labels[half]},
        _("Put a step between them, such as “%(middle)s”, or offer “%(unsure)s”.") % {"middle": middle, "unsure": _unsure(asked)},
    )  # fmt: skip


def _no_unsure(asked: Asked) -> Advice:
    return Advice(
        asked.path("options"), "no_unsure",
        _("Whoever has no opinion must make one up, or leaves."),
        _("Offer “%(unsure)s” as a choice of its own.") % {"unsure": _unsure(asked)},
    )  # fmt: skip


def _unsure(asked: Asked) -> str:
    with speaking(asked.locale):
        return _("Don't know")


def _even_steps(asked: Asked) -> Advice | None:
    """A scale of numbers without a middle one; 1 to 10 is one."""
    low, high = (asked.draft.settings.get(end, asked.kind.default_settings.get(end)) for end in ("low", "high"))
    if type(low) is not int or type(high) is not int or (high - low) % 2 == 0:
        return None
    words = _("A scale from %(low)s to %(high)s has no middle step: %(half)s looks like one and is below it.")
    return Advice(
        asked.path("wording"), "no_middle",
        words % {"low": low, "high": high, "half": (low + high) // 2},
        _("Take an uneven number of steps, such as 1 to 5, 1 to 7 or 0 to 10."),
    )  # fmt: skip


def _shuffled(asked: Asked) -> Advice | None:
    if not asked.draft.shuffled:
        return None
    last = asked.draft.keep_last
    labels = asked.lower[:-last] if last else asked.lower
    if not has_order(labels, asked.language):
        return None
    return Advice(
        asked.path("options"), "shuffled_order",
        _("These options have an order of their own (“%(one)s”, “%(other)s” …); shuffled, people must search.")
        % {"one": asked.labels[0], "other": asked.labels[1]},
        _("Turn shuffling off for this question."),
    )  # fmt: skip


def has_order(labels: Sequence[str], words: Words) -> bool:
    """Whether labels (in lower case) stand in an order that people know: figures, days, sizes, steps, a long alphabet."""
    if len(labels) < 3:
        return False
    figures = [re.match(r"\D{0,14}?(\d+(?:[.,]\d+)?)", label) for label in labels]
    counted = [float(m[1].replace(",", ".")) for m in figures if m]
    if len(counted) >= max(3, len(labels) - 1) and _one_way(counted):
        return True
    for known in (words.days, words.months, words.ordinals, words.times_of_day):
        if _one_way(_places(labels, known), loose=known is words.days):
            return True
    if _one_way([SIZES.index(label) if label in SIZES else -1 for label in labels]):
        return True
    like = sum(bool(words.steps.search(label)) for label in labels)
    if 4 * like >= 3 * len(labels):
        return True
    alphabet = [folded(label) for label in labels]
    return len(alphabet) >= LONG_LIST and alphabet == sorted(alphabet)


def _places(labels: Sequence[str], known: Sequence[str]) -> list[float]:
    """The place of each label among these words; -1 for one that begins with none of them."""
    return [next((float(at) for at, word in enumerate(known) if _begins(label, word)), -1.0) for label in labels]


def _begins(label: str, word: str) -> bool:
    """Whether the label's first word that counts is this one or its abbreviation: mon, mon., monday evening."""
    first = re.sub(r"^(?:le|la|en|on|in the|in|early|late) ", "", label)
    token = re.match(r"[^\W\d_]+(?:-[^\W\d_]+)?", first)
    said = token[0] if token else ""
    return len(said) >= 3 and (word.startswith(said) or said.startswith(word))


def _one_way(places: Sequence[float], *, loose: bool = False) -> bool:
    """Going up all the time, or down; `loose`: a week may begin on any day."""
    if len(places) < 3 or min(places) < 0:
        return False
    steps = [b - a for a, b in pairwise(places)]
    if loose and sum(s < 0 for s in steps) == 1 and places[-1] < places[0]:
        return True
    return (all(s >= 0 for s in steps) and any(steps)) or all(s < 0 for s in steps)
