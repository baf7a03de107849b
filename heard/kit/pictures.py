"""Pictures that are drawn on demand and kept in memory: each once, one at a time, whoever asks and how many."""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock

from fastapi import Request, Response

MOST = 256  # of about 50 kB
KEPT, KEPT_LONG = "public, max-age=60", "public, max-age=86400"
_kept: OrderedDict[str, Future[bytes]] = OrderedDict()
_shelf, _pen = Lock(), Lock()


def answer(request: Request, version: str, draw: Callable[[], bytes]) -> Response:
    """The PNG with this version, for everybody: no cookie; kept longer where the address asks for just this version."""
    current = request.query_params.get("v", "") == version
    headers = {"Cache-Control": KEPT_LONG if current else KEPT, "ETag": f'"{version}"'}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if f'"{version}"' in known:
        return Response(status_code=304, headers=headers)
    return Response(drawn(version, draw), media_type="image/png", headers=headers)


def drawn(version: str, draw: Callable[[], bytes]) -> bytes:
    """What `draw` gives, from memory if it was drawn before. Who comes while it is being drawn waits for it."""
    with _shelf:
        there = _kept.get(version)
        picture = _kept.setdefault(version, there or Future())
        _kept.move_to_end(version)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    if there is None:
        try:
            with _pen:  # a rush on many pictures leaves a core to the votes
                picture.set_result(draw())
        except BaseException as error:
            with _shelf:
                _kept.pop(version, None)
            picture.set_exception(error)
    return picture.result()
