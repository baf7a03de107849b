"""Briefs over the API: write, read, send."""

from fastapi import APIRouter
from sqlmodel import col, select

from heard.accounts.access import Bearer
from heard.kit.db import Session, reading, release
from insights import briefs, deliveries, rendering
from insights.access import access_brief_by_key
from insights.models import Delivery
from insights.schemas import BriefIn, BriefOut, BriefRead, DeliveriesIn, DeliveriesOut, DeliveryOut
from polls.access import access_community_by_key

router = APIRouter(prefix="/api/v1", tags=["briefs"])


@router.post("/communities/{slug}/briefs", status_code=201)
def write_brief(slug: str, sent: BriefIn, key: Bearer, session: Session) -> BriefOut:
    """Write a brief from facts that are frozen with it. The same data and period give the same facts_hash."""
    member = access_community_by_key(session, key, slug, to="publish")
    release(session)  # votes need not wait while the facts are gathered
    with reading() as read:  # its own, after the release
        composed = briefs.compose(read, member.community, sent.audience, sent.since, sent.until, locale=sent.locale)
    return BriefOut.of(briefs.keep(session, composed, by=member.account))


@router.get("/briefs/{brief_id}")
def read_brief(brief_id: int, key: Bearer, session: Session) -> BriefRead:
    """A brief with its facts and its texts."""
    member, brief = access_brief_by_key(session, key, brief_id, to="read")
    return BriefRead(
        id=brief.id or 0, audience=brief.audience, locale=brief.locale, subject=brief.subject, facts=brief.facts,
        facts_hash=brief.facts_hash, text=briefs.plain_text(brief), html=rendering.html_of(brief, member.community),
    )  # fmt: skip


@router.post("/briefs/{brief_id}/deliveries", status_code=202)
def send_brief(brief_id: int, sent: DeliveriesIn, key: Bearer, session: Session) -> DeliveriesOut:
    """Approve the brief and mail it. Members and confirmed addresses get it; others are asked first."""
    member, brief = access_brief_by_key(session, key, brief_id, to="publish")
    made = deliveries.send_to(session, brief, sent.to, by=member.account)
    return DeliveriesOut(deliveries=[DeliveryOut.of(d) for d in made])


@router.get("/briefs/{brief_id}/deliveries")
def list_deliveries(brief_id: int, key: Bearer, session: Session) -> DeliveriesOut:
    """Every reader of the brief and what became of the mail."""
    _member, brief = access_brief_by_key(session, key, brief_id, to="read")
    rows = session.exec(select(Delivery).where(Delivery.brief_id == brief.id).order_by(col(Delivery.id)))
    return DeliveriesOut(deliveries=[DeliveryOut.of(d) for d in rows])
