"""The community's public page and its feed. The same for everybody: no cookie is set, caches may keep it."""

import hashlib

from fastapi import APIRouter, Request, Response

from feedback.answer import public_queries
from feedback.cards.community_card import community_preview
from heard.accounts.communities import community_by_slug
from heard.kit import i18n
from heard.kit.db import Session
from heard.kit.web import page

router = APIRouter(include_in_schema=False)
KEPT = "public, max-age=60"


@router.get("/c/{community}")
def community(request: Request, session: Session, community: str) -> Response:
    """Open polls, public results, and “we asked, you said, we did”, in the community's language or the one chosen."""
    chosen = request.cookies.get("heard-language") or community_by_slug(session, community).locale
    with i18n.speaking(chosen):
        shown = public_queries.community_page(session, community)
        told = {**vars(shown), "preview": community_preview(session, shown.community)}
        return page(request, "public/community.html", told, cache=KEPT, headers={"Vary": "Cookie"})


@router.get("/c/{community}/feed.atom")
def feed(request: Request, session: Session, community: str) -> Response:
    """The same as an Atom feed."""
    with i18n.speaking(community_by_slug(session, community).locale):
        document = public_queries.community_feed(session, community)
    tag = f'"{hashlib.sha256(document).hexdigest()[:32]}"'
    headers = {"Cache-Control": KEPT, "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(document, media_type="application/atom+xml; charset=utf-8", headers=headers)
