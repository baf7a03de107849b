"""The editor with its preview, and the overview that stands in its place once a poll is published."""

from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from heard.accounts.access import Member, SignedIn, access_community
from heard.kit.db import DbSession, Session
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _, speaking
from heard.kit.web import first, page, see_other
from polls import authoring, publishing, readiness, storing
from polls.access import access_poll
from polls.drafts import PollDraft, differences
from polls.editor import EditorForm, QuestionForm, draft_from, field_errors, form_from, form_of, previewed, rearranged
from polls.forms import Typed, TypedForm
from polls.frozen import freeze
from polls.kinds.kind import FrozenQuestion, Kind, kinds
from polls.models import Poll
from polls.overview import overview, published_words

router = APIRouter(include_in_schema=False)
STORING = ("save", "publish", "autosave")  # the buttons that write; all others rearrange the form


@dataclass
class EditorPage:
    """templates/polls/editor.html. `at`: the address of the editor; `blank`: the question that a script adds;
    `focus`: the key of the question to type into first."""

    member: Member
    form: EditorForm
    at: str
    stored: bool
    kinds: list[Kind]
    blank: QuestionForm
    message: str = ""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    focus: str = ""


@dataclass
class PreviewPage:
    """templates/polls/preview.html"""

    community_name: str
    accent: str
    title: str
    intro: str
    questions: tuple[FrozenQuestion, ...]


@router.get("/m/{community}/polls/new")
def new_poll(
    request: Request, community: str, account: SignedIn, session: Session, example: bool = False
) -> HTMLResponse:
    """The editor, empty or with an example in it."""
    member = access_community(session, account, community, to="publish")
    form = EditorForm(locale=member.community.locale)
    if example:
        with speaking(form.locale):
            form.questions = [
                QuestionForm("0", "single", _("What should we plant first?"), _("Tomatoes\nBeans\nSunflowers")),
                QuestionForm("1", "long_text", _("What would make you come more often?")),
            ]
    return _editor(request, member, form, focus=form.questions[0].key)


@router.post("/m/{community}/polls/new")
def create_poll(request: Request, community: str, account: SignedIn, session: Session, typed: TypedForm) -> Response:
    """Store a new draft, or publish it at once."""
    member = access_community(session, account, community, to="publish")
    form, wish = form_from(typed.form), first(typed.form, "do", "save")
    if wish not in STORING:
        return _rearranged(request, member, form, wish)
    try:
        _refuse(typed)
        draft = draft_from(form)
        poll = authoring.create_poll(session, member.community, **vars(draft), by=account)
    except BadInput as refused:
        return _refused(request, member, form, refused, wish)
    return _after_saving(request, session, member, poll, wish)


@router.get("/m/{community}/polls/{slug}")
def edit_or_see_poll(request: Request, community: str, slug: str, account: SignedIn, session: Session) -> HTMLResponse:
    """The editor of a draft; the overview of a published poll, and for those who may not publish."""
    member, poll = access_poll(session, account, community, slug, to="read")
    frozen = freeze(session, poll)
    if poll.status == "draft" and not poll.archived_at and member.may("publish"):
        return _editor(request, member, form_of(storing.draft_of(frozen), poll.revision), poll)
    return page(request, "polls/overview.html", overview(session, member, poll, frozen), shows_frames=True)


