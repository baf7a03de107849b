"""The page of one theme over time and by other answers, for members who may export. numpy is loaded with the first one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import Response

from feedback.access import access_theme
from feedback.collect.queries import snapshot
from feedback.exports.fields import PollField
from feedback.models import Theme
from feedback.themes.shaped import where_it_went
from heard.accounts.access import Member, SignedIn
from heard.kit.db import Session
from heard.kit.web import page, see_other
from polls.frozen import frozen_poll
from polls.models import Poll

if TYPE_CHECKING:
    from feedback.themes.splits import Split
    from feedback.themes.trends_of import Trend

router = APIRouter(include_in_schema=False)


@dataclass
class TrendPage:
    """What templates/feedback/theme_trend.html shows."""

    member: Member
    poll: Poll
    theme: Theme
    at: str
    trend: "Trend"
    fields: list[PollField]
    by: str
    split: "Split | None"


@router.get("/m/{community}/themes/{theme_id}/trend")
def trend(
    request: Request, community: str, theme_id: int, account: SignedIn, session: Session, by: str = ""
) -> Response:
    """Its share of the comments by week or version, and by the answers to the question chosen in `by`."""
    from feedback.analysis.asking import fields_to_cross
    from feedback.themes.splits import split_of
    from feedback.themes.trends_of import trend_of

    member, poll, theme = access_theme(session, account, community, theme_id, to="export")
    if theme.merged_into is not None:
        return see_other(f"/m/{community}/themes/{where_it_went(session, theme).id}/trend")
    frozen = frozen_poll(session, poll.slug)
    offered = fields_to_cross(frozen) if theme.parent_id is None else []
    chosen = next((field for field in offered if field.id == by), None)
    with snapshot() as moment:
        split = split_of(moment, frozen, theme, chosen) if chosen else None
    at = f"/m/{community}/themes/{theme_id}"
    shown = TrendPage(member, poll, theme, at, trend_of(session, poll, theme), offered, by if chosen else "", split)
    return page(request, "feedback/theme_trend.html", shown)
