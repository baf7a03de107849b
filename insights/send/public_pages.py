"""What readers see without a log-in: a brief at its secret address, its evidence, the yes to mails."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import select

from heard.accounts import unsubscribing
from heard.accounts.contacts import BRIEFS
from heard.accounts.models import Community, Contact
from heard.kit import tokens
from heard.kit.db import DbSession, Session
from heard.kit.errors import NotFound
from heard.kit.i18n import _, speaking
from heard.kit.web import page
from insights.models import Brief, Delivery
from insights.send import readers
from insights.write.evidence import SHOWN_TO_READERS, evidence_of
from insights.write.pages import EvidencePage

router = APIRouter(include_in_schema=False)
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


@dataclass
class ReaderPage:
    """templates/public/reader.html: a yes to briefs. state: ask_yes, yes."""

    state: str
    address: str
    community_name: str
    community_slug: str
    accent: str
    consent: str = ""


@router.get("/b/{token}")
def read_brief(request: Request, token: str, session: Session) -> HTMLResponse:
    """A brief as its reader sees it."""
    brief, community = _behind(session, token)
    shown = ReadersPage(
        brief.text, brief.audience, brief.facts, brief.facts_hash, brief.created_at, f"/b/{token}/evidence",
        community.name, community.slug, community.accent,
    )  # fmt: skip
    with speaking(brief.locale):
        return page(request, "public/brief.html", shown, headers=_UNLISTED)


@router.get("/b/{token}/evidence/{position}")
def read_evidence(request: Request, token: str, position: int, session: Session) -> HTMLResponse:
    """Some of the answers behind one sentence, masked."""
    brief, community = _behind(session, token)
    evidence = evidence_of(session, brief, position, most=SHOWN_TO_READERS)
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


def _behind(session: DbSession, token: str) -> tuple[Brief, Community]:
    """The brief behind its own token or that of one of its deliveries."""
    hashed = tokens.hashed(token)
    brief = session.exec(select(Brief).where(Brief.token_hash == hashed)).first()
    if brief is None:
        delivery = session.exec(select(Delivery).where(Delivery.token_hash == hashed)).first()
        brief = session.get(Brief, delivery.brief_id) if delivery else None
    if brief is None:
        raise NotFound(
            _("There is no brief at this address."), hint=_("Open it from the mail again, or ask its sender.")
        )
    return brief, session.get_one(Community, brief.community_id)


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


def _reader(request: Request, session: DbSession, contact: Contact, state: str) -> HTMLResponse:
    community = session.get_one(Community, contact.community_id)
    with speaking(contact.locale):
        consent = unsubscribing.yes_words(community, BRIEFS) if state == "ask_yes" else ""
        shown = ReaderPage(state, contact.address, community.name, community.slug, community.accent, consent)
        return page(request, "public/reader.html", shown, headers=_UNLISTED)
