"""The Atom feed of a community: what opens, what came out, what is tried and what was done."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from feedback.answer import atom
from feedback.answer.actions import WeDid, we_did
from feedback.answer.public_queries import MOST, ended_polls
from feedback.collect.results_view import Finding
from heard.accounts.models import Community
from heard.kit import tokens
from heard.kit.db import DbSession
from heard.kit.i18n import _, ngettext, number
from heard.kit.settings import settings
from polls.announce import announcing
from polls.announce.announcement_queries import AnnouncementRow, VersionRow, later_versions, told_of
from polls.queries import FindablePoll, findable_polls


class Feed(NamedTuple):
    """The document, and when the newest of its entries was."""

    document: bytes
    updated: datetime


def community_feed(session: DbSession, community: Community) -> Feed:
    """Open listed polls, results that anybody may see, news and trials with their versions, answers.

    All times are of the data, so that an unchanged community gives an unchanged document.
    """
    id, home = community.id or 0, f"{settings().base_url}/c/{community.slug}"
    told = [*told_of(session, id, going_on=True, limit=MOST), *told_of(session, id, going_on=False, limit=MOST)]
    entries = [
        *map(_poll_entry, findable_polls(session, id, phase="open", limit=MOST)),
        *(_results_entry(poll, out) for poll, out in ended_polls(session, id, limit=MOST) if out and out.words),
        *map(_announcement_entry, told),
        *map(_version_entry, later_versions(session, id, limit=MOST)),
        *(_action_entry(did, home) for did in we_did(session, id, limit=MOST)),
    ]
    document = atom.feed(
        id=_urn("community", community.id),
        title=community.name,
        subtitle=community.mission,
        link=home,
        self_link=f"{home}/feed.atom",
        author=community.name,
        language=community.locale,
        since=community.created_at,
        entries=entries,
    )
    return Feed(document, max((entry.updated for entry in entries), default=community.created_at))


def _poll_entry(poll: FindablePoll) -> atom.Entry:
    return atom.Entry(
        id=_urn("poll", poll.id), title=poll.title, link=f"{settings().base_url}/p/{poll.slug}",
        published=poll.began_at, updated=poll.began_at, summary=poll.intro, category="poll",
    )  # fmt: skip


def _results_entry(poll: FindablePoll, finding: Finding) -> atom.Entry:
    """Beside the entry of the poll, which ends when it closes."""
    at = poll.ended_at or poll.began_at
    words = ngettext("%(finding)s %(n)s response.", "%(finding)s %(n)s responses.", finding.n)
    return atom.Entry(
        id=_urn("results", poll.id), title=_("Results: %(title)s") % {"title": poll.title},
        link=f"{settings().base_url}/p/{poll.slug}/results", published=at, updated=at, category="results",
        summary=words % {"finding": finding.words, "n": number(finding.n)},
    )  # fmt: skip


def _announcement_entry(told: AnnouncementRow) -> atom.Entry:
    """One entry, moved by the outcome; later versions have their own."""
    words = announcing.outcome_words()
    ended = {"outcome": words.get(told.outcome, ""), "reason": told.outcome_reason}
    summary = _("%(outcome)s: %(reason)s") % ended + f"\n{told.what}" if told.outcome else told.what
    return atom.Entry(
        id=_urn("announcement", told.id), title=told.title, link=f"{settings().base_url}/t/{told.slug}",
        published=told.told_at, updated=told.outcome_at or told.told_at, summary=summary, category=told.kind,
    )  # fmt: skip


def _version_entry(version: VersionRow) -> atom.Entry:
    title = _("%(title)s: version %(n)s") % {"title": version.title, "n": version.number}
    heard = _("What we heard: %(words)s") % {"words": version.heard} if version.heard else ""
    changed = _("What we changed: %(words)s") % {"words": version.changed} if version.changed else ""
    return atom.Entry(
        id=_urn("version", version.id), title=f"{title}, {version.name}" if version.name else title,
        link=f"{settings().base_url}/t/{version.slug}#version-{version.number}", published=version.published_at,
        updated=version.published_at, summary="\n".join(filter(None, (heard, changed))), category="version",
    )  # fmt: skip


def _action_entry(did: WeDid, home: str) -> atom.Entry:
    action = did.action
    said = _("You said: %(theme)s.") % {"theme": action.theme} if action.theme else ""
    did_words = _("We did (%(status)s): %(note)s") % {"status": action.status_word, "note": action.public_note}
    return atom.Entry(
        id=_urn("action", action.id), title=action.title, link=f"{home}/answers/{did.anchor}", published=action.created_at,
        updated=action.created_at, summary="\n".join(filter(None, (said, did_words))), category="action",
    )  # fmt: skip


def _urn(kind: str, id: object) -> str:
    """A name that never changes and is nobody else's: from HEARD_SECRET, so that two installs do not share one."""
    return f"urn:uuid:{UUID(bytes=bytes.fromhex(tokens.hashed(tokens.derived('feed', kind, id))[:32]), version=4)}"
