"""What a share page shows, of a poll, an announcement, a version or an answer: a row for each place, with its link, its
text, and how often the link was opened. The finding of a closed poll is made above, and handed down in `Told`.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from heard.accounts import audit
from heard.accounts.access import Member
from heard.kit import visits
from heard.kit.db import DbSession
from heard.kit.errors import BadInput, NotFound
from heard.kit.i18n import _
from heard.kit.settings import settings
from polls.models import Link, Poll
from polls.publish import links, snippets
from polls.publish.invitations import PersonalLink
from polls.publish.links import OTHER, PLACES, Target
from polls.publish.snippets import Snippet, Told

GROUPS = (
    ("networks", ("chat", "slack", "discord", "mastodon", "bluesky", "x", "linkedin", "reddit")),
    ("forums", ("discourse", "forum")), ("else", ("site", "mail", "poster")), ("own", (OTHER,)),
)  # fmt: skip
NOTHING = ("draft", "withdrawn")  # states in which there is nothing to share
FIRST = "chat"  # open when nothing else was asked for


@dataclass(frozen=True)
class ShareRow:
    """A place. `anchor`: its name on the page. `compose`: opens the place with the text written, "" where it has none."""

    anchor: str
    place: str
    label: str
    hint: str
    token: str
    address: str
    snippet: Snippet
    html: str
    frame: str
    compose: str
    visits: Counter[str]

    @property
    def machines(self) -> int:
        """Visits by drawers of previews and by scanners."""
        return self.visits["preview"] + self.visits["scanner"]


class Group(NamedTuple):
    """Rows under a heading. `name`: networks | forums | else | own."""

    name: str
    heading: str
    rows: list[ShareRow]


@dataclass
class PollSide:
    """What only a poll has. `links`: the first personal links; `all_links`: how many there are."""

    poll: Poll
    integrity: str
    results_shown: bool  # anybody may see them
    links: list[PersonalLink]
    all_links: int
    used: int


@dataclass
class SharingPage:
    """templates/polls/sharing.html. `at`: its manager page; the acts of this page stand below. `state`: draft | scheduled |
    open | closed | withdrawn. `opened`: the anchor of the row that is open. `missing`: some place has no link yet."""

    member: Member
    subject: str  # poll | announcement | version | answer
    title: str
    at: str
    up: str  # where the title leads
    plain: str  # its address without a count
    markdown: str
    told: Told
    state: str
    groups: list[Group]
    opened: str
    missing: bool
    frame_script: str
    poll_side: PollSide | None = None
    server: str = ""
    name: str = ""
    message: str = ""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """Of the answer."""
        return 422 if self.message else 200

    def refused(self, refused: BadInput, name: str = "") -> "SharingPage":
        """The page with what was wrong; `name`: of a place, as it was typed."""
        errors = dict.fromkeys(refused.fields, refused.message)
        return replace(self, message=refused.message, hint=refused.hint, errors=errors, name=name, opened="own")


class Wish(NamedTuple):
    """What the address asks for: the place that is open, and the name of a Mastodon server as it was typed."""

    place: str = ""
    server: str = ""


def sharing_page(
    session: DbSession, member: Member, target: Target, told: Told, *, subject: str, at: str, up: str, path: str, state: str, wish: Wish,
    poll_side: PollSide | None = None,
) -> SharingPage:  # fmt: skip
    """The page of one thing. A server's name that is none is said at its field."""
    found = links.links_of(session, target) if state not in NOTHING else []
    server, refused = "", None
    if wish.server:
        try:
            server = snippets.server_name(wish.server)
        except BadInput as error:
            refused = error
    seen = visits.visits_of(session, [f"link:{link.id}" for link in found])
    rows = [_row(link, told, seen[f"link:{link.id}"], server) for link in found]
    groups = [Group(name, _heading(name), [r for r in rows if r.place in of]) for name, of in GROUPS]
    anchors, plain = {row.anchor for row in rows}, settings().base_url + path
    opened = wish.place if wish.place in anchors else FIRST
    page = SharingPage(
        member, subject, told.title, at, up, plain, snippets.markdown_link(told.title, plain), told, state, groups, opened,
        not set(PLACES) <= {link.place for link in found}, snippets.frame_script(settings().base_url), poll_side,
        server or wish.server[:300],
    )  # fmt: skip
    return replace(page.refused(refused), opened="mastodon") if refused else page