@router.post("/m/{community}/polls/{slug}")
def save_poll(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """Store a draft, or store and publish it. Somebody else's edit is shown, never overwritten unseen."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    form, wish = form_from(typed.form), first(typed.form, "do", "save")
    if poll.status == "draft" and wish not in STORING:
        return _rearranged(request, member, form, wish, poll)
    theirs = storing.draft_of(freeze(session, poll))
    draft = draft_from(form, stored=theirs)
    try:
        _refuse(typed)
        authoring.edit_poll(session, poll, draft, revision=form.revision, by=account)
    except BadInput as refused:
        return _refused(request, member, form, refused, wish, poll)
    except authoring.EditedElsewhere as overtaken:
        return _overtaken(request, member, form, overtaken, wish, poll, differences(theirs, draft))
    except authoring.EditionFrozen as frozen:
        if wish == "autosave":
            return _as_json(frozen)
        raise
    return _after_saving(request, session, member, poll, wish)


def _after_saving(request: Request, session: DbSession, member: Member, poll: Poll, wish: str) -> Response:
    if wish == "autosave":
        return JSONResponse({"at": _at(member, poll), "revision": poll.revision})
    if wish == "save":
        return see_other(_at(member, poll), flash=_("Draft saved."))
    try:
        authoring.settle_address(session, poll)
        publishing.publish(session, poll, by=member.account)
    except readiness.PollNotReady as not_ready:
        form = form_of(storing.draft_of(freeze(session, poll)), poll.revision)
        words, hint = _("This poll cannot be published yet."), _("The draft is saved; nobody sees it yet.")
        return _editor(request, member, form, poll, status=422, message=words, hint=hint, gaps=not_ready.gaps)
    return see_other(f"{_at(member, poll)}/sharing", flash=published_words(poll, member.community.zone))


@router.get("/m/{community}/polls/new/preview")
def preview_nothing(request: Request, community: str, account: SignedIn, session: Session) -> HTMLResponse:
    """What the frame shows before anything was typed."""
    member = access_community(session, account, community, to="publish")
    return _preview(request, member, draft_from(EditorForm(locale=member.community.locale)))


@router.post("/m/{community}/polls/new/preview")
def preview_new(
    request: Request, community: str, account: SignedIn, session: Session, typed: TypedForm
) -> HTMLResponse:
    """The ballot of a form that is not stored."""
    member = access_community(session, account, community, to="publish")
    return _preview(request, member, draft_from(form_from(typed.form)))


@router.get("/m/{community}/polls/{slug}/preview")
def preview_stored(request: Request, community: str, slug: str, account: SignedIn, session: Session) -> HTMLResponse:
    """The ballot of a stored poll, without voting."""
    member, poll = access_poll(session, account, community, slug, to="read")
    return _preview(request, member, storing.draft_of(freeze(session, poll)))


@router.post("/m/{community}/polls/{slug}/preview")
def preview_typed(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, typed: TypedForm
) -> HTMLResponse:
    """The ballot as the editor's fields stand; nothing is stored."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    stored = storing.draft_of(freeze(session, poll))
    return _preview(request, member, draft_from(form_from(typed.form), stored=stored))


def _preview(request: Request, member: Member, draft: PollDraft) -> HTMLResponse:
    home = member.community
    with speaking(draft.locale):
        questions = previewed(draft)
        title = draft.title or next((q.wording for q in questions), "")
        shown = PreviewPage(home.name, home.accent, title, draft.intro, questions)
        return page(request, "polls/preview.html", shown, frames="'self'")


def _editor(
    request: Request, member: Member, form: EditorForm, poll: Poll | None = None, *, status: int = 200, **more: Any
) -> HTMLResponse:
    at = _at(member, poll) if poll else f"/m/{member.community.slug}/polls/new"
    shown = EditorPage(member, form, at, poll is not None, list(kinds().values()), QuestionForm("zz"), **more)
    return page(request, "polls/editor.html", shown, status=status, shows_frames=True)


def _rearranged(
    request: Request, member: Member, form: EditorForm, wish: str, poll: Poll | None = None
) -> HTMLResponse:
    form = rearranged(form, wish)
    return _editor(request, member, form, poll, focus=form.questions[-1].key if wish == "add" else "")


def _refused(
    request: Request, member: Member, form: EditorForm, refused: BadInput, wish: str, poll: Poll | None = None
) -> Response:
    if wish == "autosave":
        return _as_json(refused)
    errors, words = field_errors(form, refused.fields), _("Nothing was saved yet. What you typed is still here.")
    return _editor(request, member, form, poll, status=422, message=words, errors=errors)


def _overtaken(
    request: Request, member: Member, form: EditorForm, refused: Refused, wish: str, poll: Poll, found: list[str]
) -> Response:
    if wish == "autosave":
        return _as_json(refused)
    form.revision = poll.revision  # the next save is made knowing theirs
    words = {"message": refused.message, "hint": refused.hint, "differences": found}
    return _editor(request, member, form, poll, status=409, **words)


def _as_json(refused: Refused) -> JSONResponse:
    return JSONResponse(refused.as_json(), refused.status)


def _refuse(typed: Typed) -> None:
    if typed.refused:
        where = _("It is shown as � in the form; take it out.")
        fields = {name: f"{why} {where}" for name, why in typed.refused.items()}
        raise BadInput(next(iter(fields.values())), fields=fields)


def _at(member: Member, poll: Poll) -> str:
    return f"/m/{member.community.slug}/polls/{poll.slug}"
