"""Manager pages: the list of polls, the editor with its preview, and the overview of a published poll."""

from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from heard.accounts.access import Member, SignedIn, access_community
from heard.kit.db import DbSession, Session
from heard.kit.errors import BadInput
from heard.kit.i18n import _, speaking
from heard.kit.web import first, page, see_other
from polls import authoring, publishing, sharing_pages
from polls.access import access_poll
from polls.drafts import differences
from polls.editor import EditorForm, QuestionForm, draft_from, field_errors, form_from, form_of, previewed, rearranged
from polls.forms import Typed, TypedForm
from polls.frozen import FrozenPoll, freeze
from polls.kinds.kind import FrozenQuestion, Kind, kinds
from polls.models import Poll
from polls.queries import PollRow, polls_of

router = APIRouter(include_in_schema=False)


@dataclass
class PollsPage:
    """templates/polls/polls.html"""

    member: Member
    polls: list[PollRow]


@dataclass
class EditorPage:
    """templates/polls/editor.html. `at`: the address of the editor; `blank`: the question that a script adds."""

    member: Member
    form: EditorForm
    at: str
    kinds: list[Kind]
    stored: bool
    blank: QuestionForm
    message: str = ""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


@dataclass
class OverviewPage:
    """templates/polls/overview.html"""

    member: Member
    poll: FrozenPoll
    row: Poll
    at: str


@dataclass
class PreviewPage:
    """templates/polls/preview.html"""

    community_name: str
    accent: str
    title: str
    intro: str
    questions: tuple[FrozenQuestion, ...]


@router.get("/m/{community}/polls")
def list_polls(request: Request, community: str, account: SignedIn, session: Session) -> HTMLResponse:
    """All polls of a community."""
    member = access_community(session, account, community, to="read")
    return page(request, "polls/polls.html", PollsPage(member, polls_of(session, member.community.id or 0)))


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
    return _editor(request, member, form)


@router.post("/m/{community}/polls/new")
def create_poll(request: Request, community: str, account: SignedIn, session: Session, typed: TypedForm) -> Response:
    """Save a draft, or publish it at once. Buttons that only rearrange the form store nothing."""
    member = access_community(session, account, community, to="publish")
    form, wish = form_from(typed.form), first(typed.form, "do", "save")
    if wish not in ("save", "publish"):
        return _editor(request, member, rearranged(form, wish))
    try:
        _refuse(typed)
        draft = draft_from(form)
        poll = authoring.create_poll(
            session, member.community, draft.title, draft.questions, by=account, intro=draft.intro,
            locale=draft.locale, voter_rule=draft.voter_rule, results_rule=draft.results_rule,
            anonymous=draft.anonymous, listed=draft.listed, may_change=draft.may_change,
        )  # fmt: skip
    except BadInput as refused:
        return _refused(request, member, form, refused)
    return _after_saving(request, session, member, poll, publish=wish == "publish")


@router.get("/m/{community}/polls/{slug}")
def edit_or_see_poll(request: Request, community: str, slug: str, account: SignedIn, session: Session) -> HTMLResponse:
    """The editor of a draft; the overview of a published poll, and for those who may not publish."""
    member, poll = access_poll(session, account, community, slug, to="read")
    frozen = freeze(session, poll)
    if poll.status == "draft" and member.may("publish"):
        return _editor(request, member, form_of(authoring.draft_of(frozen), poll.revision), poll)
    return page(
        request, "polls/overview.html", OverviewPage(member, frozen, poll, _at(member, poll)), shows_frames=True
    )


