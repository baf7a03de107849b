"""A reading that runs, and themes found anew, over the API."""

from fastapi import APIRouter, Response

from feedback.answer.schemas import RunOut
from feedback.themes import queries as theme_queries
from feedback.themes import readings, refits
from feedback.themes.reading_views import reading_now
from feedback.themes.refit_schemas import ReadingOut, RefitAsked, RefitOut, RunsOut
from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit.db import DbSession, Session
from polls.access import access_poll_by_key
from polls.models import Poll

router = APIRouter(prefix="/api/v1", tags=["themes"], route_class=ApiRoute)


@router.get("/polls/{slug}/themes/runs")
def follow_run(session: Session, key: Bearer, slug: str) -> RunsOut:
    """How far the reading of a poll's comments is, and what the last one was."""
    _member, poll = access_poll_by_key(session, key, slug, to="read")
    return _runs(session, poll)


@router.delete("/polls/{slug}/themes/runs")
def stop_run(session: Session, key: Bearer, slug: str) -> RunsOut:
    """Stop the reading that runs. What was read is kept, the themes stay, and it goes on when it is asked for or comments
    come. Where none runs, nothing is done."""
    member, poll = access_poll_by_key(session, key, slug, to="edit_themes")
    readings.stop(session, poll, by=member.account)
    return _runs(session, poll)


@router.post("/polls/{slug}/themes/refit", status_code=202)
def refit_themes(session: Session, key: Bearer, slug: str, sent: RefitAsked | None = None) -> RefitOut:
    """Have all themes found anew as a proposal beside those that stand; or have that proposal taken over."""
    member, poll = access_poll_by_key(session, key, slug, to="edit_themes")
    do = refits.take if sent and sent.what == "take" else refits.ask
    found = do(session, poll, by=member.account)
    return RefitOut.of(found, refits.state_of(session, found), anonymous=poll.anonymous)


@router.get("/polls/{slug}/themes/refit")
def read_refit(session: Session, key: Bearer, slug: str) -> RefitOut:
    """The proposal: the themes now and then, and how many answers go from where to where. 404: there is none."""
    _member, poll = access_poll_by_key(session, key, slug, to="edit_themes")
    found = refits.proposal_of(session, poll)
    return RefitOut.of(found, refits.state_of(session, found), anonymous=poll.anonymous)


@router.delete("/polls/{slug}/themes/refit", status_code=204)
def leave_refit(session: Session, key: Bearer, slug: str) -> Response:
    """Throw the proposal away: the themes stay as they are. Where there is none, nothing is done."""
    member, poll = access_poll_by_key(session, key, slug, to="edit_themes")
    refits.leave(session, poll, by=member.account)
    return Response(status_code=204)


def _runs(session: DbSession, poll: Poll) -> RunsOut:
    held = theme_queries.held_back(session, poll)
    run = None if held else theme_queries.run_of(session, poll.id or 0)
    shown = reading_now(session, poll)
    return RunsOut(run=RunOut.of(run) if run else None, reading=ReadingOut.of(shown) if shown else None)
