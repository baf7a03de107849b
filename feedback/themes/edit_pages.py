"""The forms that change themes, on the page of a theme; and the undo, on that of all themes."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from feedback.access import access_theme
from feedback.themes import undoing
from feedback.themes import views as theme_views
from feedback.themes.answers_of import Wanted, said_alike
from feedback.themes.changes import row_of
from feedback.themes.editing import Wish, edit
from heard.accounts.access import SignedIn
from heard.kit.db import DbSession, Session, reading, release
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.web import Form, first, page, see_other
from polls.access import access_poll
from polls.models import Poll
from polls.write.forms import TypedForm

router = APIRouter(include_in_schema=False)
FIELDS = {
    ("split", "label"): "new_label",
    ("move", "into"): "to",
}  # what the page calls them, where two forms have one


@router.post("/m/{community}/themes/{theme_id}/edits")
def edit_theme(
    request: Request, community: str, theme_id: int, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """Merge, split, pin or hide a theme, or move answers out of it."""
    member, poll, found = access_theme(session, account, community, theme_id, to="edit_themes")
    wish = with_alike(session, poll, wish_of(typed.form), Wanted(found))
    try:
        made = edit(session, poll, found, wish, by=member.account)
    except BadInput as refused:
        sent = {"new_label": wish.label, "into": first(typed.form, "into")}
        refused.fields = {FIELDS.get((wish.kind, name), name): words for name, words in refused.fields.items()}
        shown = theme_views.theme_page(session, member, poll, found, typed=sent, ticked=wish.comments, refused=refused)
        return page(request, "feedback/theme.html", shown, status=refused.status)
    went = made.other if made and made.kind == "merge" else theme_id
    words = _("%(what)s. “Undo” takes it back.") % {"what": made.words} if made else _("It was so before.")
    return see_other(f"/m/{community}/themes/{went}", flash=words)


def wish_of(form: Form) -> Wish:
    """What a form of a theme, or of a list of answers, wishes."""
    into = first(form, "into")
    return Wish(
        first(form, "kind"), first(form, "new_label"), None if into == "alone" else _whole(into),
        comments=[_whole(one) for one in form.get("comment", [])], on=first(form, "on") != "no",
    )  # fmt: skip


def with_alike(session: DbSession, poll: Poll, wish: Wish, wanted: Wanted) -> Wish:
    """The wish with all answers that say the same as a ticked one, in the list where it was ticked. They are looked for with
    nothing open, so that votes need not wait; the edit looks again whether each is there."""
    if not wish.comments or wish.kind not in ("split", "move"):
        return wish
    release(session)
    with reading() as read:  # a long list is folded without the write lock
        return replace(wish, alike=said_alike(read, poll.id or 0, wanted, wish.comments))


def _whole(text: str) -> int:
    """A number as it was sent; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and int(text[:20]) < 2**63 else 0


@router.post("/m/{community}/polls/{slug}/themes/edits/{edit_id}/undoing")
def undo(
    community: str, slug: str, edit_id: int, account: SignedIn, session: Session, typed: TypedForm
) -> RedirectResponse:
    """Take the newest change back."""
    member, poll = access_poll(session, account, community, slug, to="edit_themes")
    found = undoing.edit_of(session, poll, edit_id)
    undoing.undo(session, found, by=member.account)
    what = row_of(found, "", newest=False).words
    back = (
        f"/m/{community}/themes/{found.theme_id}"
        if first(typed.form, "from") == "theme"
        else f"/m/{community}/polls/{slug}/themes"
    )
    return see_other(back, flash=_("Taken back: %(what)s.") % {"what": what})
