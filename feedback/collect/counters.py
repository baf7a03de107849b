"""Counters on disk: moved in the transaction of the vote, read by every result.

Anonymous polls show no single vote: their counters are copied to cells that begin with "p:" each time K more people
have answered, and only the copies are shown while the poll is open (trust.md, R2). What was counted since waits.

PostgreSQL keeps rows in the order in which they came, and with each the number of its transaction: enough to join the
ballots of an anonymous poll with its turnout. So each step writes its ballots anew, in the order of their random ids,
every counter that moved, in the order of their names, and who has voted (feedback/collect/turned_in.py).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Integer, Row, bindparam, exists, func, literal, literal_column, select, update

from feedback.collect import turned_in
from feedback.models import Answer, Comment, Response, Tally
from heard.kit.db import DbSession, upsert, upsert_in

K = 5
PUBLISHED = "p:"
APART = "s:"  # of ballots that are set aside: stored, shown beside the result, never in it
WAITED = 100  # transactions that may have begun before a step and ended after it
_T, _R = Tally.__table__, Response.__table__  # type: ignore[attr-defined]
_A, _C = Answer.__table__, Comment.__table__  # type: ignore[attr-defined]


def move(session: DbSession, moved: Mapping[tuple[int, str], int]) -> None:
    """Add to counters, by (poll, cell). A poll's "n" first: who has it may write all the others, and no two processes wait
    for each other crosswise."""
    steps = [(key, n) for key, n in sorted(moved.items(), key=lambda step: _place(step[0])) if n]
    up = [{"poll_id": poll, "cell": cell, "n": n} for (poll, cell), n in steps if n > 0]
    if len(up) == len(steps):
        if up:
            session.connection().execute(_add(session.get_bind().dialect.name), up)
        return
    for (poll, cell), n in steps:
        if n > 0:
            session.execute(_add(session.get_bind().dialect.name), {"poll_id": poll, "cell": cell, "n": n})
        else:
            session.execute(_LESS, {"of_poll": poll, "of_cell": cell, "less": -n})


def apart(moved: Mapping[str, int]) -> Counter[str]:
    """The same counters where ballots that are set aside are counted."""
    return Counter({APART + cell: n for cell, n in moved.items()})


def _place(key: tuple[int, str]) -> tuple[int, bool, str]:
    poll_id, cell = key
    return poll_id, cell != "n", cell


def cells(session: DbSession, poll_id: int) -> dict[str, int]:
    """Every counter of a poll by its cell."""
    return cells_of(session, [poll_id])[poll_id]


def cells_of(session: DbSession, polls: Iterable[int]) -> dict[int, dict[str, int]]:
    """The same of several polls, in one statement."""
    found: dict[int, dict[str, int]] = {poll: {} for poll in polls}
    if not found:
        return found
    for poll, cell, n in session.execute(select(_T.c.poll_id, _T.c.cell, _T.c.n).where(_T.c.poll_id.in_(found))):
        found[poll][cell] = n
    return found


def shown(cells: Mapping[str, int], *, anonymous: bool, closed: bool) -> dict[str, int]:
    """The counters that may be seen: all, or of an anonymous poll the last step of K, and all when it is closed."""
    if not anonymous:
        return {cell: n for cell, n in cells.items() if not cell.startswith(APART)}
    if cells.get("n", 0) < K:
        return {}
    if closed:
        return {cell: n for cell, n in cells.items() if not cell.startswith((PUBLISHED, APART))}
    copies = {cell.removeprefix(PUBLISHED): n for cell, n in cells.items() if cell.startswith(PUBLISHED)}
    return {cell: n for cell, n in copies.items() if not cell.startswith(APART)}  # older versions copied these too


def publish_step(session: DbSession, poll_id: int) -> bool:
    """Copy the counters of an anonymous poll when K more have answered since the last copy; whether they had."""
    n, before = (
        session.scalar(select(_T.c.n).where(_T.c.poll_id == poll_id, _T.c.cell == cell)) or 0
        for cell in ("n", f"{PUBLISHED}n")
    )
    if n - before < K:
        return False
    _blur(session, _moved(session, poll_id))
    turned_in.blur(session, poll_id, K)
    own, copy = _T.alias(), _T.alias()
    name = literal(PUBLISHED).concat(own.c.cell)
    is_there = exists().where(copy.c.poll_id == own.c.poll_id, copy.c.cell == name, copy.c.n == own.c.n)
    counted = func.substr(own.c.cell, 1, len(APART)) != APART
    moved = select(own.c.poll_id, name, own.c.n).where(own.c.poll_id == poll_id, ~_is_copy(own), counted, ~is_there)
    put = upsert(session, _T).from_select(["poll_id", "cell", "n"], moved)
    session.execute(put.on_conflict_do_update(index_elements=["poll_id", "cell"], set_={"n": put.excluded.n}))
    _release(session, _waiting(session, poll_id))
    return True


def release_rest(session: DbSession, poll_id: int) -> None:
    """When an anonymous poll has closed: its last ballots, fewer than a step, join those of earlier steps."""
    if rest := _waiting(session, poll_id):
        earlier = select(_R.c.id).where(_R.c.poll_id == poll_id, _R.c.released).order_by(func.random()).limit(4 * K)
        _release(session, [*rest, *session.scalars(earlier)])
        others = _own(poll_id).order_by(func.random()).limit(4 * K)
        _blur(session, [*_moved(session, poll_id), *session.execute(others)])
        turned_in.blur(session, poll_id, K)


def _is_copy(table):
    return func.substr(table.c.cell, 1, len(PUBLISHED)) == PUBLISHED


def _own(poll_id: int):  # type: ignore[no-untyped-def]
    return select(_T.c.poll_id, _T.c.cell).where(_T.c.poll_id == poll_id, ~_is_copy(_T))


def _moved(session: DbSession, poll_id: int) -> Sequence[Row[Any]]:
    """Counters that moved since the last step, on PostgreSQL: their transactions are younger than its, but for one that
    began before it and had to wait."""
    if session.get_bind().dialect.name != "postgresql":
        return []
    age = func.age(literal_column("tallies.xmin"))
    last = session.scalar(select(age).where(_T.c.poll_id == poll_id, _T.c.cell == f"{PUBLISHED}n"))
    cells = _own(poll_id)
    return session.execute(cells if last is None else cells.where(age < last + WAITED)).all()


def _blur(session: DbSession, cells: Sequence[Row[Any]]) -> None:
    """Write these counters anew, in the order of their names: on PostgreSQL their old places tell when they came."""
    rows = [{"of_poll": poll_id, "of_cell": cell} for poll_id, cell in sorted(set(map(tuple, cells)))]
    if rows and session.get_bind().dialect.name == "postgresql":
        session.execute(_AS_IT_IS, rows)


def _waiting(session: DbSession, poll_id: int) -> Sequence[int]:
    return session.scalars(select(_R.c.id).where(_R.c.poll_id == poll_id, ~_R.c.released)).all()


def _release(session: DbSession, ids: Sequence[int]) -> None:
    """Mark these ballots as shown, and write them anew: on PostgreSQL their old places tell when they came."""
    rows = [{"of": response_id} for response_id in sorted(ids)]
    if not rows:
        return
    session.execute(update(_R).where(_R.c.id == bindparam("of")).values(released=True), rows)
    if session.get_bind().dialect.name == "postgresql":
        # the added nothing makes it store long texts anew too, which it keeps in a place of their own
        session.execute(update(_A).where(_A.c.response_id == bindparam("of")).values(text=_A.c.text.concat("")), rows)
        session.execute(update(_C).where(_C.c.response_id == bindparam("of")).values(text=_C.c.text.concat("")), rows)


@cache
def _add(dialect: str):  # type: ignore[no-untyped-def]
    put = upsert_in(dialect, _T)
    return put.on_conflict_do_update(index_elements=["poll_id", "cell"], set_={"n": _T.c.n + put.excluded.n})


_AS_IT_IS = update(_T).where(_T.c.poll_id == bindparam("of_poll"), _T.c.cell == bindparam("of_cell")).values(n=_T.c.n)

# An upsert with a negative step would be refused by CHECK (n >= 0) before it is seen to be an update.
_LESS = (
    update(_T)
    .where(_T.c.poll_id == bindparam("of_poll"), _T.c.cell == bindparam("of_cell"))
    .values(n=_T.c.n - bindparam("less", type_=Integer))
)
