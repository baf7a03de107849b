"""Members of a host site, signed in there and not here: the site hands each a token that it signs with the community's key.

    v1.<member id, base64url without padding>.<unix time in seconds>.<HMAC-SHA256 in hex>

The code is over everything before its dot, with the key (the text that owners see in the settings, as UTF-8). A token is
good for ten minutes. The key is derived from HEARD_SECRET and its number, so that it can be shown again; a new key is the
next number, and the old one is good for nothing any more; a number below zero is a key that was turned off. The member's
id is never stored: what stays is a keyed hash.
"""

import base64
import hashlib
import hmac
import re
from binascii import Error as NoBase64
from urllib.parse import urlsplit

from heard.accounts import audit
from heard.accounts.models import Account, Community
from heard.kit import tokens
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import BadInput, Forbidden
from heard.kit.i18n import _

MINUTES = 10
PASS_HOURS = 24  # a ballot that somebody has opened may be filled in for so long
LONGEST = 700
EARLY_SECONDS = 60  # the site's clock may be ahead of ours
_TOKEN = re.compile(r"v1\.([A-Za-z0-9_-]{1,500})\.([0-9]{1,12})\.([0-9a-f]{64})")
_PASS = re.compile(r"p1\.([A-Za-z0-9_~-]{43})\.([0-9]{1,12})\.([A-Za-z0-9_~-]{22})")


class NotAMember(Forbidden):
    """A member token that the community's site did not sign, or a damaged one."""

    code = "member_token"

    def __init__(self, community: Community) -> None:
        super().__init__(
            _("This link does not show that you are a member."),
            hint=_("Come from the community's own site again, while you are signed in there."),
            link=community.member_url,
        )


class TokenExpired(Forbidden):
    """A member token that is older than ten minutes."""

    code = "member_token_expired"

    def __init__(self, community: Community) -> None:
        super().__init__(
            _("This link was good for %(n)s minutes, and they have passed.") % {"n": MINUTES},
            hint=_("Come from the community's own site again: it makes a new one."),
            link=community.member_url,
        )


def key_of(community: Community) -> str:
    """The key that owners copy to their site; "" where there is none."""
    return tokens.derived("member key", community.id, community.member_key, size=32) if community.member_key > 0 else ""


def signed(key: str, member: str, at: int) -> str:
    """A token as a site makes it. For tests and for our own documentation."""
    begin = f"v1.{base64.urlsafe_b64encode(member.encode()).decode().rstrip('=')}.{at}"
    return f"{begin}.{hmac.digest(key.encode(), begin.encode(), hashlib.sha256).hex()}"


def who(community: Community, token: str) -> str:
    """Who holds this token or pass: a keyed hash of 43 characters, the same for a member in all polls of the community.

    Raises NotAMember, TokenExpired.
    """
    if found := _PASS.fullmatch(token[:LONGEST]):
        return _holder(community, *found.groups())
    found = _TOKEN.fullmatch(token[:LONGEST])
    key = key_of(community)
    if not found or not key:
        raise NotAMember(community)
    begin, _dot, code = token.rpartition(".")
    if not hmac.compare_digest(hmac.digest(key.encode(), begin.encode(), hashlib.sha256).hex(), code):
        raise NotAMember(community)
    age = now().timestamp() - int(found[2])
    if age > MINUTES * 60 or age < -EARLY_SECONDS:
        raise TokenExpired(community)
    try:
        member = base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4))
    except (NoBase64, ValueError):
        raise NotAMember(community) from None
    return tokens.derived("member", community.id, member.hex(), size=32)


def pass_of(community: Community, whose: str) -> str:
    """What a ballot's form carries for whoever came with a token: their hash, signed by us, good for a day. So nobody who
    takes eleven minutes is turned away, and the member's id is not in the page."""
    at = str(int(now().timestamp()))
    return f"p1.{whose}.{at}.{_seal(community, whose, at)}"


def _holder(community: Community, whose: str, at: str, seal: str) -> str:
    if community.member_key <= 0 or not tokens.same(seal, _seal(community, whose, at)):
        raise NotAMember(community)
    if now().timestamp() - int(at) > PASS_HOURS * 3600:
        raise TokenExpired(community)
    return whose


def _seal(community: Community, whose: str, at: str) -> str:
    return tokens.derived("member pass", community.id, community.member_key, whose, at)


def change(session: DbSession, community: Community, *, key: str, url: str, by: Account) -> None:
    """Store where members come from, and "make", "replace" or "remove" the key (anything else keeps it). Raises BadInput."""
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or len(url) > 500):
        words = _("It begins with https:// and names a page of your site.")
        raise BadInput(_("The settings were not saved yet."), fields={"member_url": words})
    community.member_url = url
    if key == "remove":
        community.member_key = -abs(community.member_key)
    elif key == "replace" or (key == "make" and community.member_key <= 0):
        community.member_key = abs(community.member_key) + 1
    session.add(community)
    audit.record(session, by, "community.member_key", community.slug, community_id=community.id, key=key)
    session.flush()
