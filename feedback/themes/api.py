"""Themes over the API: read, have them found, and rename them."""

from fastapi import APIRouter

from feedback.access import access_theme_by_key
from feedback.answer.schemas import (
    CommentOut,
    CommentsPart,
    RunAsked,
    RunOut,
    RunStarted,
    ThemeOut,
    ThemePatch,
    ThemesPart,
)
from feedback.models import Theme
from feedback.themes import edits as theme_edits
from feedback.themes import queries as theme_queries
from feedback.themes.feelings import moods_of
from feedback.themes.queries import ThemeRow
from feedback.themes.shaped import where_it_went
from heard.accounts.access import Bearer, Member
from heard.accounts.api_route import ApiRoute
from heard.kit.db import DbSession, Session
from heard.kit.errors import NotFound
from heard.kit.paging import Paged, PagedWhole, part_of, with_next
from heard.kit.settings import settings
from polls.access import access_poll_by_key
from polls.models import Poll

router = APIRouter(prefix="/api/v1", tags=["themes"], route_class=ApiRoute)


@router.get("/polls/{slug}/themes")
def themes(session: Session, key: Bearer, slug: str, part: PagedWhole) -> ThemesPart:
    """The themes of a poll, coarse ones first (parent null), largest first. `n`: comments read, the base of the shares."""
    member, poll = access_poll_by_key(session, key, slug, to="read")
    if theme_queries.held_back(session, poll):
        return ThemesPart(n=0, run=None, themes=[], next=None)
    run = theme_queries.run_of(session, poll.id or 0)
    rows = theme_queries.themes_of(session, poll.id or 0, hidden=member.may("edit_themes"))
    moods = moods_of(session, poll.id or 0)
    found, following = part_of(rows, part, _largest_first, types=(int, int, int))
    return ThemesPart(
        n=theme_queries.read_of(session, poll.id or 0), run=RunOut.of(run) if run else None,
        themes=[ThemeOut.of(row, moods.get(row.id)) for row in found], next=following,
    )  # fmt: skip


def _largest_first(row: ThemeRow) -> tuple[int, int, int]:
    return int(row.parent is not None), -row.count, row.id


@router.post("/polls/{slug}/themes/runs", status_code=202)
def run_themes(session: Session, key: Bearer, slug: str, sent: RunAsked | None = None) -> RunStarted:
    """Have the comments read now. The answer comes at once; GET themes shows what was found."""
    member, poll = access_poll_by_key(session, key, slug, to="edit_themes")
    full = bool(sent and sent.full)
    theme_edits.ask_for_run(session, poll, full=full, by=member.account)
    return RunStarted(poll=slug, full=full, url=f"{settings().base_url}/api/v1/polls/{slug}/themes")


@router.get("/themes/{theme_id}")
def read_theme(session: Session, key: Bearer, theme_id: int) -> ThemeOut:
    """One theme with its quotes; of one that was merged away, the theme its comments are in now."""
    member, poll, theme = access_theme_by_key(session, key, theme_id, to="read")
    return _out(session, member, poll, where_it_went(session, theme))


@router.patch("/themes/{theme_id}")
def rename_theme(session: Session, key: Bearer, theme_id: int, sent: ThemePatch) -> ThemeOut:
    """Give a theme another name. No later reading changes it."""
    member, poll, theme = access_theme_by_key(session, key, theme_id, to="edit_themes")
    theme_edits.rename(session, theme, sent.label, by=member.account)
    return _out(session, member, poll, theme)


@router.get("/themes/{theme_id}/comments")
def list_comments(session: Session, key: Bearer, theme_id: int, part: Paged) -> CommentsPart:
    """What was said to a theme: its quotes first, then the closest comments."""
    _member, poll, theme = access_theme_by_key(session, key, theme_id, to="read")
    after = part.after(int, float, int)
    theme, held = where_it_went(session, theme), theme_queries.held_back(session, poll)
    rows = [] if held else theme_queries.said_behind(session, theme, after, limit=part.limit + 1)
    found, following = with_next(rows, part, lambda row: row[0])
    return CommentsPart(comments=[CommentOut.of(quote) for _key, quote in found], next=following)


def _out(session: DbSession, member: Member, poll: Poll, theme: Theme) -> ThemeOut:
    held, edits = theme_queries.held_back(session, poll), member.may("edit_themes")
    rows = [] if held else theme_queries.themes_of(session, poll.id or 0, hidden=edits)
    found = next((row for row in rows if row.id == theme.id), None)
    if found is None:
        raise NotFound()
    return ThemeOut.of(found, moods_of(session, poll.id or 0).get(found.id))