def make_links(session: DbSession, member: Member, target: Target) -> None:
    """A link for each place that has none."""
    _published(session, target)
    links.make_links(session, member.community, target)
    _record(session, member, target, "links.made")


def add_link(session: DbSession, member: Member, target: Target, name: str) -> Link:
    """A place by the manager's own word. Raises BadInput."""
    _published(session, target)
    made = links.add_link(session, member.community, target, name)
    _record(session, member, target, "link.added")
    return made


def anchor_of(link: Link) -> str:
    """Its row's name on the page."""
    return f"link-{link.id}" if link.place == OTHER else link.place


def address_in(session: DbSession, target: Target, token: str, plain: str) -> str:
    """What a QR code carries: the tracked link with this token, or without one the plain path. Raises NotFound."""
    if not token:
        return settings().base_url + plain
    link = links.linked(session, target, token)
    if link is None:
        raise NotFound()
    return settings().base_url + links.address_of(link)


def integrity_sentence(voter_rule: str) -> str:
    """What one voter, one ballot means in this poll, in plain words."""
    return {
        "open": _(
            "Anyone with the link can answer, more than once if they like. Good for a mood, weak for a decision."
        ),
        "browser": _("One ballot for each browser. Somebody with two devices can answer twice."),
        "network": _(
            "One ballot for each browser. What comes beyond a number an hour from one network is set aside, for you to decide."
        ),
        "link": _("One ballot for each personal link. Whoever holds a link can use it once."),
        "sign_in": _("One ballot for each person who signs in."),
    }[voter_rule]


def _row(link: Link, told: Told, seen: Counter[str], server: str) -> ShareRow:
    base_url = settings().base_url
    address = base_url + (told.instead or links.address_of(link) + told.behind)
    made = snippets.snippet(link.place, told, address)
    site = link.place == "site"
    return ShareRow(
        anchor_of(link), link.place, links.label_of(link), _hint(link.place), link.token, address, made,
        snippets.html_link(told.title, address) if site else "",
        snippets.frame(base_url, told.frame, told.title, link.token) if site and told.frame else "",
        snippets.compose(link.place, made.subject or told.title, made.text, address, server), seen,
    )  # fmt: skip


def _heading(group: str) -> str:
    return {
        "networks": _("Chats and networks"), "forums": _("Forums"), "else": _("Web, mail and paper"),
        "own": _("Places of your own"),
    }[group]  # fmt: skip


def _hint(place: str) -> str:
    return {
        "chat": _("WhatsApp, Signal, Telegram"), "forum": _("phpBB, XenForo and others, in BBCode"),
        "discourse": _("A topic, in Markdown"), "site": _("HTML, a frame, WordPress"), "mail": _("From your own mailbox"),
        "poster": _("QR code for print"),
    }.get(place, "")  # fmt: skip


def _published(session: DbSession, target: Target) -> None:
    """Of a draft the public learns nothing, so nothing leads to it. Raises BadInput."""
    announcement_draft = target.announcement is not None and target.announcement.status == "draft"
    version_draft = target.version is not None and target.version.published_at is None
    if (target.poll is not None and target.poll.status == "draft") or announcement_draft or version_draft:
        raise BadInput(_("This is still a draft, so nothing can lead to it yet."), hint=_("Publish it first."))


def _record(session: DbSession, member: Member, target: Target, act: str) -> None:
    poll, announcement, version, path = target
    about = poll.slug if poll else f"/t/{announcement.slug}" if announcement else path or ""
    details = {"version": version.id} if version else {}
    audit.record(session, member.account, act, about, community_id=member.community.id, **details)
    session.flush()
