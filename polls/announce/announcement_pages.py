"""Manager pages of news and trials: the list, the editor, publishing, the end. What came of a trial is shown above, in feedback."""

from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from heard.accounts.access import Member, SignedIn, access_community
from heard.kit.db import DbSession, Session
from heard.kit.errors import BadInput
from heard.kit.i18n import _, speaking
from heard.kit.web import first, page, see_other
from polls.access import access_announcement
from polls.announce import announcing
from polls.announce.announcement_queries import AnnouncementRow, announcements_of
from polls.announce.announcing import AnnouncementForm
from polls.models import Announcement
from polls.write.forms import Typed, TypedForm

router = APIRouter(include_in_schema=False)


@dataclass
class AnnouncementsPage:
    """templates/polls/announcements.html"""

    member: Member
    rows: list[AnnouncementRow]
    outcomes: dict[str, str]


@dataclass
class AnnouncementEditorPage:
    """templates/polls/announcement_editor.html. `back`: where the page leads when nothing is saved."""

    member: Member
    form: AnnouncementForm
    at: str
    back: str
    revision: int
    status: str  # new | draft | published
    fixed: bool  # what is published stays news, or a trial
    message: str = ""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)


@router.get("/m/{community}/announcements")
def list_announcements(request: Request, community: str, account: SignedIn, session: Session) -> HTMLResponse:
    """All news and trials of a community."""
    member = access_community(session, account, community, to="read")
    rows = announcements_of(session, member.community.id or 0)
    return page(request, "polls/announcements.html", AnnouncementsPage(member, rows, announcing.outcome_words()))


@router.get("/m/{community}/announcements/new")
def new_announcement(
    request: Request, community: str, account: SignedIn, session: Session, kind: str = "trial"
) -> HTMLResponse:
    """The editor, empty."""
    member = access_community(session, account, community, to="publish")
    home = member.community
    with speaking(home.locale):
        consent = announcing.usual_consent(home)
    form = AnnouncementForm(kind="news" if kind == "news" else "trial", consent=consent, locale=home.locale)
    return _editor(request, member, form)


@router.post("/m/{community}/announcements/new")
def create_announcement(
    request: Request, community: str, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """Store a new draft, or publish it at once."""
    member = access_community(session, account, community, to="publish")
    form = form_from(typed)
    try:
        _refuse(typed)
        made = announcing.create(session, member.community, form, by=account)
    except BadInput as refused:
        return _editor(request, member, form, refused=refused)
    return _after_saving(request, session, member, made, form, first(typed.form, "do", "save"))


@router.get("/m/{community}/announcements/{slug}/text")
def edit_announcement(request: Request, community: str, slug: str, account: SignedIn, session: Session) -> HTMLResponse:
    """The editor of a draft, and of what is published and goes on."""
    member, announcement = access_announcement(session, account, community, slug, to="publish")
    if announcement.status == "ended":
        raise announcing.AnnouncementEnded(announcement)
    return editor_of(request, member, announcement)


@router.post("/m/{community}/announcements/{slug}/text")
def save_announcement(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """Store it, or store and publish it. Somebody else's edit is shown, never overwritten unseen."""
    member, announcement = access_announcement(session, account, community, slug, to="publish")
    form, revision = form_from(typed), first(typed.form, "revision", "0")
    if announcement.status != "draft" and not first(typed.form, "kind"):
        form = replace(form, kind=announcement.kind)  # its choice is not offered any more
    try:
        _refuse(typed)
        number = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0
        announcing.edit(session, announcement, form, revision=number, by=account)
    except BadInput as refused:
        return _editor(request, member, form, announcement, refused=refused, revision=revision)
    except announcing.SavedElsewhere as overtaken:
        found = announcing.differences(announcement, form)
        return _editor(
            request, member, form, announcement, status=409, message=overtaken.message, hint=overtaken.hint,
            differences=found,
        )  # fmt: skip
    return _after_saving(request, session, member, announcement, form, first(typed.form, "do", "save"))


def _after_saving(
    request: Request, session: DbSession, member: Member, announcement: Announcement, form: AnnouncementForm, wish: str
) -> Response:
    if wish != "publish" or announcement.status != "draft":
        return see_other(at_of(member, announcement), flash=_("Saved."))
    try:
        announcing.publish(session, announcement, by=member.account)
    except BadInput as refused:
        words = _("The draft is saved; nobody sees it yet.")
        return _editor(
            request, member, form, announcement, status=422, message=refused.message, hint=words, errors=refused.fields
        )
    return see_other(at_of(member, announcement), flash=_("Published. Its page is open to everybody."))


def editor_of(request: Request, member: Member, announcement: Announcement) -> HTMLResponse:
    """The editor of what is stored."""
    return _editor(request, member, announcing.form_of(announcement), announcement)


def form_from(typed: Typed) -> AnnouncementForm:
    """The fields as they were sent, whatever is in them."""
    sent = typed.form
    names = ("title", "what", "audience", "how", "starts_on", "ends_on", "places", "consent")
    return AnnouncementForm(
        kind=first(sent, "kind"), locale=first(sent, "locale", "en"), **{name: first(sent, name) for name in names}
    )


def at_of(member: Member, announcement: Announcement) -> str:
    """Its manager page."""
    return f"/m/{member.community.slug}/announcements/{announcement.slug}"


def _editor(
    request: Request, member: Member, form: AnnouncementForm, announcement: Announcement | None = None, *,
    refused: BadInput | None = None, revision: str = "", status: int = 200, **more: Any,
) -> HTMLResponse:  # fmt: skip
    home = f"/m/{member.community.slug}/announcements"
    at = at_of(member, announcement) if announcement else ""
    shown = AnnouncementEditorPage(
        member, form, f"{at}/text" if at else f"{home}/new",
        at if announcement and announcement.status != "draft" else home,
        announcement.revision if announcement else 0, announcement.status if announcement else "new",
        announcement is not None and announcement.status != "draft", **more,
    )  # fmt: skip
    if refused:
        status, shown.message, shown.hint, shown.errors = 422, refused.message, refused.hint, refused.fields
        # what was typed belongs to the revision it began with
        shown.revision = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0
    return page(request, "polls/announcement_editor.html", shown, status=status)


def _refuse(typed: Typed) -> None:
    if typed.refused:
        where = _("It is shown as � in the form; take it out.")
        fields = {name: f"{why} {where}" for name, why in typed.refused.items()}
        raise BadInput(next(iter(fields.values())), fields=fields)
