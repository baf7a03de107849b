"""Whether the answers to one closed question differ by those to another: the largest difference of a poll, with its test.

Tables are those of feedback/analysis, so small cells are hidden as they are everywhere; a table with a hidden cell is not tested
and not told. Of a poll that the days cut there is none: a crossing with time besides would tell of few.
"""

from collections.abc import Sequence
from itertools import combinations
from math import ceil

from feedback.analysis import reading as rows
from feedback.analysis.columns import Columns
from feedback.analysis.crossing import CrossTable, Side, cross, side_of
from feedback.collect import counters
from feedback.collect.counters import K
from feedback.collect.queries import is_closed
from feedback.collect.tallies import PollResults
from feedback.exports.fields import PollField, fields_of
from feedback.statistics.tables import association
from heard.kit.db import DbSession
from insights.measure.measures import Facts, share_of
from polls.frozen import FrozenPoll
from polls.kinds.kind import kind_of

MOST_FIELDS = 8
CHANCE = 0.05
LEAST_P = 0.001
"""A smaller p is told as this one; others are rounded up."""
FEWEST = 30  # answers to both questions


def segments_of(session: DbSession, poll: FrozenPoll, results: PollResults) -> list[Facts]:
    """The pair of questions whose answers differ most by each other (Cohen's w) beyond chance; none, or one row."""
    fields = [f for f in fields_of(poll) if f.item is None and _is_choice(f)][:MOST_FIELDS]
    if len(fields) < 2 or results.n < FEWEST:
        return []
    columns = _columns(session, poll, {f.question.id for f in fields})
    if columns is None:
        return []
    by_id = {q.id: q for q in results.questions}
    sides = [side_of(poll, field, by_id[field.question.id], columns) for field in fields]
    return largest_difference([side for side in sides if not side.several], columns.n)


def _is_choice(field: PollField) -> bool:
    kind = kind_of(field.question.kind)
    return kind.has_options or bool(field.question.options)


def _columns(session: DbSession, poll: FrozenPoll, questions: set[int]) -> Columns | None:
    """The answers to these questions, from their rows: whether a snapshot is there must not change the facts. None where they
    are not what may be shown."""
    cells = counters.shown(counters.cells(session, poll.id), anonymous=poll.anonymous, closed=is_closed(poll))
    ids = rows.ids_of(session, poll.id, only_released=poll.anonymous and not is_closed(poll))
    if len(ids) != cells.get("n", 0):
        return None
    mine = [q for q in poll.questions if q.id in questions]
    arrays = {c.name: c.values for q in mine for c in rows.question_columns(session, q, ids)}
    return Columns(len(ids), cells, arrays)


def largest_difference(sides: Sequence[Side], base: int) -> list[Facts]:
    """The same from the sides of tables. Pure.

    `tables`: how many were tested; each has to pass at CHANCE divided by that (Bonferroni). Of the table the answer that differs
    most between two rows is told: {row, column, n, count, share, other {row, n, count, share}, v, p, tables}.
    """
    tested = []
    for one, other in combinations(sides, 2):
        table = cross(one, other, base, K)
        answered = _answered(table)
        found = association(answered) if answered else None
        if found is not None and found.n >= FEWEST and not found.rough:
            tested.append((found, one, other, table))
    passed = [one for one in tested if one[0].p < CHANCE / len(tested)]
    if not passed:
        return []
    found, one, other, table = max(passed, key=lambda t: (t[0].w, -t[0].p))
    told = _told(one, other, table)
    return (
        [told | {"v": round(found.v, 2), "p": max(ceil(1000 * found.p) / 1000, LEAST_P), "tables": len(tested)}]
        if told
        else []
    )


def _answered(table: CrossTable) -> list[list[int]] | None:
    """The counts of those who answered both; None where a cell is hidden."""
    places = [at for at, column in enumerate(table.columns) if column.n and not column.is_none]
    made: list[list[int]] = []
    for row, cells in zip(table.rows, table.cells, strict=True):
        if row.n and not row.is_none:
            counts = [cells[at].n for at in places]
            if any(n is None for n in counts):
                return None
            made.append([n or 0 for n in counts])
    return made


def _told(one: Side, other: Side, table: CrossTable) -> Facts:
    """Of all answers the one whose share differs most between two rows of at least K people each."""
    lines = [
        (row.label, counts) for row, counts in zip([r for r in table.rows if r.n and not r.is_none], _answered(table) or [], strict=True)
        if sum(counts) >= K
    ]  # fmt: skip
    labels = [c.label for c in table.columns if c.n and not c.is_none]
    best = max(
        (
            (abs(a[at] / sum(a) - b[at] / sum(b)), -at, x, y)
            for (x, (_row, a)), (y, (_other, b)) in combinations(enumerate(lines), 2) for at in range(len(labels))
        ),
        default=None,
    )  # fmt: skip
    if best is None:
        return {}
    _gap, at, x, y = best
    first, second = sorted((lines[x], lines[y]), key=lambda line: -line[1][-at] / sum(line[1]))
    return {
        "by": one.field.question.wording, "of": other.field.question.wording, "column": labels[-at], **_row(first, -at),
        "other": _row(second, -at),
    }  # fmt: skip


def _row(line: tuple[str, list[int]], at: int) -> Facts:
    label, counts = line
    return {"label": label, "n": sum(counts), "count": counts[at], "share": share_of(counts[at], sum(counts))}
