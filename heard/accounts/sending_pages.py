"""The page that asks before anything goes out again: after a restore, a jump of the clock, or somebody's own pause.

The pause is that of the whole installation, so the figures are too.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from heard.accounts import sending
from heard.accounts.access import Member, SignedIn, access_community
from heard.kit import pausing
from heard.kit.db import DbSession, Session
from heard.kit.i18n import _
from heard.kit.web import Form, first, page, read_form, see_other

router = APIRouter(prefix="/m/{community}/sending", include_in_schema=False)
SentForm = Annotated[Form, Depends(read_form)]


@dataclass
class SendingPage:
    """templates/account/sending.html. `heaps`: how many of what wait, in words; `old`: those that need a word of their own;
    `may_decide`: whether this person lets things go, or stops them: they are of all communities here."""

    member: Member
    may_decide: bool
    reason: str
    since: datetime | None
    zone: str
    heaps: list[str]
    old: list[str]


@router.get("")
def sending_page(request: Request, account: SignedIn, session: Session, community: str) -> HTMLResponse:
    """Why nothing goes out, and what waits."""
    member = access_community(session, account, community, to="publish")
    return page(request, "account/sending.html", _shown(session, member))


@router.post("", status_code=303)
def send_again(account: SignedIn, session: Session, community: str, form: SentForm) -> RedirectResponse:
    """Let everything go out again; what is old only where that was ticked."""
    member = access_community(session, account, community, to="publish")
    sending.resume(session, member, with_old=first(form, "old") == "send")
    return see_other(f"/m/{community}/sending", flash=_("Everything goes out again."))


@router.post("/pause", status_code=303)
def pause_sending(account: SignedIn, session: Session, community: str) -> RedirectResponse:
    """Let nothing go out from now on. Twice changes nothing."""
    member = access_community(session, account, community, to="people")
    sending.pause(session, member)
    return see_other(f"/m/{community}/sending", flash=_("Nothing goes out from now on."))


def _shown(session: DbSession, member: Member) -> SendingPage:
    row = pausing.paused(session)
    before = pausing.old_before(row) if row else None
    may_decide = sending.may_everywhere(session, member, "publish" if row else "people")
    return SendingPage(
        member, may_decide, row.reason if row else "", row.at if row else None, member.community.zone, _heaps(session, None),
        _heaps(session, before) if before else [],
    )  # fmt: skip


def _heaps(session: DbSession, before: datetime | None) -> list[str]:
    counted = [(heap, heap.how_many(session, before)) for heap in pausing.HEAPS]
    return [heap.words(n) for heap, n in counted if n]
