"""Times as other tools write them: ISO, 2024/03/05 10:11:12 AM GMT+1, 05.03.2024 10:11, 3/5/2024 10:11:12."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from feedback.imports.parsed import moment

_YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})[:.hH](\d{2})(?:[:.](\d{2}))?(?:\.\d{1,6})?", re.ASCII)
_OFFSET = re.compile(r"(?:GMT|UTC)?([+\-−])(\d{1,2}):?(\d{2})?", re.ASCII)
_BEFORE_NOON, _AFTERNOON = ("am", "a.m.", "am."), ("pm", "p.m.", "pm.")


def local_moment(text: str, *, day_first: bool) -> datetime | None:
    """A time; without a zone it is UTC; "" is None. `day_first`: of two numbers before the year. Raises BadInput."""
    text = text.strip()
    if not text:
        return None
    words = text.replace(",", " ").split()
    try:
        year, month, day = _day(words[0], day_first)
        hour, minute, second, offset = _rest(words[1:])
        at = datetime(year, month, day, hour, minute, second, tzinfo=UTC) - offset
    except (ValueError, OverflowError):
        return moment(text)
    return moment(at.isoformat())


def is_day_first(texts: Iterable[str]) -> bool | None:
    """Whether such times have the day before the month; the first one that tells decides. None: not one of them does."""
    for text in texts:
        found = _YEAR_LAST.match(text.strip())
        if found and int(found[1]) > 12:
            return True
        if found and int(found[2]) > 12:
            return False
        if _YEAR_FIRST.match(text.strip()):
            return None
    return None


def _day(text: str, day_first: bool) -> tuple[int, int, int]:
    if found := _YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if not (found := _YEAR_LAST.fullmatch(text)):
        raise ValueError(text)
    one, two, year = (int(part) for part in found.groups())
    if text[len(found[1])] == ".":  # nobody who writes points writes the month first
        day_first = True
    return (year, two, one) if day_first else (year, one, two)


def _rest(words: list[str]) -> tuple[int, int, int, timedelta]:
    """Hour, minute, second, and how far the zone is ahead of UTC."""
    hour = minute = second = 0
    offset = timedelta()
    for word in words:
        low = word.lower()
        if clock := _CLOCK.fullmatch(word):
            hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        elif low in _BEFORE_NOON:
            hour %= 12
        elif low in _AFTERNOON:
            hour = hour % 12 + 12
        elif zone := _OFFSET.fullmatch(word):
            ahead = timedelta(hours=int(zone[2]), minutes=int(zone[3] or 0))
            offset = ahead if zone[1] == "+" else -ahead
        elif not word.isalpha():
            raise ValueError(word)
    return hour, minute, second, offset
