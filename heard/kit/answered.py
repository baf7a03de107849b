"""How many requests this process answered, by what they were about and how: for /metrics. Adding one takes a microsecond."""

import re
from collections import Counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

KINDS = {"p": "voters", "e": "voters", "r": "voters", "m": "managers", "api": "api", "assets": "assets"}
_VOTE = re.compile(r"/[pe]/[^/]+$|/api/v1/polls/[^/]+/responses$")
counts: Counter[tuple[str, int]] = Counter()


def kind_of(method: str, path: str) -> str:
    """vote | voters | managers | api | assets | others. Few words, whatever is asked for."""
    if method == "POST" and _VOTE.match(path):
        return "vote"
    return KINDS.get(path.partition("/")[2].partition("/")[0], "others")


class Answered:
    """ASGI middleware, outside of all others."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                counts[kind_of(scope["method"], scope["path"]), message["status"]] += 1
            await send(message)

        await self.app(scope, receive, counting)
