"""How a call of the API runs: JSON only, and with an Idempotency-Key its deed is done once.

A route class, because the answer must be made before the transaction of its deed ends: FastAPI closes what has function
scope after the handler has returned the answer and before it is sent.
"""

import asyncio
import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from heard.accounts import api_calls
from heard.accounts.api_calls import LONGEST_KEY, Call, CallRunning, Replayed
from heard.kit.errors import BadInput
from heard.kit.i18n import _

_JSON = re.compile(r"application/(json|[\w.+-]+\+json)\s*(;.*)?", re.I | re.S)
_KEY = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}")
# SQLite writes one after the other, and who waits sits in a thread. Were all threads of the process taken by those who wait,
# the one who writes would get none for its next step.
_writers = asyncio.Semaphore(8)
_running: set[tuple[str, str]] = set()  # (token, key) of the calls that run in this process


class NotJson(BadInput):
    """A body that is something else than JSON, or does not say what it is."""

    code, status = "not_json", 415

    def __init__(self, given: str) -> None:
        super().__init__(
            _("The body is “%(type)s”; this address takes JSON.") % {"type": given[:80] or "–"},
            hint="Content-Type: application/json",
        )


class ApiRoute(APIRoute):
    """A route of the API; `APIRouter(…, route_class=ApiRoute)`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Around FastAPI's own handler."""
        handle = super().get_route_handler()

        async def once(request: Request) -> Response:
            if request.method == "GET":
                return await handle(request)
            body = await request.body()
            kind = request.headers.get("content-type", "")
            if body and not _JSON.fullmatch(kind.strip()):
                raise NotJson(kind)
            if "authorization" not in request.headers:
                return await handle(request)  # refused, or a ballot behind its receipt, which intake writes
            call = _call_of(request, body)
            if call is None:
                async with _writers:
                    return await handle(request)
            if (call.token, call.key) in _running:
                raise CallRunning
            _running.add((call.token, call.key))
            request.state.call = call
            try:
                async with _writers:
                    answer = await handle(request)
                    if call.session is not None:
                        await run_in_threadpool(api_calls.keep, call, answer.status_code, bytes(answer.body))
                return answer
            except Replayed as before:
                media = "application/json" if before.answer else None
                headers = {"Idempotency-Replayed": "true"}
                return Response(before.answer, before.status, headers, media)
            finally:
                _running.discard((call.token, call.key))

        return once


def _call_of(request: Request, body: bytes) -> Call | None:
    key = request.headers.get("idempotency-key")
    scheme, _sep, token = request.headers.get("authorization", "").partition(" ")
    if key is None or scheme.lower() != "bearer":
        return None
    key = key.strip().strip('"')  # a string of structured fields (RFC 8941); bare ones are taken too
    if not _KEY.fullmatch(key):
        words = _("An Idempotency-Key has 1 to %(n)s plain characters.") % {"n": LONGEST_KEY}
        raise BadInput(words, hint=_("A UUID is a good one."), fields={"Idempotency-Key": words})
    address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return Call(key, api_calls.call_hash(request.method, address, body), token.strip())
