"""Long lists a part at a time: `?cursor=…&limit=…` → {"…": […], "next": cursor or null}.

A cursor holds the sort key of the last row that was given, so what comes or goes meanwhile shifts nothing: every row that
was there from the first part to the last one is given once.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query
from sqlalchemy import ColumnElement, tuple_

from heard.kit.errors import BadInput
from heard.kit.i18n import _

USUAL, MOST = 50, 200
T = TypeVar("T")
Key = tuple[Any, ...]  # ints and texts; the last one makes it unique


@dataclass(frozen=True)
class Part:
    """Which part of a list is wished for."""

    cursor: str = ""
    limit: int = USUAL

    def after(self, *types: type) -> Key | None:
        """The key behind which it begins, of these types; None for the first part. Raises BadInput."""
        if not self.cursor:
            return None
        try:
            packed = self.cursor.encode("ascii")
            key = json.loads(base64.urlsafe_b64decode(packed + b"=" * (-len(packed) % 4)))
        except (ValueError, binascii.Error, RecursionError) as error:
            raise _unknown(self.cursor) from error
        if not isinstance(key, list) or [type(one) for one in key] != list(types) or not all(map(_plain, key)):
            raise _unknown(self.cursor)
        return tuple(key)


def _plain(value: Any) -> bool:
    if isinstance(value, int | float):
        return abs(value) < 2**63  # neither is NaN
    return "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)


def _wished(
    cursor: Annotated[str, Query(max_length=600, description="`next` of the part before.")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = USUAL,
) -> Part:
    return Part(cursor, limit)


def _wished_whole(
    cursor: Annotated[str, Query(max_length=600, description="`next` of the part before.")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = MOST,
) -> Part:
    return Part(cursor, limit)


Paged = Annotated[Part, Depends(_wished, scope="function")]
# Of lists that came whole before there were parts: as much as one part can hold.
PagedWhole = Annotated[Part, Depends(_wished_whole, scope="function")]


def part_of(
    rows: Sequence[T], part: Part, key: Callable[[T], Key], *, types: Sequence[type]
) -> tuple[list[T], str | None]:
    """One part of a list that is short enough to be read as a whole, in the order of its keys; and the next cursor."""
    after = part.after(*types)
    left = sorted((row for row in rows if after is None or key(row) > after), key=key)
    return with_next(left[: part.limit + 1], part, key)


def with_next(rows: Sequence[T], part: Part, key: Callable[[T], Key]) -> tuple[list[T], str | None]:
    """What was read (one row more than the limit, where there is one) as a part, and the next cursor."""
    given = list(rows[: part.limit])
    return given, cursor_of(*key(given[-1])) if len(rows) > part.limit else None


def cursor_of(*key: Any) -> str:
    """A cursor out of the key of the last row. Opaque: its form may change."""
    packed = json.dumps(key, ensure_ascii=True, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def behind(columns: Sequence[ColumnElement[Any]], key: Key, *, down: bool = False) -> ColumnElement[bool]:
    """The condition that a row stands behind this key; `down`: in a list that goes downwards."""
    return tuple_(*columns) < key if down else tuple_(*columns) > key


def stamp(at: datetime) -> int:
    """A moment as a part of a key: microseconds."""
    return int(at.timestamp() * 1_000_000)


def _unknown(cursor: str) -> BadInput:
    return BadInput(
        _("The cursor is none of ours, or of another list."),
        hint=_("Take “next” of the part before as it is, or leave it out to begin anew."),
        fields={"cursor": cursor[:80]},
    )
