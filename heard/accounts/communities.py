"""Making communities."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from zoneinfo import available_timezones

from sqlmodel import select

from heard.accounts import audit, signin
from heard.accounts.models import Account, Community
from heard.kit.clock import now
from heard.kit.colour import is_colour
from heard.kit.db import DbSession
from heard.kit.errors import BadInput, NotFound, Refused
from heard.kit.i18n import LANGUAGES, _

MAILS_PER_WEEK = tuple(str(n) for n in range(1, 15))


class SlugTaken(Refused):
    """Another community lives at this address."""

    code, status = "slug_taken", 409


def create_community(session: DbSession, slug: str, name: str, owner: Account, *, locale: str = "en") -> Community:
    """A community with its owner. Raises SlugTaken or BadInput."""
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?", slug):
        raise BadInput(
            _("“%(slug)s” cannot be part of an address.") % {"slug": slug[:80]},
            hint=_("Use lower-case letters, digits and hyphens, such as “book-club”."),
            fields={"slug": _("Letters, digits, hyphens.")},
        )
    if not name.strip():
        raise BadInput(_("The community needs a name."), fields={"name": _("A name is missing.")})
    if locale not in LANGUAGES:
        raise BadInput(
            _("“%(text)s” is not a language that Heard speaks.") % {"text": locale[:20]}, hint=", ".join(LANGUAGES)
        )
    if session.exec(select(Community.id).where(Community.slug == slug)).first() is not None:
        raise SlugTaken(
            _("There is already a community at “%(slug)s”.") % {"slug": slug}, hint=_("Choose another address.")
        )
    community = Community(slug=slug, name=name.strip()[:120], locale=locale, created_at=now())
    session.add(community)
    session.flush()
    signin.join(session, owner, community, "owner", by=owner)
    audit.record(session, owner, "community.created", slug, community_id=community.id)
    return community


@dataclass(frozen=True)
class Settings:
    """What an owner may change of a community. `accent` is "" or #rrggbb, `zone` a name such as Europe/Paris."""

    name: str
    mission: str = ""
    brand_story: str = ""
    audience: str = ""
    locale: str = "en"
    zone: str = "UTC"
    accent: str = ""
    mails_per_week: str = ""  # invitations and reminders to one person, over all polls; "": as before


def change_settings(session: DbSession, community: Community, wish: Settings, *, by: Account) -> None:
    """Store them. Raises one BadInput that names every field that is wrong; then nothing is changed."""
    if wrong := _wrong(wish):
        raise BadInput(_("The settings were not saved yet."), fields=wrong)
    for name, value in (
        asdict(wish) | {"mails_per_week": int(wish.mails_per_week or community.mails_per_week)}
    ).items():
        setattr(community, name, value)
    session.add(community)
    audit.record(session, by, "community.settings", community.slug, community_id=community.id)
    session.flush()


def change_some(session: DbSession, community: Community, wish: Mapping[str, str | int], *, by: Account) -> None:
    """The same for a few of them, by name; the others stay."""
    names = Settings.__dataclass_fields__
    whole = {name: str(wish.get(name, getattr(community, name))).strip() for name in names}
    change_settings(session, community, Settings(**whole), by=by)


@cache
def zones() -> tuple[str, ...]:
    """The time zones a community can live in, UTC first. Read from disk once: that takes as long as a page."""
    return ("UTC", *sorted(z for z in available_timezones() if "/" in z and not z.startswith(("Etc/", "SystemV/"))))


def _wrong(wish: Settings) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not wish.name:
        wrong["name"] = _("Give the community a name.")
    for field, longest in (("name", 120), ("mission", 2000), ("brand_story", 4000), ("audience", 2000)):
        if len(getattr(wish, field)) > longest:
            wrong[field] = _("At most %(n)s characters.") % {"n": longest}
    if wish.locale not in LANGUAGES:
        wrong["locale"] = _("Choose one of the list.")
    if wish.zone not in zones():
        wrong["zone"] = _("Choose one of the list.")
    if wish.accent and not is_colour(wish.accent):
        wrong["accent"] = _("A colour looks like #0b5d63.")
    if wish.mails_per_week not in ("", *MAILS_PER_WEEK):
        wrong["mails_per_week"] = _("A whole number from 1 to 14.")
    return wrong


def community_by_slug(session: DbSession, slug: str) -> Community:
    """The community at /c/<slug>. Raises NotFound."""
    community = session.exec(select(Community).where(Community.slug == slug)).first()
    if community is None:
        raise NotFound(_("There is no community “%(slug)s”.") % {"slug": slug[:80]})
    return community
