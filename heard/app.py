"""The web application: routers, error pages, middleware. `uvicorn heard.app:app`, or rather `heard serve`."""

import gzip
import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import NamedTuple

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

import feedback.answer.action_pages
import feedback.answer.api
import feedback.answer.links_api
import feedback.answer.pages
import feedback.answer.public_pages
import feedback.answer.sharing_pages
import feedback.answer.trial_api
import feedback.answer.trial_pages
import feedback.answer.trial_public_pages
import feedback.cards.pages
import feedback.collect.api
import feedback.collect.ballot_api
import feedback.collect.ballot_pages
import feedback.collect.embed_pages
import feedback.collect.intake
import feedback.collect.pages
import feedback.collect.sharing_pages
import feedback.collect.suggestion_api
import feedback.collect.suggestion_pages
import feedback.themes.api
import feedback.themes.pages
import heard.accounts.community_api
import heard.accounts.contact_api
import heard.accounts.contact_pages
import heard.accounts.link_pages
import heard.accounts.pages
import heard.accounts.unsubscribe_pages
import insights.api
import insights.pages
import insights.public_pages
import polls.announce.announcement_api
import polls.announce.announcement_pages
import polls.announce.sharing_pages
import polls.announce.trial_pages
import polls.api
import polls.pages
import polls.publish.editions_api
import polls.publish.mailing_api
import polls.publish.reaching_api
from heard import api_document, edge, failures
from heard.kit import logs, pictures, visits
from heard.kit.db import Session, close
from heard.kit.errors import NotFound
from heard.kit.settings import settings
from heard.kit.web import JOINS, joined, read_asset, version_of
from heard.migrations.run import check_schema

MOST_JOINED = 5
ROUTERS = (
    heard.accounts.pages.router,
    heard.accounts.link_pages.router,
    heard.accounts.unsubscribe_pages.router,
    heard.accounts.contact_pages.router,
    polls.pages.router,
    polls.announce.announcement_pages.router,
    polls.announce.trial_pages.router,
    polls.announce.sharing_pages.router,
    feedback.answer.trial_pages.router,
    feedback.answer.trial_public_pages.router,
    feedback.collect.ballot_pages.router,
    feedback.collect.embed_pages.router,
    feedback.collect.pages.router,
    feedback.collect.sharing_pages.router,
    feedback.collect.suggestion_pages.router,
    feedback.answer.public_pages.router,
    feedback.answer.action_pages.router,
    feedback.cards.pages.router,
    feedback.themes.pages.router,
    feedback.answer.pages.router,
    feedback.answer.sharing_pages.router,
    insights.pages.router,
    insights.public_pages.router,
    polls.api.router,
    polls.publish.editions_api.router,
    polls.publish.reaching_api.router,
    polls.publish.mailing_api.router,
    polls.announce.announcement_api.router,
    feedback.collect.api.router,
    feedback.collect.ballot_api.router,
    feedback.collect.suggestion_api.router,
    feedback.themes.api.router,
    feedback.answer.api.router,
    feedback.answer.trial_api.router,
    feedback.answer.links_api.router,
    insights.api.router,
    heard.accounts.community_api.router,
    heard.accounts.contact_api.router,
)


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """On the way out every ballot that was taken in, and every visit counted, is written before the process ends."""
    visits.start()
    yield
    pictures.stop()
    visits.stop()
    feedback.collect.intake.stop()
    close()


logs.configure()
app = FastAPI(
    title="Heard",
    version="1",
    lifespan=lifespan,
    docs_url=None,
    redoc_url=None,
    openapi_url="/api/openapi.json",
    generate_unique_id_function=api_document.name_of,
)
for router in ROUTERS:
    app.include_router(router)
failures.handle(app)
api_document.describe(app)
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
