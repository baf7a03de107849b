"""The integrity panel by API."""

from fastapi import APIRouter

from feedback.integrity import deciding, limiting
from feedback.integrity.panel import noticed_by_key, panel
from feedback.integrity.schemas import DecisionIn, DecisionOut, IntegrityOut, LimitIn, LimitOut
from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit.db import Session, release
from polls.access import access_poll_by_key
from polls.frozen import frozen_poll

router = APIRouter(prefix="/api/v1", tags=["integrity"], route_class=ApiRoute)


@router.get("/polls/{slug}/integrity")
def integrity(slug: str, key: Bearer, session: Session) -> IntegrityOut:
    """What is counted, what is set aside and why, and what was decided."""
    _member, row = access_poll_by_key(session, key, slug, to="read")
    poll = frozen_poll(session, slug)
    return IntegrityOut.of(poll.level, row.network_limit, panel(session, poll))


@router.post("/polls/{slug}/integrity/decisions", status_code=201)
def decide(slug: str, key: Bearer, session: Session, sent: DecisionIn) -> DecisionOut:
    """Count a group, set it aside, leave it, or undo a decision. Large groups move on after the answer."""
    _member, poll = access_poll_by_key(session, key, slug, to="publish")
    noticed = noticed_by_key(session, poll, sent.group) if ":" in sent.group else None
    release(session)
    made = deciding.decide(poll.id or 0, sent.act, sent.group, sent.reason, by=key.account, noticed=noticed)
    return DecisionOut(id=made.id, act=made.act, n=made.n)


@router.put("/polls/{slug}/integrity/limit")
def set_limit(slug: str, key: Bearer, session: Session, sent: LimitIn) -> LimitOut:
    """How many ballots one network counts in an hour, from the next ballot on."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    limiting.set_limit(session, poll, sent.limit, by=member.account)
    return LimitOut(limit=poll.network_limit)
