"""Trials whose last round of answers ended in the period: each question of two check-ins side by side.

What is compared, of whom, and with which interval is decided by feedback/collect/pairs.py. A round is told whole, in the
period that holds its last answer: half of a round is no round.
"""

from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import func, select
from sqlmodel import col

from feedback.collect import pairs
from feedback.collect.pairs import Shift
from feedback.models import Response
from heard.accounts.models import Community
from heard.kit.db import DbSession
from insights.measure.measures import Facts
from polls.announce import trials
from polls.frozen import FrozenPoll, frozen_poll
from polls.kinds.kind import FrozenQuestion, kind_of
from polls.models import Announcement, Version

PERCENT = 95
"""What the intervals of pairs.py hold."""
UP_IS_BETTER = ("rating", "nps")
"""Kinds whose higher end is the better one by what they are."""


def rounds_in(session: DbSession, community: Community, since: datetime, before: datetime) -> list[Facts]:
    """A row for each trial with a second round whose last answer lies in [since, before): its newest two rounds, where
    enough people answered a question of both."""
    found = []
    for trial in session.scalars(
        select(Announcement)
        .where(col(Announcement.community_id) == community.id, col(Announcement.kind) == "trial")
        .order_by(col(Announcement.id))
    ):
        asked = _asked(session, trial, before)
        for (one, first), (other, second) in list(pairwise(asked))[-1:]:
            last = _last_answer(session, second.id)
            if last is not None and since <= last < before:
                found.append(_round(session, trial, (one, first), (other, second), last.date()))
    return [told for told in found if told["questions"]]


def _asked(session: DbSession, trial: Announcement, before: datetime) -> list[tuple[Version, FrozenPoll]]:
    """The versions that were asked about before the period ended, with their check-ins."""
    made = []
    for version in trials.versions_of(session, trial):
        row = trials.check_in_of(session, version)
        if row is not None and version.published_at is not None and version.published_at < before:
            poll = frozen_poll(session, row.slug)
            if poll.phase != "not_yet" and _last_answer(session, poll.id) is not None:
                made.append((version, poll))
    return made


def _last_answer(session: DbSession, poll_id: int) -> datetime | None:
    return session.scalar(
        select(func.max(col(Response.submitted_at))).where(
            col(Response.poll_id) == poll_id, col(Response.withdrawn_at).is_(None), col(Response.set_aside) == ""
        )
    )


def _round(
    session: DbSession,
    trial: Announcement,
    one: tuple[Version, FrozenPoll],
    other: tuple[Version, FrozenPoll],
    last: date,
) -> Facts:
    asked = [after for _before, after in pairs.same_questions(one[1], other[1])]
    compared = zip(pairs.shifts(session, one[1], other[1]), asked, strict=True)
    return {
        "slug": trial.slug,
        "title": trial.title,
        "poll": other[1].slug,
        "versions": [one[0].number, other[0].number],
        "level": other[1].level,
        "last": last.isoformat(),
        "outcome": trial.outcome,
        "changed": " ".join(other[0].changed.split())[:400],
        "questions": [fact_of(shift, question) for shift, question in compared if shift.difference is not None],
    }


def fact_of(shift: Shift, question: FrozenQuestion) -> Facts:
    """One question of two rounds, of at least K people in each. Pure.

    n: people behind the difference (paired: who answered both times; else the smaller group). lower, upper: the interval of
    the difference, None where there is none to give. sure: "higher" or "lower" where the interval lies on one side of 0,
    "none" where it does not, "" where there is no interval.
    """
    difference = shift.difference
    if difference is None or shift.before is None or shift.after is None:
        raise ValueError("too few answered to tell a difference")
    low, high, labels = _scale(question)
    return {
        "wording": shift.wording,
        "kind": question.kind,
        "n": shift.both if shift.paired else min(shift.n_before, shift.n_after),
        "paired": shift.paired,
        "n_before": shift.both if shift.paired else shift.n_before,
        "n_after": shift.both if shift.paired else shift.n_after,
        "low": low,
        "high": high,
        "high_label": labels,
        "before": round(shift.before, 4),
        "after": round(shift.after, 4),
        "difference": round(difference.mean, 4),
        "lower": None if difference.low is None else round(difference.low, 4),
        "upper": None if difference.high is None else round(difference.high, 4),
        "interval": PERCENT,
        "up_is_better": question.kind in UP_IS_BETTER,
        "sure": _sure(difference.low, difference.high),
    }


def _scale(question: FrozenQuestion) -> tuple[int | None, int | None, str]:
    """The ends of the scale, and what its high end is called."""
    if kind_of(question.kind).has_steps:
        return 1, len(question.options), question.options[-1].label if question.options else ""
    if question.kind == "nps":
        return 0, 10, ""
    if question.kind == "rating":
        settings = question.settings
        return settings.get("low", 1), settings.get("high", 5), str(settings.get("high_label", ""))
    return None, None, ""


def _sure(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    return "higher" if low > 0 else "lower" if high < 0 else "none"
