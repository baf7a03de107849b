"""A poll's responses a part at a time, for programs: under the rules of every export (feedback/exports/exporting)."""

from itertools import islice

from feedback.collect.counters import K
from feedback.collect.queries import StoredResponse, is_closed, standing, stored_responses
from feedback.exports.exporting import TooFewToShow
from heard.kit.db import DbSession
from heard.kit.i18n import _
from polls.frozen import FrozenPoll


def responses_behind(session: DbSession, poll: FrozenPoll, after: int, *, limit: int) -> list[StoredResponse]:
    """The counted responses with an id above `after`, in the order of their random ids; of an anonymous poll that is open,
    those of its published steps. Raises TooFewToShow."""
    if poll.anonymous and standing(session, poll.id) < K:
        words = _("“%(title)s” is anonymous: its answers can be taken along from %(k)s responses on.")
        raise TooFewToShow(words % {"title": poll.title, "k": K}, hint=_("Wait until more people have answered."))
    held = poll.anonymous and not is_closed(poll)
    return list(islice(stored_responses(session, poll.id, only_released=held, after=after, piece=limit), limit))
