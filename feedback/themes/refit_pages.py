"""Pages of a reading that runs and of themes found anew: how far it is, stopping it, now beside then, yes or no."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from feedback.models import ThemeRefit
from feedback.themes import edits as theme_edits
from feedback.themes import readings, refits
from feedback.themes.queries import held_back
from feedback.themes.reading_views import reading_now
from feedback.themes.refit_views import refit_page
from heard.accounts.access import SignedIn
from heard.kit.db import Session
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.web import first, page, see_other
from polls.access import access_poll
from polls.write.forms import TypedForm

router = APIRouter(include_in_schema=False)


@router.get("/m/{community}/polls/{slug}/themes/runs")
def tell_progress(community: str, slug: str, account: SignedIn, session: Session) -> JSONResponse:
    """How far a reading is, and what becomes of a proposal, for the script of the pages."""
    _member, poll = access_poll(session, account, community, slug, to="read")
    shown = reading_now(session, poll)
    refit = None if held_back(session, poll) else session.get(ThemeRefit, poll.id)
    told = {
        "reading": shown.state if shown else "",
        "done": shown.done if shown else 0,
        "total": shown.total if shown else 0,
    }
    told["refit"] = refits.state_of(session, refit) if refit else ""
    return JSONResponse(told, headers={"Cache-Control": "private, no-store"})


@router.post("/m/{community}/polls/{slug}/themes/runs/stop")
def stop_reading(community: str, slug: str, account: SignedIn, session: Session) -> RedirectResponse:
    """The reading ends after the comments it is at; what was read so far is kept."""
    member, poll = access_poll(session, account, community, slug, to="edit_themes")
    stopped = readings.stop(session, poll, by=member.account)
    words = _("The reading is stopped. The themes stay as they were.") if stopped else _("No reading was running.")
    return see_other(f"/m/{community}/polls/{slug}/themes", flash=words)


@router.get("/m/{community}/polls/{slug}/themes/refit")
def refit(request: Request, community: str, slug: str, account: SignedIn, session: Session) -> HTMLResponse:
    """The themes as they are beside those that were found anew."""
    member, poll = access_poll(session, account, community, slug, to="edit_themes")
    return page(request, "feedback/theme_refit.html", refit_page(session, member, poll))


@router.post("/m/{community}/polls/{slug}/themes/refit")
def decide(community: str, slug: str, account: SignedIn, session: Session, typed: TypedForm) -> RedirectResponse:
    """Have a proposal made, take it over, or leave the themes as they are."""
    member, poll = access_poll(session, account, community, slug, to="edit_themes")
    back, what = f"/m/{community}/polls/{slug}/themes", first(typed.form, "what")
    if what == "make":
        if not refits.has_themes(session, poll.id or 0) and not held_back(session, poll):
            theme_edits.ask_for_run(session, poll, by=member.account)
            return see_other(back, flash=_("The comments are being read. Open this page again in a moment."))
        refits.ask(session, poll, by=member.account)
        return see_other(f"{back}/refit")
    if what == "take":
        refits.take(session, poll, by=member.account)
        return see_other(f"{back}/refit")
    if what == "leave":
        refits.leave(session, poll, by=member.account)
        return see_other(back, flash=_("The themes stay as they are."))
    why = _("A proposal is made, taken over or left.")
    raise BadInput(why, hint=_("Open the page again."), fields={"what": why})
