"""The integrity panel of a poll, for its managers; everybody of the team may read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from feedback.integrity import deciding
from feedback.integrity.limiting import set_limit
from feedback.integrity.networks import known
from feedback.integrity.panel import Panel, noticed_by_key, panel
from heard.accounts.access import Member, SignedIn
from heard.kit.db import DbSession, Session, release
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _, ngettext, number
from heard.kit.web import Form, first, page, read_form, see_other
from polls.access import access_poll
from polls.frozen import FrozenPoll, frozen_poll
from polls.models import Poll

router = APIRouter(include_in_schema=False)
SentForm = Annotated[Form, Depends(read_form)]


@dataclass
class IntegrityPage:
    """What templates/feedback/integrity.html shows."""

    member: Member
    poll: FrozenPoll
    panel: Panel
    limit: int
    networks_known: bool
    refused: str = ""  # the group or the form that was refused
    reason: str = ""
    message: str = ""
    hint: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/m/{community}/polls/{slug}/integrity")
def integrity(request: Request, community: str, slug: str, account: SignedIn, session: Session) -> HTMLResponse:
    """What is counted, what is not, and why."""
    member, poll = access_poll(session, account, community, slug, to="read")
    return page(request, "feedback/integrity.html", _shown(session, member, poll))


@router.post("/m/{community}/polls/{slug}/integrity/decisions")
def decide(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, form: SentForm
) -> Response:
    """Count a group, set it aside, leave it, or undo that. Portions are written by themselves, so votes need not wait."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    act, group, reason = first(form, "act"), first(form, "group")[:40], first(form, "reason")
    noticed = noticed_by_key(session, poll, group) if ":" in group else None
    release(session)
    try:
        made = deciding.decide(poll.id or 0, act, group, reason, by=account, noticed=noticed)
    except Refused as refusal:
        shown = _shown(session, member, poll)
        shown.refused, shown.reason, shown.errors = group, reason, refusal.fields
        shown.message, shown.hint = refusal.message, refusal.hint
        return page(request, "feedback/integrity.html", shown, status=refusal.status)
    return see_other(f"/m/{community}/polls/{slug}/integrity", flash=told(made))


def told(made: deciding.Decision) -> str:
    """What was done, in a sentence."""
    n = {"n": number(made.n)}
    if made.act == "leave":
        return _("Noted: they stay counted.")
    later = " " + _("The rest follows within a minute.") if made.n > deciding.AT_ONCE else ""
    if made.to:
        words = ngettext("%(n)s ballot is set aside.", "%(n)s ballots are set aside.", made.n)
    else:
        words = ngettext("%(n)s ballot is counted now.", "%(n)s ballots are counted now.", made.n)
    return words % n + later


@router.post("/m/{community}/polls/{slug}/integrity/limit")
def limit(request: Request, community: str, slug: str, account: SignedIn, session: Session, form: SentForm) -> Response:
    """How many ballots one network counts in an hour, from now on."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    try:
        set_limit(session, poll, whole(first(form, "limit")), by=member.account)
    except BadInput as refusal:
        shown = _shown(session, member, poll)
        shown.refused, shown.message, shown.errors = "limit", refusal.message, refusal.fields
        return page(request, "feedback/integrity.html", shown, status=refusal.status)
    return see_other(f"/m/{community}/polls/{slug}/integrity", flash=_("Saved. It holds from the next ballot on."))


def whole(text: str) -> int:
    """The whole number that somebody typed; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _shown(session: DbSession, member: Member, row: Poll) -> IntegrityPage:
    poll = frozen_poll(session, row.slug)
    return IntegrityPage(member, poll, panel(session, poll), row.network_limit, known())
