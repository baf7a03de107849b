"""What a view of a poll looks at beside a question: filters, and what splits it. All of them are whole parts of partitions.

A filter takes whole answers of one question, whole weeks, or whole ways by which people came. So whatever a view shows is a
sum of cells that the tables of suppression.py show, and two views differ by cells that are shown as well: nobody finds a
small group by taking one from the other (trust.md, R1, R3). Weeks are joined until each holds PERIOD responses, from the
first one on; small ways are one. Both are the same for every question of a poll.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from feedback.analysis.columns import Array, Columns, count, everybody, packed
from feedback.analysis.crossing import Category, Part, Side, far_enough, side_of, split
from feedback.analysis.filters import BadFilter, condition_in, who_holds
from feedback.analysis.offering import WAY, WEEK, fields_to_cross, tidied
from feedback.analysis.refusals import SmallGroup, UnknownField
from feedback.collect.counters import K
from feedback.collect.tallies import PollResults
from feedback.collect.ways import REST, WayCount, folded
from feedback.exports.fields import PollField
from heard.kit.i18n import _, day
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion
from polls.logic import FrozenCondition

PERIOD = 6 * K
"""Responses in the shortest stretch of weeks that a view tells apart: as many as a share takes."""


@dataclass(frozen=True)
class Narrowed:
    """A filter: the parts of a partition that it takes. `name`: of the question, or WEEK or WAY; `words`: for people."""

    name: str
    about: str
    words: str
    part: Part
    taken: tuple[bool, ...]
    bits: Array
    question: FrozenQuestion | None = None


def field_named(poll: FrozenPoll, name: str, which: str) -> PollField:
    """By its id; a question without items also by its number. Raises UnknownField."""
    offered = fields_to_cross(poll)
    found = next(
        (f for f in offered if name in (f.id, *(() if f.item else (f.question.name, str(f.question.id))))), None
    )
    if found is None:
        names = ", ".join(one.id for one in offered)[:300]
        raise UnknownField(
            _("This poll has no field “%(name)s” that a table could be made of.") % {"name": name[:80]},
            hint=_("Fields: %(names)s.") % {"names": names},
            fields={which: name[:80]},
        )
    return found


@dataclass(frozen=True)
class Sides:
    """The fields of a poll, its weeks and its ways, as sides of tables. `ways`: the words for each."""

    poll: FrozenPoll
    columns: Columns
    results: PollResults
    ways: Mapping[str, str] = field(default_factory=dict)
    _made: dict[str, Side] = field(default_factory=dict, repr=False)

    def of(self, about: PollField) -> Side:
        """A field as a side of a table."""
        if about.id not in self._made:
            result = next(r for r in self.results.questions if r.id == about.question.id)
            self._made[about.id] = side_of(self.poll, about, result, self.columns)
        return self._made[about.id]

    def named(self, name: str) -> Side:
        """What splits a view: a field by its id, WEEK or WAY. Raises UnknownField."""
        if name not in (WEEK, WAY):
            return self.of(field_named(self.poll, name, "by"))
        if name not in self._made:
            self._made[name] = self._weeks() if name == WEEK else self._ways()
        return self._made[name]

    def questions(self) -> list[Side]:
        """Every field that may be a side."""
        return [self.of(about) for about in fields_to_cross(self.poll)]

    def _weeks(self) -> Side:
        weeks = (self.columns.arrays["day"].astype(np.int64) - 1) // 7  # the first day that Python counts is a Monday
        answers = []
        for first, last in stretches(Counter(weeks.tolist())):
            bits = packed((weeks >= first) & (weeks <= last))
            answers.append(Category(_week(first, last), bits, count(bits), start=float(first)))
        return _whole(WEEK, _("Week"), answers)

    def _ways(self) -> Side:
        places, names = self.columns.arrays["way"], self.columns.codes.get("way", ())
        each = [WayCount(name, int((places == at).sum())) for at, name in enumerate(names)]
        told = folded([way for way in each if way.n])
        if sum(way.n for way in told) < self.columns.n:  # a few who are left, and nobody to hide among
            told = [WayCount(REST, self.columns.n)]
        kept = {way.way for way in told if way.way != REST}
        answers = []
        for way in told:
            mine = [at for at, name in enumerate(names) if (name == way.way if way.way != REST else name not in kept)]
            bits = packed(np.isin(places, mine))
            answers.append(Category(self.ways.get(way.way, way.way), bits, count(bits)))
        return _whole(WAY, _("How they came"), answers)

    def keys(self, name: str) -> list[str]:
        """What a filter calls each week (its first day) or way, in the order of the side's answers."""
        answers = self.named(name).parts[0].answers
        if name == WEEK:
            return [date.fromordinal(7 * int(a.start or 0) + 1).isoformat() for a in answers]
        by_words = {words: way for way, words in self.ways.items()}
        return [by_words.get(a.label, a.label) for a in answers]


