"""How a ballot came: from which network, and whether anything speaks against counting it.

At levels 0 and 1 everything is counted: the poll says itself that anybody may answer more than once. What came from a
program is only added up there, by day, so that the panel can say how many. From level 2 on it is set aside.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fastapi import Request

from feedback.integrity import networks, pace
from heard.kit import visits
from heard.kit.db import DbSession
from polls.frozen import FrozenPoll

SETS_ASIDE = 2  # from this integrity level on


class Arrival(NamedTuple):
    """What intake gets to know. `network` never in anonymous polls."""

    network: str | None = None
    set_aside: str = ""


NOWHERE = Arrival()


def by_form(
    request: Request, session: DbSession | None, poll: FrozenPoll, nonce: str, form: Mapping[str, Sequence[str]], *,
    last_page: bool = False,
) -> Arrival:  # fmt: skip
    """Of a ballot that a page or a frame sent. `session`: of polls that limit networks."""
    answered = len(
        {n.partition("-")[0] for q in poll.questions for n, sent in form.items() if _of(q.name, n) and any(sent)}
    )
    return _judged(request, session, poll, pace.suspicion(poll, nonce, form, answered, last_page=last_page))


def by_api(request: Request, poll: FrozenPoll) -> Arrival:
    """Of a ballot that anybody may send over the API (open polls): such programs are no strangers, so only the network is
    kept, for warnings."""
    return Arrival(None if poll.anonymous else networks.hashed(poll.id, request))


def _of(question: str, name: str) -> bool:
    return name == question or name.startswith(f"{question}-")


def _judged(request: Request, session: DbSession | None, poll: FrozenPoll, why: str) -> Arrival:
    network = networks.hashed(poll.id, request)
    if why and poll.level < SETS_ASIDE:
        visits.add(f"{why}:{poll.id}", "scanner", by_day=True)
        why = ""
    if poll.anonymous:
        if (
            not why
            and poll.voter_rule == "network"
            and network
            and session
            and networks.over_limit(session, poll, network)
        ):
            why = "network"
        return Arrival(None, why)
    return Arrival(network, why)
