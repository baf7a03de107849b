"""A poll as its voters see it, held in memory: read once for each revision, used by every ballot and every tally."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case
from sqlmodel import col, select

from heard.accounts.models import Community
from heard.kit.db import DbSession
from heard.kit.errors import NotFound
from heard.kit.i18n import _
from polls.kinds.kind import FrozenOption, FrozenQuestion
from polls.models import Option, Poll, Question


@dataclass(frozen=True)
class FrozenPoll:
    """Everything a ballot page needs. `status` is as of reading: the transaction that records a vote reads it again."""

    id: int
    community_id: int
    community: str  # slug
    community_name: str
    accent: str
    slug: str
    title: str
    intro: str
    locale: str
    status: str
    voter_rule: str
    results_rule: str
    anonymous: bool
    listed: bool
    may_change: bool
    revision: int
    closes_at: datetime | None
    questions: tuple[FrozenQuestion, ...]

    def question(self, question_id: int) -> FrozenQuestion | None:
        """The question with this id, or None."""
        return next((q for q in self.questions if q.id == question_id), None)

    @property
    def level(self) -> int:
        """Integrity level, 0 (open) to 4 (sign-in)."""
        return ("open", "browser", "network", "link", "sign_in").index(self.voter_rule)


def frozen_poll(session: DbSession, slug: str) -> FrozenPoll:
    """The poll at /p/<slug>. One small query when it is in memory already. Raises NotFound."""
    row = session.exec(select(Poll.id, Poll.revision, Poll.status).where(Poll.slug == slug)).first()
    if row is None or row[0] is None:
        raise NotFound(_("There is no poll at this address."))
    cached = _memory.get(row[0])
    if cached and (cached.revision, cached.status) == (row[1], row[2]):
        return cached
    poll = session.get(Poll, row[0])
    assert poll is not None
    if len(_memory) > 500:
        _memory.clear()
    _memory[row[0]] = frozen = freeze(session, poll)
    return frozen


_memory: dict[int, FrozenPoll] = {}
_PLACES = {"row": 0, "option": 1, "other": 2, "dont_know": 3}  # the last two are pinned below what the manager wrote


def freeze(session: DbSession, poll: Poll) -> FrozenPoll:
    """The poll with its questions and options in ballot order."""
    community = session.get_one(Community, poll.community_id)
    options: dict[int, list[FrozenOption]] = {}
    for option in session.exec(
        select(Option)
        .join(Question)
        .where(Question.poll_id == poll.id)
        .order_by(case(_PLACES, value=col(Option.role)), col(Option.position))
    ):
        options.setdefault(option.question_id, []).append(FrozenOption(option.id or 0, option.label, option.role))
    questions = tuple(
        FrozenQuestion(
            q.id or 0,
            q.kind,
            q.wording,
            q.help,
            q.required,
            q.field_id or f"q{q.id}",
            tuple(options.get(q.id or 0, ())),
            q.settings,
        )
        for q in session.exec(select(Question).where(Question.poll_id == poll.id).order_by(col(Question.position)))
    )
    return FrozenPoll(
        id=poll.id or 0,
        community_id=poll.community_id,
        community=community.slug,
        community_name=community.name,
        accent=community.accent,
        slug=poll.slug,
        title=poll.title,
        intro=poll.intro,
        locale=poll.locale,
        status=poll.status,
        voter_rule=poll.voter_rule,
        results_rule=poll.results_rule,
        anonymous=poll.anonymous,
        listed=poll.listed,
        may_change=poll.may_change,
        revision=poll.revision,
        closes_at=poll.closes_at,
        questions=questions,
    )
