"""The results explorer: what a wish shows, read and worded once for page, pictures, CSV and API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from feedback.analysis.offering import WAY, WEEK, fields_to_cross
from feedback.analysis.refusals import TooMuchBeside
from feedback.collect.counters import K
from feedback.collect.queries import poll_results
from feedback.collect.ways_view import words_for_ways
from heard.kit.db import DbSession
from heard.kit.i18n import _
from insights.explore import telling
from insights.explore.figures import Figure, of_result, of_table
from insights.explore.versions import AskedAt, over_versions, versions_of
from insights.explore.wishes import VERSION, Wish
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion, QuestionResult

if TYPE_CHECKING:
    from feedback.analysis.narrowing import Narrowed
    from feedback.analysis.views import View
    from insights.explore.weighing import Weighed


@dataclass(frozen=True)
class Explored:
    """What a wish shows. `base` of `n` responses; `figures` by question, in ballot order; `skipped`: why a question has none
    in this view; `by`: what stands side by side, in words."""

    poll: FrozenPoll
    wish: Wish
    n: int
    base: int
    figures: dict[int, list[Figure]]
    filters: "tuple[Narrowed, ...]" = ()
    by: str = ""
    skipped: dict[int, str] = field(default_factory=dict)
    weighed: "Weighed | None" = None
    versions: list[AskedAt] = field(default_factory=list)

    def figures_of(self, question: FrozenQuestion) -> list[Figure]:
        """Those of one question."""
        return self.figures.get(question.id, [])


def explored(session: DbSession, poll: FrozenPoll, wish: Wish) -> Explored:
    """Every figure that a wish asks for. `session`: one that sees one moment.

    Raises UnknownField, BadFilter, SmallGroup, TooMuchBeside, BadMargin, BeingPrepared.
    """
    results = poll_results(session, poll)
    by_id = {result.id: result for result in results.questions}
    if wish.plain:
        plain = {q.id: [f] for q in poll.questions if (f := of_result(q, by_id[q.id])) is not None}
        return Explored(poll, wish, results.n, results.n, plain)
    if wish.margins and (wish.wheres or wish.by):
        raise TooMuchBeside(
            _("Weights are for everybody’s answers: they go with no filter, and nothing stands side by side."),
            hint=_("Take away the filter, or the weights."),
        )
    if wish.by == VERSION:
        return _versions(session, poll, wish, results.n)
    from feedback.analysis.views import view_of  # numpy comes with the first view, and not with the page

    view = view_of(session, poll, wish.wheres, wish.by, words_for_ways(session, poll))
    if wish.margins:
        return _weighed(poll, wish, view)
    return _viewed(poll, wish, view, by_id)


def _viewed(poll: FrozenPoll, wish: Wish, view: "View", results: Mapping[int, QuestionResult]) -> Explored:
    figures, skipped = dict[int, list[Figure]](), dict[int, str]()
    for about in fields_to_cross(poll):
        asked = view.table_of(about)
        if asked is not None:
            drawn = of_table(asked, results[about.question.id])
            figures.setdefault(about.question.id, []).append(
                telling.with_words(drawn, asked, over_time=wish.by == WEEK)
            )
        elif about.question.field_id in view.names():
            skipped[about.question.id] = _("The view is about this question itself.")
        else:
            skipped[about.question.id] = _("This question has too many answers for a view with a filter and two sides.")
    by = view.by.field.head if view.by else ""
    return Explored(poll, wish, view.n, view.base, figures, view.filters, by, skipped)


def _weighed(poll: FrozenPoll, wish: Wish, view: "View") -> Explored:
    from insights.explore import weighing

    weights = weighing.weighed(view, weighing.margins_in(view, wish.margins))
    figures, skipped = dict[int, list[Figure]](), dict[int, str]()
    for about in fields_to_cross(poll):
        drawn = weighing.of_field(view, weights, about)
        if drawn is not None:
            figures.setdefault(about.question.id, []).append(telling.weighed(drawn))
        else:
            skipped[about.question.id] = _("The weights are made of this question.")
    return Explored(poll, wish, view.n, view.n, figures, skipped=skipped, weighed=weights)


def _versions(session: DbSession, poll: FrozenPoll, wish: Wish, n: int) -> Explored:
    versions = versions_of(session, poll)
    if not versions or wish.wheres:
        raise TooMuchBeside(
            _("Versions stand side by side without a filter, in the check-ins of one trial."),
            hint=_("Take away the filter, or choose another split."),
        )
    made = over_versions(session, poll, versions)
    skipped = {q.id: _("No other version asked this question.") for q in poll.questions if not made[q.id]}
    return Explored(poll, wish, n, n, made, by=_("Version"), skipped=skipped, versions=versions)


def splits(session: DbSession, poll: FrozenPoll, n: int) -> list[tuple[str, str]]:
    """What may stand side by side beside questions: value and words."""
    offered = [(WAY, _("How they came"))] if n >= 2 * K else []
    if not poll.anonymous or poll.phase == "closed":
        offered.append((WEEK, _("Week by week")))
    if versions_of(session, poll):
        offered.append((VERSION, _("Version by version")))
    return offered
