"""The one clock. Tests move it with `stopped_at()`; nothing else asks the system for the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

_stopped: datetime | None = None


def now() -> datetime:
    """The present moment in UTC, always zone-aware."""
    return _stopped or datetime.now(UTC)


def today() -> date:
    """The present day in UTC."""
    return now().date()


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """For tests: time stands still inside."""
    global _stopped
    before, _stopped = _stopped, moment
    try:
        yield
    finally:
        _stopped = before
