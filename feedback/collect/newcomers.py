"""The ballot's page for somebody who comes without a cookie and without anything in the address: of these, all see the same
but for the id of their submission, when it was shown, and the nonce of their page. So one that was made is given to the
next within a second, with its own of these: rendering takes thirty times as long.

That two pages differ in nothing else is not believed but looked at, each time one is kept. A poll whose options are shuffled
by the submission, or whose form holds anything else that is made from it, is thereby made anew for everybody.
"""

import re
import secrets
from collections.abc import Callable
from time import monotonic
from typing import NamedTuple

from fastapi import Request, Response

from feedback.integrity import pace
from heard.kit import kept, tokens
from heard.kit.web import nonce_of

MOST = 200
Key = tuple[str, str]


class Copy(NamedTuple):
    """A page that was made, its headers, what in it belongs to one visitor, and until when it may be given to others."""

    body: bytes
    headers: list[tuple[bytes, bytes]]
    submission: str
    nonce: str
    seen: str  # when it was shown, signed for this submission
    poll_id: int
    until: float
    ends: float  # given to nobody after that: perhaps there is no such page any more, and none came in its place


def page_for(request: Request, slug: str) -> Response | None:
    """A page for this visitor, if one is at hand."""
    key = _key(request, slug)
    if key is None or (copy := _at_hand.get(key)) is None:
        return None
    if copy.ends < monotonic():
        _at_hand.pop(key, None)
        return None
    if copy.until < monotonic():  # this one has it made anew, the others take the old one meanwhile
        _at_hand[key] = copy._replace(until=monotonic() + kept.FRESH_SECONDS / 2)
        return None
    submission = tokens.fresh()
    return _given(copy, submission, secrets.token_urlsafe(12), pace.stamp(copy.poll_id, submission))


def keep(request: Request, slug: str, poll_id: int, make: Callable[[str], Response], *, personal: bool) -> Response:
    """Make this visitor's page, `make(submission)`; keep it if another one would get the same. `personal`: it hangs on
    something else than cookie and address, such as the visitor's network."""
    submission = tokens.fresh()
    mine = make(submission)
    key = _key(request, slug)
    if key is None or personal or not kept.FRESH_SECONDS or mine.status_code != 200:
        return mine
    other = tokens.fresh()
    copy, another = _copy(mine, submission, poll_id), _copy(make(other), other, poll_id)
    if _given(another, submission, copy.nonce, copy.seen).body == copy.body:
        if len(_at_hand) >= MOST:
            _at_hand.clear()
        _at_hand[key] = copy
    return mine


def _key(request: Request, slug: str) -> Key | None:
    """Its language hangs on what the browser wishes."""
    if request.scope["query_string"] or "cookie" in request.headers or "authorization" in request.headers:
        return None
    return slug, request.headers.get("accept-language", "")[:200]


def _copy(answer: Response, submission: str, poll_id: int) -> Copy:
    until, ends = monotonic() + kept.FRESH_SECONDS / 2, monotonic() + kept.FRESH_SECONDS
    body = bytes(answer.body)
    seen = _SEEN.search(body)
    stamp = seen[1].decode() if seen else "-"  # which no page holds in its place
    return Copy(body, list(answer.raw_headers), submission, nonce_of(answer), stamp, poll_id, until, ends)


def _given(copy: Copy, submission: str, nonce: str, seen: str) -> Response:
    """The page with these instead. Each is as long as the one before, so the length stays."""
    body = copy.body
    for old, new in ((copy.submission, submission), (copy.nonce, nonce), (_seen(copy.seen), _seen(seen))):
        body = body.replace(old.encode(), new.encode())
    answer = Response(body)
    answer.raw_headers = [(name, value.replace(copy.nonce.encode(), nonce.encode())) for name, value in copy.headers]
    return answer


def _seen(stamp: str) -> str:
    return f'name="{pace.SHOWN}" value="{stamp}"'


_SEEN = re.compile(_seen('([^"]+)').encode())
_at_hand: dict[Key, Copy] = kept.forgets({})
