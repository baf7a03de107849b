"""Opinion groups by API."""

from fastapi import APIRouter, Response

from feedback.groups.queries import shown_of
from feedback.groups.schemas import GroupsOut
from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit.db import Session
from polls.access import access_poll_by_key
from polls.frozen import frozen_poll

router = APIRouter(prefix="/api/v1", tags=["responses"], route_class=ApiRoute)


@router.get("/polls/{slug}/groups")
def groups(slug: str, response: Response, session: Session, key: Bearer) -> GroupsOut:
    """Opinion groups in the votes on statements, the largest first. What would tell of fewer than 5 people is null."""
    _member, poll = access_poll_by_key(session, key, slug, to="read")
    response.headers["Cache-Control"] = "private, no-store"
    frozen = frozen_poll(session, poll.slug)
    return GroupsOut.of(frozen, shown_of(session, poll))
