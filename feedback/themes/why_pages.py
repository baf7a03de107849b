"""The page of one answer: why it is in its theme, and the form that moves it."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from feedback.access import access_comment
from feedback.themes import why
from feedback.themes.answers_of import Wanted
from feedback.themes.edit_pages import FIELDS, wish_of, with_alike
from feedback.themes.editing import edit
from heard.accounts.access import SignedIn
from heard.kit.db import Session
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.web import first, page, see_other
from polls.write.forms import TypedForm

router = APIRouter(include_in_schema=False)


@router.get("/m/{community}/comments/{comment_id}")
def comment(request: Request, community: str, comment_id: int, account: SignedIn, session: Session) -> HTMLResponse:
    """One answer, and why it is where it is."""
    member, poll, said = access_comment(session, account, community, comment_id, to="read")
    return page(request, "feedback/theme_why.html", why.why_page(session, member, poll, said))


@router.post("/m/{community}/comments/{comment_id}")
def move_comment(
    request: Request, community: str, comment_id: int, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """Move an answer to another theme, let it stand alone, or make a theme of it; with all that say the same."""
    member, poll, said = access_comment(session, account, community, comment_id, to="edit_themes")
    wish = replace(wish_of(typed.form), comments=[comment_id])
    wish = with_alike(session, poll, wish, Wanted(said.theme, alone=said.theme is None))
    try:
        made = edit(session, poll, None, wish, by=member.account)
    except BadInput as refused:
        sent = {"new_label": wish.label, "into": first(typed.form, "into")}
        refused.fields = {FIELDS.get((wish.kind, name), name): words for name, words in refused.fields.items()}
        shown = why.why_page(session, member, poll, said, typed=sent, refused=refused)
        return page(request, "feedback/theme_why.html", shown, status=refused.status)
    words = _("%(what)s. “Undo” takes it back.") % {"what": made.words} if made else _("It was so before.")
    return see_other(f"/m/{community}/comments/{comment_id}", flash=words)
