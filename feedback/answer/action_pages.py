"""The page of one “we asked, you said, we did”, for everybody: no cookie is set, caches may keep it."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from feedback.answer.actions import WeDid, did_at
from feedback.cards.action_card import action_preview
from feedback.cards.card import Preview
from feedback.collect.visibility import is_public
from heard.accounts.communities import community_by_slug
from heard.accounts.models import Community
from heard.kit import i18n
from heard.kit.db import DbSession, Session
from heard.kit.web import page
from polls.frozen import frozen_poll

router = APIRouter(include_in_schema=False)
KEPT = "public, max-age=60"


@dataclass
class ActionPage:
    """templates/public/action.html. `results`: the poll's may be seen by anybody."""

    community: Community
    did: WeDid
    results: bool
    preview: Preview
    community_name: str
    community_slug: str
    accent: str


@router.get("/c/{community}/answers/{anchor}")
def action(request: Request, session: Session, community: str, anchor: str) -> Response:
    """One answer, in the community's language or that of ?lang=."""
    at, wish = community_by_slug(session, community), request.query_params.get("lang", "")
    with i18n.speaking(wish if wish in i18n.LANGUAGES else at.locale):
        did = did_at(session, at, anchor)
        shown = ActionPage(
            at, did, _results(session, did), action_preview(did, at), at.name, at.slug, at.accent
        )  # fmt: skip
        return page(request, "public/action.html", shown, cache=KEPT, findable=True)


def _results(session: DbSession, did: WeDid) -> bool:
    return bool(did.poll_slug) and is_public(frozen_poll(session, did.poll_slug))
