"""What the editor's frame shows: the ballot of what stands in the form, or its post in a place, with what there is to say."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from heard.accounts.access import Member, SignedIn, access_community
from heard.kit.clock import now
from heard.kit.db import Session
from heard.kit.i18n import _, speaking
from heard.kit.settings import settings
from heard.kit.slugs import slug_of
from heard.kit.web import page
from polls.access import access_poll
from polls.frozen import freeze
from polls.preview.minutes import minutes, minutes_words
from polls.preview.places import PlacePreview
from polls.preview.previews import Shown, ballot, post_in
from polls.write import storing
from polls.write.drafts import PollDraft, title_from
from polls.write.editor import EditorForm, draft_from, form_from, form_of
from polls.write.editor_shown import Hint, Target, hints_of, rules_in_words, targets_of
from polls.write.forms import TypedForm

router = APIRouter(include_in_schema=False)
PHONE = "phone"


@dataclass
class PreviewPage:
    """templates/polls/preview.html. `post`: None for the ballot; the rest is for the editor around the frame."""

    community_name: str
    accent: str
    title: str
    intro: str
    questions: tuple[Shown, ...]
    paged: bool
    post: PlacePreview | None
    hints: dict[str, list[Hint]]
    targets: list[Target]
    minutes: str  # from here on in the language of whoever writes; the ballot speaks its own
    rules: str
    put_aside: str
    for_you: str


@router.get("/m/{community}/polls/new/preview")
def preview_nothing(
    request: Request, community: str, account: SignedIn, session: Session, place: str = Query(PHONE, max_length=20)
) -> HTMLResponse:
    """What the frame shows before anything was typed."""
    member = access_community(session, account, community, to="publish")
    form = EditorForm(locale=member.community.locale)
    return _preview(request, member, form, draft_from(form), place)


@router.post("/m/{community}/polls/new/preview")
def preview_new(
    request: Request, community: str, account: SignedIn, session: Session, typed: TypedForm,
    place: str = Query(PHONE, max_length=20),
) -> HTMLResponse:  # fmt: skip
    """The ballot of a form that is not stored."""
    member = access_community(session, account, community, to="publish")
    form = form_from(typed.form)
    draft = draft_from(form, zone=member.community.zone, unfinished=False)
    return _preview(request, member, form, draft, place)


@router.get("/m/{community}/polls/{slug}/preview")
def preview_stored(
    request: Request, community: str, slug: str, account: SignedIn, session: Session,
    place: str = Query(PHONE, max_length=20),
) -> HTMLResponse:  # fmt: skip
    """The ballot of a stored poll, without voting."""
    member, poll = access_poll(session, account, community, slug, to="read")
    draft = storing.draft_of(freeze(session, poll))
    form = form_of(draft, poll.revision, zone=member.community.zone)
    return _preview(request, member, form, draft, place, slug)


@router.post("/m/{community}/polls/{slug}/preview")
def preview_typed(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, typed: TypedForm,
    place: str = Query(PHONE, max_length=20),
) -> HTMLResponse:  # fmt: skip
    """The ballot as the editor's fields stand; nothing is stored."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    stored, form = storing.draft_of(freeze(session, poll)), form_from(typed.form)
    draft = draft_from(form, stored=stored, zone=member.community.zone, unfinished=False)
    return _preview(request, member, form, draft, place, slug)


def _preview(
    request: Request, member: Member, form: EditorForm, draft: PollDraft, place: str, slug: str = ""
) -> HTMLResponse:
    home, time = member.community, minutes_words(minutes(draft.questions))
    said = (
        _("Takes %(time)s to answer") % {"time": time},
        rules_in_words(form, home.zone),
        _("Put aside"),
        _("For you"),
    )
    hints, targets = hints_of(form, draft), targets_of(form, draft)
    with speaking(draft.locale):
        title = draft.title or title_from(draft.questions)
        address = quote(slug or slug_of(title) or "poll")
        url = f"{settings().base_url}/p/{address}"
        post = post_in(place, draft, url=url, zone=home.zone, at=now()) if place != PHONE else None
        questions = ballot(draft) if post is None else ()
        title = title or next((q.question.wording for q in questions), "")
        shown = PreviewPage(
            home.name, home.accent, title, draft.intro, questions, draft.paged, post, hints, targets, *said,
        )  # fmt: skip
        if post is None:
            return page(request, "polls/preview.html", shown, frames="'self'")
    # The post speaks the poll's language; what is said of it, that of its manager.
    about = post_in(place, draft, url=url, zone=home.zone, at=now())
    return page(request, "polls/preview.html", replace(shown, post=about._replace(parts=post.parts)), frames="'self'")