@router.post("/m/{community}/polls/{slug}")
def save_poll(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """Save a draft, or save and publish it. Somebody else's edit is shown, never overwritten unseen."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    form, wish = form_from(typed.form), first(typed.form, "do", "save")
    if poll.status == "draft" and wish not in ("save", "publish"):
        return _editor(request, member, rearranged(form, wish), poll)
    theirs = authoring.draft_of(freeze(session, poll))
    draft = draft_from(form, stored=theirs)
    try:
        _refuse(typed)
        authoring.edit_poll(session, poll, draft, revision=form.revision, by=account)
    except BadInput as refused:
        return _refused(request, member, form, refused, poll)
    except authoring.EditedElsewhere as overtaken:
        form.revision = poll.revision
        found = differences(theirs, draft)
        return _editor(
            request, member, form, poll, status=409, message=overtaken.message, hint=overtaken.hint, differences=found
        )
    return _after_saving(request, session, member, poll, publish=wish == "publish")


def _after_saving(request: Request, session: DbSession, member: Member, poll: Poll, *, publish: bool) -> Response:
    at = _at(member, poll)
    if not publish:
        return see_other(at, flash=_("Draft saved."))
    try:
        publishing.open_now(session, poll, by=member.account)
    except publishing.PollNotReady as not_ready:
        form = form_of(authoring.draft_of(freeze(session, poll)), poll.revision)
        hint = _("The draft is saved; nobody sees it yet.")
        return _editor(
            request,
            member,
            form,
            poll,
            status=422,
            message=_("This poll cannot be published yet."),
            hint=hint,
            gaps=not_ready.gaps,
        )
    return see_other(f"{at}/sharing", flash=_("The poll is open. Share it where your people are."))


@router.post("/m/{community}/polls/{slug}/opening", status_code=303)
def open_poll(community: str, slug: str, account: SignedIn, session: Session) -> RedirectResponse:
    """Open a draft for voting now."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    publishing.open_now(session, poll, by=account)
    return see_other(f"{_at(member, poll)}/sharing", flash=_("The poll is open. Share it where your people are."))


@router.post("/m/{community}/polls/{slug}/closing", status_code=303)
def close_poll(community: str, slug: str, account: SignedIn, session: Session) -> RedirectResponse:
    """Close an open poll."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    publishing.close_now(session, poll, by=account)
    return see_other(_at(member, poll), flash=_("The poll is closed. Its results stay."))


@router.post("/m/{community}/polls/{slug}/reopening", status_code=303)
def reopen_poll(community: str, slug: str, account: SignedIn, session: Session) -> RedirectResponse:
    """Take votes again on a closed poll."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    publishing.reopen(session, poll, by=account)
    return see_other(_at(member, poll), flash=_("The poll is open again."))


@router.get("/m/{community}/polls/new/preview")
def preview_nothing(request: Request, community: str, account: SignedIn, session: Session) -> HTMLResponse:
    """What the frame shows before anything was typed."""
    member = access_community(session, account, community, to="publish")
    return _preview(request, member, EditorForm(locale=member.community.locale))


@router.post("/m/{community}/polls/new/preview")
def preview_new(
    request: Request, community: str, account: SignedIn, session: Session, typed: TypedForm
) -> HTMLResponse:
    """The ballot of a form that is not stored."""
    member = access_community(session, account, community, to="publish")
    return _preview(request, member, form_from(typed.form))


@router.get("/m/{community}/polls/{slug}/preview")
def preview_stored(request: Request, community: str, slug: str, account: SignedIn, session: Session) -> HTMLResponse:
    """The ballot of a stored poll, without voting."""
    member, poll = access_poll(session, account, community, slug, to="read")
    return _preview(request, member, form_of(authoring.draft_of(freeze(session, poll)), poll.revision))


@router.post("/m/{community}/polls/{slug}/preview")
def preview_typed(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, typed: TypedForm
) -> HTMLResponse:
    """The ballot as the editor's fields stand; nothing is stored."""
    member, _poll = access_poll(session, account, community, slug, to="publish")
    return _preview(request, member, form_from(typed.form))


def _preview(request: Request, member: Member, form: EditorForm) -> HTMLResponse:
    draft, home = draft_from(form), member.community
    with speaking(draft.locale):
        questions = previewed(draft)
        title = draft.title or next((q.wording for q in questions), "")
        shown = PreviewPage(home.name, home.accent, title, draft.intro, questions)
        return page(request, "polls/preview.html", shown, frames="'self'")


def _editor(
    request: Request, member: Member, form: EditorForm, poll: Poll | None = None, *, status: int = 200,
    message: str = "", hint: str = "", errors: dict[str, str] | None = None, gaps: list[str] | None = None,
    differences: list[str] | None = None,
) -> HTMLResponse:  # fmt: skip
    at = _at(member, poll) if poll else f"/m/{member.community.slug}/polls/new"
    shown = EditorPage(
        member, form, at, list(kinds().values()), poll is not None, QuestionForm("zz"), message, hint, errors or {},
        gaps or [], differences or [],
    )  # fmt: skip
    return page(request, "polls/editor.html", shown, status=status, shows_frames=True)


def _refused(
    request: Request, member: Member, form: EditorForm, refused: BadInput, poll: Poll | None = None
) -> HTMLResponse:
    errors = field_errors(form, refused.fields)
    return _editor(request, member, form, poll, status=422, message=refused.message, hint=refused.hint, errors=errors)


def _refuse(typed: Typed) -> None:
    if typed.refused:
        hint = _("It is shown as � in the form. Take it out and save again.")
        raise BadInput(next(iter(typed.refused.values())), hint=hint, fields=typed.refused)


def _at(member: Member, poll: Poll) -> str:
    return f"/m/{member.community.slug}/polls/{poll.slug}"


router.include_router(sharing_pages.router)
