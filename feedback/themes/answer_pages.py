"""Pages of answers beyond one theme: a search in a poll, and those that stand alone; with the forms that move them."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from feedback.themes import answer_views
from feedback.themes.answers_of import KEY
from feedback.themes.edit_pages import FIELDS, wish_of, with_alike
from feedback.themes.editing import edit
from feedback.themes.searching import LONGEST
from heard.accounts.access import SignedIn
from heard.kit.db import Session
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.paging import Part
from heard.kit.web import first, page, see_other
from polls.access import access_poll
from polls.write.forms import TypedForm

router = APIRouter(include_in_schema=False)
Looked = Annotated[str, Query(max_length=LONGEST)]
Cursor = Annotated[str, Query(max_length=600)]


@router.get("/m/{community}/polls/{slug}/themes/answers")
def found(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, q: Looked = "", after: Cursor = ""
) -> HTMLResponse:
    """The answers of a poll that hold these words."""
    return _list(request, community, slug, account, session, q, after, alone=False)


@router.get("/m/{community}/polls/{slug}/themes/alone")
def alone(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, q: Looked = "", after: Cursor = ""
) -> HTMLResponse:
    """The answers of a poll that stand alone."""
    return _list(request, community, slug, account, session, q, after, alone=True)


def _list(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, q: str, after: str, *, alone: bool
) -> HTMLResponse:
    member, poll = access_poll(session, account, community, slug, to="read")
    shown = answer_views.answers_page(session, member, poll, q.strip(), alone=alone, after=Part(after).after(*KEY))
    return page(request, "feedback/theme_answers.html", shown)


@router.post("/m/{community}/polls/{slug}/themes/answers")
def edit_found(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """Make a theme of ticked answers, or move them, wherever they are."""
    return _edit(request, community, slug, account, session, typed, alone=False)


@router.post("/m/{community}/polls/{slug}/themes/alone")
def edit_alone(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """The same with answers that stand alone."""
    return _edit(request, community, slug, account, session, typed, alone=True)


def _edit(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, typed: TypedForm, *, alone: bool
) -> Response:
    member, poll = access_poll(session, account, community, slug, to="edit_themes")
    q = first(typed.form, "q")[:LONGEST]
    wish = with_alike(session, poll, wish_of(typed.form), answer_views.wanted(member, q, alone=alone))
    try:
        made = edit(session, poll, None, wish, by=member.account)
    except BadInput as refused:
        sent = {"new_label": wish.label, "into": first(typed.form, "into")}
        refused.fields = {FIELDS.get((wish.kind, name), name): words for name, words in refused.fields.items()}
        shown = answer_views.answers_page(
            session, member, poll, q, alone=alone, typed=sent, ticked=wish.comments, refused=refused
        )
        return page(request, "feedback/theme_answers.html", shown, status=refused.status)
    into = made.other if made and made.other else 0
    back = f"/m/{community}/themes/{into}" if into else f"/m/{community}/polls/{slug}/themes/alone"
    words = _("%(what)s. “Undo” takes it back.") % {"what": made.words} if made else _("It was so before.")
    return see_other(back, flash=words)
