"""Public pages, rendered once for everybody who asks within two seconds: a post that spreads is looked at by hundreds at once.

Kept is only what says `Cache-Control: public` and sets no cookie, and only for requests that bring nothing of a person: no
cookie, no token, nothing conditional. The key holds everything else that an answer may depend on. Any write that passes here
empties it before its answer goes out, so nobody sees a page from before what they did; what other processes write is seen
after two seconds, and caches outside keep these pages for a minute anyway. Of many who ask for a page that is not there,
one has it made and the others wait for it.
"""

import asyncio
import re
from collections.abc import Mapping
from time import monotonic
from typing import Any, NamedTuple, TypeVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

FRESH_SECONDS = 2.0
MOST, LARGEST = 128, 128 * 1024  # pages, and bytes of one
READS = ("GET", "HEAD", "OPTIONS")
PERSONAL = (b"cookie", b"authorization", b"if-none-match", b"if-modified-since", b"range")
# Where public pages are. Elsewhere nobody waits for another one's page: a ballot's is made for each.
SHARED = re.compile(r"/c/|/p/[^/]+/.|/t/|/sitemap")
NEVER = (b"set-cookie", b"x-request-id")
# What a vote changes is results. Whatever else is kept (see `forgets`) goes with other writes only.
VOTES = re.compile(r"/[per]/|/api/v1/polls/[^/]+/responses$")

Key = tuple[str, bytes, bytes, bytes, bytes]


Memory = TypeVar("Memory", bound=dict[Any, Any])
_memories: list[dict[Any, Any]] = []


def forgets(memory: Memory) -> Memory:
    """Empty this memory, too, with every write that is no vote."""
    _memories.append(memory)
    return memory


class Copy(NamedTuple):
    """An answer as it goes out, and until when."""

    start: Message
    body: bytes
    until: float


class Kept:
    """ASGI middleware, outside of all others: a page that is kept costs nothing of them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.copies: dict[Key, Copy] = {}
        self.making: dict[Key, asyncio.Future[Copy | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["method"] not in READS:
            await self.app(scope, receive, self._emptying(scope, send))
        elif (key := key_of(scope)) is None or not FRESH_SECONDS:
            await self.app(scope, receive, send)
        else:
            await self._shared(key, scope, receive, send)

    async def _shared(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        copy = self.copies.get(key)
        if copy is None or copy.until < monotonic():
            if (others := self.making.get(key)) is None:
                await self._made(key, scope, receive, send)
                return
            copy = await asyncio.shield(others)
        if copy is None:  # it is nobody else's: a page of its own
            await self.app(scope, receive, send)
            return
        await send(copy.start)
        await send({"type": "http.response.body", "body": copy.body})

    async def _made(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        mine = self.making[key] = asyncio.get_running_loop().create_future()
        seen: list[Message] = []
        copy = None

        async def listening(message: Message) -> None:
            seen.append(message)
            await send(message)

        try:
            await self.app(scope, receive, listening)
            copy = copy_of(seen)
        finally:
            # after a write in between, `making` is another one's, and this page may be from before it
            if self.making.get(key) is mine:
                del self.making[key]
                if copy:
                    self._keep(key, copy)
            mine.set_result(copy)

    def _keep(self, key: Key, copy: Copy) -> None:
        self.copies.pop(key, None)
        while len(self.copies) >= MOST:
            del self.copies[next(iter(self.copies))]  # the oldest
        self.copies[key] = copy

    def _emptying(self, scope: Scope, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.copies.clear()
                self.making.clear()
                for memory in () if VOTES.match(scope["path"]) else _memories:
                    memory.clear()
            await send(message)

        return sending


def key_of(scope: Scope) -> Key | None:
    """What the answer may depend on; None for a request whose answer is for one person, or whose address has none to share."""
    if scope["method"] != "GET" or not SHARED.match(scope["path"]):
        return None
    # of a header that was sent twice the first, as the page reads it: else one visitor's page went to others
    headers: Mapping[bytes, bytes] = dict(reversed(scope["headers"]))
    if any(name in headers for name in PERSONAL):
        return None
    wishes = (headers.get(name, b"") for name in (b"host", b"accept-language", b"accept-encoding"))
    return (scope["path"], scope["query_string"], *wishes)


def copy_of(answer: list[Message]) -> Copy | None:
    """The answer to keep; None where it is private, personal, large or no page."""
    if len(answer) != 2 or answer[0].get("status") != 200 or answer[1].get("more_body"):
        return None
    start, body = answer[0], answer[1].get("body", b"")
    headers = dict(start["headers"])
    if not headers.get(b"cache-control", b"").startswith(b"public") or b"set-cookie" in headers or len(body) > LARGEST:
        return None
    told = [(name, value) for name, value in start["headers"] if name not in NEVER]
    return Copy({**start, "headers": told}, body, monotonic() + FRESH_SECONDS)
