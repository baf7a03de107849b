"""Briefs over the API: write, read, send."""

from fastapi import APIRouter
from sqlmodel import col, select

from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit import paging
from heard.kit.db import Session, reading, release
from heard.kit.paging import Paged, part_of, with_next
from insights.access import access_brief_by_key
from insights.models import Brief, Delivery
from insights.send import deliveries, readers
from insights.write import briefs, quoting, rendering, shown
from insights.write.evidence import SHOWN_TO_MEMBERS, evidence_of
from insights.write.schemas import (
    Audience,
    BriefIn,
    BriefLine,
    BriefOut,
    BriefRead,
    BriefsPart,
    DeliveriesIn,
    DeliveriesOut,
    DeliveriesPart,
    DeliveryOut,
    EvidenceOut,
    ReadersPart,
)
from polls.access import access_community_by_key

router = APIRouter(prefix="/api/v1", tags=["briefs"], route_class=ApiRoute)
ALL = 10_000


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
    """A brief with its facts and its texts. A draft has the quotes that sending it over the API would let in."""
    member, brief = access_brief_by_key(session, key, brief_id, to="read")
    tree = shown.to_read(session, brief)
    return BriefRead(
        id=brief.id or 0, audience=brief.audience, locale=brief.locale, subject=brief.subject, facts=shown.facts_now(session, brief),
        facts_hash=brief.facts_hash, text=briefs.plain_text(brief, tree), html=rendering.html_of(brief, member.community, tree),
        approved_at=brief.approved_at,
    )  # fmt: skip


@router.post("/briefs/{brief_id}/deliveries", status_code=202)
def send_brief(brief_id: int, sent: DeliveriesIn, key: Bearer, session: Session) -> DeliveriesOut:
    """Approve the brief as it is shown and mail it. Members and confirmed addresses get it; others are asked first.

    Quotes in which nothing of a person was found go with it, and those that somebody ticked; with `quotes` “none”, none.
    """
    member, brief = access_brief_by_key(session, key, brief_id, to="publish")
    quoting.choose(session, brief, sent.quotes, by=member.account)
    made = deliveries.send_to(session, brief, sent.to, by=member.account)
    return DeliveriesOut(deliveries=[DeliveryOut.of(d) for d in made])


@router.get("/briefs/{brief_id}/deliveries")
def list_deliveries(brief_id: int, key: Bearer, session: Session, part: Paged) -> DeliveriesPart:
    """Every reader of the brief and what became of the mail."""
    _member, brief = access_brief_by_key(session, key, brief_id, to="read")
    after = part.after(int)
    query = select(Delivery).where(Delivery.brief_id == brief.id, col(Delivery.id) > (after[0] if after else 0))
    rows = session.exec(query.order_by(col(Delivery.id)).limit(part.limit + 1)).all()
    found, following = with_next(rows, part, lambda row: (row.id,))
    return DeliveriesPart(deliveries=[DeliveryOut.of(d) for d in found], next=following)


@router.get("/communities/{slug}/briefs")
def list_briefs(slug: str, key: Bearer, session: Session, part: Paged) -> BriefsPart:
    """The community's briefs, newest first."""
    member = access_community_by_key(session, key, slug, to="read")
    rows = briefs.briefs_of(session, member.community.id or 0, limit=ALL)
    found, following = part_of(rows, part, _newest_first, types=(int, int))
    return BriefsPart(briefs=[BriefLine.of(row) for row in found], next=following)


def _newest_first(row: Brief) -> tuple[int, int]:
    return -paging.stamp(row.created_at), -(row.id or 0)


@router.get("/briefs/{brief_id}/evidence/{position}")
def read_evidence(brief_id: int, position: int, key: Bearer, session: Session) -> EvidenceOut:
    """What one sentence of a brief rests on; `position` from 1."""
    _member, brief = access_brief_by_key(session, key, brief_id, to="read")
    return EvidenceOut.from_(evidence_of(session, brief, position, most=SHOWN_TO_MEMBERS))


@router.get("/communities/{slug}/readers")
def list_readers(
    slug: str, key: Bearer, session: Session, part: Paged, audience: Audience = "leadership"
) -> ReadersPart:
    """Who gets the briefs of this kind, by address. Sending a brief adds its readers; each leaves by a link in the mail."""
    member = access_community_by_key(session, key, slug, to="publish")
    rows = readers.readers_of(session, member.community.id or 0, audience)
    found, following = part_of(rows, part, lambda address: (address,), types=(str,))
    return ReadersPart(readers=found, next=following)
