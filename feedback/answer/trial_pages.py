"""Manager pages of news and trials: what came of them, the end, and the versions with the themes they answer."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from feedback.answer import hearing, trial_views
from feedback.answer.trial_views import VersionPage
from heard.accounts.access import Member, SignedIn
from heard.kit.db import DbSession, Session
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _
from heard.kit.web import Form, first, page, see_other
from polls.access import access_announcement
from polls.announce import announcing, trials
from polls.announce.announcement_pages import at_of, editor_of
from polls.models import Announcement
from polls.write.forms import TypedForm

router = APIRouter(prefix="/m/{community}/announcements/{slug}", include_in_schema=False)


@router.get("")
def announcement(request: Request, community: str, slug: str, account: SignedIn, session: Session) -> HTMLResponse:
    """The editor of a draft; what came of it once it is published."""
    member, it = access_announcement(session, account, community, slug, to="read")
    if it.status == "draft" and member.may("publish"):
        return editor_of(request, member, it)
    return page(request, "feedback/announcement.html", trial_views.trial_page(session, member, it))


@router.post("/end")
def end(request: Request, community: str, slug: str, account: SignedIn, session: Session, typed: TypedForm) -> Response:
    """News ends; a trial ends with what becomes of it, and why."""
    member, it = access_announcement(session, account, community, slug, to="publish")
    values = {"outcome": first(typed.form, "outcome"), "reason": first(typed.form, "reason")}
    try:
        _refuse(typed.refused)
        trials.end(session, it, values["outcome"], values["reason"], by=account)
    except BadInput as refused:
        shown = trial_views.trial_page(session, member, it)
        shown.values, shown.message, shown.hint, shown.errors = values, refused.message, refused.hint, refused.fields
        return page(request, "feedback/announcement.html", shown, status=422)
    told = _("The trial has ended. Everybody who takes part is told.")
    return see_other(at_of(member, it), flash=told if it.kind == "trial" else _("It has ended. Its page stays."))


@router.get("/versions/{number}")
def version(
    request: Request, community: str, slug: str, number: int, account: SignedIn, session: Session
) -> HTMLResponse:
    """One version: its words while it is a draft, and the themes it answers."""
    member, it = access_announcement(session, account, community, slug, to="publish")
    shown = trial_views.version_page(session, member, it, trials.version_of(session, it, number))
    return page(request, "feedback/version.html", shown)


@router.post("/versions/{number}")
def save_version(
    request: Request, community: str, slug: str, number: int, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """Store a draft's words and its themes, and publish it where that is wished; of a published one the themes only."""
    member, it = access_announcement(session, account, community, slug, to="publish")
    row = trials.version_of(session, it, number)
    try:
        _refuse(typed.refused)
        words, began = {n: first(typed.form, n) for n in trials.LONGEST}, _number(first(typed.form, "revision"))
        themes = [_number(t) for t in typed.form.get("themes", [])]
        hearing.save_version(session, it, row, {} if row.published_at else words, themes, revision=began, by=account)
    except (BadInput, announcing.SavedElsewhere) as refused:
        shown = trial_views.version_page(session, member, it, row)
        if isinstance(refused, BadInput):  # it belongs to the revision it began with
            shown.revision = _number(first(typed.form, "revision"))
        return _refused(request, shown, typed.form, refused)
    if first(typed.form, "do") == "publish":
        return _publish(request, session, member, it, number, typed.form)
    return see_other(at_of(member, it), flash=_("Saved."))


def _publish(
    request: Request, session: DbSession, member: Member, it: Announcement, number: int, form: Form
) -> Response:
    row = trials.version_of(session, it, number)
    try:
        trials.publish_version(session, it, row, ask="ask" in form, by=member.account)
    except BadInput as refused:
        shown = trial_views.version_page(session, member, it, row)
        shown.hint = _("The draft is saved; nobody sees it yet.")
        return _refused(request, shown, form, refused)
    words = _("Version %(n)s is published. Everybody who takes part is told.")
    return see_other(at_of(member, it), flash=words % {"n": number})


def _refused(request: Request, shown: VersionPage, form: Form, refused: Refused) -> HTMLResponse:
    """The form as it was typed."""
    values = {name: first(form, name) for name in trials.LONGEST}
    shown = replace(
        shown, values=values, message=refused.message, hint=shown.hint or refused.hint, errors=refused.fields,
        chosen={_number(t) for t in form.get("themes", [])}, ask="ask" in form,
    )  # fmt: skip
    return page(request, "feedback/version.html", shown, status=refused.status)


def _refuse(refused: dict[str, str]) -> None:
    if refused:
        where = _("It is shown as � in the form; take it out.")
        fields = {name: f"{why} {where}" for name, why in refused.items()}
        raise BadInput(next(iter(fields.values())), fields=fields)


def _number(text: str) -> int:
    """An id or revision of a form; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
