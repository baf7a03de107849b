"""Manager pages: the list of polls and a poll's life. Editor, share page, editions and files are in their own files."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from heard.accounts.access import Member, SignedIn, access_community
from heard.kit import zones
from heard.kit.db import Session
from heard.kit.errors import BadInput
from heard.kit.i18n import _, speaking
from heard.kit.web import Form, first, page, see_other
from polls.access import access_poll
from polls.models import Poll
from polls.preview.minutes import minutes_words
from polls.publish import archive, editions_pages, framing_pages, link_pages, mailing_pages, publishing, sharing_pages
from polls.publish.overview import published_words
from polls.queries import PollRow, polls_of
from polls.write import editor_pages, transfer_pages, translation_pages
from polls.write.forms import TypedForm
from polls.write.gallery import Starter, gallery

router = APIRouter(include_in_schema=False)


@dataclass
class PollsPage:
    """templates/polls/polls.html"""

    member: Member
    parts: dict[str, list[PollRow]]  # open, scheduled, draft, closed, put_away
    zone: str


@dataclass
class GalleryPage:
    """templates/polls/gallery.html. `minutes_words`: how long one takes, in words."""

    member: Member
    starters: list[Starter]
    minutes_words: Callable[[float], str] = minutes_words


@dataclass
class SchedulePage:
    """templates/polls/schedule.html: times as the fields hold them, in the community's zone."""

    member: Member
    poll: Poll
    at: str
    zone: str
    opens_at: str
    closes_at: str
    closes_in_days: str
    message: str = ""
    hint: str = ""
    errors: dict[str, str] | None = None


@dataclass
class ClosingPage:
    """templates/polls/closing.html"""

    member: Member
    poll: Poll
    at: str


@router.get("/m/{community}/polls")
def list_polls(request: Request, community: str, account: SignedIn, session: Session) -> HTMLResponse:
    """All polls of a community."""
    member = access_community(session, account, community, to="read")
    rows, away = polls_of(session, member.community.id or 0), polls_of(session, member.community.id or 0, put_away=True)
    parts = {state: [r for r in rows if r.status == state] for state in ("open", "scheduled", "draft", "closed")}
    return page(request, "polls/polls.html", PollsPage(member, parts | {"put_away": away}, member.community.zone))


@router.get("/m/{community}/polls/templates")
def show_gallery(request: Request, community: str, account: SignedIn, session: Session) -> HTMLResponse:
    """Polls to begin with: asked in the community's language, explained in the reader's."""
    member = access_community(session, account, community, to="publish")
    with speaking(member.community.locale):
        theirs = gallery()
    starters = [replace(there, why=here.why) for here, there in zip(gallery(), theirs, strict=True)]
    return page(request, "polls/gallery.html", GalleryPage(member, starters))


@router.post("/m/{community}/polls/{slug}/opening", status_code=303)
def open_poll(community: str, slug: str, account: SignedIn, session: Session) -> RedirectResponse:
    """Publish a draft, now or at its time; open a scheduled poll now."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    verb = publishing.open_now if poll.status == "scheduled" else publishing.publish
    verb(session, poll, by=account)
    said = published_words(poll, member.community.zone)
    return see_other(f"/m/{community}/polls/{poll.slug}/sharing", flash=said)


@router.get("/m/{community}/polls/{slug}/closing")
def ask_before_closing(request: Request, community: str, slug: str, account: SignedIn, session: Session) -> Response:
    """An anonymous poll cannot be opened again: its manager is asked first."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    if poll.status != "open":
        return see_other(f"/m/{community}/polls/{poll.slug}")
    return page(request, "polls/closing.html", ClosingPage(member, poll, f"/m/{community}/polls/{poll.slug}"))


@router.post("/m/{community}/polls/{slug}/closing", status_code=303)
def close_poll(community: str, slug: str, account: SignedIn, session: Session, typed: TypedForm) -> RedirectResponse:
    """Close an open poll. Its page offers to take that back for a while."""
    _member, poll = access_poll(session, account, community, slug, to="publish")
    at = f"/m/{community}/polls/{poll.slug}"
    if poll.anonymous and poll.status == "open" and not first(typed.form, "sure"):
        return see_other(f"{at}/closing")
    publishing.close_now(session, poll, by=account)
    return see_other(at, flash=_("The poll is closed. Its results stay.") if poll.anonymous else "")


