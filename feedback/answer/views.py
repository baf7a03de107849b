"""What templates/feedback/answers.html shows: the themes that wait and the answers given."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlmodel import col

from feedback.answer.actions import ActionRow
from feedback.answer.durations import length
from feedback.models import Action, Theme
from feedback.themes import queries as theme_queries
from feedback.themes.queries import ThemeRow
from feedback.themes.shaped import leads
from heard.accounts.access import Member
from heard.accounts.models import Account
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.i18n import _, ngettext, number
from polls.models import Poll

SHOWN = 100


@dataclass
class Waiting:
    """A coarse theme that waits. `count`: comments in it that no answer reaches yet."""

    theme: ThemeRow
    poll_title: str
    poll_slug: str
    count: int
    since: timedelta
    waited: str


@dataclass
class Given:
    """An answer and the poll it came from."""

    action: ActionRow
    poll_title: str


@dataclass
class AnswersPage:
    """templates/feedback/answers.html"""

    member: Member
    finding: str
    waiting: list[Waiting]
    given: list[Given]
    more: int


def answers_page(session: DbSession, member: Member) -> AnswersPage:
    """Waiting themes of all polls, the longest waiting first and the larger of equals; answers, newest first."""
    community_id = member.community.id or 0
    given, waiting = given_of(session, community_id), waiting_of(session, community_id)
    return AnswersPage(member, _finding(waiting, given), waiting[:SHOWN], given, more=max(0, len(waiting) - SHOWN))


def waiting_of(session: DbSession, community_id: int) -> list[Waiting]:
    """The themes of all polls that wait for an answer, the longest waiting first and the larger of equals."""
    answered = {given.action.theme_id for given in given_of(session, community_id)}
    waiting = [w for poll in _with_themes(session, community_id) for w in _waiting(session, poll, answered)]
    return sorted(waiting, key=lambda w: (-(w.since // timedelta(days=1)), -w.count, w.theme.id))


def given_of(session: DbSession, community_id: int) -> list[Given]:
    """The answers that a community gave and did not take back, newest first."""
    rows = session.execute(
        select(
            col(Action.id), col(Action.title), col(Action.public_note), col(Action.status), col(Action.created_at),
            col(Theme.id), col(Theme.label), col(Action.due_on), func.coalesce(Account.name, ""), col(Action.owner_id),
            col(Poll.title),
        )
        .join(Theme, col(Theme.id) == col(Action.theme_id))
        .join(Poll, col(Poll.id) == col(Action.poll_id))
        .join(Account, col(Account.id) == col(Action.owner_id), isouter=True)
        .where(col(Poll.community_id) == community_id, col(Action.withdrawn_at).is_(None))
        .order_by(col(Action.created_at).desc(), col(Action.id).desc())
    )  # fmt: skip
    return [Given(ActionRow(*row[:-1]), row[-1]) for row in rows]


def _with_themes(session: DbSession, community_id: int) -> list[Poll]:
    themed = select(col(Theme.poll_id))
    return list(session.scalars(select(Poll).where(col(Poll.community_id) == community_id, col(Poll.id).in_(themed))))


def _waiting(session: DbSession, poll: Poll, answered: set[int]) -> list[Waiting]:
    if theme_queries.held_back(session, poll):
        return []
    rows = theme_queries.themes_of(session, poll.id or 0)
    answered = answered | {into for theme, into in leads(session, poll.id or 0).items() if theme in answered}
    found = []
    for theme in rows:
        if theme.parent is None and theme.id not in answered:
            count = sum(r.count for r in rows if r.parent == theme.id and r.id not in answered)
            since = now() - theme.born_at
            if count:
                found.append(Waiting(theme, poll.title, poll.slug, count, since, length(since)))
    return found


def _finding(waiting: list[Waiting], given: list[Given]) -> str:
    n = len(waiting)
    if waiting:
        words = ngettext("%(n)s theme waits for an answer", "%(n)s themes wait for an answer", n)
        return words % {"n": number(n)}
    return _("Every theme has an answer") if given else _("No theme waits for an answer")
