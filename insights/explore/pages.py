"""The results explorer for members: one page, the pictures and files of every view, and what tells it of new answers."""

from dataclasses import dataclass, field
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse, StreamingResponse

from feedback.analysis.offering import Offered, fields_to_cross, filters_offered, weighable
from feedback.collect import suggestions
from feedback.collect.queries import snapshot
from feedback.collect.results_view import ResultsPage, recruited, results_page, what_they_mean
from feedback.collect.tallies import PollResults
from feedback.collect.ways_view import WaysTable, ways_table
from feedback.exports.fields import PollField
from feedback.groups.queries import questions_of
from feedback.integrity.panel import begun_of
from heard.accounts.access import Member, SignedIn, access_community
from heard.kit import pictures
from heard.kit.db import DbSession, Session, release
from heard.kit.errors import NotFound, Refused
from heard.kit.settings import settings
from heard.kit.web import page
from insights.explore import live, telling
from insights.explore.charts import plotly_of
from insights.explore.explorer import Explored, explored, splits
from insights.explore.figures import Figure
from insights.explore.pictures import about, picture_of
from insights.explore.spreadsheet import csv_lines
from insights.explore.wishes import SHARE_OF, Wish, wish_in
from polls.access import access_poll
from polls.frozen import FrozenPoll, frozen_poll
from polls.kinds.kind import FrozenQuestion

router = APIRouter(include_in_schema=False)
MOST_DRAWN = 40  # groups of a chart that Plotly draws: of 165 statements the page has bars enough


@dataclass
class ExplorerPage:
    """What templates/insights/explorer.html shows. `shown` None: the wish was refused, or nothing may be told yet."""

    member: Member
    results: ResultsPage
    wish: Wish
    at: str
    address: str
    shown: Explored | None
    headline: str
    about: str
    recruited: str
    meaning: str
    ways: WaysTable
    begun: int
    to_read: int
    members_add: bool
    with_groups: bool
    fields: list[PollField]
    filters: list[Offered]
    splits: list[tuple[str, str]]
    weighable: list[FrozenQuestion]
    given: dict[str, str]  # what the form for margins holds
    charts: dict[str, dict[str, Any]] = field(default_factory=dict)
    refusal: Refused | None = None


@router.get("/m/{community}/polls/{slug}/results")
def results(request: Request, account: SignedIn, session: Session, community: str, slug: str) -> Response:
    """What came out, and every other way to look at it."""
    member, poll, wish = _asked(request, session, account, community, slug)
    if sorted(request.query_params.multi_items()) != sorted(wish.pairs):  # each view has one address
        return RedirectResponse(f"{request.url.path}{wish.query}", status_code=303)
    shown = explorer_page(session, member, poll, wish)
    status = shown.refusal.status if shown.refusal else 200
    return page(request, "insights/explorer.html", shown, status=status, plotly=True)


def _asked(
    request: Request, session: DbSession, account: SignedIn, community: str, slug: str, *, to: str = "read"
) -> tuple[Member, FrozenPoll, Wish]:  # fmt: skip
    """The poll, and what of it; whoever may read sees everybody's answers, who may export every view."""
    member, row = access_poll(session, account, community, slug, to=to)
    poll = frozen_poll(session, row.slug)
    wish = wish_in(poll, request)
    if not wish.plain:
        access_community(session, account, community, to="export")
    return member, poll, wish


def explorer_page(session: DbSession, member: Member, poll: FrozenPoll, wish: Wish) -> ExplorerPage:
    """Everything the page shows."""
    base = results_page(session, poll, members=True)
    shown, refusal = None, None
    if not base.waiting_for:
        try:
            with snapshot() as moment:
                shown = explored(moment, poll, wish)
        except Refused as error:
            refusal = error
    at = f"/m/{member.community.slug}/polls/{poll.slug}"
    may = member.may("export") and not base.waiting_for
    made = ExplorerPage(
        member=member, results=base, wish=wish, at=at, address=f"{settings().base_url}{at}/results{wish.query}", shown=shown,
        headline=_headline(base), about=about(shown) if shown else "", recruited=recruited(poll),
        meaning=what_they_mean(poll), ways=ways_table(session, poll), begun=begun_of(session, poll),
        to_read=suggestions.how_many_wait(session, poll.id), members_add=bool(suggestions.adding(poll)),
        with_groups=bool(questions_of(poll)), fields=fields_to_cross(poll), filters=filters_offered(session, poll) if may else [],
        splits=splits(session, poll, base.n) if may else [], weighable=weighable(poll) if may else [],
        given=_given(wish), refusal=refusal,
    )  # fmt: skip
    if shown:
        every = [figure for figures in shown.figures.values() for figure in figures]
        made.charts = {
            figure.name: plotly_of(figure)
            for figure in every
            if 0 < len(figure.groups) <= MOST_DRAWN and not figure.empty
        }
    return made


def _headline(base: ResultsPage) -> str:
    results = PollResults(base.poll.slug, base.poll.title, base.n, tuple(result for _q, result in base.questions))
    return telling.strongest(base.poll, results)


def _given(wish: Wish) -> dict[str, str]:
    found = {}
    for margin in wish.margins:
        name, _sep, shares = margin.partition(":")
        for pair in shares.split(","):
            answer, _sep, share = pair.partition("=")
            found[f"{SHARE_OF}{name}.{answer}"] = share
    return found


@router.get("/m/{community}/polls/{slug}/results/live")
async def results_live(request: Request, community: str, slug: str) -> Response:
    """New answers, as they come (text/event-stream)."""
    await live.may_look(request, community, slug)
    headers = {"Cache-Control": "private, no-store", "X-Accel-Buffering": "no"}
    stays = "text/event-stream" in request.headers.get("accept", "") and request.state.method != "HEAD"
    return StreamingResponse(live.moves(slug, stays=stays), media_type="text/event-stream", headers=headers)


@router.get("/m/{community}/polls/{slug}/results/all.csv")
def view_csv(request: Request, account: SignedIn, session: Session, community: str, slug: str) -> Response:
    """Every figure of a view for spreadsheets."""
    _member, poll, wish = _asked(request, session, account, community, slug, to="export")
    shown = _shown(poll, wish)
    return _csv([f for q in poll.questions for f in shown.figures_of(q)], f"{slug}.csv")


@router.get("/m/{community}/polls/{slug}/results/{question}.{form}")
def figure_file(
    request: Request, account: SignedIn, session: Session, community: str, slug: str, question: str,
    form: Literal["svg", "png", "csv"],
) -> Response:  # fmt: skip
    """The figure of one question in a view: a picture, or its numbers."""
    _member, poll, wish = _asked(request, session, account, community, slug, to="export")
    about_it = next((q for q in poll.questions if q.name == question), None)
    release(session)
    shown = _shown(poll, wish)
    if about_it is None or not shown.figures_of(about_it):
        raise NotFound
    if form == "csv":
        return _csv(shown.figures_of(about_it), f"{slug}-{question}.csv")
    picture = picture_of(shown, about_it, form, f"/m/{community}/polls/{slug}/results{wish.query}")
    return pictures.private(picture.version, picture.draw, f"{slug}-{question}.{form}")


def _shown(poll: FrozenPoll, wish: Wish) -> Explored:
    with snapshot() as moment:
        return explored(moment, poll, wish)


def _csv(figures: list[Figure], name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return PlainTextResponse("".join(csv_lines(figures)), media_type="text/csv; charset=utf-8", headers=headers)
