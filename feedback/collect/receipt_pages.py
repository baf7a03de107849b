"""The page behind a receipt: recorded, what was chosen, what was done about it; change and withdraw.

The address is a secret: it is not indexed, not cached and not sent to other sites.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from fastapi import APIRouter, Request, Response

from feedback.answer.actions import ActionRow, actions_for_response
from feedback.answer.hearing import AnsweredBy, versions_for_response
from feedback.collect import ballots, forms, intake, queries
from feedback.collect.queries import Recorded
from feedback.collect.recording import Change
from feedback.collect.results_view import ResultsPage, results_page
from feedback.collect.visibility import ResultsHidden, Viewer, can_see_results
from heard.kit import tokens
from heard.kit.db import DbSession, Session, reading
from heard.kit.errors import BadInput, NotFound, Unavailable
from heard.kit.i18n import _, speaking
from heard.kit.settings import settings
from heard.kit.web import page, see_other
from polls.frozen import FrozenPoll
from polls.kinds.kind import kind_of

router = APIRouter(include_in_schema=False)
SECRET = {"X-Robots-Tag": "noindex, nofollow"}


@dataclass
class ReceiptPage:
    """What templates/feedback/receipt.html, change.html and withdrawal.html show."""

    poll: FrozenPoll
    receipt: str
    address: str
    mark: str
    submitted_at: datetime
    changed: bool
    withdrawn: bool
    chosen: list[tuple[str, list[str]]]  # wording, values in words; [] where nothing was answered
    may_change: bool
    results: bool
    replies: list[ActionRow]
    versions: list[AnsweredBy]
    values: Mapping[str, list[str]] = field(default_factory=dict)
    message: str = ""
    hint: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    community_name: str = ""
    community_slug: str = ""
    accent: str = ""


@router.get("/r/{receipt}")
def receipt(request: Request, session: Session, receipt: str) -> Response:
    """Recorded, what was chosen, the receipt, what happens next."""
    shown = _shown(session, receipt)
    with speaking(shown.poll.locale):
        return page(request, "feedback/receipt.html", shown, headers=SECRET)


@router.get("/r/{receipt}/change")
def change_form(request: Request, session: Session, receipt: str) -> Response:
    """The ballot, filled in with what was recorded."""
    shown = _shown(session, receipt)
    with speaking(shown.poll.locale):
        return page(request, "feedback/change.html", shown, headers=SECRET)


@router.post("/r/{receipt}")
async def change(request: Request, receipt: str) -> Response:
    """Other answers instead of the recorded ones."""
    form, fault = await forms.read(request)
    shown = await asyncio.to_thread(_shown_now, receipt)
    with speaking(shown.poll.locale):
        try:
            if fault:
                raise fault
            answers = ballots.from_form(shown.poll, form)
            await intake.change_soon(Change(shown.poll, tokens.hashed(receipt), answers))
        except (BadInput, Unavailable) as refusal:
            shown = replace(shown, values=form, message=refusal.message, hint=refusal.hint, errors=refusal.fields)
            return page(request, "feedback/change.html", shown, status=refusal.status, headers=SECRET)
        return see_other(f"/r/{receipt}", flash=_("Your answer was changed."))


@router.get("/r/{receipt}/withdrawal")
def withdrawal_form(request: Request, session: Session, receipt: str) -> Response:
    """Is that meant?"""
    shown = _shown(session, receipt)
    with speaking(shown.poll.locale):
        return page(request, "feedback/withdrawal.html", shown, headers=SECRET)


@router.post("/r/{receipt}/withdrawal")
async def withdraw(receipt: str) -> Response:
    """Take the ballot out of the count; its answers are deleted."""
    shown = await asyncio.to_thread(_shown_now, receipt)
    with speaking(shown.poll.locale):
        await intake.change_soon(Change(shown.poll, tokens.hashed(receipt), None))
        return see_other(f"/r/{receipt}", flash=_("Your answer was withdrawn."))


@router.get("/r/{receipt}/results")
def results(request: Request, session: Session, receipt: str) -> Response:
    """The results, for somebody who has voted."""
    recorded = _recorded(session, receipt)
    with speaking(recorded.poll.locale):
        if not can_see_results(_viewer(recorded), recorded.poll):
            raise ResultsHidden(recorded.poll)
        shown: ResultsPage = results_page(session, recorded.poll)
        return page(request, "feedback/results.html", shown, headers=SECRET)


def _recorded(session: DbSession, receipt: str) -> Recorded:
    recorded = queries.by_receipt(session, receipt)
    if recorded is None:
        raise NotFound(
            _("There is no ballot with this receipt."),
            hint=_("Check that the address is whole. A receipt that was lost cannot be made again."),
        )
    return recorded


def _shown_now(receipt: str) -> ReceiptPage:
    with reading() as session:  # its own: the vote path is async, and intake writes
        return _shown(session, receipt)


def _shown(session: DbSession, receipt: str) -> ReceiptPage:
    recorded = _recorded(session, receipt)
    poll = recorded.poll
    open_now = poll.phase == "open"
    return ReceiptPage(
        poll=poll, receipt=receipt, address=f"{settings().base_url}/r/{receipt}", mark=recorded.mark,
        submitted_at=recorded.submitted_at, changed=recorded.changed_at is not None,
        withdrawn=recorded.withdrawn_at is not None,
        chosen=[(q.wording, kind_of(q.kind).told(q, recorded.answers.get(q.id, []))) for q in poll.questions],
        may_change=open_now and poll.may_change, results=can_see_results(_viewer(recorded), poll),
        replies=actions_for_response(session, recorded.id),
        versions=versions_for_response(session, recorded.id), values=ballots.as_form(poll, recorded.answers),
        community_name=poll.community_name, community_slug=poll.community, accent=poll.accent,
    )  # fmt: skip


def _viewer(recorded: Recorded) -> Viewer:
    return Viewer(voted=recorded.withdrawn_at is None)