def stretches(counts: Mapping[int, int], least: int = PERIOD) -> list[tuple[int, int]]:
    """Weeks joined, (first, last), until each stretch holds `least` responses. From the first one on, so that what comes
    later never moves an earlier border; a rest joins the stretch before it."""
    made: list[tuple[int, int]] = []
    first, n = None, 0
    for week in sorted(counts):
        first, n = week if first is None else first, n + counts[week]
        if n >= least:
            made.append((first, week))
            first, n = None, 0
    if first is not None:
        made[-1:] = [(made[-1][0] if made else first, max(counts))]
    return made


def _week(first: int, last: int) -> str:
    start, end = date.fromordinal(7 * first + 1), date.fromordinal(7 * last + 7)
    if first == last:
        return _("Week of %(day)s") % {"day": day(start)}
    words = day(start)
    if start.year == end.year:  # said once
        words = words.partition(" ")[0] if start.month == end.month else words.removesuffix(f" {start.year}")
    return _("%(start)s to %(end)s") % {"start": words, "end": day(end)}


def _whole(name: str, head: str, answers: Sequence[Category]) -> Side:
    about = PollField(name, FrozenQuestion(0, "single", head, field_id=name), None, head)
    return Side(about, (Part(name, tuple(answers)),), several=False)


def narrowed(sides: Sides, texts: Sequence[str]) -> list[Narrowed]:
    """Filters as whole parts, one for each question, or weeks, or ways, that they look at. Several answers of one question
    are “any of these”; other conditions on one question hold together. Raises BadFilter, SmallGroup."""
    by_name: dict[str, list[str]] = {}
    for text in tidied(sides.poll, texts):
        by_name.setdefault(text.partition(":")[0], []).append(text)
    made = []
    for name, mine in by_name.items():
        filter_ = _by_answers(sides, name, mine) if name in (WEEK, WAY) else _by_conditions(sides, mine)
        if not far_enough(filter_.bits, sides.columns.n, sides.questions(), K):
            raise SmallGroup
        made.append(filter_)
    return made


def _by_answers(sides: Sides, name: str, texts: Sequence[str]) -> Narrowed:
    _name, sep, values = texts[0].partition(":is:")
    part, keys = sides.named(name).parts[0], sides.keys(name)
    wanted = set(values.split(","))
    if not sep or len(texts) > 1 or not wanted <= set(keys):
        raise BadFilter(texts[0])
    taken = tuple(key in wanted for key in keys)
    return _narrowed(name, sides.named(name).field.head, "", part, taken, sides.columns.n)


def _by_conditions(sides: Sides, texts: Sequence[str]) -> Narrowed:
    found = [condition_in(sides.poll, text) for text in texts]
    question = found[0][0]
    bits = everybody(sides.columns.n)
    for _question, condition in found:
        bits = bits & who_holds(question, condition, sides.columns)
    part = partition_for(sides, question, [condition for _question, condition in found], bits)
    taken = tuple(a.n > 0 and count(bits & a.bits) == a.n for a in part.answers)
    words = "" if all(a.label for a in part.answers) else ", ".join(_words(question, c) for _q, c in found)
    return _narrowed(question.field_id, question.wording, words, part, taken, sides.columns.n, question)


def _narrowed(
    name: str, about: str, words: str, part: Part, taken: tuple[bool, ...], n: int, question: FrozenQuestion | None = None
) -> Narrowed:  # fmt: skip
    chosen = [a for a, mine in zip(part.answers, taken, strict=True) if mine]
    bits = everybody(n) & ~everybody(n)
    for answer in chosen:
        bits = bits | answer.bits
    return Narrowed(name, about, words or ", ".join(a.label for a in chosen), part, taken, bits, question)


def _words(question: FrozenQuestion, condition: FrozenCondition) -> str:
    labels = ", ".join(o.label for o in question.options if o.id in condition.options)
    figure = f"{condition.number:g}" if condition.number is not None else ""
    words = {
        "is": labels, "is_not": _("not %(answers)s") % {"answers": labels}, "answered": _("answered"),
        "not_answered": _("not answered"), "at_least": _("%(n)s or more") % {"n": figure}, "at_most": _("%(n)s or less") % {"n": figure},
    }  # fmt: skip
    return words[condition.operator]


def partition_for(sides: Sides, question: FrozenQuestion, conditions: Sequence[FrozenCondition], bits: Array) -> Part:
    """A partition by the question that a filter looks at, of which the filter takes whole parts. Raises SmallGroup."""
    mine = next((side for side in sides.questions() if side.field.question.id == question.id), None)
    [first, *more] = conditions
    # where several may be chosen, "A or B" and "A, B or C" may differ by one person, and so may "B" and "not A"
    if mine is not None and mine.several and (more or first.operator != "is" or len(first.options) > 1):
        raise SmallGroup(
            _("People could choose several answers to “%(question)s”: a filter can take one of them, and no more.")
            % {"question": question.wording}
        )
    if mine is not None and not mine.several and mine.field.item is None:
        if any(0 < count(bits & answer.bits) < answer.n for answer in mine.parts[0].answers):
            raise SmallGroup
        return mine.parts[0]
    option = ",".join(map(str, sorted(first.options)))
    return split(f"{question.field_id}:{option or first.operator}", bits, sides.columns.n)
