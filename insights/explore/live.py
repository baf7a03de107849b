"""Live results: a page that is open hears when more people have answered (server-sent events).

What is sent is a number that the page may show: of an anonymous poll the last published step. Each process asks its
database for it once in EVERY seconds for each poll that is looked at, however many look. A stream ends by itself, so that
who may no longer look is asked again at the door, and when the process ends.
"""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

from fastapi import Request

from feedback.collect import counters
from feedback.collect.queries import is_closed
from heard.accounts.access import signed_in
from heard.kit import ending
from heard.kit.db import reading
from heard.kit.errors import NotFound, Unavailable
from heard.kit.i18n import _
from polls.access import access_poll
from polls.frozen import frozen_poll

EVERY, LONGEST, MOST = 2.0, 600.0, 200  # seconds, seconds, streams of one process
_open = 0
_seen: dict[str, tuple[float, asyncio.Task[str]]] = {}


async def may_look(request: Request, community: str, slug: str) -> None:
    """Whether whoever asks may read this poll, and there is room. Raises NotSignedIn, NotFound, Forbidden, Unavailable. The
    session ends before the stream begins."""
    await asyncio.to_thread(_asked_at_the_door, request, community, slug)
    if _open >= MOST:
        words = _("Too many people watch results live at the moment.")
        raise Unavailable(words, hint=_("Reload the page to see what is new."))


def _asked_at_the_door(request: Request, community: str, slug: str) -> None:
    with reading() as session:
        access_poll(session, signed_in(request, session), community, slug, to="read")


async def moves(slug: str, *, stays: bool) -> AsyncIterator[str]:
    """Events: "n" with the responses that are shown, when that number moves; "closed" at the end of the poll. `stays`: until
    then; else the state of this moment is all."""
    global _open
    _open += 1
    try:
        last, until = "", monotonic() + LONGEST
        yield "retry: 10000\n\n"
        while True:
            state = await _state(slug)
            if state != last:
                last = state
                yield f"event: {'closed' if state == 'closed' else 'n'}\ndata: {state}\n\n"
            else:
                yield ": \n\n"  # so that a reader who went away is noticed
            if state == "closed" or not stays or monotonic() > until or ending.soon.is_set():
                return
            await asyncio.sleep(EVERY)
    finally:
        _open -= 1


async def _state(slug: str) -> str:
    """The number of responses that may be shown, or "closed"; read at most once in EVERY seconds."""
    kept = _seen.get(slug)
    if kept is None or monotonic() - kept[0] > EVERY * 0.9:
        if len(_seen) > 500:
            _seen.clear()
        kept = _seen[slug] = monotonic(), asyncio.create_task(asyncio.to_thread(_read, slug))
    return await asyncio.shield(kept[1])  # whoever goes away takes the answer from nobody


def _read(slug: str) -> str:
    with reading() as session:
        try:
            poll = frozen_poll(session, slug)
        except NotFound:  # deleted since
            return "closed"
        if is_closed(poll):
            return "closed"
        return str(counters.shown(counters.cells(session, poll.id), anonymous=poll.anonymous, closed=False).get("n", 0))
