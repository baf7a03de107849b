"""Statements over the API: those that members add are read, accepted, rejected; any of a poll is taken out and put back."""

from fastapi import APIRouter

from feedback.collect import moderating, suggestions
from feedback.collect.ballot_schemas import AcceptanceIn, Decided, Moderated, StatementOut, StatementsPart
from feedback.collect.suggestions import Waiting
from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit import paging
from heard.kit.db import Session
from heard.kit.paging import Paged, part_of
from polls.access import access_poll_by_key

router = APIRouter(prefix="/api/v1", tags=["responses"], route_class=ApiRoute)
ALL = 100_000


@router.get("/polls/{slug}/statements")
def list_statements(slug: str, key: Bearer, session: Session, part: Paged) -> StatementsPart:
    """The statements of members that wait for a yes or a no, oldest first."""
    _member, poll = access_poll_by_key(session, key, slug, to="publish")
    rows = suggestions.waiting(session, poll.id or 0, most=ALL)
    found, following = part_of(rows, part, _oldest_first, types=(int, int))
    return StatementsPart(statements=[StatementOut.of(row) for row in found], next=following)


def _oldest_first(row: Waiting) -> tuple[int, int]:
    return paging.stamp(row.said_at) if row.said_at else 0, row.id


@router.post("/polls/{slug}/statements/{statement_id}/acceptance")
def accept_statement(
    slug: str, statement_id: int, key: Bearer, session: Session, sent: AcceptanceIn | None = None
) -> Decided:
    """Put a statement into the poll, as it was written or with its slips corrected. Everybody can vote on it."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    words = sent.words if sent else None
    return Decided(
        state="accepted", option=suggestions.accept(session, poll, statement_id, by=member.account, words=words)
    )


@router.post("/polls/{slug}/statements/{statement_id}/rejection")
def reject_statement(slug: str, statement_id: int, key: Bearer, session: Session) -> Decided:
    """Reject a statement; its words are deleted."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    suggestions.reject(session, poll, statement_id, by=member.account)
    return Decided(state="rejected", option=None)


@router.post("/polls/{slug}/options/{option_id}/moderation")
def moderate_statement(slug: str, option_id: int, key: Bearer, session: Session) -> Moderated:
    """Take a statement out of a poll: nobody is asked about it any more, and its votes are kept."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    moderating.take_out(session, poll, option_id, by=member.account)
    return Moderated(option=option_id, moderated=True)


@router.post("/polls/{slug}/options/{option_id}/readmission")
def readmit_statement(slug: str, option_id: int, key: Bearer, session: Session) -> Moderated:
    """Put a statement back that was taken out, with the votes it had."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    moderating.put_back(session, poll, option_id, by=member.account)
    return Moderated(option=option_id, moderated=False)
