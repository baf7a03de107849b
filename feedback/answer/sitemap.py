"""The sitemap: every page that search engines may name, with when it changed. Nothing that is unlisted or secret.

At most 50,000 addresses a file (sitemaps.org): of a larger site, /sitemap.xml lists parts. The order is that of the ids, so
that parts keep their pages.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from xml.etree import ElementTree as ET

from sqlalchemy import select
from sqlmodel import col

from feedback.answer.actions import path_of
from feedback.collect.visibility import is_public
from feedback.models import Action
from heard.accounts.models import Community
from heard.kit.db import DbSession
from heard.kit.settings import settings
from polls.announce.announcement_queries import last_changes
from polls.models import Poll
from polls.queries import findable_polls

MOST = 50_000
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Place(NamedTuple):
    """A page by its path, and when it last changed."""

    path: str
    changed: datetime


def places(session: DbSession) -> list[Place]:
    """Communities' pages, ballots and results of listed polls, announcements, and answers. Four statements."""
    communities = {id: (slug, at) for id, slug, at in session.execute(select(*_COMMUNITY).order_by(col(Community.id)))}
    below: list[tuple[int, Place]] = []
    for poll in findable_polls(session):
        changed = poll.ended_at or poll.began_at
        # While it is open, the page of a poll by personal link is a refusal to whoever has none.
        if poll.voter_rule != "link" or poll.phase == "closed":
            below.append((poll.community_id, Place(f"/p/{poll.slug}", changed)))
        if is_public(poll):
            below.append((poll.community_id, Place(f"/p/{poll.slug}/results", changed)))
    below += [(home, Place(f"/t/{slug}", changed)) for home, slug, changed in last_changes(session)]
    answers = (
        select(col(Action.id), col(Poll.community_id), col(Action.created_at))
        .join(Poll, col(Poll.id) == col(Action.poll_id))
        .where(col(Action.withdrawn_at).is_(None))
        .order_by(col(Action.id))
    )
    for action, home, at in session.execute(answers):
        below.append((home, Place(path_of(communities[home][0], action), at)))
    # A community that tells the public nothing is not named: its name may be all there is to keep.
    newest: dict[int, datetime] = {}
    for home, place in below:
        newest[home] = max(newest.get(home, communities[home][1]), place.changed)
    return [
        *(Place(f"/c/{communities[home][0]}", at) for home, at in sorted(newest.items())),
        *(place for _home, place in below),
    ]


_COMMUNITY = (col(Community.id), col(Community.slug), col(Community.created_at))


def parts_of(places: Sequence[Place]) -> int:
    """How many files they need."""
    return -(-len(places) // MOST)


def part(places: Sequence[Place], number: int) -> Sequence[Place]:
    """Those of one file, from 1; none for a number that is not there."""
    return places[(number - 1) * MOST : number * MOST] if number else ()


def urlset(places: Sequence[Place]) -> bytes:
    """A file of pages."""
    root = ET.Element("urlset", {"xmlns": _NAMESPACE})
    for place in places:
        url = ET.SubElement(root, "url")
        ET.SubElement(url, "loc").text = settings().base_url + place.path
        ET.SubElement(url, "lastmod").text = place.changed.astimezone(UTC).isoformat(timespec="seconds")
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def index(parts: int) -> bytes:
    """The file of files."""
    root = ET.Element("sitemapindex", {"xmlns": _NAMESPACE})
    for number in range(1, parts + 1):
        ET.SubElement(ET.SubElement(root, "sitemap"), "loc").text = f"{settings().base_url}/sitemap-{number}.xml"
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)
