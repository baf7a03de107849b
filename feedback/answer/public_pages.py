"""The community's public page and its feed, and what search engines ask for. The same for everybody: no cookie is read or
set, and caches may keep it."""

from email.utils import format_datetime

from fastapi import APIRouter, Request, Response

from feedback.answer import public_queries
from feedback.cards.community_card import community_preview
from heard.accounts.communities import community_by_slug
from heard.kit import i18n
from heard.kit.db import Session
from heard.kit.errors import NotFound
from heard.kit.web import is_known, page, tag_of

router = APIRouter(include_in_schema=False)
KEPT = "public, max-age=60"
KEPT_LONGER = "public, max-age=3600"


@router.get("/c/{community}")
def community(request: Request, session: Session, community: str) -> Response:
    """Open polls, trials, results, and “we asked, you said, we did”, in the community's language or that of ?lang=."""
    home, wish = community_by_slug(session, community), request.query_params.get("lang", "")
    with i18n.speaking(wish if wish in i18n.LANGUAGES else home.locale):
        shown = public_queries.community_page(session, home, _number(request.query_params.get("page", "")))
        told = {**vars(shown), "preview": community_preview(session, home)}
        return page(request, "public/community.html", told, cache=KEPT, findable=shown.findable)


@router.get("/c/{community}/feed.atom")
def feed(request: Request, session: Session, community: str) -> Response:
    """The same as an Atom feed, in the community's language."""
    from feedback.answer import public_feed  # with the library for XML, here and below

    home = community_by_slug(session, community)
    with i18n.speaking(home.locale):
        document, updated = public_feed.community_feed(session, home)
    headers = {"Last-Modified": format_datetime(updated, usegmt=True)}
    return _document(request, document, "application/atom+xml; charset=utf-8", KEPT, headers)


@router.get("/sitemap.xml")
def sitemap_file(request: Request, session: Session) -> Response:
    """Every public page that search engines may name; of a very large site, the list of its parts."""
    from feedback.answer import sitemap

    places = sitemap.places(session)
    parts = sitemap.parts_of(places)
    document = sitemap.urlset(places) if parts < 2 else sitemap.index(parts)
    return _document(request, document, "application/xml; charset=utf-8", KEPT_LONGER)


@router.get("/sitemap-{number}.xml")
def sitemap_part(request: Request, session: Session, number: str) -> Response:
    """One part of it."""
    from feedback.answer import sitemap

    part = sitemap.part(sitemap.places(session), _number(number, none=0))
    if not part:
        raise NotFound
    return _document(request, sitemap.urlset(part), "application/xml; charset=utf-8", KEPT_LONGER)


def _document(
    request: Request, document: bytes, media_type: str, cache: str, headers: dict[str, str] | None = None
) -> Response:
    told = {"Cache-Control": cache, "ETag": tag_of(document), **(headers or {})}
    if is_known(request, told["ETag"]):
        return Response(status_code=304, headers=told)
    return Response(document, media_type=media_type, headers=told)


def _number(text: str, none: int = 1) -> int:
    """Of a page or a part: from 1; `none` for what is no such number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 and int(text) else none
