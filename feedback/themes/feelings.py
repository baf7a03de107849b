"""The mood of a poll's comments, as it is kept beside their themes: the rating of the same ballot, else the words.

A rating stands for its comment in polls that are not anonymous only: in an anonymous one a person who moves one comment
from theme to theme, and looks at the shares, could tell how its writer voted.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select, update
from sqlmodel import col

from feedback.models import Answer, Assignment, Comment, Theme
from feedback.themes.moods import is_urgent, mood_of, mood_of_nps, mood_of_rating
from feedback.themes.queries import K
from heard.kit.db import DbSession
from polls.models import Poll, Question

RATINGS = ("rating", "nps")
"""Kinds of questions whose answer is a mood."""
_A = Assignment.__table__  # type: ignore[attr-defined]


class Feeling(NamedTuple):
    """What an assignment stores."""

    mood: int | None = None
    urgent: bool = False


@dataclass(frozen=True)
class Felt:
    """What stands, by comment: what was stored, the mood that its ballot's rating tells, and the question it answers."""

    stored: Mapping[int, Feeling]
    rated: Mapping[int, int]
    asked: Mapping[int, str]


def felt(session: DbSession, poll: Poll) -> Felt:
    """Read before anything is thought about."""
    stored = session.execute(select(_A.c.comment_id, _A.c.mood, _A.c.urgent).where(_A.c.poll_id == poll.id))
    questions = list(
        session.scalars(select(Question).where(col(Question.poll_id) == poll.id).order_by(col(Question.position)))
    )
    wordings = {question.id: question.wording for question in questions}
    asked = session.execute(
        select(col(Comment.id), col(Comment.question_id)).where(
            col(Comment.poll_id) == poll.id, col(Comment.question_id).is_not(None)
        )
    )
    return Felt(
        stored={comment: Feeling(mood, urgent) for comment, mood, urgent in stored},
        rated={} if poll.anonymous else _rated(session, poll, questions),
        asked={comment: wordings[question] for comment, question in asked if question in wordings},
    )


def _rated(session: DbSession, poll: Poll, questions: Sequence[Question]) -> dict[int, int]:
    """{comment: mood}: of the last rating asked before the comment's question, or else of the first one there is."""
    ratings = [question for question in questions if question.kind in RATINGS]
    if not ratings:
        return {}
    nearest = {q.id: ([r for r in ratings if r.position < q.position] or ratings[:1])[-1] for q in questions}
    rows = session.execute(
        select(col(Comment.id), col(Comment.question_id), col(Answer.question_id), col(Answer.number))
        .join(Answer, col(Answer.response_id) == col(Comment.response_id))
        .where(
            col(Comment.poll_id) == poll.id,
            col(Answer.question_id).in_([r.id for r in ratings]),
            col(Answer.number).is_not(None),
        )
    )
    moods: dict[int, int] = {}
    for comment, question, rating, number in rows:
        one = nearest.get(question, ratings[0])
        if one.id == rating:
            moods[comment] = _mood_of(one, number)
    return moods


def _mood_of(question: Question, number: float) -> int:
    if question.kind == "nps":
        return mood_of_nps(number)
    told = question.settings
    low, high = told.get("low", 1), told.get("high", 5)
    ends = [mood_of(str(told.get(name, ""))) for name in ("low_label", "high_label")]
    upside_down = ends == [1, -1]  # from “very good” to “very bad”
    return mood_of_rating(low + high - number if upside_down else number, low, high)


def feelings(ids: Iterable[int], texts: Sequence[str], languages: Sequence[str], felt: Felt) -> dict[int, Feeling]:
    """Of the comments whose feeling is new or has changed. No session: words are read of new ones, and of those that
    have no mood, for their language may be known now."""
    changed: dict[int, Feeling] = {}
    for comment, text, language in zip(ids, texts, languages, strict=True):
        before = felt.stored.get(comment)
        mood = felt.rated.get(comment)
        if before is None or before.mood is None:
            mood = mood_of(text, language, felt.asked.get(comment, "")) if mood is None else mood
            found = Feeling(mood, is_urgent(text, language))
        else:
            found = Feeling(before.mood if mood is None else mood, before.urgent)
        if found != (before or Feeling()):
            changed[comment] = found
    return changed


def store(session: DbSession, changed: Mapping[int, Feeling]) -> None:
    """Write them beside the themes. Comments that went away meanwhile have no row, and are left out."""
    if changed:
        session.execute(
            update(_A)
            .where(_A.c.comment_id == bindparam("comment"))
            .values(mood=bindparam("felt"), urgent=bindparam("alarms")),
            [{"comment": c, "felt": each.mood, "alarms": each.urgent} for c, each in changed.items()],
        )


@dataclass(frozen=True)
class Moods:
    """The feelings of a theme: how many comments were told, how many of them praise and complain, how many are urgent."""

    n: int
    praise: int
    complaint: int
    urgent: int
    crossed: bool = False  # ratings decided, so the figures cross two questions

    @property
    def told(self) -> bool:
        """Whether the figures may be shown: at least k comments with a mood, and where ratings decided it, no mood of
        fewer than k of them."""
        cells = (self.praise, self.complaint, self.n - self.praise - self.complaint)
        return self.n >= K and not (self.crossed and any(0 < cell < K for cell in cells))


def moods_of(session: DbSession, poll_id: int) -> dict[int, Moods]:
    """{theme: its moods}, fine and coarse, of the themes with comments: two statements. A coarse one without its hidden
    parts."""
    key = (col(Theme.id), col(Theme.parent_id), col(Theme.hidden), col(Assignment.mood), col(Assignment.urgent))
    rows = session.execute(
        select(*key, func.count())
        .join(Assignment, col(Assignment.theme_id) == col(Theme.id))
        .where(col(Theme.poll_id) == poll_id)
        .group_by(*key)
    )
    counts: dict[int, dict[Any, int]] = defaultdict(lambda: defaultdict(int))
    for fine, coarse, hidden, mood, urgent, n in rows:
        for theme in {fine} if hidden else {fine, coarse} - {None}:
            counts[theme][mood] += n
            counts[theme]["urgent"] += n if urgent else 0
    crossed = _ratings_decide(session, poll_id)
    return {
        theme: Moods(sum(some[mood] for mood in (-1, 0, 1)), some[1], some[-1], some["urgent"], crossed)
        for theme, some in counts.items()
    }


def _ratings_decide(session: DbSession, poll_id: int) -> bool:
    asked = (
        select(col(Question.id))
        .join(Poll, col(Poll.id) == col(Question.poll_id))
        .where(col(Poll.id) == poll_id, col(Poll.anonymous).is_(False), col(Question.kind).in_(RATINGS))
    )
    return session.execute(asked.limit(1)).first() is not None
