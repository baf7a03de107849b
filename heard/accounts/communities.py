"""Making communities."""

import re
import unicodedata

from sqlmodel import select

from heard.accounts import audit, signin
from heard.accounts.models import Account, Community
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import BadInput, NotFound, Refused
from heard.kit.i18n import _


class SlugTaken(Refused):
    """Another community lives at this address."""

    code, status = "slug_taken", 409


def slug_of(text: str, longest: int = 60) -> str:
    """A readable piece of an address: lower-case ASCII letters, digits and hyphens; "" when nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].strip("-")


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
    if session.exec(select(Community.id).where(Community.slug == slug)).first() is not None:
        raise SlugTaken(_("There is already a community at “%(slug)s”.") % {"slug": slug}, hint=_("Choose another address."))
    community = Community(slug=slug, name=name.strip()[:120], locale=locale, created_at=now())
    session.add(community)
    session.flush()
    signin.join(session, owner, community, "owner", by=owner)
    audit.record(session, owner, "community.created", slug, community_id=community.id)
    return community


def free_slug(session: DbSession, name: str) -> str:
    """A slug for a new community made from its name, with a number behind when the plain one is taken."""
    stem = slug_of(name, 50) or "community"
    taken = set(session.exec(select(Community.slug).where(Community.slug.startswith(stem))))  # type: ignore[attr-defined]
    return next(s for n in range(1, 10_000) if (s := stem if n == 1 else f"{stem}-{n}") not in taken)


def community_by_slug(session: DbSession, slug: str) -> Community:
    """The community at /c/<slug>. Raises NotFound."""
    community = session.exec(select(Community).where(Community.slug == slug)).first()
    if community is None:
        raise NotFound(_("There is no community “%(slug)s”.") % {"slug": slug[:80]})
    return community
