"""The same question from one version of a trial to the next: each version asked it in a poll of its own."""

from dataclasses import dataclass

from feedback.collect.queries import poll_results
from heard.kit.db import DbSession
from heard.kit.i18n import _, number
from insights.explore.figures import Bar, Extra, Figure, Group, of_result, upper_end
from polls.announce import trials
from polls.frozen import FrozenPoll, frozen_poll
from polls.kinds.kind import FrozenQuestion, QuestionResult
from polls.models import Announcement, Poll


@dataclass(frozen=True)
class AskedAt:
    """A version, and the poll that asked about it."""

    label: str
    poll: FrozenPoll


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


def over_versions(session: DbSession, question: FrozenQuestion, versions: list[AskedAt]) -> list[Figure]:
    """A figure with a bar for each version that asked the same: of the question, or of each of its items. Questions are told
    apart by their kind and words, answers by theirs; of an anonymous poll what may be shown."""
    asked = [(one.label, *there) for one in versions if (there := _same(session, question, one.poll)) is not None]
    drawn = [(label, result, figure) for label, q, result in asked if (figure := of_result(q, result)) is not None]
    if len(drawn) < 2:
        return []
    made = []
    for at, group in enumerate(drawn[-1][2].groups):
        bars_of = [
            (label, result, figure.groups[at].bars) for label, result, figure in drawn if at < len(figure.groups)
        ]
        groups = tuple(
            Group(answer.label, tuple(_named(label, bars, answer.label) for label, _result, bars in bars_of))
            for answer in group.bars
        )
        name = f"{question.name}/{at + 1}" if group.label else question.name
        extras = () if group.label else _extras([result for _label, result, _bars in bars_of])
        result = drawn[-1][1]
        upper = 0 if group.label else 2 if result.nps is not None else upper_end(result)  # all eleven steps stand here
        made.append(Figure(
            name, question, groups, about=group.label, extras=extras, counted=drawn[-1][2].counted, upper=upper,
        ))  # fmt: skip
    return made


def _same(
    session: DbSession, question: FrozenQuestion, poll: FrozenPoll
) -> tuple[FrozenQuestion, QuestionResult] | None:  # fmt: skip
    there = next((q for q in poll.questions if (q.kind, q.wording) == (question.kind, question.wording)), None)
    result = next((r for r in poll_results(session, poll).questions if there and r.id == there.id), None)
    return (there, result) if there and result else None


def _named(label: str, bars: tuple[Bar, ...], answer: str) -> Bar:
    """The bar of an answer, under the name of the version; without a figure where that version did not offer it."""
    there = next((bar for bar in bars if bar.label == answer), None)
    return Bar(label) if there is None else Bar(label, there.n, there.of, there.share, there.value)


def _extras(results: list[QuestionResult]) -> tuple[Extra, ...]:
    bases = Extra(_("Base"), tuple(number(r.n) for r in results))
    if all(r.nps is not None for r in results):
        return bases, Extra(_("Score (NPS)"), tuple(_signed(r.nps or 0) for r in results))
    if all(r.mean is not None for r in results):
        return bases, Extra(_("On average"), tuple(number(r.mean or 0, 1) for r in results))
    return (bases,)


def _signed(score: int) -> str:
    return f"+{score}" if score > 0 else f"−{-score}" if score < 0 else "0"
