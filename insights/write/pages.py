"""Manager pages of briefs: the list, writing one, one brief with its charts, readers and evidence."""

from dataclasses import dataclass, field
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from sqlmodel import select

from heard.accounts.access import Member, SignedIn, access_community
from heard.kit import mail
from heard.kit.clock import today
from heard.kit.db import DbSession, Session, reading, release, row_id
from heard.kit.errors import BadInput, NotFound
from heard.kit.i18n import _, ngettext
from heard.kit.settings import settings
from heard.kit.web import day_typed, first, page, see_other
from insights.access import access_brief
from insights.decide.queries import DecisionRow, decisions_of
from insights.models import AUDIENCES, Brief, Delivery
from insights.send import deliveries, readers, turns
from insights.send.deliveries import DeliveryRow
from insights.send.turns import Waits
from insights.write import briefs, edits, rendering, shown
from insights.write.charts import Chart, charts_of
from insights.write.desk import Desk, desk_of
from insights.write.evidence import SHOWN_TO_MEMBERS, Evidence, evidence_of
from polls.write.forms import TypedForm

router = APIRouter(include_in_schema=False)
KINDS = {
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "eml": "message/rfc822",
    "pdf": "application/pdf",
}


@dataclass
class BriefsPage:
    """templates/insights/briefs.html"""

    member: Member
    briefs: list[Brief]
    sent: dict[int, dict[str, int]]
    form: dict[str, str]
    asking: list[Waits]
    decided: list[DecisionRow]
    message: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class BriefPage:
    """templates/insights/brief.html. `at`: the address of this page; `sibling`: the brief for the other audience."""

    member: Member
    row: Brief
    brief: dict
    audience: str
    facts: dict
    facts_hash: str
    at: str
    evidence_at: str
    address: str
    sibling: Brief | None
    deliveries: list[DeliveryRow]
    to: str
    outbox: bool
    desk: Desk
    message: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class ChartsPage:
    """templates/insights/brief_charts.html"""

    member: Member
    row: Brief
    at: str
    charts: list[Chart]


@dataclass
class EvidencePage:
    """templates/insights/evidence.html for members, templates/public/evidence.html for readers."""

    evidence: Evidence
    facts: dict
    back: str
    at: str
    member: Member | None = None
    community_name: str = ""
    community_slug: str = ""
    accent: str = ""
    words_at: str = ""  # where a manager changes the words of a draft


@router.get("/m/{community}/briefs")
def list_briefs(request: Request, community: str, account: SignedIn, session: Session) -> HTMLResponse:
    """All briefs of a community, and the form that writes one."""
    member = access_community(session, account, community, to="read")
    return _list(request, session, member, _fresh_form(member))


@router.post("/m/{community}/briefs")
def write_briefs(request: Request, community: str, account: SignedIn, session: Session, typed: TypedForm) -> Response:
    """Write a brief, or both from one set of facts."""
    member = access_community(session, account, community, to="publish")
    release(session)  # votes need not wait while the facts are gathered
    form = {name: first(typed.form, name) for name in ("audience", "since", "until", "locale")}
    try:
        since, until = day_typed(form["since"], "since"), day_typed(form["until"], "until")
        wanted = AUDIENCES if form["audience"] == "both" else [form["audience"]]
        with reading() as read:  # its own, after the release
            composed = briefs.compose_each(read, member.community, wanted, since, until, locale=_locale(form["locale"]))
    except BadInput as refused:
        return _list(request, session, member, form, refused)
    made = [briefs.keep(session, one, by=account) for one in composed]
    word = _("Both briefs are written, from the same facts.") if len(made) > 1 else _("The brief is written.")
    return see_other(f"/m/{community}/briefs/{made[-1].id}", flash=word)


def _locale(text: str) -> str:
    return text if text in ("en", "fr") else ""


def _fresh_form(member: Member) -> dict[str, str]:
    until = today()
    since = until - timedelta(days=briefs.USUAL_DAYS - 1)
    return {
        "audience": "both",
        "since": since.isoformat(),
        "until": until.isoformat(),
        "locale": member.community.locale,
    }


def _list(
    request: Request, session: DbSession, member: Member, form: dict[str, str], refused: BadInput | None = None
) -> HTMLResponse:
    rows = briefs.briefs_of(session, member.community.id or 0)
    sent = deliveries.counts_of(session, [b.id or 0 for b in rows])
    community_id = member.community.id or 0
    listed = BriefsPage(
        member, rows, sent, form, turns.waiting_in(session, community_id), decisions_of(session, community_id)
    )
    if refused:
        listed.message, listed.errors = f"{refused.message} {refused.hint}", refused.fields
    return page(request, "insights/briefs.html", listed, status=refused.status if refused else 200)


@router.get("/m/{community}/briefs/{brief_id}")
def see_brief(request: Request, community: str, brief_id: int, account: SignedIn, session: Session) -> HTMLResponse:
    """One brief as its readers see it, with its readers and what became of the mails."""
    member, brief = access_brief(session, account, community, brief_id, to="read")
    return brief_page(request, session, member, brief)


