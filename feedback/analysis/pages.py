"""A table of two questions, for members who may export. numpy is loaded with the first one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from feedback.analysis.offering import answers_offered
from feedback.collect.queries import snapshot
from feedback.exports.fields import PollField
from heard.accounts.access import Member, SignedIn
from heard.kit.db import Session
from heard.kit.errors import Refused
from heard.kit.web import page
from polls.access import access_poll
from polls.frozen import FrozenPoll, frozen_poll
from polls.kinds.kind import FrozenQuestion

if TYPE_CHECKING:
    from feedback.analysis.asking import Asked
    from feedback.analysis.contrasts import Contrast

router = APIRouter(include_in_schema=False)


@dataclass
class CrossingPage:
    """What templates/feedback/crossing.html shows."""

    member: Member
    poll: FrozenPoll
    fields: list[PollField]
    filters: list[tuple[FrozenQuestion, list[tuple[str, str]]]]  # question; value and words of each
    rows: str
    columns: str
    where: str
    asked: "Asked | None" = None
    said: str = ""
    contrast: "Contrast | None" = None
    refusal: Refused | None = None


@router.get("/m/{community}/polls/{slug}/crossing")
def crossing(
    request: Request, account: SignedIn, session: Session, community: str, slug: str,
    rows: str = "", columns: str = "", where: str = "",
) -> Response:  # fmt: skip
    """Two questions chosen in a form, a filter, and the table."""
    from feedback.analysis.asking import contrast, crossed, fields_to_cross, finding

    member, poll = access_poll(session, account, community, slug, to="export")
    frozen = frozen_poll(session, poll.slug)
    offered = fields_to_cross(frozen)
    filters = [(q, values) for q in frozen.questions if (values := answers_offered(q))]
    shown = CrossingPage(member, frozen, offered, filters, rows, columns, where)
    if rows and columns:
        try:
            with snapshot() as moment:
                shown.asked = crossed(moment, frozen, rows, columns, where)
            shown.said, shown.contrast = finding(shown.asked), contrast(shown.asked)
        except Refused as refusal:
            shown.refusal = refusal
    status = shown.refusal.status if shown.refusal else 200
    return page(request, "feedback/crossing.html", shown, status=status)


@router.get("/m/{community}/polls/{slug}/crossing.csv")
def crossing_csv(
    account: SignedIn, session: Session, community: str, slug: str, rows: str = "", columns: str = "", where: str = ""
) -> Response:
    """The same table for spreadsheets; what is hidden is empty."""
    from feedback.analysis.asking import crossed, csv_lines

    _member, poll = access_poll(session, account, community, slug, to="export")
    with snapshot() as moment:
        asked = crossed(moment, frozen_poll(session, poll.slug), rows, columns, where)
    headers = {"Content-Disposition": 'attachment; filename="crossing.csv"', "Cache-Control": "private, no-store"}
    return PlainTextResponse("".join(csv_lines(asked)), media_type="text/csv; charset=utf-8", headers=headers)
