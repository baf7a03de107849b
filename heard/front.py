"""The front of the house: what voters and their readers come to. The rest, heard/app.py, is loaded behind it.

`heard serve` starts this. It answers as soon as votes can be taken, and a thread loads the managers' rooms meanwhile, which
takes about as long again. A request for one of them waits until they are there; nobody gets a 404 in between.
"""

import asyncio
import gc
import gzip
import mimetypes
import os
import re
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, NamedTuple

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

import feedback.collect.api
import feedback.collect.ballot_pages
import feedback.collect.embed_pages
import feedback.collect.intake
from heard import failures
from heard.edge import Edge, Straight
from heard.kit import logs, pictures, visits
from heard.kit.answered import Answered
from heard.kit.db import Session, close
from heard.kit.errors import NotFound
from heard.kit.kept import Kept
from heard.kit.settings import settings
from heard.kit.web import JOINS, joined, read_asset, version_of
from heard.migrations.run import check_schema

MOST_JOINED = 5
ROUTERS = (  # in the order in which they are asked for: an address is compared with one route after the other
    feedback.collect.ballot_pages.router,
    feedback.collect.api.router,
    feedback.collect.embed_pages.router,
)
log = logs.logger("heard")


class House:
    """Whether the rest is there: heard/app.py says so at its end. `failed`: it could not be loaded, and the process ends."""

    def __init__(self) -> None:
        self.open, self.failed = threading.Event(), False

    def load(self) -> None:
        """Import the rest, which puts its routes behind those of the front."""
        try:
            import heard.app  # noqa: F401
        except BaseException as error:  # whatever it is, half a house is none
            self.failed = True
            log.error("house.not_loaded", exc_info=error)
            os.kill(os.getpid(), signal.SIGTERM)
            self.open.set()  # whoever waits is let go
        # What is loaded by now stays: the collector need not look at it again and again. (It was off: heard/serving.py.)
        gc.collect()
        gc.freeze()
        gc.enable()


house = House()


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """On the way out every ballot that was taken in, and every visit counted, is written before the process ends."""
    visits.start()
    loading = threading.Thread(target=house.load, name="house")
    loading.start()
    yield
    loading.join()
    pictures.stop()
    visits.stop()
    feedback.collect.intake.stop()
    close()


class Front(FastAPI):
    """The application, with our layers around those of the framework: a call that goes straight to its function (heard/edge.py)
    passes none of the others, which take a tenth of a vote."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.around: ASGIApp = super().__call__

    def build_middleware_stack(self) -> ASGIApp:
        """Without the outermost of the framework, which answers faults: Edge does it, in the reader's language."""
        stack: Any = super().build_middleware_stack()
        return stack.app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, from the outermost layer on."""
        scope["app"] = self
        await self.around(scope, receive, send)


app = Front(
    title="Heard",
    description="Polls ask, feedback listens, insights tell. Send `Authorization: Bearer TOKEN` (heard token create).",
    version="1",
    lifespan=lifespan,
    docs_url=None,
    redoc_url=None,
    openapi_url=None,  # in heard/app.py, which knows all of it
)


def take(routers: tuple[APIRouter, ...]) -> None:
    """Put the routes themselves into the application. `include_router` would put each router as one route there, and the
    application would ask all of them twice for every request: half a millisecond, several times what a vote costs."""
    for router in routers:
        app.router.routes.extend(_routes_of(router))


def _routes_of(router: APIRouter) -> Iterator[BaseRoute]:
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        if inner and router.prefix:
            raise ValueError(f"{router.prefix}: a router with a prefix holds no other; name both in ROUTERS")
        yield from _routes_of(inner) if inner else (route,)


async def _behind(scope: Scope, receive: Receive, send: Send) -> None:
    """An address that the front does not know: the house's, or nobody's."""
    if house.open.is_set():
        await app.router.not_found(scope, receive, send)
    else:
        await asyncio.to_thread(house.open.wait)
        await app.router(scope, receive, send)


take(ROUTERS)
app.router.default = _behind
failures.handle(app)
straight = (
    Straight("POST", re.compile(r"/api/v1/polls/(?P<slug>[^/]+)/responses"), feedback.collect.api.respond),
    Straight("GET", re.compile(r"/p/(?P<slug>[^/]+)"), feedback.collect.ballot_pages.ballot),
    Straight("POST", re.compile(r"/p/(?P<slug>[^/]+)"), feedback.collect.ballot_pages.vote),
)
app.around = Answered(Kept(Edge(app.around, straight)))


@app.get("/healthz", include_in_schema=False)
def healthz() -> PlainTextResponse:
    """The process answers, and takes votes."""
    return PlainTextResponse("ok\n")


@app.get("/readyz", include_in_schema=False)
def readyz(session: Session) -> PlainTextResponse:
    """The process can read its database, and the database is of this version."""
    check_schema(session)
    return PlainTextResponse("ready\n")


@app.get("/assets/{version}/{name}", include_in_schema=False)
def assets(request: Request, version: str, name: str) -> Response:
    """Our own styles, scripts and drawings; the address holds the content's hash, so browsers may keep them for ever."""
    names = name.split(JOINS)
    content = _content(tuple(names)) if len(names) <= MOST_JOINED else None
    if content is None:
        raise NotFound()
    kept = "public, max-age=31536000, immutable" if version == content.version else "public, max-age=60"
    headers = {"Cache-Control": kept, "Vary": "Accept-Encoding"}
    packed = _takes_gzip(request.headers.get("accept-encoding", ""))
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(content.packed if packed else content.plain, media_type=content.kind, headers=headers)


def _takes_gzip(accepted: str) -> bool:
    wishes = (one.replace(" ", "").partition(";") for one in accepted.lower().split(","))
    return any(
        name == "gzip" and quality.rstrip("0.") != "q=" for name, _sep, quality in wishes
    )  # q=0: anything but this


class Content(NamedTuple):
    """Files of templates/assets as one, plain and for those who take gzip. (Pages are sent plain: they hold secrets.)"""

    plain: bytes
    packed: bytes
    kind: str
    version: str


@lru_cache(maxsize=64)
def _content(names: tuple[str, ...]) -> Content | None:
    found, endings = [read_asset(name) for name in names], {name.rpartition(".")[2] for name in names}
    if None in found or len(endings) > 1:
        return None
    plain = joined(found)  # type: ignore[arg-type]
    kind = "text/javascript" if endings == {"js"} else mimetypes.guess_type(names[0])[0] or "application/octet-stream"
    return Content(plain, gzip.compress(plain, mtime=0), kind, version_of(plain))


@app.get("/robots.txt", include_in_schema=False)
def robots() -> PlainTextResponse:
    """Managers' pages and the API are not worth a visit. What stands behind a secret address is not named here: its noindex
    is heard only by those who may fetch it, and an address that is merely forbidden can be listed by its words."""
    return PlainTextResponse(
        f"User-agent: *\nDisallow: /m/\nDisallow: /api/\n\nSitemap: {settings().base_url}/sitemap.xml\n"
    )
