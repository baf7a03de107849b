"""Where managers read the statements that members add, before everybody does."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from feedback.collect import queries, suggestions
from feedback.collect.counters import K
from feedback.collect.suggestions import Waiting
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
    accepted: list[tuple[FrozenQuestion, list[ItemResult]]]  # best liked first
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
    """What waits, and what was accepted."""
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


def _shown(session: DbSession, member: Member, row: Poll) -> StatementsPage:
    poll = frozen_poll(session, row.slug)
    waiting = suggestions.waiting(session, poll.id)
    added = suggestions.accepted_options(session, poll.id)
    results = {q.id: q for q in queries.poll_results(session, poll).questions}
    accepted = [(q, [i for i in results[q.id].items if i.id in added]) for q in poll.questions]
    return StatementsPage(
        member=member, poll=poll, questions=suggestions.adding(poll), waiting=waiting,
        more=max(0, suggestions.how_many_wait(session, poll.id) - len(waiting)),
        accepted=[(q, sorted(items, key=lambda i: i.score or 0, reverse=True)) for q, items in accepted if items],
        reads_first=any(q.its_kind.takes_own_words(q) == "read_first" for q in poll.questions),
        wordings={q.id: q.wording for q in poll.questions}, step=K if poll.anonymous else 0,
    )  # fmt: skip
