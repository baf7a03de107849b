"""What the worker does for polls: opening and closing them by the clock. Safe to run twice, too early and too late."""

from heard.kit import work
from heard.kit.db import writing
from polls.models import Poll
from polls.publish import publishing


@work.handles("poll_schedule")
def keep_schedule(poll_id: int) -> None:
    """Look at a poll whose time may have come: open it, close it, or come back later."""
    with writing() as session:
        if poll := session.get(Poll, poll_id):
            publishing.keep_schedule(session, poll)
