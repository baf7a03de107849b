"""The page behind a receipt: recorded, what was chosen, what was done about it; change and withdraw.

The address is a secret: it is not indexed, not cached and not sent to other sites.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from fastapi import APIRouter, Request, Response

from feedback.answer.actions import ActionRow, actions_for_response
from feedback.collect import ballots, forms, intake, queries
from feedback.collect.layout import Part, parts_of, sections_of, unseen
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
from polls.logic import visible

router = APIRouter(include_in_schema=False)
SECRET = {"X-Robots-Tag": "noindex, nofollow"}


class Chosen(NamedTuple):
    """A question with its values in words; [] where nothing was answered. `section`: the heading that begins with it."""

    section: str
    wording: str
    values: list[str]


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
    chosen: list[Chosen]  # the questions that were asked
    may_change: bool
    results: bool
    replies: list[ActionRow]
    values: Mapping[str, list[str]] = field(default_factory=dict)
    message: str = ""
    hint: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    community_name: str = ""
    community_slug: str = ""
    accent: str = ""
    seed: int | None = None
    parts: list[Part] = field(default_factory=list)
    added: int = 0  # questions that the last answers brought


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
        return _change_page(request, shown)


@router.post("/r/{receipt}")
async def change(request: Request, receipt: str) -> Response:
    """Other answers instead of the recorded ones."""
    form, fault = await forms.read(request)
    shown = await asyncio.to_thread(_shown_now, receipt)
    with speaking(shown.poll.locale):
        try:
            if fault:
                raise fault
            if added := unseen(shown.poll, ballots.said_so_far(shown.poll, form), form):
                return _change_page(request, replace(shown, values=form), added=added)
            answers = ballots.from_form(shown.poll, form)
            await intake.change_soon(Change(shown.poll, tokens.hashed(receipt), answers))
        except (BadInput, Unavailable) as refusal:
            shown = replace(shown, values=form, message=refusal.message, hint=refusal.hint, errors=refusal.fields)
            return _change_page(request, shown, status=refusal.status)
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


def _change_page(request: Request, shown: ReceiptPage, *, status: int = 200, added: Sequence[int] = ()) -> Response:
    answers = ballots.said_so_far(shown.poll, shown.values)
    parts = parts_of(shown.poll, answers, shown.seed, added=added)
    shown = replace(shown, parts=parts, added=len(added))
    return page(request, "feedback/change.html", shown, status=status, headers=SECRET)


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
        chosen=_chosen(recorded), seed=recorded.option_seed,
        may_change=open_now and poll.may_change, results=can_see_results(_viewer(recorded), poll),
        replies=actions_for_response(session, recorded.id), values=ballots.as_form(poll, recorded.answers),
        community_name=poll.community_name, community_slug=poll.community, accent=poll.accent,
    )  # fmt: skip


def _chosen(recorded: Recorded) -> list[Chosen]:
    poll, chosen = recorded.poll, []
    asked = set(visible(poll.questions, recorded.answers))
    for section in sections_of(poll.questions):
        heading = section[0].section
        for question in (q for q in section if q.id in asked):
            told = kind_of(question.kind).told(question, recorded.answers.get(question.id, []))
            chosen.append(Chosen(heading, question.wording, told))
            heading = ""
    return chosen


def _viewer(recorded: Recorded) -> Viewer:
    return Viewer(voted=recorded.withdrawn_at is None)
