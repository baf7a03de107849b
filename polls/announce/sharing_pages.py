"""Where news, a trial or one of its versions goes out: link, texts and code for each place."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from heard.accounts.access import Member, SignedIn
from heard.kit.clock import now
from heard.kit.db import DbSession, Session
from heard.kit.errors import BadInput
from heard.kit.i18n import _, speaking
from heard.kit.web import first, page, see_other
from heard.kit.zones import day_in
from polls.access import access_announcement
from polls.announce import announcing, trials
from polls.announce.announcement_pages import at_of
from polls.models import Announcement, Version
from polls.publish import sharing
from polls.publish.links import Target
from polls.publish.sharing import SharingPage, Wish
from polls.publish.sharing_pages import Wished, code_file, name_in
from polls.publish.snippets import Told
from polls.write.forms import TypedForm

router = APIRouter(prefix="/m/{community}/announcements/{slug}", include_in_schema=False)


@router.get("/sharing")
@router.get("/versions/{number}/sharing")
def share(
    request: Request,
    community: str,
    slug: str,
    account: SignedIn,
    session: Session,
    wished: Wished,
    number: int | None = None,
) -> HTMLResponse:
    """Link, text, card and code for each place."""
    member, it = access_announcement(session, account, community, slug, to="read")
    shown = sharing_of(session, member, it, _version(session, it, number), wished)
    return page(request, "polls/sharing.html", shown, status=shown.status)


@router.post("/sharing")
@router.post("/versions/{number}/sharing")
def make_links(community: str, slug: str, account: SignedIn, session: Session, number: int | None = None) -> Response:
    """A link for each place that has none."""
    member, it = access_announcement(session, account, community, slug, to="publish")
    version = _version(session, it, number)
    sharing.make_links(session, member, _target(it, version))
    return see_other(f"{_at(member, it, version)}/sharing", flash=_("Each place has its link now."))


@router.post("/links")
@router.post("/versions/{number}/links")
def add_link(
    request: Request,
    community: str,
    slug: str,
    account: SignedIn,
    session: Session,
    typed: TypedForm,
    number: int | None = None,
) -> Response:
    """A place by the manager's own word."""
    member, it = access_announcement(session, account, community, slug, to="publish")
    version = _version(session, it, number)
    try:
        made = sharing.add_link(session, member, _target(it, version), name_in(typed))
    except BadInput as refused:
        shown = sharing_of(session, member, it, version, Wish()).refused(refused, first(typed.form, "name"))
        return page(request, "polls/sharing.html", shown, status=shown.status)
    anchor = sharing.anchor_of(made)
    return see_other(f"{_at(member, it, version)}/sharing?place={anchor}#{anchor}", flash=_("The link is made."))


@router.get("/qr.svg")
@router.get("/qr.png")
@router.get("/versions/{number}/qr.svg")
@router.get("/versions/{number}/qr.png")
def qr_code(
    request: Request, community: str, slug: str, account: SignedIn, session: Session, link: str = "", download: bool = False,
    number: int | None = None,
) -> Response:  # fmt: skip
    """A QR code of its page, or of one of its tracked links."""
    _member, it = access_announcement(session, account, community, slug, to="read")
    version = _version(session, it, number)
    address = sharing.address_in(session, _target(it, version), link, _path(it, version))
    return code_file(request, address, it.slug, download=download)


def told_of(session: DbSession, it: Announcement, version: Version | None, zone: str) -> Told:
    """What is told of it, in its own language."""
    with speaking(it.locale):
        title, intro = it.title, it.what
        if it.outcome:
            intro = f"{announcing.outcome_words()[it.outcome]}. {it.outcome_reason}"
        if version is not None:
            title = _("%(title)s: version %(n)s") % {"title": it.title, "n": version.number}
            lines = [(_("You said: %(words)s"), version.heard), (_("We changed: %(words)s"), version.changed)]
            told = [line % {"words": " ".join(words.split())} for line, words in lines if words]
            intro = "\n".join(told) or it.what
    running = it.kind == "trial" and it.status == "published"
    begins = it.starts_on if running and it.starts_on and it.starts_on > day_in(now(), zone) else None
    return Told(
        title, intro, it.locale, opens=begins, closes=it.ends_on if running else None, picture=f"/t/{it.slug}/card.png"
    )


def sharing_of(
    session: DbSession, member: Member, it: Announcement, version: Version | None, wished: Wish
) -> SharingPage:
    state = "draft" if it.status == "draft" else "closed" if it.outcome else "open"
    if version is not None and version.published_at is None:
        state = "draft"
    up = at_of(member, it)
    return sharing.sharing_page(
        session, member, _target(it, version), told_of(session, it, version, member.community.zone),
        subject="version" if version else "announcement", at=_at(member, it, version),
        up=f"{up}#version-{version.number}" if version else up, path=_path(it, version), state=state,
        wish=wished,
    )  # fmt: skip


def _target(it: Announcement, version: Version | None) -> Target:
    return Target(version=version) if version else Target(announcement=it)


def _path(it: Announcement, version: Version | None) -> str:
    return f"/t/{it.slug}" + (f"#version-{version.number}" if version else "")


def _version(session: DbSession, it: Announcement, number: int | None) -> Version | None:
    return trials.version_of(session, it, number) if number is not None else None


def _at(member: Member, it: Announcement, version: Version | None) -> str:
    return at_of(member, it) + (f"/versions/{version.number}" if version else "")
