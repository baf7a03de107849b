"""Manager pages of themes: which poll, what was said in it, one theme, its name and its answer."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from feedback.access import access_theme
from feedback.answer import actions
from feedback.themes import edits as theme_edits
from feedback.themes import queries as theme_queries
from feedback.themes import refits
from feedback.themes import views as theme_views
from feedback.themes.answer_pages import Cursor, Looked
from feedback.themes.answers_of import KEY
from feedback.themes.searching import LONGEST
from feedback.themes.shaped import where_it_went
from heard.accounts.access import SignedIn, access_community
from heard.kit.db import Session
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.paging import Part
from heard.kit.web import first, page, see_other
from polls.access import access_poll
from polls.write.forms import TypedForm

router = APIRouter(include_in_schema=False)


@router.get("/m/{community}/themes")
def choose_poll(request: Request, community: str, account: SignedIn, session: Session) -> HTMLResponse:
    """The polls in which people wrote in their own words."""
    member = access_community(session, account, community, to="read")
    heard = theme_queries.polls_with_comments(session, member.community.id or 0)
    return page(request, "feedback/themes_index.html", theme_views.ThemeIndexPage(member, heard))


@router.get("/m/{community}/polls/{slug}/themes")
def themes(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, view: str = "list", q: str = ""
) -> Response:
    """The themes of one poll, as a list or (view=map) as a map. Words to look for have a page of their own."""
    member, poll = access_poll(session, account, community, slug, to="read")
    if q.strip():
        return see_other(f"/m/{community}/polls/{slug}/themes/answers?{urlencode({'q': q[:LONGEST]})}")
    shown = theme_views.themes_page(session, member, poll, with_map=view == "map")
    return page(request, f"feedback/{'theme_map' if view == 'map' else 'themes'}.html", shown, plotly=view == "map")


@router.post("/m/{community}/polls/{slug}/themes/runs")
def read_again(community: str, slug: str, account: SignedIn, session: Session, typed: TypedForm) -> RedirectResponse:
    """Have the worker read the comments now; or find all themes anew, as a proposal."""
    member, poll = access_poll(session, account, community, slug, to="edit_themes")
    if first(typed.form, "full") == "yes" and refits.has_themes(session, poll.id or 0):
        refits.ask(session, poll, by=member.account)  # nothing changes before somebody has looked at it
        return see_other(f"/m/{community}/polls/{slug}/themes/refit")
    theme_edits.ask_for_run(session, poll, by=member.account)
    return see_other(
        f"/m/{community}/polls/{slug}/themes", flash=_("The comments are being read. Open this page again in a moment.")
    )


@router.get("/m/{community}/themes/{theme_id}")
def theme(
    request: Request, community: str, theme_id: int, account: SignedIn, session: Session, q: Looked = "", after: Cursor = "",
    sample: Annotated[int | None, Query(ge=0, lt=10**9)] = None,
) -> Response:  # fmt: skip
    """One theme: everything that was said, or what holds these words, or a sample; and its answer."""
    member, poll, found = access_theme(session, account, community, theme_id, to="read")
    if found.merged_into is not None:
        into = where_it_went(session, found)
        merged = _("“%(theme)s” was merged into this theme.") % {"theme": found.label}
        return see_other(f"/m/{community}/themes/{into.id}", flash=merged)
    behind = Part(after).after(*KEY)
    shown = theme_views.theme_page(session, member, poll, found, after=behind, q=q.strip(), sample=sample)
    return page(request, "feedback/theme.html", shown)


@router.post("/m/{community}/themes/{theme_id}")
def rename(
    request: Request, community: str, theme_id: int, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """Give a theme another name."""
    member, poll, found = access_theme(session, account, community, theme_id, to="edit_themes")
    label, before = first(typed.form, "label"), found.label
    try:
        theme_edits.rename(session, found, label, by=member.account)
    except BadInput as refused:
        sent = theme_views.theme_page(session, member, poll, found, typed={"label": label}, refused=refused)
        return page(request, "feedback/theme.html", sent, status=refused.status)
    listed = first(typed.form, "from") == "list"
    back = f"/m/{community}/polls/{poll.slug}/themes#t{theme_id}" if listed else f"/m/{community}/themes/{theme_id}"
    return see_other(back, flash=_("Renamed from “%(before)s”. No later reading changes it.") % {"before": before})


@router.post("/m/{community}/themes/{theme_id}/actions")
def answer(
    request: Request, community: str, theme_id: int, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """Publish what is done about a theme."""
    member, poll, found = access_theme(session, account, community, theme_id, to="act")
    sent = {name: first(typed.form, name) for name in ("title", "public_note", "status")}
    try:
        if typed.refused:
            raise BadInput(next(iter(typed.refused.values())), fields=typed.refused)
        actions.publish_action(session, found, sent["title"], sent["public_note"], sent["status"], by=member.account)
    except BadInput as refused:
        shown = theme_views.theme_page(session, member, poll, found, typed=sent, refused=refused)
        return page(request, "feedback/theme.html", shown, status=refused.status)
    return see_other(
        f"/m/{community}/themes/{theme_id}",
        flash=_("Published: on the community's page, in its feed, and on the receipts of those who spoke."),
    )
