"""The editor, and the overview that stands in its place once a poll is published. The preview has a file of its own."""

from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from heard.accounts.access import Member, SignedIn, access_community
from heard.kit.clock import now
from heard.kit.db import DbSession, Session
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _, speaking
from heard.kit.web import first, page, see_other
from polls.access import access_poll
from polls.frozen import freeze
from polls.kinds.kind import Kind, kinds
from polls.models import Poll
from polls.preview import preview_pages
from polls.preview.minutes import minutes, minutes_words
from polls.preview.places import CARD, DISCORD, DISCOURSE, MAIL, MASTODON, SLACK
from polls.publish import editions, publishing
from polls.publish.overview import overview, published_words
from polls.write import authoring, editor_schedule, gallery, readiness, storing
from polls.write.drafts import PollDraft, checked, differences
from polls.write.editor import (
    ConditionForm,
    EditorForm,
    QuestionForm,
    draft_from,
    field_errors,
    fields_of,
    form_from,
    form_of,
)
from polls.write.editor_moves import example, lost_conditions, rearranged
from polls.write.editor_shown import Hint, Target, hints_of, rules_in_words, targets_of
from polls.write.forms import Typed, TypedForm

router = APIRouter(include_in_schema=False)
STORING = ("save", "publish", "autosave")  # the buttons that write; all others rearrange the form
TEMPLATES_SHOWN = 6


@dataclass
class EditorPage:
    """templates/polls/editor.html. `at`: the address of the editor; `published`: the poll's status once it is no draft;
    `blank`: the question that a script adds; `focus`: the key of the question to type into first."""

    member: Member
    form: EditorForm
    at: str
    stored: bool
    published: str
    kinds: list[Kind]
    targets: list[Target]
    hints: dict[str, list[Hint]]
    lost: dict[str, int]
    notes: dict[str, str]
    rules: str
    minutes: str
    zone: str
    places: list[tuple[str, str]]
    waiting: dict[str, list[tuple[str, str]]]  # the fields of removed questions, by key
    blank: QuestionForm
    templates: list[gallery.Starter]
    all_templates: str
    message: str = ""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    frozen: bool = False  # somebody has voted meanwhile
    focus: str = ""


@router.get("/m/{community}/polls/new")
def new_poll(
    request: Request, community: str, account: SignedIn, session: Session, example: bool = False,
    template: str = Query("", max_length=40),
) -> HTMLResponse:  # fmt: skip
    """The editor: empty, with an example in it, or with a poll of the gallery."""
    member = access_community(session, account, community, to="publish")
    form = _begun(member, example, template)
    return _editor(request, member, form, focus=form.questions[0].key)


def _begun(member: Member, with_example: bool, template: str) -> EditorForm:
    form = EditorForm(locale=member.community.locale)
    if with_example:
        return example(form)
    if template:
        with speaking(form.locale):
            starter = gallery.starter(template)
        draft = PollDraft(
            starter.title, starter.questions, starter.intro, starter.locale,
            results_rule=starter.results_rule, anonymous=starter.anonymous, closes_in_days=editor_schedule.USUAL_DAYS,
        )  # fmt: skip
        return form_of(draft, 0)
    return form


@router.post("/m/{community}/polls/new")
def create_poll(request: Request, community: str, account: SignedIn, session: Session, typed: TypedForm) -> Response:
    """Store a new draft, or publish it at once."""
    member = access_community(session, account, community, to="publish")
    form, wish = form_from(typed.form), first(typed.form, "do", "save")
    if wish not in STORING:
        return _rearranged(request, member, form, wish)
    draft = draft_from(form, zone=member.community.zone, unfinished=wish != "autosave")
    try:
        _refuse(typed, form, draft, member, wish)
        poll = authoring.create_poll(session, member.community, **vars(draft), by=account)
    except BadInput as refused:
        return _refused(request, member, form, refused, wish)
    return _after_saving(request, session, member, poll, form, wish)


