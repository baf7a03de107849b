"""Who has voted in an anonymous poll: keys in `turnout`, and invitations that are turned in.

Both are written in the transaction of the ballot, whose number PostgreSQL keeps with every row: alone in it, they would be
joined with the counters that the ballot moved, for ever. So each step writes them anew together: all that stand with
fewer than K others of their kind in one transaction, in an order that tells nothing.
"""

from typing import Any

from sqlalchemy import Text, bindparam, cast, func, literal_column, select, update

from feedback.models import Turnout
from heard.kit.db import DbSession
from polls.models import Invitation

_T, _I = Turnout.__table__, Invitation.__table__  # type: ignore[attr-defined]


def blur(session: DbSession, poll_id: int, least: int) -> None:
    """Give each voter who stands in a transaction with fewer than `least` the company of this step."""
    if session.get_bind().dialect.name != "postgresql":
        return  # SQLite keeps no such numbers, and these tables in the order of their keys
    _together(session, _T, _T.c.voter_key, _T.c.poll_id == poll_id, least)
    _together(session, _I, _I.c.number, (_I.c.poll_id == poll_id) & _I.c.turned_in, least)


def _together(session: DbSession, table: Any, key: Any, which: Any, least: int) -> None:
    owner = cast(literal_column(f"{table.name}.xmin"), Text)
    few = select(owner).where(which).group_by(owner).having(func.count() < least)
    rows = [{"of": one} for one in session.scalars(select(key).where(which, owner.in_(few)).order_by(key))]
    if rows:
        session.execute(update(table).where(which, key == bindparam("of")).values({key.name: key}), rows)
