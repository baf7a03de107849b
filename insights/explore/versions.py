"""The same question from one version of a trial to the next: each version asked it in a poll of its own.

Mostly the same people answer each version, so the versions are no samples that are independent of each other. The newest two
are compared as feedback/collect/pairs.py compares them, person by person where that can be, and the page says which it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback.collect import pairs
from feedback.collect.counters import K
from feedback.collect.pairs import Shift
from feedback.collect.queries import poll_results
from heard.kit.db import DbSession
from heard.kit.i18n import _, number
from insights.explore.figures import Bar, Extra, Figure, Group, of_result
from insights.explore.telling import between
from insights.write.wording import signed
from polls.announce import trials
from polls.frozen import FrozenPoll, frozen_poll
from polls.kinds.kind import FrozenQuestion, QuestionResult
from polls.models import Announcement, Poll


@dataclass(frozen=True)
class AskedAt:
    """A version, and the poll that asked about it."""

    label: str
    poll: FrozenPoll


@dataclass(frozen=True)
class _Answered:
    """What a version's poll has of a question."""

    label: str
    question: FrozenQuestion
    result: QuestionResult
    figure: Figure


Compared = dict[tuple[int, int], dict[int, Shift]]
"""Two polls → question of the second → what became of it; each pair is read once."""


def versions_of(session: DbSession, poll: FrozenPoll) -> list[AskedAt]:
    """The versions of the trial that this poll is a check-in of, of which something may be told; none unless it is one of
    two or more."""
    row = session.get_one(Poll, poll.id)
    trial = session.get(Announcement, row.trial_id) if row.trial_id else None
    found = []
    for version in trials.versions_of(session, trial) if trial else []:
        asked = trials.check_in_of(session, version)
        if asked is not None:
            words = _("Version %(n)s: %(name)s") if version.name else _("Version %(n)s")
            there = frozen_poll(session, asked.slug)
            if poll_results(session, there).n:
                found.append(AskedAt(words % {"n": number(version.number), "name": version.name}, there))
    return found if len(found) > 1 and poll.id in {one.poll.id for one in found} else []


def over_versions(session: DbSession, poll: FrozenPoll, versions: Sequence[AskedAt]) -> dict[int, list[Figure]]:
    """For each question of the poll, by id, a figure with a bar for each version that asked the same: of the question, or of each
    of its items. Questions are told apart by their kind and words, items and answers by theirs; of an anonymous poll what may
    be shown."""
    results = {one.poll.id: {r.id: r for r in poll_results(session, one.poll).questions} for one in versions}
    compared: Compared = {}
    made = {}
    for question in poll.questions:
        asked = [(one, there) for one in versions if (there := _same(question, one, results[one.poll.id])) is not None]
        made[question.id] = _of_question(session, question, asked, compared) if len(asked) > 1 else []
    return made


def _of_question(
    session: DbSession, question: FrozenQuestion, asked: Sequence[tuple[AskedAt, _Answered]], compared: Compared
) -> list[Figure]:
    (one, _before), (other, newest) = asked[-2:]
    labels, answered = (one.label, other.label), [each for _version, each in asked]
    shift = None
    if not newest.figure.split:
        pair = one.poll.id, other.poll.id
        if pair not in compared:
            compared[pair] = _shifts(session, one.poll, other.poll)
        shift = compared[pair].get(newest.question.id)
    how, made = _how(one.poll, other.poll, shift), []
    for at, group in enumerate(newest.figure.groups, 1):
        name = f"{question.name}/{at}" if group.label else question.name
        made.append(between(_of_groups(question, answered, group.label, name), labels, shift, how))
    return made


def _shifts(session: DbSession, one: FrozenPoll, other: FrozenPoll) -> dict[int, Shift]:
    asked = pairs.same_questions(one, other)
    return {q.id: shift for (_q, q), shift in zip(asked, pairs.shifts(session, one, other), strict=True)}


def _same(question: FrozenQuestion, version: AskedAt, results: Mapping[int, QuestionResult]) -> _Answered | None:
    asked = (question.kind, question.wording)
    there = next((q for q in version.poll.questions if (q.kind, q.wording) == asked), None)
    if there is None:
        return None
    result = results[there.id]
    figure = of_result(there, result)
    return _Answered(version.label, there, result, figure) if figure else None


def _of_groups(question: FrozenQuestion, asked: Sequence[_Answered], item: str, name: str) -> Figure:
    """A bar for each version, for every answer that one of them offered: the newest one's first."""
    mine = {one.label: next((group.bars for group in one.figure.groups if group.label == item), ()) for one in asked}
    answers = dict.fromkeys(bar.label for one in reversed(asked) for bar in mine[one.label])
    groups = tuple(
        Group(answer, tuple(_named(one.label, mine[one.label], answer) for one in asked)) for answer in answers
    )
    extras = () if item else _extras(asked)
    return Figure(name, question, groups, about=item, extras=extras, counted=asked[-1].figure.counted)


def _named(label: str, bars: Sequence[Bar], answer: str) -> Bar:
    """The bar of an answer, under the name of the version; without a figure where that version did not offer it."""
    there = next((bar for bar in bars if bar.label == answer), None)
    return Bar(label) if there is None else Bar(label, there.n, there.of, there.share, there.value)


def _how(one: FrozenPoll, other: FrozenPoll, shift: Shift | None) -> str:
    """Which comparison this is, and why."""
    if shift is not None and shift.paired:
        return _(
            "Compared person by person, as the same people answered both versions (mean difference, paired t, 95%)."
        )
    if one.anonymous or other.anonymous:
        return _(
            "Compared as two groups, without a test: the poll is anonymous, so nobody knows which two answers are of the same person."
        )
    if shift is None:
        return _(
            "Not tested: people who answered both versions stand in both columns, and these answers are no numbers on the same scale."
        )
    if shift.difference is None:
        return _("Not tested: fewer than %(k)s people answered.") % {"k": number(K)}
    return _("Compared as two groups: fewer than %(k)s people answered both versions.") % {"k": number(K)}


def _extras(asked: Sequence[_Answered]) -> tuple[Extra, ...]:
    """Bases, and scores or means where all versions asked on the same scale."""
    results = [one.result for one in asked]
    bases = Extra(_("Base"), tuple(number(r.n) for r in results))
    if len({(repr(one.question.settings), *(o.label for o in one.question.options)) for one in asked}) > 1:
        return (bases,)
    if all(r.nps is not None for r in results):
        return bases, Extra(_("Score (NPS)"), tuple(signed(r.nps or 0) for r in results))
    if all(r.mean is not None for r in results):
        return bases, Extra(_("On average"), tuple(number(r.mean or 0, 1) for r in results))
    return (bases,)
