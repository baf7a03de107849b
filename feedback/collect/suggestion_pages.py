"""Where managers read the statements that members add, before everybody does."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from feedback.collect import moderating, queries, suggestions
from feedback.collect.counters import K
from feedback.collect.suggestions import Waiting
from feedback.groups.queries import questions_of
from heard.accounts.access import Member, SignedIn
from heard.kit.db import DbSession, Session
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.web import first, page, see_other
from polls.access import access_poll
from polls.frozen import FrozenPoll, frozen_poll
from polls.kinds.kind import FrozenQuestion, ItemResult
from polls.models import Poll
from polls.write.forms import TypedForm

router = APIRouter(include_in_schema=False)


@dataclass
class StatementsPage:
    """What templates/feedback/suggestions.html shows."""

    member: Member
    poll: FrozenPoll
    questions: list[FrozenQuestion]  # that members may add to
    waiting: list[Waiting]
    more: int  # that wait, and are not on this page
    asked: list[tuple[FrozenQuestion, list[ItemResult]]]  # best liked first; those that are moderated out last
    added: set[int]  # of these, those that members added
    wordings: Mapping[int, str]  # of questions
    reads_first: bool  # of some question: its statements wait for a manager
    step: int  # of an anonymous poll: so many ballots come together
    refused: int = 0  # the statement that was not accepted, and why
    words: str = ""
    message: str = ""
    hint: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/m/{community}/polls/{slug}/statements")
def statements(request: Request, community: str, slug: str, account: SignedIn, session: Session) -> HTMLResponse:
    """What waits, and what is in the poll."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    return page(request, "feedback/suggestions.html", _shown(session, member, poll))


@router.post("/m/{community}/polls/{slug}/statements/{statement_id}/acceptance")
def accept(
    request: Request, community: str, slug: str, statement_id: int, account: SignedIn, session: Session, typed: TypedForm
) -> Response:  # fmt: skip
    """It joins the others, as it was written or with its slips corrected."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    words = first(typed.form, "words") if "words" in typed.form else None
    try:
        suggestions.accept(session, poll, statement_id, by=member.account, words=words)
    except BadInput as refused:
        shown = _shown(session, member, poll)
        shown.refused, shown.words, shown.message, shown.hint = statement_id, words or "", refused.message, refused.hint
        shown.errors = {f"words-{statement_id}": refused.message}
        return page(request, "feedback/suggestions.html", shown, status=refused.status)
    said = _("The statement is in the poll. Everybody can vote on it.")
    return see_other(f"/m/{community}/polls/{slug}/statements", flash=said)


@router.post("/m/{community}/polls/{slug}/statements/{statement_id}/rejection")
def reject(community: str, slug: str, statement_id: int, account: SignedIn, session: Session) -> RedirectResponse:
    """Its words are deleted."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    suggestions.reject(session, poll, statement_id, by=member.account)
    said = _("The statement is rejected, and its words are deleted.")
    return see_other(f"/m/{community}/polls/{slug}/statements", flash=said)


@router.post("/m/{community}/polls/{slug}/options/{option_id}/moderation")
def moderate_out(
    community: str, slug: str, option_id: int, account: SignedIn, session: Session
) -> RedirectResponse:  # fmt: skip
    """A statement of the poll that nobody shall be asked about any more."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    moderating.take_out(session, poll, option_id, by=member.account)
    said = _("Nobody is asked about it any more. Its votes are kept.")
    return see_other(f"/m/{community}/polls/{slug}/statements#o{option_id}", flash=said)


@router.post("/m/{community}/polls/{slug}/options/{option_id}/readmission")
def put_back(community: str, slug: str, option_id: int, account: SignedIn, session: Session) -> RedirectResponse:
    """It is asked again."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    moderating.put_back(session, poll, option_id, by=member.account)
    said = _("The statement is back in the poll, with the votes it had.")
    return see_other(f"/m/{community}/polls/{slug}/statements#o{option_id}", flash=said)


def _shown(session: DbSession, member: Member, row: Poll) -> StatementsPage:
    poll = frozen_poll(session, row.slug)
    waiting = suggestions.waiting(session, poll.id)
    results = {q.id: q for q in queries.poll_results(session, poll).questions}
    return StatementsPage(
        member=member, poll=poll, questions=suggestions.adding(poll), waiting=waiting,
        more=max(0, suggestions.how_many_wait(session, poll.id) - len(waiting)),
        asked=[(q, sorted(results[q.id].items, key=_best_first)) for q in questions_of(poll) if results[q.id].items],
        added=suggestions.accepted_options(session, poll.id),
        reads_first=any(q.its_kind.takes_own_words(q) == "read_first" for q in poll.questions),
        wordings={q.id: q.wording for q in poll.questions}, step=K if poll.anonymous else 0,
    )  # fmt: skip


def _best_first(item: ItemResult) -> tuple[bool, float]:
    return item.moderated, -(item.score or 0)
