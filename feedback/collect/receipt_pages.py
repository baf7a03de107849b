"""The page behind a receipt: recorded, what was chosen, what was done about it; change and withdraw.

The address is a secret: it is not indexed, not cached and not sent to other sites.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from fastapi import APIRouter, Request, Response

from feedback.answer.actions import ActionRow, actions_for_response
from feedback.answer.hearing import AnsweredBy, versions_for_response
from feedback.collect import ballots, forms, intake, languages, queries, suggestions
from feedback.collect.layout import Part, parts_of, sections_of, unseen
from feedback.collect.queries import Recorded
from feedback.collect.recording import Change
from feedback.collect.results_view import ResultsPage, results_page
from feedback.collect.visibility import ResultsHidden, Viewer, can_see_results
from feedback.groups.public_view import public_groups
from heard.kit import tokens
from heard.kit.db import DbSession, Session, reading
from heard.kit.errors import BadInput, Unavailable
from heard.kit.i18n import _, speaking
from heard.kit.settings import settings
from heard.kit.web import first, page, see_other
from polls.frozen import FrozenPoll
from polls.kinds.kind import Value, kind_of
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
    set_aside: bool  # stored and not counted; by which rule is not said: whoever tries rules out would learn them
    chosen: list[Chosen]  # the questions that were asked
    may_change: bool
    results: bool
    replies: list[ActionRow]
    own: list[tuple[str, str]]  # statements that it added: the words, and "waiting" or "accepted"
    added_since: int  # statements that others added since, and that it says nothing about
    has_added: Collection[str]  # names of questions to which this ballot adds no more
    may_have_added: bool  # the poll has questions that members add statements to
    reads_first: bool  # a manager reads statements before they appear
    versions: list[AnsweredBy]
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
    shown = _shown(request, session, receipt)
    with speaking(shown.poll.locale):
        return page(request, "feedback/receipt.html", shown, headers=SECRET)


@router.get("/r/{receipt}/change")
def change_form(request: Request, session: Session, receipt: str) -> Response:
    """The ballot, filled in with what was recorded."""
    shown = _shown(request, session, receipt)
    with speaking(shown.poll.locale):
        return _change_page(request, shown)


@router.post("/r/{receipt}")
async def change(request: Request, receipt: str) -> Response:
    """Other answers instead of the recorded ones."""
    form, fault = await forms.read(request)
    shown = await asyncio.to_thread(_shown_now, request, receipt, first(form, "language"))
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
        return see_other(languages.at(f"/r/{receipt}", shown.poll), flash=_("Your answer was changed."))


@router.get("/r/{receipt}/withdrawal")
def withdrawal_form(request: Request, session: Session, receipt: str) -> Response:
    """Is that meant?"""
    shown = _shown(request, session, receipt)
    with speaking(shown.poll.locale):
        return page(request, "feedback/withdrawal.html", shown, headers=SECRET)


@router.post("/r/{receipt}/withdrawal")
async def withdraw(request: Request, receipt: str) -> Response:
    """Take the ballot out of the count; its answers are deleted."""
    shown = await asyncio.to_thread(_shown_now, request, receipt)
    with speaking(shown.poll.locale):
        await intake.change_soon(Change(shown.poll, tokens.hashed(receipt), None))
        return see_other(languages.at(f"/r/{receipt}", shown.poll), flash=_("Your answer was withdrawn."))


@router.get("/r/{receipt}/results")
def results(request: Request, session: Session, receipt: str) -> Response:
    """The results, for somebody who has voted."""
    recorded = _recorded(request, session, receipt)
    with speaking(recorded.poll.locale):
        if not can_see_results(_viewer(recorded), recorded.poll):
            raise ResultsHidden(recorded.poll)
        shown: ResultsPage = results_page(session, recorded.poll)
        return page(request, "feedback/results.html", shown, headers=SECRET)


@router.get("/r/{receipt}/groups")
def groups(request: Request, session: Session, receipt: str) -> Response:
    """The opinion groups, for somebody who has voted. Not which one is theirs: nobody's place is kept."""
    recorded = _recorded(request, session, receipt)
    with speaking(recorded.poll.locale):
        if not can_see_results(_viewer(recorded), recorded.poll):
            raise ResultsHidden(recorded.poll)
        shown = public_groups(session, recorded.poll, f"/r/{receipt}/results")
        return page(request, "feedback/public_groups.html", shown, headers=SECRET)


