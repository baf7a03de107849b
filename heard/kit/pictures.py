"""Pictures that are drawn on demand and kept in memory: each once, one at a time, whoever asks and how many.

Whoever waits for one takes no thread from other pages; and when too many wait to be drawn, the next is asked to come back.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from urllib.parse import quote

from fastapi import Request, Response
from starlette.types import Receive, Scope, Send

from heard.kit.errors import Unavailable
from heard.kit.i18n import _

MOST = 256  # of about 50 kB
WAITING = 64  # to be drawn
KEPT, KEPT_LONG = "public, max-age=60", "public, max-age=86400"
_kept: OrderedDict[str, Future[bytes]] = OrderedDict()
_shelf = Lock()
_pen = ThreadPoolExecutor(1, thread_name_prefix="pictures")  # a rush on many pictures leaves a core to the votes


class _Picture(Response):
    """Sent as soon as it is drawn."""

    def __init__(self, picture: "Future[bytes]", headers: dict[str, str]) -> None:
        super().__init__(headers=headers)
        self._picture, self._told = picture, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        content = await asyncio.shield(asyncio.wrap_future(self._picture))  # who goes away leaves it to the others
        kind = "image/png" if content.startswith(b"\x89PNG") else "image/svg+xml"
        await Response(content, media_type=kind, headers=self._told)(scope, receive, send)


def answer(request: Request, version: str, draw: Callable[[], bytes]) -> Response:
    """The PNG with this version, for everybody: no cookie; kept longer where the address asks for just this version.

    Raises Unavailable when too many wait to be drawn.
    """
    current = request.query_params.get("v", "") == version
    headers = {"Cache-Control": KEPT_LONG if current else KEPT, "ETag": f'"{version}"'}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if f'"{version}"' in known:
        return Response(status_code=304, headers=headers)
    return _Picture(drawing(version, draw), headers)


def private(version: str, draw: Callable[[], bytes], name: str) -> Response:
    """The picture for one person, who takes it along under this name: nobody else keeps it.

    Raises Unavailable when too many wait to be drawn.
    """
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": f"inline; filename*=UTF-8''{quote(name)}"}
    return _Picture(drawing(version, draw), headers)


def drawing(version: str, draw: Callable[[], bytes]) -> "Future[bytes]":
    """What `draw` gives, from memory if it was drawn before. Who comes while it is being drawn waits for it."""
    with _shelf:
        picture = _kept.get(version)
        if picture is None:
            if sum(not one.done() for one in _kept.values()) >= WAITING:
                raise Unavailable(
                    _("Many pictures are being drawn, so this one was not begun."),
                    hint=_("Ask for it again in a few seconds."),
                )
            picture = _kept[version] = _pen.submit(_drawn, version, draw)
        _kept.move_to_end(version)
        while len(_kept) > MOST:
            del _kept[next(name for name, one in _kept.items() if one.done())]
    return picture


def stop() -> None:
    """Nobody waits any more: what was not begun is not drawn, so that the process can end."""
    with _shelf:
        for picture in _kept.values():
            picture.cancel()
        _kept.clear()


def _drawn(version: str, draw: Callable[[], bytes]) -> bytes:
    try:
        return draw()
    except BaseException:
        with _shelf:
            _kept.pop(version, None)
        raise