@router.get("/m/{community}/polls/{slug}")
def edit_or_see_poll(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, edit: bool = False,
    quiet: list[str] = Query([], max_length=100),
) -> HTMLResponse:  # fmt: skip
    """The editor of a draft, or with ?edit=1 of a published poll that nobody has answered; else its overview."""
    member, poll = access_poll(session, account, community, slug, to="read")
    frozen = freeze(session, poll)
    drafted = poll.status == "draft" and not poll.archived_at
    if member.may("publish") and (drafted or edit) and authoring.may_edit(poll):
        form = form_of(storing.draft_of(frozen), poll.revision, zone=member.community.zone)
        form.quiet = tuple(q[:80] for q in quiet)
        return _editor(request, member, form, poll)
    return page(request, "polls/overview.html", overview(session, member, poll, frozen), shows_frames=True)


@router.post("/m/{community}/polls/{slug}")
def save_poll(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """Store a draft, or store and publish it. Somebody else's edit is shown, never overwritten unseen."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    form, wish = form_from(typed.form), first(typed.form, "do", "save")
    if wish == "edition" and not authoring.may_edit(poll):
        return _as_edition(request, session, member, form, poll)
    if wish not in STORING:
        return _rearranged(request, member, form, wish, poll)
    theirs = storing.draft_of(freeze(session, poll))
    draft = draft_from(form, stored=theirs, zone=member.community.zone, unfinished=wish != "autosave")
    try:
        if authoring.may_edit(poll):
            _refuse(typed, form, draft, member, "publish" if poll.status != "draft" else wish)
        with session.begin_nested():  # a published poll that is not ready keeps its words
            authoring.edit_poll(session, poll, draft, revision=form.revision, by=account)
    except BadInput as refused:
        return _refused(request, member, form, refused, wish, poll)
    except authoring.EditedElsewhere as overtaken:
        found = differences(theirs, draft, zone=member.community.zone)
        return _overtaken(request, member, form, overtaken, wish, poll, found)
    except authoring.EditionFrozen as refused:
        return _too_late(request, member, form, refused, wish, poll)
    except readiness.PollNotReady as refused:
        words = _("Nothing was saved yet. What you typed is still here.")
        return _editor(request, member, form, poll, status=422, message=words, gaps=refused.gaps)
    return _after_saving(request, session, member, poll, form, wish)


def _as_edition(
    request: Request, session: DbSession, member: Member, form: EditorForm, poll: Poll
) -> Response:  # fmt: skip
    """The words that came too late for this poll, as a draft of its next edition. One that is begun already is shown."""
    zone, before = member.community.zone, storing.draft_of(freeze(session, poll))
    made = editions.again(session, poll, by=member.account, same_series=True)
    theirs, draft = storing.draft_of(freeze(session, made)), draft_from(form, stored=before, zone=zone)
    if theirs.questions != before.questions:
        overtaken = authoring.EditedElsewhere(made, authoring.last_editor(session, made))
        return _overtaken(request, member, form, overtaken, "save", made, differences(theirs, draft, zone=zone))
    try:
        with session.begin_nested():
            authoring.edit_poll(session, made, draft, revision=made.revision, by=member.account)
    except BadInput as refused:
        form.revision = made.revision
        return _refused(request, member, form, refused, "save", made)
    return see_other(
        _at(member, made), flash=_("Your words are a draft of the next edition. Publish it when it is ready.")
    )


def _after_saving(
    request: Request, session: DbSession, member: Member, poll: Poll, form: EditorForm, wish: str
) -> Response:
    if wish == "autosave":
        return JSONResponse({"at": _at(member, poll), "revision": poll.revision})
    told = " ".join(editor_schedule.notes(form.schedule, member.community.zone).values())
    if poll.status != "draft":
        return see_other(_at(member, poll), flash=f"{_('The poll is saved.')} {told}".strip())
    if wish == "save":
        return see_other(_at(member, poll) + _quiet_query(form), flash=_("Draft saved."))
    try:
        authoring.settle_address(session, poll)
        publishing.publish(session, poll, by=member.account)
    except readiness.PollNotReady as not_ready:
        form = form_of(storing.draft_of(freeze(session, poll)), poll.revision, zone=member.community.zone)
        words, hint = _("This poll cannot be published yet."), _("The draft is saved; nobody sees it yet.")
        return _editor(request, member, form, poll, status=422, message=words, hint=hint, gaps=not_ready.gaps)
    said = published_words(poll, member.community.zone)
    return see_other(f"{_at(member, poll)}/sharing", flash=f"{said} {told}".strip())


def _quiet_query(form: EditorForm) -> str:
    """Advice that was put aside stays so: from here on the questions' keys are their places."""
    from urllib.parse import urlencode

    places = {q.key: str(at) for at, q in enumerate(form.questions)}
    kept = [(places.get(key, key), rest) for key, _sep, rest in (one.partition(":") for one in form.quiet)]
    return "?" + urlencode([("quiet", f"{key}:{rest}") for key, rest in kept[:20]]) if kept else ""


def _editor(
    request: Request, member: Member, form: EditorForm, poll: Poll | None = None, *, status: int = 200, **more: Any
) -> HTMLResponse:
    new_at, zone = f"/m/{member.community.slug}/polls/new", member.community.zone
    draft = draft_from(form, zone=zone, unfinished=False)
    untouched = poll is None and all(q.empty for q in form.questions) and not (form.title or form.intro)
    shown = EditorPage(
        member, form, _at(member, poll) if poll else new_at, stored=poll is not None,
        published=poll.status if poll and poll.status != "draft" else "", kinds=list(kinds().values()),
        targets=targets_of(form, draft), hints=hints_of(form, draft), lost=lost_conditions(form),
        notes=editor_schedule.notes(form.schedule, zone), rules=rules_in_words(form, zone),
        minutes=_("Takes %(time)s to answer") % {"time": minutes_words(minutes(draft.questions))}, zone=zone,
        places=_places(), waiting={q.key: fields_of(q) for _at, q in form.removed},
        blank=QuestionForm("zz", shuffled=True, conditions=[ConditionForm("yy")]),
        templates=list(gallery.gallery()[:TEMPLATES_SHOWN]) if untouched else [],
        all_templates=f"/m/{member.community.slug}/polls/templates", **more,
    )  # fmt: skip
    return page(request, "polls/editor.html", shown, status=status, shows_frames=True)


def _places() -> list[tuple[str, str]]:
    named = [(p.name, p.label) for p in (SLACK, DISCORD, MASTODON, DISCOURSE)]
    return [(preview_pages.PHONE, _("Phone page")), (CARD.name, _("Card")), *named, (MAIL.name, _("Mail"))]


def _rearranged(
    request: Request, member: Member, form: EditorForm, wish: str, poll: Poll | None = None
) -> HTMLResponse:
    form, focus = rearranged(form, wish)
    return _editor(request, member, form, poll, focus=focus)


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


def _too_late(request: Request, member: Member, form: EditorForm, refused: Refused, wish: str, poll: Poll) -> Response:
    if wish == "autosave":
        return _as_json(refused)
    if poll.status not in ("draft", "scheduled", "open"):
        raise refused
    words = {"message": refused.message, "hint": refused.hint}
    return _editor(request, member, form, poll, status=409, frozen=True, **words)


def _as_json(refused: Refused) -> JSONResponse:
    return JSONResponse(refused.as_json(), refused.status)


def _refuse(typed: Typed, form: EditorForm, draft: PollDraft, member: Member, wish: str) -> None:
    """Raise BadInput for everything that cannot be stored, each at its field."""
    where = _("It is shown as � in the form; take it out.")
    wrong = {name: f"{why} {where}" for name, why in typed.refused.items()}
    wrong |= editor_schedule.problems(form.schedule, member.community.zone)
    if wish == "publish" and draft.closes_at and draft.closes_at <= now():
        wrong["closes_at"] = _("This time has passed. Choose a later one.")
    try:
        checked(draft)
    except BadInput as refused:
        wrong = {**refused.fields, **wrong}
    if wrong:
        raise BadInput(next(iter(wrong.values())), fields=wrong)


def _at(member: Member, poll: Poll) -> str:
    return f"/m/{member.community.slug}/polls/{poll.slug}"


router.include_router(preview_pages.router)
