"""The web application: routers, error pages, middleware. `uvicorn heard.app:app`, or rather `heard serve`."""

import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, Response

import feedback.answer.pages
import feedback.answer.public_pages
import feedback.answer.trial_pages
import feedback.answer.trial_public_pages
import feedback.collect.api
import feedback.collect.ballot_pages
import feedback.collect.intake
import feedback.collect.pages
import feedback.collect.suggestion_pages
import feedback.themes.api
import feedback.themes.pages
import heard.accounts.contact_pages
import heard.accounts.link_pages
import heard.accounts.pages
import heard.accounts.unsubscribe_pages
import insights.api
import insights.pages
import insights.public_pages
import polls.announce.announcement_pages
import polls.announce.trial_pages
import polls.api
import polls.pages
import polls.publish.editions_api
from heard import edge, failures
from heard.kit import logs, visits
from heard.kit.db import Session, close
from heard.kit.errors import NotFound
from heard.kit.web import TEMPLATES, asset
from heard.migrations.run import check_schema

ROUTERS = (
    heard.accounts.pages.router,
    heard.accounts.link_pages.router,
    heard.accounts.unsubscribe_pages.router,
    heard.accounts.contact_pages.router,
    polls.pages.router,
    polls.announce.announcement_pages.router,
    polls.announce.trial_pages.router,
    feedback.answer.trial_pages.router,
    feedback.answer.trial_public_pages.router,
    feedback.collect.ballot_pages.router,
    feedback.collect.pages.router,
    feedback.collect.suggestion_pages.router,
    feedback.answer.public_pages.router,
    feedback.themes.pages.router,
    feedback.answer.pages.router,
    insights.pages.router,
    insights.public_pages.router,
    polls.api.router,
    polls.publish.editions_api.router,
    feedback.collect.api.router,
    feedback.themes.api.router,
    insights.api.router,
)


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """On the way out every ballot that was taken in, and every visit counted, is written before the process ends."""
    visits.start()
    yield
    visits.stop()
    feedback.collect.intake.stop()
    close()


logs.configure()
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
    """The process can read its database, and the database is of this version."""
    check_schema(session)
    return PlainTextResponse("ready\n")


@app.get("/assets/{version}/{name}", include_in_schema=False)
def assets(version: str, name: str) -> Response:
    """Our own styles, scripts and drawings; the address holds the content's hash, so browsers may keep them for ever."""
    if "/" in name or name.startswith(".") or len(name) > 100:  # file systems refuse longer ones with an error
        raise NotFound()
    file = next((f for folder in TEMPLATES if (f := folder / "assets" / name).is_file()), None)
    if file is None:
        raise NotFound()
    fresh = asset(name) == f"/assets/{version}/{name}"
    kind = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0] or "application/octet-stream"
    return FileResponse(
        file,
        media_type=kind,
        headers={"Cache-Control": "public, max-age=31536000, immutable" if fresh else "public, max-age=60"},
    )


@app.get("/robots.txt", include_in_schema=False)
def robots() -> PlainTextResponse:
    """Public pages may be found; managers', readers' and receipts' pages may not."""
    return PlainTextResponse(
        "User-agent: *\nDisallow: /m/\nDisallow: /b/\nDisallow: /r/\nDisallow: /api/\nDisallow: /u/\nDisallow: /t/*/me/\n"
    )