@router.post("/m/{community}/briefs/{brief_id}/deliveries")
def send_brief(
    request: Request, community: str, brief_id: int, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """Approve the brief and send it to the readers in the form."""
    member, brief = access_brief(session, account, community, brief_id, to="publish")
    to = first(typed.form, "to")
    try:
        made = deliveries.send_to(session, brief, deliveries.addresses_in(to), by=account)
    except BadInput as refused:
        session.rollback()
        member, brief = access_brief(session, account, community, brief_id, to="publish")
        return brief_page(request, session, member, brief, to=to, refused=refused)
    word = ngettext("The brief goes to %(n)s reader.", "The brief goes to %(n)s readers.", len(made)) % {"n": len(made)}
    return see_other(f"/m/{community}/briefs/{brief_id}#readers", flash=word)


def brief_page(
    request: Request, session: DbSession, member: Member, brief: Brief, *, to: str = "", refused: BadInput | None = None,
) -> HTMLResponse:  # fmt: skip
    """The page of one brief; after a refusal with what was typed."""
    at = f"/m/{member.community.slug}/briefs/{brief.id}"
    seen = BriefPage(
        member, brief, shown.to_readers(session, brief), brief.audience, brief.facts, brief.facts_hash, at,
        f"{at}/evidence", briefs.address_of(brief), _sibling(session, brief), deliveries.deliveries_of(session, brief.id or 0),
        to or "\n".join(readers.readers_of(session, brief.community_id, brief.audience)), not settings().smtp_url,
        desk_of(session, brief),
    )  # fmt: skip
    if refused:
        seen.message, seen.errors = f"{refused.message} {refused.hint}", {"to": refused.message}
    return page(request, "insights/brief.html", seen, status=refused.status if refused else 200)


def _sibling(session: DbSession, brief: Brief) -> Brief | None:
    query = select(Brief).where(
        Brief.community_id == brief.community_id, Brief.facts_hash == brief.facts_hash, Brief.audience != brief.audience,
        Brief.locale == brief.locale,
    )  # fmt: skip
    return session.exec(query.order_by(Brief.id.desc())).first()  # type: ignore[union-attr]


@router.get("/m/{community}/briefs/{brief_id}/charts")
def see_charts(request: Request, community: str, brief_id: int, account: SignedIn, session: Session) -> HTMLResponse:
    """What the brief's figures look like: a chart and a table for each question."""
    member, brief = access_brief(session, account, community, brief_id, to="read")
    charts = ChartsPage(member, brief, f"/m/{community}/briefs/{brief_id}", charts_of(brief.facts))
    return page(request, "insights/brief_charts.html", charts, plotly=True)


@router.get("/m/{community}/briefs/{brief_id}/evidence/{position}")
def see_evidence(
    request: Request, community: str, brief_id: int, position: int, account: SignedIn, session: Session
) -> HTMLResponse:
    """The answers behind one sentence."""
    member, brief = access_brief(session, account, community, brief_id, to="read")
    evidence = evidence_of(session, brief, position, most=SHOWN_TO_MEMBERS)
    at = f"/m/{community}/briefs/{brief_id}"
    seen = EvidencePage(evidence, brief.facts, at, f"{at}/evidence", member)
    if member.may("publish") and brief.approved_at is None and position in edits.editable(brief.text):
        seen.words_at = f"{at}/words#sentence-{position}"
    return page(request, "insights/evidence.html", seen)


@router.get("/m/{community}/briefs/{brief_id}/brief.{ending}")
def take_brief(community: str, brief_id: int, ending: str, account: SignedIn, session: Session) -> Response:
    """The brief as a file."""
    member, brief = access_brief(session, account, community, brief_id, to="read")
    if ending not in KINDS:
        raise NotFound()
    name = f"brief-{brief.until}-{brief.audience}.{ending}"
    return Response(
        rendering.document(brief, member.community, ending, shown.to_readers(session, brief)), media_type=KINDS[ending],
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "private, no-store"},
    )  # fmt: skip


@router.get("/m/{community}/briefs/{brief_id}/deliveries/{delivery_id}.eml")
def see_mail(community: str, brief_id: int, delivery_id: int, account: SignedIn, session: Session) -> Response:
    """A mail that was kept as a file for want of an SMTP server."""
    _member, brief = access_brief(session, account, community, brief_id, to="publish")
    delivery = session.get(Delivery, row_id(delivery_id))
    if (
        delivery is None
        or delivery.brief_id != brief.id
        or not (file := mail.outbox_file(delivery.message_id)).exists()
    ):
        raise NotFound()
    return FileResponse(
        file, media_type="message/rfc822", filename=file.name, headers={"Cache-Control": "private, no-store"}
    )


@router.get("/assets/plotly.min.js")
def plotly() -> FileResponse:
    """Plotly's own script from its package, for manager pages with charts; the address carries its version."""
    file = Path(find_spec("plotly").origin or "").parent / "package_data" / "plotly.min.js"  # type: ignore[union-attr]  # a dependency
    return FileResponse(
        file, media_type="text/javascript", headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )
