"""One theme by the answers to a closed question, for whoever wrote: small groups stay hidden.

A question's table is the same for every theme of a poll: its columns are all coarse themes that are large enough, and one
for the rest. Hidden cells are chosen in the whole of it, so that the pages of several themes, put together, tell no more
than one (trust.md, R4). Answers of which too few people wrote are one line. Fine themes have no split: they would add up
to the coarse one.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sqlalchemy import func, select

from feedback.analysis import reading
from feedback.analysis.columns import NONE, Array, Columns, cell_key, count, counted, packed
from feedback.analysis.contrasts import Contrast, contrast_in
from feedback.analysis.crossing import Category, Side, side_of
from feedback.analysis.suppression import hidden_in
from feedback.collect import counters
from feedback.collect.counters import K
from feedback.collect.queries import is_closed
from feedback.exports.fields import PollField
from feedback.models import Assignment, Comment, Theme
from heard.kit.db import DbSession
from heard.kit.i18n import _, number
from polls.frozen import FrozenPoll
from polls.kinds.kind import kind_of

_C, _A, _T = Comment.__table__, Assignment.__table__, Theme.__table__  # type: ignore[attr-defined]
EXPECTED = 2 * K
"""Comments that a theme needs for each answer, to have a column of its own."""


@dataclass(frozen=True)
class SplitLine:
    """An answer: `n` people who gave it and wrote, `count` of them in the theme; None where that is hidden."""

    label: str
    n: int
    count: int | None
    plain: bool = True  # an answer; False: no answer, or several together

    @property
    def share(self) -> float:
        """0..1."""
        return (self.count or 0) / self.n if self.n else 0.0


@dataclass(frozen=True)
class Split:
    """`refusal`: why there are no lines."""

    about: PollField
    lines: tuple[SplitLine, ...] = ()
    contrast: Contrast = field(default_factory=Contrast)
    refusal: str = ""

    @property
    def hidden(self) -> int:
        """How many counts are hidden."""
        return sum(line.count is None for line in self.lines)


def split_of(session: DbSession, poll: FrozenPoll, theme: Theme, about: PollField) -> Split:
    """The theme by the answers to a field. `session`: one that sees one moment."""
    held = poll.anonymous and not is_closed(poll)
    ids = reading.ids_of(session, poll.id, only_released=held)
    themes = _themes_of(session, theme, ids)
    wrote = themes != NONE
    if len(ids) < K or wrote.sum() < EXPECTED:
        return Split(about, refusal=_("Too few people wrote something to tell them apart by another answer."))
    side = _side(session, poll, about, ids)
    if side is None:
        return Split(
            about, refusal=_("An answer was changed since the last step of this poll; the next step brings this table.")
        )
    if side.several:
        return Split(
            about, refusal=_("People could choose several answers here, so the comments cannot be told apart by them.")
        )
    rows = _rows([a for a in side.parts[0].answers if a.n], packed(wrote))
    sizes = Counter(int(t) for t in themes[wrote])
    large = sorted(t for t, n in sizes.items() if t and n >= EXPECTED * len(rows))
    if not rows or theme.id not in large:
        words = _("Too few comments for this question: a theme takes %(n)s, so that each answer has its share.")
        return Split(about, refusal=words % {"n": number(EXPECTED * max(2, len(rows)))})
    return _split(about, rows, themes, wrote, large, large.index(theme.id))


def _themes_of(session: DbSession, theme: Theme, ids: Array) -> Array:
    """Of each response the coarse theme of its comment on the question that this theme is mostly about; 0: it stands
    alone; NONE: it has none. A response has one comment on a question."""
    mine = (_T.c.id == theme.id) | (_T.c.parent_id == theme.id)
    here = select(_C.c.question_id).join(_A, _A.c.comment_id == _C.c.id).join(_T, _T.c.id == _A.c.theme_id)
    most = here.where(mine, _C.c.response_id.is_not(None)).group_by(_C.c.question_id)
    asked = session.scalar(most.order_by(func.count().desc(), _C.c.question_id).limit(1))
    query = (
        select(_C.c.response_id, func.coalesce(_T.c.parent_id, _T.c.id, 0))
        .join(_A, _A.c.comment_id == _C.c.id)
        .join(_T, _T.c.id == _A.c.theme_id, isouter=True)
        .where(_C.c.poll_id == theme.poll_id, _C.c.question_id == (asked or 0))
    )
    return reading.along(session, ids, query)


def _side(session: DbSession, poll: FrozenPoll, about: PollField, ids: Array) -> Side | None:
    """The answers and who gave them; None where they are not those that the results show."""
    cells = counters.shown(counters.cells(session, poll.id), anonymous=poll.anonymous, closed=is_closed(poll))
    arrays = {c.name: c.values for c in reading.question_columns(session, about.question, ids)}
    name = f"{about.question.id}:"
    shown = Counter[str]()
    for cell, n in cells.items():
        if cell.startswith(name):
            shown[cell_key(cell)] += n
    if +shown != counted(about.question, arrays) or len(ids) != cells.get("n", 0):
        return None
    result = kind_of(about.question.kind).result(about.question, cells)
    return side_of(poll, about, result, Columns(len(ids), cells, arrays))


def _rows(answers: Sequence[Category], wrote: Array) -> list[Category]:
    """The answers, those whose number of writers may not be told joined into one; none where that does not help."""
    rows = list(answers)
    while len(rows) > 1:
        counts = np.array([[count(r.bits & wrote), count(r.bits & ~wrote)] for r in rows], np.int64)
        hidden: Any = (counts[:, 0] < K) if not counts[:, 1].any() else hidden_in(counts, K).any(axis=1)
        if not hidden.any():
            return rows
        if hidden.sum() == 1:
            hidden[min((i for i in range(len(rows)) if not hidden[i]), key=lambda i: rows[i].n)] = True
        together = [row for row, away in zip(rows, hidden, strict=True) if away]
        bits = np.bitwise_or.reduce([row.bits for row in together])
        kept = [row for row, away in zip(rows, hidden, strict=True) if not away]
        rows = [*kept, Category(_("All other answers, and none"), bits, count(bits), is_none=True)]
    return []


def _split(
    about: PollField, rows: Sequence[Category], themes: Array, wrote: Array, large: Sequence[int], at: int
) -> Split:
    named = [packed(themes == t) for t in large]
    columns = [*named, packed(wrote & ~np.isin(themes, large))]
    counts = np.array([[count(row.bits & bits) for bits in columns] for row in rows], np.int64)
    if not counts[:, -1].any():
        counts = counts[:, :-1]
    hidden = hidden_in(counts, K)[:, at]
    lines = tuple(
        SplitLine(row.label, int(each.sum()), None if away else int(each[at]), not row.is_none)
        for row, each, away in zip(rows, counts, hidden, strict=True)
    )
    plain = [line for line in lines if line.plain]
    cells = [[line.count, None if line.count is None else line.n - line.count] for line in plain]
    return Split(about, lines, contrast_in(cells))
