"""A view of a poll: any field for those whom filters leave, or split side by side by another question, by weeks or by ways.

A view looks at two things at most beside the question that it shows, so each of its tables is one of those that
suppression.py decides about: two questions (crossing.cross) or three (crossing.cross_in_slices). What it shows of a filter
without a split is a sum of shown cells. Nothing else is reckoned from hidden ones, so no view tells more than the tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback.analysis.asking import Asked, too_large
from feedback.analysis.columns import count
from feedback.analysis.crossing import Category, Cell, CrossTable, Side, cross, cross_in_slices, far_enough
from feedback.analysis.narrowing import Narrowed, Sides, narrowed
from feedback.analysis.offering import WEEK
from feedback.analysis.refusals import SmallGroup, TooMuchBeside
from feedback.analysis.snapshots import columns_for
from feedback.collect.counters import K
from feedback.collect.queries import is_closed
from feedback.collect.tallies import results_of
from feedback.exports.fields import PollField
from heard.kit.db import DbSession
from heard.kit.i18n import _
from polls.frozen import FrozenPoll

MOST_BESIDE = 2


@dataclass(frozen=True)
class View:
    """`base`: the responses it is about, of `n`. `by`: what splits it, or None."""

    sides: Sides
    filters: tuple[Narrowed, ...]
    by: Side | None
    base: int

    @property
    def n(self) -> int:
        """Responses in all."""
        return self.sides.columns.n

    def names(self) -> set[str]:
        """The questions that it looks at already, and cannot show against themselves."""
        return {f.name for f in self.filters} | ({self.by.field.question.field_id} if self.by else set())

    def table_of(self, about: PollField) -> Asked | None:
        """The field in columns; a row for each part of the split, or one for everybody in the view. None where the view
        looks at this question itself, or the table would take too long."""
        if about.question.field_id in self.names():
            return None
        side, n = self.sides.of(about), self.n
        overlaps = side.several or (self.by is not None and self.by.several)
        if self.by is not None and not self.filters:
            return Asked(self.by.field, about, cross(self.by, side, n, K), n, overlaps)
        first, *more = self.filters
        rows = self.by or _side_of(more[0] if more else first)
        if self.by is None and not more:
            return Asked(rows.field, about, _summed(rows, first.taken, cross(rows, side, n, K)), n, overlaps)
        if too_large(rows, side, first.part):
            return None
        [table] = cross_in_slices(rows, side, first.part, [first.taken], K)
        if self.by is None:
            table = _summed(rows, more[0].taken, table)
        return Asked(rows.field, about, table, n, overlaps)


def view_of(
    session: DbSession, poll: FrozenPoll, wheres: Sequence[str] = (), by: str = "", ways: Mapping[str, str] | None = None
) -> View:  # fmt: skip
    """A view by the words of an address. `ways`: the words for the ways by which people came.

    Raises UnknownField, BadFilter, SmallGroup, TooMuchBeside, BeingPrepared. `session`: one that sees one moment.
    """
    if by == WEEK or any(where.startswith(f"{WEEK}:") for where in wheres):
        _check_weeks(poll)
    columns = columns_for(session, poll)
    if columns.n < K:
        raise SmallGroup
    sides = Sides(poll, columns, results_of(poll, columns.cells), ways or {})
    filters, split = narrowed(sides, wheres), sides.named(by) if by else None
    if len(filters) + (split is not None) > MOST_BESIDE:
        raise TooMuchBeside(
            _("A view looks at two things at most beside the question itself: more would tell of few people."),
            hint=_("Take away a filter, or what stands side by side."),
        )
    if split is not None and split.field.question.field_id in {f.name for f in filters}:
        raise TooMuchBeside(
            _("The view is filtered and split by the same question."),
            hint=_("Take away the filter, or split by another question."),
        )
    return View(sides, tuple(filters), split, _base(sides, filters))


def _check_weeks(poll: FrozenPoll) -> None:
    """An anonymous poll moves in steps of K people; the border of a week in between would cut a step in two."""
    if poll.anonymous and not is_closed(poll):
        raise SmallGroup(
            _("Weeks of an anonymous poll are told when it is closed: before, they would tell of few people.")
        )


def _base(sides: Sides, filters: Sequence[Narrowed]) -> int:
    """The responses in the view. Raises SmallGroup where that number may not be told."""
    if len(filters) < 2:
        return count(filters[0].bits) if filters else sides.columns.n
    one, other = filters
    both = one.bits & other.bits
    table = _summed(_side_of(one), one.taken, cross(_side_of(one), _side_of(other), sides.columns.n, K))
    chosen = [cell.n for cell, mine in zip(table.cells[0], _shown(_side_of(other), other.taken), strict=True) if mine]
    if any(n is None for n in chosen) or not far_enough(both, sides.columns.n, sides.questions(), K):
        raise SmallGroup(_("Too few people are in both filters to tell of them, or all but a few."))
    return count(both)


def _side_of(filter_: Narrowed) -> Side:
    about = filter_.question
    field = PollField(filter_.name, about, None, filter_.about) if about else None
    return Side(field, (filter_.part,), several=False)  # type: ignore[arg-type]  # weeks and ways: nobody asks for their field


def _shown(side: Side, taken: Sequence[bool]) -> list[bool]:
    """Which rows of a table of this side the filter takes."""
    mine = {id(answer) for answer, chosen in zip(side.parts[0].answers, taken, strict=True) if chosen}
    return [id(answer) in mine for answer in side.shown]


def _summed(side: Side, taken: Sequence[bool], table: CrossTable) -> CrossTable:
    """One row for all that a filter takes; hidden is what holds a hidden cell."""
    mine = [at for at, chosen in enumerate(_shown(side, taken)) if chosen]
    bases = [table.row_bases[at] for at in mine]
    base = None if any(one is None for one in bases) else sum(one or 0 for one in bases)
    cells = []
    for column in range(len(table.columns)):
        ns = [table.cells[at][column].n for at in mine]
        n = None if any(one is None for one in ns) else sum(one or 0 for one in ns)
        alike = table.cells[mine[0]][column].at_least if len(mine) == 1 else None
        cells.append(Cell(n, n / base if n is not None and base else None, alike))
    everybody = Category("", side.parts[0].answers[0].bits, base or 0)
    return CrossTable(base or 0, (everybody,), table.columns, (tuple(cells),), (base,))
