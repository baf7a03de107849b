"""Letting nothing go out, and letting it go out again. The pause is that of the whole installation (heard/kit/pausing.py), so
only who may do so in every community of it decides, or whoever runs the server (`heard sending`)."""

from sqlmodel import col, func, select

from heard.accounts import audit
from heard.accounts.access import MAY, Member
from heard.accounts.models import Community, Membership
from heard.kit import pausing
from heard.kit.db import DbSession, writing
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _


class OthersAreHere(Refused):
    """The pause is for all communities, and this person cannot speak for all of them."""

    code, status = "others_are_here", 409

    def __init__(self) -> None:
        super().__init__(
            _("There are other communities here, and the pause is for all of them. Nothing was changed."),
            hint=_("Ask whoever runs the server: heard sending pause, heard sending resume."),
        )


def may_everywhere(session: DbSession, member: Member, right: str) -> bool:
    """Whether this person has the right in every community here."""
    able = [role for role, rights in MAY.items() if right in rights]
    mine = select(func.count()).select_from(Membership).where(Membership.account_id == member.account.id)
    all_of_them = session.exec(select(func.count()).select_from(Community)).one()
    return member.may(right) and session.exec(mine.where(col(Membership.role).in_(able))).one() == all_of_them


def pause(session: DbSession, member: Member | None) -> None:
    """Nothing goes out from now on. Twice changes nothing. `member`: None for the command line. Raises OthersAreHere."""
    _check(session, member, "people")
    if pausing.paused(session) is None:
        pausing.pause(session, "person")
        _record(session, member, "sending.paused", "person")


def resume(session: DbSession, member: Member | None, *, with_old: bool) -> None:
    """Everything goes out again; what is old only where that was said. Twice changes nothing. Raises OthersAreHere."""
    _check(session, member, "publish")
    if row := pausing.paused(session):
        _record(session, member, "sending.resumed", row.reason, with_old=with_old)
        pausing.go_on(session, with_old=with_old)


def by_command(what: str, *, with_old: bool) -> str:
    """`heard sending`: pause or resume, in a sentence. Raises BadInput."""
    if what not in ("pause", "resume"):
        raise BadInput(_("“%(what)s” is neither pause nor resume.") % {"what": what}, hint="heard sending pause")
    with writing() as session:
        if what == "pause":
            pause(session, None)
        else:
            resume(session, None, with_old=with_old)
    return _("Nothing goes out from now on.") if what == "pause" else _("Everything goes out again.")


def _check(session: DbSession, member: Member | None, right: str) -> None:
    if member and not may_everywhere(session, member, right):
        raise OthersAreHere()


def _record(session: DbSession, member: Member | None, deed: str, reason: str, **details: bool) -> None:
    home = member.community.id if member else None
    audit.record(session, member.account if member else None, deed, reason, community_id=home, **details)
