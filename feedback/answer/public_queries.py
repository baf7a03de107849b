"""What anybody may see of a community: its open polls, the results that are public, and what was done."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from feedback.answer import atom
from feedback.answer.actions import WeDid, we_did
from feedback.collect.queries import is_closed
from feedback.collect.visibility import is_public
from heard.accounts.communities import community_by_slug
from heard.accounts.models import Community
from heard.kit import tokens
from heard.kit.db import DbSession
from heard.kit.i18n import _
from heard.kit.settings import settings
from polls.announce import announcing
from polls.announce.announcement_queries import AnnouncementRow, announcements_of
from polls.frozen import frozen_poll
from polls.models import Poll

MOST = 50


@dataclass(frozen=True)
class CommunityPage:
    """templates/public/community.html. `announced`: news and trials, those that go on first; `closed`: polls that ended,
    with whether their results are public."""

    community: Community
    open: list[Poll]
    closed: list[tuple[Poll, bool]]
    did: list[WeDid]
    announced: list[AnnouncementRow]
    outcomes: dict[str, str]
    accent: str  # for base_public.html


def community_page(session: DbSession, slug: str) -> CommunityPage:
    """The public page of a community: listed polls only, drafts never. Raises NotFound."""
    community = community_by_slug(session, slug)
    polls = session.exec(
        select(Poll)
        .where(Poll.community_id == community.id, col(Poll.listed).is_(True), col(Poll.status).in_(("open", "closed")))
        .order_by(col(Poll.opened_at).desc(), col(Poll.id).desc())
        .limit(4 * MOST)
    ).all()
    frozen = [(poll, frozen_poll(session, poll.slug)) for poll in polls]
    ended = [(poll, is_public(seen)) for poll, seen in frozen if is_closed(seen)]
    still_open = [poll for poll, seen in frozen if not is_closed(seen)]
    told = announcements_of(session, community.id or 0, "published", "ended")[:MOST]
    told.sort(key=lambda a: a.status == "ended")
    return CommunityPage(
        community, still_open, ended[:MOST], we_did(session, community.id or 0), told, announcing.outcome_words(),
        community.accent,
    )  # fmt: skip


def community_feed(session: DbSession, slug: str) -> bytes:
    """The Atom feed of a community: its open listed polls, news and trials, and what was done. Raises NotFound.

    All times are of the data, so that an unchanged community gives an unchanged document.
    """
    shown = community_page(session, slug)
    home = f"{settings().base_url}/c/{slug}"
    return atom.feed(
        id=_urn("community", shown.community.id),
        title=shown.community.name,
        subtitle=shown.community.mission,
        link=home,
        self_link=f"{home}/feed.atom",
        author=shown.community.name,
        language=shown.community.locale,
        since=shown.community.created_at,
        entries=[
            *map(_poll_entry, shown.open[:MOST]),
            *(_announcement_entry(told, shown.outcomes) for told in shown.announced),
            *(_action_entry(did, home) for did in shown.did),
        ],
    )


def _poll_entry(poll: Poll) -> atom.Entry:
    opened = poll.opened_at or poll.created_at
    return atom.Entry(
        id=_urn("poll", poll.id), title=poll.title, link=f"{settings().base_url}/p/{poll.slug}",
        published=opened, updated=opened, summary=poll.intro, category="poll",
    )  # fmt: skip


def _announcement_entry(told: AnnouncementRow, outcomes: dict[str, str]) -> atom.Entry:
    """One entry, moved by the outcome; its versions are on its page."""
    published = told.published_at or told.created_at
    summary = f"{outcomes[told.outcome]}\n{told.what}" if told.outcome else told.what
    return atom.Entry(
        id=_urn("announcement", told.id), title=told.title, link=f"{settings().base_url}/t/{told.slug}",
        published=published, updated=told.outcome_at or published, summary=summary, category=told.kind,
    )  # fmt: skip


def _action_entry(did: WeDid, home: str) -> atom.Entry:
    action = did.action
    said = _("You said: %(theme)s.") % {"theme": action.theme}
    did_words = _("We did (%(status)s): %(note)s") % {"status": action.status_word, "note": action.public_note}
    return atom.Entry(
        id=_urn("action", action.id), title=action.title, link=f"{home}/answers/{did.anchor}", published=action.created_at,
        updated=action.created_at, summary=f"{said}\n{did_words}", category="action",
    )  # fmt: skip


def _urn(kind: str, id: object) -> str:
    """A name that never changes and is nobody else's: from HEARD_SECRET, so that two installs do not share one."""
    return f"urn:uuid:{UUID(bytes=bytes.fromhex(tokens.hashed(tokens.derived('feed', kind, id))[:32]), version=4)}"
