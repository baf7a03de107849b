"""A poll's results as a page shows them, public and for managers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from feedback.cards.card import Preview
from feedback.collect import counters, queries
from feedback.collect.counters import K
from feedback.collect.ranges import Ranges, ranges_of
from feedback.collect.tallies import PollResults, for_everybody
from feedback.groups.queries import questions_of
from feedback.integrity.standing import standing_of
from heard.kit.db import DbSession
from heard.kit.i18n import _, day, number
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion, QuestionResult, kind_of
from polls.publish.corrections import CorrectionRow, corrections_of
from polls.publish.editions import Series, series_of
from polls.publish.invited import invited_to


@dataclass
class ResultsPage:
    """What templates/feedback/results.html shows, and the explorer of members (insights/explore) over its figures."""

    poll: FrozenPoll
    headline: str
    n: int
    questions: list[tuple[FrozenQuestion, QuestionResult]]
    closed: bool
    waiting_for: int  # an anonymous poll shows nothing before this many have answered; 0: it shows something
    step: int  # of an anonymous poll that is open
    measured: list[tuple[str, str]]
    community_name: str
    community_slug: str
    accent: str
    series: Series
    corrections: list[CorrectionRow]
    standing: str  # how much is counted, where something is set aside or looked at; else ""
    ranges: dict[int, Ranges]  # of an invited poll, by question
    with_groups: bool = False  # so many votes on statements that opinion groups are looked for
    preview: Preview | None = None  # for whoever links to the public page


def results_page(session: DbSession, poll: FrozenPoll, *, members: bool = False) -> ResultsPage:
    """Everything the page says, from the one result object. Visibility is the caller's question. `members`: with the
    statements that were moderated out."""
    results = queries.poll_results(session, poll)
    results = results if members else for_everybody(results)
    by_id = {q.id: q for q in results.questions}
    closed = queries.is_closed(poll)
    return ResultsPage(
        poll=poll, headline=headline(results), n=results.n,
        questions=[(q, by_id[q.id]) for q in poll.questions], closed=closed,
        waiting_for=K if poll.anonymous and not results.n else 0, step=K if poll.anonymous and not closed else 0,
        measured=measured(poll, results, *queries.span_of(session, poll.id)), community_name=poll.community_name,
        community_slug=poll.community if poll.listed else "", accent=poll.accent,
        series=series_of(session, poll.series_id, poll.edition, unseen=False),
        corrections=corrections_of(session, poll.id), standing=standing_of(session, poll).sentence,
        ranges=ranges_of(poll, results.questions, invited_to(session, poll.id) if poll.voter_rule == "link" else 0),
        with_groups=results.n >= 2 * K and bool(questions_of(poll)),
    )  # fmt: skip


def headline(results: PollResults) -> str:
    """The finding of a poll: that of the first question that somebody answered."""
    return _finding(results.questions) or _("Nobody has answered yet.")


class Finding(NamedTuple):
    """What came out of a poll, in a sentence, and of how many responses; "" and 0 where nothing may be told."""

    words: str
    n: int


def findings(session: DbSession, polls: Iterable[FrozenPoll]) -> dict[int, Finding]:
    """The findings of several polls by their ids, from one statement. Visibility is the caller's question."""
    polls = list(polls)
    found = counters.cells_of(session, [poll.id for poll in polls])
    return {poll.id: _told(poll, found[poll.id]) for poll in polls}


def _told(poll: FrozenPoll, cells: Mapping[str, int]) -> Finding:
    seen = counters.shown(cells, anonymous=poll.anonymous, closed=queries.is_closed(poll))
    return Finding(_finding(kind_of(q.kind).result(q, seen) for q in poll.questions), seen.get("n", 0))


def _finding(results: Iterable[QuestionResult]) -> str:
    return next((result.finding for result in results if result.n), "")


def measured(
    poll: FrozenPoll, results: PollResults, opened: datetime | None, closed: datetime | None
) -> list[tuple[str, str]]:
    """ "How this was measured": pairs of a name and its words. Never a margin of error (trust.md, D8)."""
    dates = _("From %(start)s to %(end)s") if closed else _("Since %(start)s; still open")
    return [
        (_("Responses"), number(results.n)),
        (_("When"), (dates % {"start": day(opened), "end": day(closed)}) if opened else _("Not opened yet")),
        (_("Who could answer"), recruited(poll)),
        *([(_("Order"), _("The order of options was another one on each ballot."))] if poll.shuffles else []),
        (_("Names"), _("Anonymous: nobody can join a person and a ballot.") if poll.anonymous else _("No names are shown.")),
        (_("What the figures mean"), what_they_mean(poll)),
    ]  # fmt: skip


def recruited(poll: FrozenPoll) -> str:
    """How people came to answer, in a sentence."""
    return {
        "open": _("Anyone with the link could answer, any number of times (level 0 of 4)."),
        "browser": _("Anyone with the link could answer, once for each browser (level 1 of 4)."),
        "network": _(
            "Anyone with the link could answer, once for each browser; beyond a number an hour, answers from one network "
            "are set aside (level 2 of 4)."
        ),
        "link": _("Invited people only, each by a personal link, once (level 3 of 4)."),
        "sign_in": _("People with an account only, once (level 4 of 4)."),
    }[poll.voter_rule]


def what_they_mean(poll: FrozenPoll) -> str:
    """What the figures of people who chose themselves can say (AAPOR's sentence on opt-in samples)."""
    if poll.voter_rule == "link":
        return _(
            "People decided themselves whether to answer. The figures describe those who did. The ranges would hold only "
            "if chance had decided who answers."
        )
    return _(
        "People decided themselves whether to answer. The figures describe those who did, "
        "not everybody; that is why no margin of error is given."
    )
