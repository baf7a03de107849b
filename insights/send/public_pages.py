"""What readers see without a log-in: a brief at its secret address, its evidence, the yes to mails."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlmodel import select

from heard.accounts import unsubscribing
from heard.accounts.contacts import BRIEFS
from heard.accounts.models import Community, Contact
from heard.kit import tokens
from heard.kit.db import DbSession, Session
from heard.kit.errors import BadInput, NotFound
from heard.kit.i18n import _, speaking
from heard.kit.web import Form, first, page, read_form
from insights.decide.public_pages import AnswerForms, forms_of
from insights.models import Brief, Delivery
from insights.send import readers, schedules
from insights.send.reader_pages import Choices, choices, wish_in
from insights.send.schedules import Reader
from insights.write import shown
from insights.write.evidence import SHOWN_TO_READERS, evidence_of
from insights.write.pages import EvidencePage

router = APIRouter(include_in_schema=False)
SentForm = Annotated[Form, Depends(read_form)]
_UNLISTED = {"X-Robots-Tag": "noindex, nofollow"}


@dataclass
class ReadersPage:
    """templates/public/brief.html"""

    brief: dict[str, Any]
    audience: str
    facts: dict[str, Any]
    facts_hash: str
    written: datetime
    evidence_at: str
    community_name: str
    community_slug: str
    accent: str
    forms: AnswerForms


@dataclass
class ReaderPage:
    """templates/public/reader.html: a yes to briefs. state: ask_yes, yes."""

    state: str
    address: str
    community_name: str
    community_slug: str
    accent: str
    consent: str = ""


@dataclass
class RhythmPage:
    """templates/public/rhythm.html: a reader's own rhythm, for each kind of brief. `forms`: values of each form."""

    readers: list[Reader]
    forms: list[dict[str, Any]]
    choices: Choices
    at: str
    unsubscribe: str
    address: str
    community_name: str
    community_slug: str
    accent: str
    saved: bool = False
    message: str = ""


@router.get("/b/{token}")
def read_brief(request: Request, token: str, session: Session) -> HTMLResponse:
    """A brief as its reader sees it; ?answer= says which form is open. Opening it changes nothing."""
    brief, community, whole = _behind(session, token)
    seen = ReadersPage(
        shown.to_readers(session, brief, quotes=whole),
        brief.audience, brief.facts, brief.facts_hash, brief.created_at, f"/b/{token}/evidence",
        community.name, community.slug, community.accent, forms_of(session, brief, token, request.query_params.get("answer", "")),
    )  # fmt: skip
    with speaking(brief.locale):
        return page(request, "public/brief.html", seen, headers=_UNLISTED)


@router.get("/b/{token}/evidence/{position}")
def read_evidence(request: Request, token: str, position: int, session: Session) -> HTMLResponse:
    """Some of the answers behind one sentence, masked, names too."""
    brief, community, whole = _behind(session, token)
    evidence = evidence_of(session, brief, position, most=SHOWN_TO_READERS if whole else 0, nameless=True)
    shown = EvidencePage(
        evidence,
        brief.facts,
        f"/b/{token}",
        f"/b/{token}/evidence",
        None,
        community.name,
        community.slug,
        community.accent,
    )
    with speaking(brief.locale):
        return page(request, "public/evidence.html", shown, headers=_UNLISTED)


def _behind(session: DbSession, token: str) -> tuple[Brief, Community, bool]:
    """The brief behind its own token or that of one of its deliveries; and whether it is shown with people's own words: a
    reader to whom it went unread sees them once somebody has approved it."""
    hashed = tokens.hashed(token)
    delivery = None
    brief = session.exec(select(Brief).where(Brief.token_hash == hashed)).first()
    if brief is None:
        delivery = session.exec(select(Delivery).where(Delivery.token_hash == hashed)).first()
        brief = session.get(Brief, delivery.brief_id) if delivery else None
    if brief is None:
        raise NotFound(
            _("There is no brief at this address."), hint=_("Open it from the mail again, or ask its sender.")
        )
    whole = delivery is None or delivery.quotes or brief.approved_at is not None
    return brief, session.get_one(Community, brief.community_id), whole


@router.get("/subscriptions/{token}")
def ask_to_confirm(request: Request, token: str, session: Session) -> HTMLResponse:
    """The question whether this address wants briefs."""
    return _reader(request, session, readers.contact_to_confirm(session, token), "ask_yes")


@router.post("/subscriptions/{token}")
def confirm(request: Request, token: str, session: Session) -> HTMLResponse:
    """The yes. Briefs that waited for it are mailed now."""
    contact = readers.contact_to_confirm(session, token)
    with speaking(contact.locale):
        readers.confirm(session, contact)
    return _reader(request, session, contact, "yes")


@router.get("/subscriptions/{token}/rhythm")
def own_rhythm(request: Request, token: str, session: Session) -> HTMLResponse:
    """What a reader gets and when, and a form for each to change that. Opening it changes nothing."""
    return _rhythms(request, session, readers.contact_to_confirm(session, token), token)


@router.post("/subscriptions/{token}/rhythm")
def choose_rhythm(request: Request, token: str, session: Session, form: SentForm) -> HTMLResponse:
    """The reader's own choice of rhythm, hour and zone."""
    contact = readers.contact_to_confirm(session, token)
    with speaking(contact.locale):
        try:
            row = schedules.subscription(session, contact, first(form, "audience"))
            schedules.keep_own(session, row, wish_in(form, schedules.wish_of(row)))
        except BadInput as refused:
            return _rhythms(request, session, contact, token, refused=refused)
    return _rhythms(request, session, contact, token, saved=True)


def _rhythms(
    request: Request, session: DbSession, contact: Contact, token: str, *, saved: bool = False,
    refused: BadInput | None = None,
) -> HTMLResponse:  # fmt: skip
    community = session.get_one(Community, contact.community_id)
    mine = [schedules.reader_of(session, row, contact) for row in schedules.subscriptions_of(session, contact)]
    with speaking(contact.locale):
        shown = RhythmPage(
            mine, [asdict(reader.wish) for reader in mine], choices(), f"/subscriptions/{token}/rhythm",
            f"/u/{unsubscribing.token_of(contact, BRIEFS)}", contact.address, community.name, community.slug,
            community.accent, saved, f"{refused.message} {refused.hint}" if refused else "",
        )  # fmt: skip
        status = refused.status if refused else 200
        return page(request, "public/rhythm.html", shown, status=status, headers=_UNLISTED)


def _reader(request: Request, session: DbSession, contact: Contact, state: str) -> HTMLResponse:
    community = session.get_one(Community, contact.community_id)
    with speaking(contact.locale):
        consent = unsubscribing.yes_words(community, BRIEFS) if state == "ask_yes" else ""
        shown = ReaderPage(state, contact.address, community.name, community.slug, community.accent, consent)
        return page(request, "public/reader.html", shown, headers=_UNLISTED)