def _change_page(request: Request, shown: ReceiptPage, *, status: int = 200, added: Sequence[int] = ()) -> Response:
    answers = ballots.said_so_far(shown.poll, shown.values)
    parts = parts_of(shown.poll, answers, shown.seed, added=added)
    shown = replace(shown, parts=parts, added=len(added))
    return page(request, "feedback/change.html", shown, status=status, headers=SECRET)


def _recorded(request: Request, session: DbSession, receipt: str, sent: str = "") -> Recorded:
    recorded = queries.ballot_behind(session, receipt)
    poll = languages.spoken(request, recorded.poll, sent=sent, recorded=recorded.language)
    return recorded._replace(poll=poll)


def _shown_now(request: Request, receipt: str, sent: str = "") -> ReceiptPage:
    with reading() as session:  # its own: the vote path is async, and intake writes
        return _shown(request, session, receipt, sent)


def _shown(request: Request, session: DbSession, receipt: str, sent: str = "") -> ReceiptPage:
    recorded = _recorded(request, session, receipt, sent)
    poll = recorded.poll
    open_now = poll.phase == "open"
    added = _added(session, recorded)
    return ReceiptPage(
        poll=poll, receipt=receipt, address=f"{settings().base_url}/r/{receipt}", mark=recorded.mark,
        submitted_at=recorded.submitted_at, changed=recorded.changed_at is not None,
        withdrawn=recorded.withdrawn_at is not None, set_aside=recorded.set_aside,
        chosen=chosen_of(recorded), seed=recorded.option_seed,
        may_change=open_now and poll.may_change, results=can_see_results(_viewer(recorded), poll),
        replies=actions_for_response(session, recorded.id), values=ballots.as_form(poll, added.answers), own=added.own,
        added_since=added.since if open_now and poll.may_change else 0, has_added=added.no_more,
        may_have_added=bool(suggestions.adding(poll)),
        reads_first=any(q.its_kind.takes_own_words(q) == "read_first" for q in poll.questions),
        versions=versions_for_response(session, recorded.id),
        community_name=poll.community_name, community_slug=poll.community, accent=poll.accent,
    )  # fmt: skip


class _Added(NamedTuple):
    """Statements around one ballot; `answers`: its own, with a statement of its own that still waits."""

    own: list[tuple[str, str]]
    since: int
    no_more: frozenset[str]
    answers: ballots.Answers


def _added(session: DbSession, recorded: Recorded) -> _Added:
    asked = suggestions.adding(recorded.poll)
    if not asked or recorded.withdrawn_at:
        no_more = frozenset(q.name for q in asked) if recorded.poll.anonymous else frozenset[str]()
        return _Added([], 0, no_more, recorded.answers)
    added = suggestions.of_response(session, recorded.id)
    own = [s for s in added if s.state != "rejected"]
    waiting = {s.question_id: [Value(text=s.text)] for s in own if s.state == "waiting"}
    answered = {v.item for q in asked for v in recorded.answers.get(q.id, []) if v.item is not None}
    answered |= {
        s.option_id for s in added if s.option_id is not None
    }  # theirs: nobody asks them what they think of it
    last = recorded.changed_at or recorded.submitted_at
    done = {s.question_id for s in added if s.state != "waiting"}
    return _Added(
        [(s.text, s.state) for s in own], suggestions.added_since(session, recorded.poll.id, last, answered),
        frozenset(q.name for q in asked if recorded.poll.anonymous or q.id in done),
        {**recorded.answers, **{q: [*recorded.answers.get(q, []), *values] for q, values in waiting.items()}},
    )  # fmt: skip


def chosen_of(recorded: Recorded) -> list[Chosen]:
    """What a response answered, in words."""
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
