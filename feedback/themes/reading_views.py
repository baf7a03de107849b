"""A reading that runs, as pages and the API tell of it."""

from dataclasses import dataclass
from datetime import datetime

from feedback.answer.durations import ago
from feedback.themes.queries import held_back
from feedback.themes.readings import reading_of, state_of
from heard.kit.clock import now
from heard.kit.db import DbSession
from polls.models import Poll


@dataclass(frozen=True)
class ReadingNow:
    """How far it is. state: running, stopped or silent; `thinks`: all comments are read, and themes are put together."""

    state: str
    done: int
    total: int
    began_at: datetime

    @property
    def thinks(self) -> bool:
        return self.state == "running" and self.done >= self.total

    @property
    def share(self) -> float:
        """0..1, for the bar."""
        return self.done / self.total if self.total else 0

    @property
    def ago(self) -> str:
        return ago(now() - self.began_at)


def reading_now(session: DbSession, poll: Poll) -> ReadingNow | None:
    """The reading of a poll, if one runs or was stopped; of an anonymous poll that holds its comments back, none."""
    row = reading_of(session, poll.id or 0)
    if row is None or held_back(session, poll):
        return None
    return ReadingNow(state_of(row), row.done, row.total, row.began_at)
