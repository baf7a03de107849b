"""The web application: routers, error pages, middleware. `uvicorn heard.app:app`, or rather `heard serve`."""

import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, Response
from sqlalchemy import text

from heard import edge, failures
from heard.kit.db import Session
from heard.kit.errors import NotFound
from heard.kit.web import TEMPLATES, asset


def _found(names: str) -> list:  # while the house is being built: a module that is not there yet is left out
    import importlib
    import importlib.util
    out = []
    for n in names.split():
        try:
            if importlib.util.find_spec(n):
                out.append(importlib.import_module(n).router)
        except (ImportError, AttributeError) as e:
            print("left out:", n, e)
    return out


ROUTERS = _found(
    "heard.accounts.pages heard.accounts.link_pages polls.pages feedback.ballot_pages feedback.pages feedback.public_pages feedback.theme_pages feedback.action_pages insights.pages insights.public_pages polls.api feedback.api feedback.theme_api insights.api"
)


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """On the way out every ballot that was taken in is written before the process ends."""
    yield
    import sys
    if 'feedback.intake' in sys.modules:
        sys.modules['feedback.intake'].stop()


app = FastAPI(
    title="Heard",
    description="Polls ask, feedback listens, insights tell. Send `Authorization: Bearer TOKEN` (heard token create).",
    version="1",
    lifespan=lifespan,
    docs_url=None,
    redoc_url=None,
    openapi_url="/api/openapi.json",
)
for router in ROUTERS:
    app.include_router(router)
failures.handle(app)
edge.guard(app)


@app.get("/healthz", include_in_schema=False)
def healthz() -> PlainTextResponse:
    """The process answers."""
    return PlainTextResponse("ok\n")


@app.get("/readyz", include_in_schema=False)
def readyz(session: Session) -> PlainTextResponse:
    """The process can read its database."""
    session.execute(text("SELECT 1 FROM communities LIMIT 1"))
    return PlainTextResponse("ready\n")


@app.get("/assets/{version}/{name}", include_in_schema=False)
def assets(version: str, name: str) -> Response:
    """Our own styles, scripts and drawings; the address holds the content's hash, so browsers may keep them for ever."""
    file = next((f for folder in TEMPLATES if (f := folder / "assets" / name).is_file()), None)
    if file is None or "/" in name or name.startswith("."):
        raise NotFound()
    fresh = asset(name) == f"/assets/{version}/{name}"
    kind = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0] or "application/octet-stream"
    return FileResponse(
        file, media_type=kind, headers={"Cache-Control": "public, max-age=31536000, immutable" if fresh else "public, max-age=60"}
    )


@app.get("/robots.txt", include_in_schema=False)
def robots() -> PlainTextResponse:
    """Public pages may be found; managers', readers' and receipts' pages may not."""
    return PlainTextResponse("User-agent: *\nDisallow: /m/\nDisallow: /b/\nDisallow: /r/\nDisallow: /api/\nDisallow: /u/\n")
