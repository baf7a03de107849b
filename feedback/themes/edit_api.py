"""Edits of themes over the API: make one, read them, take the newest back."""

from fastapi import APIRouter

from feedback.access import access_theme_by_key
from feedback.themes import queries as theme_queries
from feedback.themes import undoing
from feedback.themes.changes import edits_of
from feedback.themes.editing import Wish, edit
from feedback.themes.schemas import EditDone, EditIn, EditOut, EditsPart
from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit.db import Session
from heard.kit.paging import Paged, with_next
from polls.access import access_poll_by_key

router = APIRouter(prefix="/api/v1", tags=["themes"], route_class=ApiRoute)


@router.post("/themes/{theme_id}/edits", status_code=201)
def edit_theme(session: Session, key: Bearer, theme_id: int, sent: EditIn) -> EditDone:
    """Rename, merge, split, pin or hide a theme, or move comments out of it. Every later reading keeps it."""
    member, poll, theme = access_theme_by_key(session, key, theme_id, to="edit_themes")
    wish = Wish(sent.kind, sent.label, sent.into, sent.comments, on=sent.on)
    made = edit(session, poll, theme, wish, by=member.account)
    return EditDone(edit=EditOut.of(made) if made else None)


@router.get("/polls/{slug}/themes/edits")
def list_theme_edits(session: Session, key: Bearer, slug: str, part: Paged) -> EditsPart:
    """What people changed in the themes of a poll, newest first, with what was taken back."""
    _member, poll = access_poll_by_key(session, key, slug, to="edit_themes")
    after = part.after(int)
    held = theme_queries.held_back(session, poll)
    rows = [] if held else edits_of(session, poll, limit=part.limit + 1, before=after[0] if after else None)
    found, following = with_next(rows, part, lambda row: (row.id,))
    return EditsPart(edits=[EditOut.of(row) for row in found], next=following)


@router.post("/polls/{slug}/themes/edits/{edit_id}/undoing")
def undo_theme_edit(session: Session, key: Bearer, slug: str, edit_id: int) -> EditOut:
    """Take the newest change of a poll's themes back; then the one before can be. Twice changes nothing."""
    member, poll = access_poll_by_key(session, key, slug, to="edit_themes")
    found = undoing.edit_of(session, poll, edit_id)
    undoing.undo(session, found, by=member.account)
    return EditOut.of(edits_of(session, poll, limit=1, before=edit_id + 1)[0])
