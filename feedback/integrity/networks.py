"""Whence a ballot came, as far as a limit needs to know: its network, as a keyed hash that joins no two polls.

A network is the /24 of an IPv4 address or the /64 of an IPv6 one: about what one household, office or school has. Only the
hash is kept, only in polls that are not anonymous, and only until thirty days after their end. Of an anonymous poll nothing
is kept: a moving window in the memory of each process counts what arrives.
"""

from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from fastapi import Request
from sqlalchemy import select, update

from feedback.models import Response
from heard.kit import limits, tokens, work
from heard.kit.clock import now
from heard.kit.db import DbSession, writing
from heard.kit.settings import settings
from polls.frozen import FrozenPoll
from polls.models import Poll

DAYS_KEPT = 30  # after the poll has closed
BEGUN_AN_HOUR = 500  # ballots that one network may begin in one poll; a school that fills in a long one stays below
PORTION = 2000
_R, _P = Response.__table__, Poll.__table__  # type: ignore[attr-defined]


@lru_cache(maxsize=10_000)
def network_of(address: str) -> str:
    """ "203.0.113.0/24", "2001:db8::/64", or "" for what is no address. An IPv4 address inside an IPv6 one is IPv4."""
    try:
        one = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(one, IPv6Address):
        if one.ipv4_mapped is None:
            return str(ip_network((one, 64), strict=False))
        one = one.ipv4_mapped
    return str(ip_network((one, 24), strict=False))


def known() -> bool:
    """Whether addresses can be told apart. Heard speaks no https itself: behind it stands a proxy, and without HEARD_PROXIES
    everybody would come from the proxy's address."""
    return not settings().https or bool(settings().proxies)


def hashed(poll_id: int, request: Request) -> str | None:
    """The network of a request as 22 characters, another one in each poll; None where it is not known."""
    network = network_of(request.client.host) if request.client and known() else ""
    return tokens.derived("network", poll_id, network) if network else None


def over_limit(session: DbSession, poll: FrozenPoll, network: str) -> bool:
    """Whether this network has had what it counts in an hour, in an anonymous poll. Counts the ballot; stores nothing."""
    most = session.scalar(select(_P.c.network_limit).where(_P.c.id == poll.id)) or 1
    return not limits.within(f"network:{poll.id}", network, f"{most}/hour")


def begins(poll: FrozenPoll, network: str | None) -> None:
    """Count a ballot that is begun, in memory. Raises TooMany."""
    if network:
        limits.spend(f"begun:{poll.id}", network, f"{BEGUN_AN_HOUR}/hour")


def forget(poll_id: int) -> None:
    """The networks of a poll that closed thirty days ago, in portions. One that is open again keeps them, and asks again
    when it closes."""
    with writing() as session:
        poll = session.get(Poll, poll_id)
        ended = poll and poll.status in ("closed", "archived") and (poll.closed_at or poll.closes_at)
        if not ended:
            return
        if ended > now() - timedelta(days=DAYS_KEPT):
            forget_later(session, poll_id, after=ended)
            return
    while _forget_some(poll_id):
        pass


def forget_later(session: DbSession, poll_id: int, *, after: object = None) -> None:
    """Have them forgotten thirty days after the poll's end."""
    passed = now() - after if after else timedelta(0)  # type: ignore[operator]
    wait = timedelta(days=DAYS_KEPT, minutes=1) - passed
    work.due(session, "forget_networks", poll_id, wait=wait, poll_id=poll_id)


def _forget_some(poll_id: int) -> int:
    with writing() as session:
        there = select(_R.c.id).where(_R.c.poll_id == poll_id, _R.c.network.is_not(None)).limit(PORTION)
        ids = sorted(session.scalars(there))
        session.execute(update(_R).where(_R.c.id.in_(ids)).values(network=None))
    return len(ids)
