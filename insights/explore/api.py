"""Views of a poll by API, with the figures of the page."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from feedback.collect.queries import snapshot
from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit.db import Session
from insights.explore.explorer import explored
from insights.explore.schemas import ViewOut
from insights.explore.wishes import wish_of
from polls.access import access_poll_by_key
from polls.frozen import frozen_poll

router = APIRouter(prefix="/api/v1", tags=["responses"], route_class=ApiRoute)
_WHERE = "Filters, two at most: q12:is:34,35, q13:at_least:5, q12:answered, week:is:2026-09-07, way:is:email."
_BY = "What stands side by side: a question's field id, week, way, or version."
_MARGIN = "Shares of everybody in percent, for weights: q12:34=52,35=48. Two questions at most."


@router.get("/polls/{slug}/view", response_model=ViewOut)
def view(
    slug: str, response: Response, session: Session, key: Bearer,
    where: Annotated[list[str] | None, Query(description=_WHERE, examples=[["q12:is:34"]])] = None,
    by: Annotated[str, Query(description=_BY, examples=["q13"])] = "",
    margin: Annotated[list[str] | None, Query(description=_MARGIN, examples=[["q12:34=52,35=48"]])] = None,
) -> ViewOut:  # fmt: skip
    """Results filtered, split side by side, by weeks or versions, or weighed. What would tell of fewer than 5 people is
    null."""
    _member, row = access_poll_by_key(session, key, slug, to="export")
    response.headers["Cache-Control"] = "private, no-store"
    poll = frozen_poll(session, row.slug)
    with snapshot() as moment:
        return ViewOut.of(explored(moment, poll, wish_of(poll, where or [], by, margin or [])))
