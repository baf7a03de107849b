"""A look at the clock of the machine each minute: what is due by a clock that jumped goes to people, and cannot be called back.

A jump ahead by more than a day pauses all sending until a person has looked (heard/accounts/sending_pages.py). A jump back
sends nothing twice, for what went is written down; it is noted in the log all the same (trust.md, U6).
"""

import time
from datetime import datetime, timedelta

from heard.accounts import audit
from heard.kit import logs, pausing, work
from heard.kit.clock import now
from heard.kit.db import writing

log = logs.logger("heard.clock")
WORTH_SAYING = timedelta(minutes=10)
_before: tuple[datetime, float] | None = None


@work.each_minute
def watch_clock() -> None:
    """Compare the clock with one that only ever goes on."""
    global _before
    read = (now(), time.monotonic())
    last, _before = _before, read
    jumped = jump(last, read) if last else timedelta()
    if abs(jumped) < WORTH_SAYING:
        return
    log.warning("clock.jumped", seconds=round(jumped.total_seconds()))
    with writing() as session:
        audit.record(session, None, "clock.jumped", str(jumped), seconds=round(jumped.total_seconds()))
        if jumped > pausing.LATE:
            pausing.pause(session, "clock")


def jump(last: tuple[datetime, float], read: tuple[datetime, float]) -> timedelta:
    """By how much the clock went otherwise than time did: (what it showed, seconds of the steady one) twice. Pure."""
    return read[0] - last[0] - timedelta(seconds=read[1] - last[1])
