"""Where a "we did" goes out, and the list of all that can be shared."""

from dataclasses import dataclass

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from feedback.access import access_action
from feedback.answer import actions
from feedback.answer.shareable import Shareable, shareable
from feedback.models import Action
from heard.accounts.access import Member, SignedIn, access_community
from heard.accounts.models import Community
from heard.kit.db import DbSession, Session
from heard.kit.errors import BadInput
from heard.kit.i18n import _, ngettext, number, speaking
from heard.kit.web import first, page, see_other
from polls.publish import sharing
from polls.publish.links import Target
from polls.publish.sharing import SharingPage, Wish
from polls.publish.sharing_pages import Wished, code_file, name_in
from polls.publish.snippets import Told
from polls.write.forms import TypedForm

router = APIRouter(prefix="/m/{community}", include_in_schema=False)


@dataclass
class SharesPage:
    """templates/feedback/shares.html. `to`: the list of contacts that is to be invited to one of them, or 0."""

    member: Member
    rows: list[Shareable]
    to: int


@router.get("/sharing")
def list_shares(
    request: Request, community: str, account: SignedIn, session: Session, to: int = Query(0, alias="list", ge=0)
) -> HTMLResponse:
    """Open polls, news, trials and answers, the newest first; for a list of contacts, the polls it may be invited to."""
    member = access_community(session, account, community, to="read")
    rows = [row for row in shareable(session, member.community) if row.mailings or not to]
    return page(request, "feedback/shares.html", SharesPage(member, rows, to))


@router.get("/actions/{action_id}/sharing")
def share_answer(
    request: Request, community: str, action_id: int, account: SignedIn, session: Session, wished: Wished
) -> HTMLResponse:
    """Link, text, card and code for each place."""
    member, action = access_action(session, account, community, action_id, to="read")
    shown = sharing_of(session, member, action, wished)
    return page(request, "polls/sharing.html", shown, status=shown.status)


@router.post("/actions/{action_id}/sharing")
def make_links(community: str, action_id: int, account: SignedIn, session: Session) -> Response:
    """A link for each place; answers of earlier releases have none."""
    member, action = access_action(session, account, community, action_id, to="publish")
    sharing.make_links(session, member, _target(member.community, action))
    return see_other(f"{_at(member, action)}/sharing", flash=_("Each place has its link now."))


@router.post("/actions/{action_id}/links")
def add_link(
    request: Request, community: str, action_id: int, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """A place by the manager's own word."""
    member, action = access_action(session, account, community, action_id, to="publish")
    try:
        made = sharing.add_link(session, member, _target(member.community, action), name_in(typed))
    except BadInput as refused:
        shown = sharing_of(session, member, action, Wish()).refused(refused, first(typed.form, "name"))
        return page(request, "polls/sharing.html", shown, status=shown.status)
    anchor = sharing.anchor_of(made)
    return see_other(f"{_at(member, action)}/sharing?place={anchor}#{anchor}", flash=_("The link is made."))


@router.get("/actions/{action_id}/qr.svg")
@router.get("/actions/{action_id}/qr.png")
def qr_code(
    request: Request, community: str, action_id: int, account: SignedIn, session: Session, link: str = "",
    download: bool = False,
) -> Response:  # fmt: skip
    """A QR code of the answer's page, or of one of its tracked links."""
    member, action = access_action(session, account, community, action_id, to="read")
    target = _target(member.community, action)
    address = sharing.address_in(session, target, link, target.path or "")
    return code_file(request, address, actions.anchor_of(action), download=download)


def told_of(session: DbSession, community: Community, action: Action) -> Told:
    """What is told of it, in the community's language: no more than its public page tells."""
    did = actions.told_of(session, action)
    with speaking(community.locale):
        title = _("%(status)s: %(title)s") % {"status": did.action.status_word, "title": action.title}
        asked = [_("We asked: %(words)s") % {"words": did.question}] if did.question else []
        said = _("You said: %(words)s") % {"words": did.action.theme} if did.action.theme else ""
        if did.said:
            many = ngettext("%(said)s (%(n)s of you)", "%(said)s (%(n)s of you)", did.said)
            said = many % {"said": said, "n": number(did.said)}
        intro = "\n".join(filter(None, [*asked, said, action.public_note]))
    return Told(title, intro, community.locale, picture=f"{actions.page_of(community, action)}/card.png")


def sharing_of(session: DbSession, member: Member, action: Action, wished: Wish) -> SharingPage:
    target = _target(member.community, action)
    return sharing.sharing_page(
        session, member, target, told_of(session, member.community, action), subject="answer", at=_at(member, action),
        up=f"/m/{member.community.slug}/answers", path=target.path or "", state="withdrawn" if action.withdrawn_at else "open",
        wish=wished,
    )  # fmt: skip


def _target(community: Community, action: Action) -> Target:
    return Target(path=actions.page_of(community, action))


def _at(member: Member, action: Action) -> str:
    return f"/m/{member.community.slug}/actions/{action.id}"
