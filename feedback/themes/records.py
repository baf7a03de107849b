"""What others hold about a theme, for its page: the rooms above say it here, and this one knows none of them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from heard.kit.db import DbSession


class Line(NamedTuple):
    """Something that was decided or asked. `label`: who did what; `page`: where it stands, below the community's pages."""

    label: str
    text: str
    who: str
    due_on: date | None
    at: datetime
    page: str


_HOLDERS: list[Callable[[DbSession, int], list[Line]]] = []


def holds(lines: Callable[[DbSession, int], list[Line]]) -> Callable[[DbSession, int], list[Line]]:
    """Register a function that knows lines of a theme, given its id."""
    _HOLDERS.append(lines)
    return lines


def lines_of(session: DbSession, theme_id: int) -> list[Line]:
    """All lines of a theme, newest first."""
    found = [line for holder in _HOLDERS for line in holder(session, theme_id)]
    return sorted(found, key=lambda line: line.at, reverse=True)
