"""Columns out of the stored answers: one question after the other, so that memory stays flat."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Date, Float, Integer, Select, Text, case, cast, func, literal_column, select

from feedback.analysis.columns import NONE, Array, Column, counted, packed
from feedback.collect.tallies import WAY, way_of
from feedback.models import Answer, Response
from heard.kit.db import DbSession
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion, kind_of

_R, _A = Response.__table__, Answer.__table__  # type: ignore[attr-defined]
PIECE = 10_000


def ids_of(session: DbSession, poll_id: int, *, only_released: bool = False, set_aside: bool = False) -> Array:
    """The random ids of the responses that stand, in their order: those that are counted, or those that are set aside."""
    which = (_R.c.poll_id == poll_id) & _R.c.withdrawn_at.is_(None)
    which &= (_R.c.set_aside != "") if set_aside else (_R.c.set_aside == "")
    if only_released:
        which &= _R.c.released
    found = [ids for (ids,) in _pieces(session, select(_R.c.id).where(which))]
    return np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)


def columns_of(session: DbSession, poll: FrozenPoll, ids: Array) -> Iterator[Column]:
    """Every column of these responses, one at a time."""
    yield from _about_responses(session, poll.id, ids)
    for question in poll.questions:
        yield from question_columns(session, question, ids)


def question_columns(session: DbSession, question: FrozenQuestion, ids: Array) -> Iterator[Column]:
    """The columns of one question; last who answered it."""
    answered = np.zeros(len(ids), np.bool_)
    made = _about_items if kind_of(question.kind).has_items else _plain
    for column, who in made(session, question, ids):
        answered |= who
        if column is not None:  # a text: only that there is one
            yield column
    yield Column(f"{question.id}:n", packed(answered))


def recount(
    session: DbSession, poll: FrozenPoll, *, set_aside: bool = False, only_released: bool = False
) -> Counter[str]:
    """Every counter of a poll as it must be by its stored answers; `set_aside`: of those ballots that are not counted.

    Numbers are named as `columns.cell_key` names them.
    """
    ids = ids_of(session, poll.id, set_aside=set_aside, only_released=only_released)
    right: Counter[str] = Counter({"n": len(ids)})
    right.update(_ways(session, poll.id, set_aside=set_aside, only_released=only_released))
    for question in poll.questions:
        right.update(counted(question, {c.name: c.values for c in question_columns(session, question, ids)}))
    return +right


def _ways(session: DbSession, poll_id: int, *, set_aside: bool, only_released: bool) -> Counter[str]:
    which = (_R.c.poll_id == poll_id) & _R.c.withdrawn_at.is_(None)
    which &= (_R.c.set_aside != "") if set_aside else (_R.c.set_aside == "")
    if only_released:
        which &= _R.c.released
    rows = session.execute(
        select(_R.c.source, _R.c.link_id, func.count()).where(which).group_by(_R.c.source, _R.c.link_id)
    )
    found: Counter[str] = Counter()
    for source, link_id, n in rows:
        found[way_of(source, link_id)] += n
    return found


def _plain(session: DbSession, question: FrozenQuestion, ids: Array) -> Iterator[tuple[Column | None, Array]]:
    """Options (only the index is read: question, option, response), numbers, texts."""
    mine = _A.c.question_id == question.id
    for option in (o for o in question.options if o.role != "row"):
        who = np.zeros(len(ids), np.bool_)
        for (responses,) in _pieces(session, select(_A.c.response_id).where(mine, _A.c.option_id == option.id)):
            who[_places(ids, responses)[0]] = True
        if who.any():
            yield Column(f"{question.id}:o{option.id}", packed(who)), who
    values, wrote = np.full(len(ids), np.nan), np.zeros(len(ids), np.bool_)
    rest = mine & _A.c.option_id.is_(None) & _A.c.item_id.is_(None)
    for responses, numbers in _pieces(
        session, select(_A.c.response_id, _A.c.number).where(rest, _A.c.number.is_not(None))
    ):
        at, known = _places(ids, responses)
        values[at] = numbers[known]
    if not (numbered := ~np.isnan(values)).any():
        for (responses,) in _pieces(session, select(_A.c.response_id).where(rest, _A.c.text.is_not(None))):
            wrote[_places(ids, responses)[0]] = True
    if numbered.any():
        yield Column(f"{question.id}:v", values), numbered
    elif wrote.any():
        yield None, wrote


def _about_items(session: DbSession, question: FrozenQuestion, ids: Array) -> Iterator[tuple[Column | None, Array]]:
    """What was said about items: a whole number each, or options."""
    mine = (_A.c.question_id == question.id) & _A.c.item_id.is_not(None)
    said: dict[int, Array] = {}
    numbers = select(_A.c.response_id, _A.c.item_id, _A.c.number).where(mine, _A.c.number.is_not(None))
    for responses, items, values in _pieces(session, numbers):
        for item, rows in _by(items):
            at, known = _places(ids, responses[rows])
            said.setdefault(item, np.full(len(ids), NONE, np.int16))[at] = values[rows][known]
    for item in sorted(said):
        yield Column(f"{question.id}:i{item}:v", said[item]), said[item] != NONE
    for option in (o for o in question.options if o.role != "row"):
        chose: dict[int, Array] = {}
        for responses, items in _pieces(
            session, select(_A.c.response_id, _A.c.item_id).where(mine, _A.c.option_id == option.id)
        ):
            for item, rows in _by(items):
                chose.setdefault(item, np.zeros(len(ids), np.bool_))[_places(ids, responses[rows])[0]] = True
        for item in sorted(chose):
            yield Column(f"{question.id}:i{item}:o{option.id}", packed(chose[item])), chose[item]


def _about_responses(session: DbSession, poll_id: int, ids: Array) -> Iterator[Column]:
    mine = _R.c.poll_id == poll_id
    days, codes = np.zeros(len(ids), np.int32), {name: np.zeros(len(ids), np.uint8) for name in ("language", "source")}
    links = np.zeros(len(ids), np.int64)
    seen = {name: sorted(session.scalars(select(_R.c[name]).where(mine).distinct())) for name in codes}
    places = (case({word: at for at, word in enumerate(seen[name])}, value=_R.c[name], else_=0) for name in codes)
    link = func.coalesce(_R.c.link_id, 0)
    for responses, day, by_link, *found in _pieces(
        session, select(_R.c.id, day_number(session, _R.c.submitted_at), link, *places).where(mine)
    ):
        at, known = _places(ids, responses)
        days[at], links[at] = day[known], by_link[known]
        for values, said in zip(codes.values(), found, strict=True):
            values[at] = said[known]
    yield Column("day", days)
    for name, values in codes.items():
        yield Column(name, values, tuple(seen[name]))
    yield _ways_taken(seen["source"], codes["source"], links)


def _ways_taken(sources: Sequence[str], source: Array, links: Array) -> Column:
    """By which way each response came: a link where there was one, else its source (tallies.way_of)."""
    plain = -1 - source.astype(np.int64)  # below every id of a link
    found, places = np.unique(np.where(links > 0, links, plain), return_inverse=True)
    ways = (way_of("", int(n)) if n > 0 else way_of(sources[-1 - int(n)], None) for n in found)
    return Column("way", places.astype(np.int32), tuple(way.removeprefix(WAY) for way in ways))


def along(session: DbSession, ids: Array, query: Select[Any]) -> Array:
    """For each of these responses the number that a query of (response, whole number) gives it; NONE without one."""
    found = np.full(len(ids), NONE, np.int64)
    for responses, numbers in _pieces(session, query):
        at, known = _places(ids, responses)
        found[at] = numbers[known]
    return found


def day_number(session: DbSession, moment: ColumnElement[Any]) -> ColumnElement[int]:
    """The day of a moment as Python counts days (date.toordinal), reckoned by the database: a million moments take
    Python seconds."""
    if session.get_bind().dialect.name == "postgresql":
        day = cast(func.timezone("UTC", moment), Date)
        return cast(day - cast(literal_column("'0001-01-01'"), Date), Integer) + 1
    return cast(func.julianday(func.substr(cast(moment, Text), 1, 10)) - 1721424.5, Integer)


def _pieces(session: DbSession, query: Select[Any]) -> Iterator[list[Array]]:
    """The columns of a result, all of them numbers, a piece of its rows at a time.

    Taken from the driver's own cursor: to make an object of each of millions of rows takes longer than to read them.
    """
    columns = query.selected_columns
    form = np.dtype([(f"{at}", np.float64 if isinstance(c.type, Float) else np.int64) for at, c in enumerate(columns)])
    connection = session.connection()
    words = str(query.compile(connection, compile_kwargs={"literal_binds": True}))  # our own numbers and names only
    streamed = {"name": "columns"} if connection.dialect.name == "postgresql" else {}
    cursor = connection.connection.cursor(**streamed)
    try:
        cursor.execute(words)
        while rows := cursor.fetchmany(PIECE):
            table = np.fromiter(rows, form, len(rows))
            yield [table[name] for name in form.names or ()]
    finally:
        cursor.close()


def _places(ids: Array, responses: Array) -> tuple[Array, Array]:
    """Where these responses stand, and which of them do: others are set aside or wait for their step."""
    if not len(ids):
        return np.zeros(0, np.int64), np.zeros(len(responses), np.bool_)
    at = np.minimum(np.searchsorted(ids, responses), len(ids) - 1)
    known = ids[at] == responses
    return at[known], known


def _by(items: Array) -> Iterator[tuple[int, Array]]:
    """Each item, and the rows about it."""
    for item in np.unique(items):
        yield int(item), np.flatnonzero(items == item)
