"""Answers over the API: looked for in a poll, one with why it is where it is, and moved from anywhere."""

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query

from feedback.access import access_comment_by_key, access_theme_by_key
from feedback.models import Theme
from feedback.themes import answers_of
from feedback.themes import queries as theme_queries
from feedback.themes.answers_of import KEY, Wanted
from feedback.themes.editing import Wish, edit
from feedback.themes.schemas import AnswerOut, AnswersPart, EditDone, EditOut, GatherIn, WhyOut
from feedback.themes.searching import LONGEST
from feedback.themes.shaped import where_it_went
from feedback.themes.why import why_here
from heard.accounts.access import Bearer, Key
from heard.accounts.api_route import ApiRoute
from heard.kit.db import DbSession, Session
from heard.kit.errors import NotFound
from heard.kit.paging import Paged, with_next
from polls.access import access_poll_by_key
from polls.models import Poll

router = APIRouter(prefix="/api/v1", tags=["themes"], route_class=ApiRoute)


@router.get("/polls/{slug}/comments")
def search_comments(
    session: Session, key: Bearer, slug: str, part: Paged,
    q: Annotated[str, Query(max_length=LONGEST, description="Words they hold, without capitals and accents.")] = "",
    theme: Annotated[int, Query(description="Of this theme, coarse or fine; 0: of any.")] = 0,
    alone: Annotated[bool, Query(description="Only those that stand alone.")] = False,
) -> AnswersPart:  # fmt: skip
    """The comments of a poll that were read: all, or those that hold some words, of one theme, or that stand alone."""
    member, poll = access_poll_by_key(session, key, slug, to="read")
    after = part.after(*KEY)
    asked = Wanted(_theme(session, key, poll, theme), alone, q.strip(), member.may("edit_themes"))
    nothing = theme_queries.held_back(session, poll) or (alone and theme)
    rows = [] if nothing else list(islice(answers_of.found(session, poll.id or 0, asked, after), part.limit + 1))
    found, following = with_next(rows, part, lambda row: row.key)
    return AnswersPart(comments=[AnswerOut.of(row) for row in found], next=following)


def _theme(session: DbSession, key: Key, poll: Poll, theme_id: int) -> Theme | None:
    if not theme_id:
        return None
    _member, of, theme = access_theme_by_key(session, key, theme_id, to="read")
    if of.id != poll.id:
        raise NotFound()
    return where_it_went(session, theme)


@router.get("/comments/{comment_id}")
def read_comment(session: Session, key: Bearer, comment_id: int) -> WhyOut:
    """One comment, and why it is where it is: shared words, how near, the comments that are most like it, who placed it."""
    member, poll, said = access_comment_by_key(session, key, comment_id, to="read")
    return WhyOut.of(said, why_here(session, member, poll, said))


@router.post("/polls/{slug}/themes/edits", status_code=201)
def edit_comments(session: Session, key: Bearer, slug: str, sent: GatherIn) -> EditDone:
    """Move comments from anywhere in a poll to a theme, let them stand alone, or open a theme with them."""
    member, poll = access_poll_by_key(session, key, slug, to="edit_themes")
    made = edit(session, poll, None, Wish(sent.kind, sent.label, sent.into, sent.comments), by=member.account)
    return EditDone(edit=EditOut.of(made) if made else None)
