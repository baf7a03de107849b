"""The only door to a theme, a comment or an action in a view: it is looked up together with its poll and community."""

from typing import NamedTuple

from sqlmodel import select

from feedback.models import Action, Assignment, Comment, Theme
from feedback.themes.queries import held_back
from feedback.themes.shaped import is_hidden
from heard.accounts.access import Key, Member, access_by_key, access_community
from heard.accounts.models import Account
from heard.kit.db import DbSession, row_id
from heard.kit.errors import NotFound
from polls.models import Poll


def access_theme(
    session: DbSession, account: Account, community_slug: str, theme_id: int, *, to: str
) -> tuple[Member, Poll, Theme]:
    """The theme of this community for this account, to do this.

    Raises NotFound for outsiders, for themes of other communities, and for hidden ones to whoever cannot show them again;
    Forbidden for a role that is too small.
    """
    member = access_community(session, account, community_slug, to=to)
    poll, theme = _theme(session, theme_id, member.community.id)
    return member, poll, _shown(session, member, theme)


def access_theme_by_key(session: DbSession, key: Key, theme_id: int, *, to: str) -> tuple[Member, Poll, Theme]:
    """The theme behind a key of the API. Raises NotFound for one of another community, Forbidden as above."""
    poll, theme = _theme(session, theme_id, key.community_id)
    member = access_by_key(session, key, key.community_id, to=to)
    return member, poll, _shown(session, member, theme)


class Said(NamedTuple):
    """A comment that was read, with its place and its finer theme; None: it stands alone."""

    comment: Comment
    place: Assignment
    theme: Theme | None


def access_comment(
    session: DbSession, account: Account, community_slug: str, comment_id: int, *, to: str
) -> tuple[Member, Poll, Said]:
    """The comment of this community for this account, to do this.

    Raises NotFound as above, for one that no run has read (of an anonymous poll: whose step is not full), and while an
    anonymous poll holds its comments back; Forbidden for a role that is too small.
    """
    member = access_community(session, account, community_slug, to=to)
    poll, said = _said(session, comment_id, member.community.id)
    return member, poll, _told(session, member, poll, said)


def access_comment_by_key(session: DbSession, key: Key, comment_id: int, *, to: str) -> tuple[Member, Poll, Said]:
    """The comment behind a key of the API. Raises NotFound and Forbidden as above."""
    poll, said = _said(session, comment_id, key.community_id)
    member = access_by_key(session, key, key.community_id, to=to)
    return member, poll, _told(session, member, poll, said)


def access_action(
    session: DbSession, account: Account, community_slug: str, action_id: int, *, to: str
) -> tuple[Member, Action]:
    """The action of this community for this account, to do this. Raises NotFound and Forbidden as above."""
    member = access_community(session, account, community_slug, to=to)
    return member, _action(session, action_id, member.community.id)


def access_action_by_key(session: DbSession, key: Key, action_id: int, *, to: str) -> tuple[Member, Action]:
    """The action behind a key of the API. Raises NotFound for one of another community, Forbidden as above."""
    action = _action(session, action_id, key.community_id)
    return access_by_key(session, key, key.community_id, to=to), action


def _action(session: DbSession, action_id: int, community_id: int | None) -> Action:
    action = session.exec(
        select(Action)
        .join(Poll, Poll.id == Action.poll_id)  # type: ignore[arg-type]
        .where(Action.id == row_id(action_id), Poll.community_id == community_id)
    ).first()
    if action is None:
        raise NotFound()
    return action


def _theme(session: DbSession, theme_id: int, community_id: int | None) -> tuple[Poll, Theme]:
    row = session.exec(
        select(Poll, Theme)
        .join(Theme, Theme.poll_id == Poll.id)  # type: ignore[arg-type]
        .where(Theme.id == row_id(theme_id), Poll.community_id == community_id)
    ).first()
    if row is None:
        raise NotFound()
    return row


def _shown(session: DbSession, member: Member, theme: Theme) -> Theme:
    if not member.may("edit_themes") and is_hidden(session, theme):
        raise NotFound()
    return theme


def _said(session: DbSession, comment_id: int, community_id: int | None) -> tuple[Poll, Said]:
    row = session.exec(
        select(Poll, Comment, Assignment, Theme)
        .join(Comment, Comment.poll_id == Poll.id)  # type: ignore[arg-type]
        .join(Assignment, Assignment.comment_id == Comment.id)  # type: ignore[arg-type]
        .join(Theme, Theme.id == Assignment.theme_id, isouter=True)  # type: ignore[arg-type]
        .where(Comment.id == (comment_id if 0 < comment_id < 2**63 else 0), Poll.community_id == community_id)
    ).first()
    if row is None:
        raise NotFound()
    return row[0], Said(*row[1:])


def _told(session: DbSession, member: Member, poll: Poll, said: Said) -> Said:
    if held_back(session, poll):
        raise NotFound()
    if said.theme is not None:
        _shown(session, member, said.theme)
    return said