@router.post("/m/{community}/polls/{slug}/reopening", status_code=303)
def reopen_poll(community: str, slug: str, account: SignedIn, session: Session) -> RedirectResponse:
    """Take votes again on a closed poll."""
    _member, poll = access_poll(session, account, community, slug, to="publish")
    publishing.reopen(session, poll, by=account)
    return see_other(f"/m/{community}/polls/{poll.slug}", flash=_("The poll is open again."))


@router.get("/m/{community}/polls/{slug}/schedule")
def show_schedule(request: Request, community: str, slug: str, account: SignedIn, session: Session) -> Response:
    """When a poll opens and closes by itself."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    if poll.status not in ("scheduled", "open"):
        raise publishing.NotOpen(poll)
    return page(request, "polls/schedule.html", _schedule(member, poll))


@router.post("/m/{community}/polls/{slug}/schedule", status_code=303)
def reschedule_poll(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """Change it. What cannot be is told beside the field, with what was typed."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    if poll.status not in ("scheduled", "open"):
        raise publishing.NotOpen(poll)
    form, zone = typed.form, member.community.zone
    try:
        opens_at, closes_at = _moment(form, "opens_at", zone), _moment(form, "closes_at", zone)
        publishing.reschedule(
            session, poll, opens_at=opens_at, closes_at=closes_at, closes_in_days=_days(form), by=account
        )
    except BadInput as refused:
        shown = _schedule(member, poll)
        for name in ("opens_at", "closes_at", "closes_in_days"):
            setattr(shown, name, first(form, name)[:40])
        shown.message, shown.hint, shown.errors = refused.message, refused.hint, refused.fields
        return page(request, "polls/schedule.html", shown, status=422)
    return see_other(f"/m/{community}/polls/{poll.slug}", flash=_said_after(poll, form, zone))


def _schedule(member: Member, poll: Poll) -> SchedulePage:
    zone = member.community.zone
    days = str(poll.closes_in_days or "") if poll.status == "scheduled" else ""
    return SchedulePage(
        member, poll, f"/m/{member.community.slug}/polls/{poll.slug}", zone, zones.local_text(poll.opens_at, zone),
        zones.local_text(poll.closes_at, zone), days, errors={},
    )  # fmt: skip


def _moment(form: Form, name: str, zone: str) -> datetime | None:
    typed = first(form, name)
    return zones.moment(typed, zone, field=name) if typed else None


def _days(form: Form) -> int | None:
    typed = first(form, "closes_in_days")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 6 and 1 <= int(typed) <= 366):
        words = _("A poll can close by itself after 1 to 366 days.")
        raise BadInput(words, fields={"closes_in_days": words})
    return int(typed)


def _said_after(poll: Poll, form: Form, zone: str) -> str:
    if poll.status == "draft":
        return _("Without an opening time the poll is a draft again.")
    said = _("The poll's times are changed.")
    for name in ("opens_at", "closes_at"):
        if (typed := first(form, name)) and zones.comes_twice(typed, zone):
            words = _("%(time)s comes twice that night; the poll takes the first.")
            said += " " + words % {"time": typed[11:16]}
    return said


@router.post("/m/{community}/polls/{slug}/archiving", status_code=303)
def put_away(community: str, slug: str, account: SignedIn, session: Session) -> RedirectResponse:
    """Take a draft or a closed poll out of the lists."""
    _member, poll = access_poll(session, account, community, slug, to="publish")
    archive.put_away(session, poll, by=account)
    words = _("“%(title)s” is put away. You find it at the end of the list.")
    return see_other(f"/m/{community}/polls", flash=words % {"title": poll.title[:120]})


@router.post("/m/{community}/polls/{slug}/restoring", status_code=303)
def bring_back(community: str, slug: str, account: SignedIn, session: Session) -> RedirectResponse:
    """Bring it back."""
    _member, poll = access_poll(session, account, community, slug, to="publish")
    archive.bring_back(session, poll, by=account)
    return see_other(f"/m/{community}/polls/{poll.slug}", flash=_("The poll is back in the list."))


router.include_router(transfer_pages.router)  # before the editor: /polls/files is no poll
router.include_router(editions_pages.router)
router.include_router(editor_pages.router)
router.include_router(sharing_pages.router)
router.include_router(framing_pages.router)
router.include_router(link_pages.router)
router.include_router(mailing_pages.router)
router.include_router(translation_pages.router)
