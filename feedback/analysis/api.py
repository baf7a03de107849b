"""Cross tables by API, through the same suppression as the page."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from feedback.analysis.schemas import CrossingOut
from feedback.collect.queries import snapshot
from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit.db import Session
from polls.access import access_poll_by_key
from polls.frozen import frozen_poll

router = APIRouter(prefix="/api/v1", tags=["responses"], route_class=ApiRoute)
_FIELD = "A question's field id or number; an item of it: q12/3."
_WHERE = "A filter: q12:is:34,35, q12:is_not:34, q13:at_least:5, q13:at_most:5, q12:answered, q12:not_answered."


@router.get("/polls/{slug}/crossing", response_model=CrossingOut)
def crossing(
    slug: str, response: Response, session: Session, key: Bearer,
    rows: Annotated[str, Query(description=_FIELD, examples=["q12"])] = "",
    columns: Annotated[str, Query(description=_FIELD, examples=["q13"])] = "",
    where: Annotated[str, Query(description=_WHERE, examples=["q14:is:34"])] = "",
) -> CrossingOut:  # fmt: skip
    """Two questions against each other, with a test. What would tell of fewer than 5 people is null."""
    from feedback.analysis.asking import contrast, crossed

    _member, poll = access_poll_by_key(session, key, slug, to="export")
    response.headers["Cache-Control"] = "private, no-store"
    with snapshot() as moment:
        asked = crossed(moment, frozen_poll(session, poll.slug), rows, columns, where)
    return CrossingOut.of(asked, contrast(asked), where)
