"""The people of a community: who they are, what they may do, how they come and go."""

from typing import NamedTuple

from sqlmodel import delete, select

from heard.accounts import audit, signin
from heard.accounts.models import ROLES, Account, ApiToken, Community, Membership
from heard.kit import tokens
from heard.kit.db import DbSession, row_id
from heard.kit.errors import BadInput, NotFound, Refused
from heard.kit.i18n import _, language


class LastOwner(Refused):
    """A community always has an owner."""

    code, status = "last_owner", 409

    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s is the only owner, and a community needs one.") % {"name": name},
            hint=_("Make somebody else an owner first."),
        )


class AlreadyMember(Refused):
    """The person belongs to the community."""

    code, status = "already_member", 409


class Person(NamedTuple):
    """A row of the people page."""

    account: Account
    role: str


def role_words() -> dict[str, tuple[str, str]]:
    """Each role's name and what it may do, in the order of their rights."""
    return {
        "owner": (_("Owner"), _("everything, and the people and settings")),
        "manager": (_("Manager"), _("asks, shares, answers, sends briefs")),
        "analyst": (_("Analyst"), _("reads results, works on themes, writes actions")),
        "viewer": (_("Viewer"), _("reads results")),
    }


def people_of(session: DbSession, community: Community) -> list[Person]:
    """Everybody, owners first, then by name."""
    rows = session.exec(
        select(Account, Membership.role)
        .join(Membership, Membership.account_id == Account.id)  # type: ignore[arg-type]
        .where(Membership.community_id == community.id)
    )
    return sorted((Person(*row) for row in rows), key=lambda p: (ROLES.index(p.role), p.account.name.casefold()))


def first_password(session: DbSession, email: str) -> str:
    """For somebody who has no account yet: a new one, to be shown once; else ""."""
    return "" if signin.account_at(session, email) else tokens.fresh(12)


def add_person(
    session: DbSession, community: Community, email: str, role: str, *, by: Account, new_password_hash: str = ""
) -> Account:
    """Give a person a role here; without an account, one is made with the password behind `new_password_hash`.

    Raises AlreadyMember, or BadInput for a role we do not know.
    """
    _check_role(role)
    account = signin.account_at(session, email)
    if account is None:
        account = signin.create_account(session, email, email.split("@")[0], new_password_hash, locale=language())
    elif session.get(Membership, (account.id, community.id)):
        raise AlreadyMember(
            _("%(email)s is a member already.") % {"email": email},
            hint=_("Change the role in the list."), fields={"email": _("A member already.")},
        )  # fmt: skip
    signin.join(session, account, community, role, by=by)
    return account


def change_role(session: DbSession, community: Community, account_id: int, role: str, *, by: Account) -> Account:
    """Another role. Raises NotFound for somebody else's member, LastOwner, or BadInput."""
    _check_role(role)
    account, member = _member(session, community, account_id)
    if member.role == "owner" and role != "owner":
        _keep_an_owner(session, community, account)
    member.role = role
    audit.record(session, by, "member.role", account.email, community_id=community.id, role=role)
    session.flush()
    return account


def remove_person(session: DbSession, community: Community, account_id: int, *, by: Account) -> Account:
    """Take a person out; their tokens here end with it, their account stays. Raises NotFound or LastOwner."""
    account, member = _member(session, community, account_id)
    if member.role == "owner":
        _keep_an_owner(session, community, account)
    session.exec(
        delete(ApiToken).where(ApiToken.account_id == account_id, ApiToken.community_id == community.id)  # type: ignore[arg-type]
    )
    session.delete(member)
    audit.record(session, by, "member.removed", account.email, community_id=community.id)
    session.flush()
    return account


def _member(session: DbSession, community: Community, account_id: int) -> tuple[Account, Membership]:
    account_id = row_id(account_id)
    account, member = session.get(Account, account_id), session.get(Membership, (account_id, community.id))
    if account is None or member is None:
        raise NotFound(_("This person is not a member."), hint=_("Open the People page again."))
    return account, member


def _keep_an_owner(session: DbSession, community: Community, leaving: Account) -> None:
    # the rows are locked: on PostgreSQL two owners could otherwise take each other out at the same moment
    owners = session.exec(
        select(Membership.account_id)
        .where(Membership.community_id == community.id, Membership.role == "owner")
        .with_for_update()
    ).all()
    if set(owners) <= {leaving.id}:
        raise LastOwner(leaving.name)


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise BadInput(
            _("There is no role “%(role)s”.") % {"role": role[:40]},
            hint=_("Choose one of the list."), fields={"role": _("Choose one of the list.")},
        )  # fmt: skip
