"""Keys to the API. A token is shown once, when it is made; only its hash is kept."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import select

from heard.accounts import audit
from heard.accounts.access import MAY
from heard.accounts.models import Account, ApiToken, Community, Membership
from heard.kit import tokens
from heard.kit.clock import now
from heard.kit.db import DbSession, row_id
from heard.kit.errors import BadInput, NotFound
from heard.kit.i18n import _

MOST_DAYS = 36_500


def create_token(
    session: DbSession, account: Account, community: Community, *, read_only: bool, name: str = "",
    scopes: Collection[str] = (), ends_at: datetime | None = None,
) -> str:  # fmt: skip
    """A new token with the account's rights in this community, or those of them that are named in `scopes`; it works until
    `ends_at`. Returns its text, which cannot be shown again.

    Raises BadInput when the account is not a member, for a right that its role does not have, and for an end in the past.
    """
    member = session.get(Membership, (account.id, community.id))
    if member is None:
        raise BadInput(
            _("%(email)s is not a member of “%(community)s”.") % {"email": account.email, "community": community.name},
            hint=_("Add the person on the People page first."),
        )
    _check(member.role, scopes, ends_at)
    token, named = tokens.fresh(24), " ".join(sorted(scopes))
    row = ApiToken(
        token_hash=tokens.hashed(token), account_id=account.id or 0, community_id=community.id or 0,
        read_only=read_only, name=name.strip()[:120], created_at=now(), scopes=named, ends_at=ends_at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    details = {"read_only": read_only, **({"scopes": named} if named else {})}
    audit.record(session, account, "token.created", str(row.id), community_id=community.id, **details)
    return token


def _check(role: str, scopes: Collection[str], ends_at: datetime | None) -> None:
    if foreign := sorted(set(scopes) - set(scope_words(role))):
        raise BadInput(
            _("A token cannot have the right “%(right)s” here.") % {"right": foreign[0][:40]},
            hint=_("Rights that it can have: %(names)s.") % {"names": ", ".join(scope_words(role))},
            fields={"scopes": _("Choose one of the list.")},
        )
    if ends_at is not None and ends_at <= now():
        words = _("This day is over. Choose a later one, or none.")
        raise BadInput(words, fields={"ends_on": words})


def scope_words(role: str) -> dict[str, str]:
    """The rights that a token of this role can be given, each in plain words."""
    words = {
        "read": _("reads polls, results, themes and briefs"),
        "export": _("takes along single responses"),
        "edit_themes": _("has comments read, and names themes"),
        "act": _("says in public what is done about a theme"),
        "publish": _("asks, publishes, sends mails and briefs, keeps contacts"),
        "people": _("changes people, roles and settings"),
    }
    return {right: said for right, said in words.items() if right in MAY[role]}


def in_days(days: int) -> datetime | None:
    """So many days from now; None for 0: no end. Raises BadInput beyond a hundred years."""
    if not 0 <= days <= MOST_DAYS:
        raise BadInput(_("A token works for 1 to %(most)s days; 0 means no end.") % {"most": MOST_DAYS})
    return now() + timedelta(days=days) if days else None


def last_moment(community: Community, day: str) -> datetime | None:
    """The end of a day such as 2027-03-31 where the community lives; None for "". Raises BadInput."""
    if not day:
        return None
    try:
        last = date.fromisoformat(day)
        return datetime.combine(last + timedelta(days=1), time.min, ZoneInfo(community.zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        words = _("“%(text)s” is not a day. It looks like 2026-03-29.") % {"text": day[:40]}
        raise BadInput(words, fields={"ends_on": words}) from error


def tokens_of(session: DbSession, account: Account, community: Community) -> list[ApiToken]:
    """The account's own tokens in this community, newest first."""
    return list(
        session.exec(
            select(ApiToken)
            .where(ApiToken.account_id == account.id, ApiToken.community_id == community.id)
            .order_by(ApiToken.id.desc())  # type: ignore[union-attr]
        )
    )


def revoke_token(session: DbSession, account: Account, community: Community, token_id: int) -> None:
    """End one of the account's own tokens at once. Raises NotFound for anybody else's."""
    row = session.get(ApiToken, row_id(token_id))
    if row is None or (row.account_id, row.community_id) != (account.id, community.id):
        raise NotFound()
    session.delete(row)
    audit.record(session, account, "token.revoked", str(token_id), community_id=community.id)
    session.flush()
