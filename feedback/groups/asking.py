"""When opinion groups are looked for: a minute after votes on statements have moved."""

from collections.abc import Iterable
from datetime import timedelta

from feedback.groups.queries import questions_of
from heard.kit import work
from heard.kit.db import DbSession
from polls.frozen import FrozenPoll

GROUPS_WAIT = timedelta(minutes=1)


def ask(session: DbSession, polls: Iterable[FrozenPoll], *, wait: timedelta = GROUPS_WAIT) -> None:
    """Responses of these polls moved: the groups of those that ask about statements are due."""
    for poll_id in sorted(poll.id for poll in polls if questions_of(poll)):
        work.due(session, "groups", poll_id, wait=wait, poll_id=poll_id)
