"""Tracked links: one for each place where something is posted. /l/{token} counts the visit and leads on.

Places are made when their poll, announcement or version goes public, in the same transaction; a manager adds more.
"""

import unicodedata
from typing import NamedTuple

from sqlmodel import col, select

from heard.accounts.models import Community
from heard.kit import tokens
from heard.kit.clock import now
from heard.kit.db import DbSession, upsert
from heard.kit.errors import BadInput, NotFound
from heard.kit.i18n import _
from polls.models import Announcement, Link, Poll, Version
from polls.preview import places
from polls.publish import editions

# Where Heard has a text ready; "other" is a place that the manager names.
PLACES = (
    "site", "mail", "chat", "slack", "discord", "mastodon", "bluesky", "x", "linkedin", "reddit", "discourse", "forum",
    "poster",
)  # fmt: skip
OTHER = "other"
MOST = 200  # links of one poll
HIDDEN = ("draft",)  # of these the public learns nothing


class Target(NamedTuple):
    """What a link leads to: exactly one of these."""

    poll: Poll | None = None
    announcement: Announcement | None = None
    version: Version | None = None
    path: str | None = None


def links_of(session: DbSession, target: Target) -> list[Link]:
    """The links of one thing in the order of PLACES, the manager's own last; of a poll, those of all its editions."""
    rows = session.exec(select(Link).where(_of(session, target))).all()
    order = {place: at for at, place in enumerate(PLACES)}
    return sorted(rows, key=lambda link: (order.get(link.place, len(order)), link.id or 0))


def make_links(session: DbSession, community: Community, target: Target) -> list[Link]:
    """A link for each of PLACES, as far as there is none yet. Twice changes nothing."""
    there = {link.place for link in links_of(session, target) if not link.name}
    _store(session, [_new(community, target, place) for place in PLACES if place not in there])
    return links_of(session, target)


def add_link(session: DbSession, community: Community, target: Target, name: str) -> Link:
    """One more place, by the manager's own word for it. Raises BadInput."""
    name = " ".join(name.split())
    there = links_of(session, target)
    if not _as_read(name) or len(name) > 120:
        raise _refused(_("Name the place, in 1 to %(n)s characters.") % {"n": 120})
    if any(_as_read(link.name) == _as_read(name) for link in there):
        raise _there_already(name)
    if len(there) >= MOST:
        raise _refused(_("There are %(n)s links already; that is as many as can be.") % {"n": MOST})
    made = _new(community, target, OTHER, name)
    _store(session, [made])
    stored = linked(session, target, made.token)
    if stored is None:
        raise _there_already(name)
    return stored


def address_of(link: Link) -> str:
    """Its path: /l/{token}."""
    return f"/l/{link.token}"


def label_of(link: Link) -> str:
    """The place in words: the manager's own, or ours in the language of this context."""
    return link.name or label_of_place(link.place)


def label_of_place(place: str) -> str:
    """One of PLACES in words."""
    ours = {"site": _("Web page"), "poster": _("Poster"), OTHER: _("Other place")}
    return ours.get(place) or places.label_of(places.place_named(place))


def linked(session: DbSession, target: Target, token: str) -> Link | None:
    """The link with this token if it leads to this."""
    if "\0" in token:  # PostgreSQL takes no such text
        return None
    return session.exec(select(Link).where(_of(session, target), Link.token == token[:40])).first()


def leads_to(session: DbSession, token: str, *, results: bool = False) -> tuple[Link, str]:
    """The link and the path it leads to at this moment; with `results`, to those of its poll.

    Raises NotFound for a link that leads nowhere (any more).
    """
    link = session.exec(select(Link).where(Link.token == token)).first()
    path = _path(session, link) if link else ""
    if results and link is not None and path:
        path = f"{path.partition('?')[0]}/results" if link.poll_id is not None else ""
    if link is None or not path:
        raise NotFound(
            _("This link leads nowhere any more."),
            hint=_("What it led to is gone, or the address is not complete. Ask whoever posted it."),
        )
    return link, path


def link_to(session: DbSession, token: str, series_id: str) -> int | None:
    """The id of the link with this token if it leads to a poll of this series."""
    if not token or "\0" in token:  # PostgreSQL takes no such text
        return None
    of_series = select(Link.id).join(Poll, col(Link.poll_id) == col(Poll.id))
    return session.exec(of_series.where(Link.token == token[:40], Poll.series_id == series_id)).first()


def _of(session: DbSession, target: Target):  # type: ignore[no-untyped-def]
    if target.poll is not None:
        return col(Link.poll_id).in_(select(Poll.id).where(Poll.series_id == target.poll.series_id))
    if target.announcement is not None:
        return col(Link.announcement_id) == target.announcement.id
    if target.version is not None:
        return col(Link.version_id) == target.version.id
    return col(Link.path) == target.path


def _new(community: Community, target: Target, place: str, name: str = "") -> Link:
    poll, announcement, version, path = target
    return Link(
        community_id=community.id or 0, token=tokens.fresh(), place=place, name=name, poll_id=poll.id if poll else None,
        announcement_id=announcement.id if announcement else None, version_id=version.id if version else None, path=path,
        created_at=now(),
    )  # fmt: skip


def _store(session: DbSession, made: list[Link]) -> None:
    """Those that are not there yet: somebody else may have pressed the same button in this moment."""
    if made:
        rows = [link.model_dump(exclude={"id"}) for link in made]
        session.execute(upsert(session, Link).values(rows).on_conflict_do_nothing())


def _as_read(name: str) -> str:
    """Without what nobody sees: two places that look alike could not be told apart."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c)[0] != "C")
    return " ".join(seen.casefold().split())


def _there_already(name: str) -> BadInput:
    return _refused(_("There is a link for “%(name)s” already.") % {"name": name})


def _refused(wrong: str) -> BadInput:
    return BadInput(wrong, fields={"name": wrong})


def _path(session: DbSession, link: Link) -> str:
    if link.poll_id is not None:
        poll = session.get_one(Poll, link.poll_id)
        newest = editions.series_of(session, poll.series_id, poll.edition, unseen=True).leads
        return f"/p/{newest.slug}?via={link.token}" if newest.status not in HIDDEN else ""
    version = session.get_one(Version, link.version_id) if link.version_id is not None else None
    announcement_id = version.announcement_id if version else link.announcement_id
    if announcement_id is None:
        return link.path or ""
    announcement = session.get_one(Announcement, announcement_id)
    if announcement.status in HIDDEN or (version and version.published_at is None):
        return ""
    return f"/t/{announcement.slug}" + (f"#version-{version.number}" if version else "")
