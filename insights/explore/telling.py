"""One sentence for each figure, and one for the whole page. Pure.

A sentence is made of figures that are shown beside it. A change over time or versions is told only where the rule of
feedback/statistics/trends finds one, and never says why.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from feedback.analysis.contrasts import Contrast, chance
from feedback.collect.results_view import headline
from feedback.collect.tallies import PollResults
from feedback.statistics.trends import Period, change_point
from heard.kit.i18n import _, percent
from insights.explore.figures import Bar, Figure
from insights.measure.measures import Gathered, PollSlice, facts_of
from insights.write.findings import ENOUGH_FOR_SHARES, findings_of
from insights.write.wording import both, quoted, said
from insights.write.wording import figure as in_band
from polls.frozen import FrozenPoll

if TYPE_CHECKING:
    from feedback.analysis.asking import Asked


def strongest(poll: FrozenPoll, results: PollResults) -> str:
    """The strongest finding of a poll, as a brief would word it; where there is none, what its first answers say."""
    day = date(2000, 1, 1)  # of no account: a poll by itself has no period
    slice_ = PollSlice(
        id=poll.id, slug=poll.slug, title=poll.title, voter_rule=poll.voter_rule, level=poll.level, anonymous=poll.anonymous,
        cut=False, imported=0, invited=0, first=day, last=day, results=results, read=0, content=0, themes=[], voices={},
    )  # fmt: skip
    facts = facts_of(Gathered(poll.community, poll.community_name, day, day, [slice_], []))
    found = findings_of(facts) if facts["polls"] else []
    return said(facts, found[0]).text if found else headline(results)


def with_words(figure: Figure, asked: "Asked | None" = None, *, over: str = "") -> Figure:
    """The figure with its finding, and the test that says whether the parts of a split differ. `over`: "time" or
    "versions", where the parts follow each other; `asked`: the table behind it."""
    if not figure.split or len(figure.columns) < 2:
        return replace(figure, finding=_of_one(figure))
    if over:
        return replace(figure, finding=_over(figure))
    tested = _tested(asked) if asked else None
    return replace(
        figure, finding=_apart(figure), test=tested.finding if tested else "", note=tested.note if tested else ""
    )


def _tested(asked: "Asked") -> Contrast:
    from feedback.analysis.asking import contrast

    return contrast(asked)


def _of_one(figure: Figure) -> str:
    bars = [bar for group in figure.groups for bar in group.bars if bar.plain and bar.n]
    if not bars:
        return _("Too few people gave any answer to say something without telling on somebody.")
    most = max(bars, key=lambda bar: bar.n or 0)
    if sum(bar.n == most.n for bar in bars) > 1:
        return _("No answer leads: the most that any has are %(part)s.") % {"part": both(most.n or 0, most.of or 0)}
    return _("%(label)s leads with %(part)s.") % {"label": quoted(most.label), "part": both(most.n or 0, most.of or 0)}


def _apart(figure: Figure) -> str:
    """The answer whose share differs most between two parts of a split."""
    best: tuple[float, str, Bar, Bar] | None = None
    for group in figure.groups:
        known = [bar for bar in group.bars if bar.plain and bar.n is not None and bar.of]
        known = [bar for bar in known if (bar.of or 0) >= ENOUGH_FOR_SHARES] or known
        if len(known) > 1:
            low, high = (pick(known, key=lambda bar: bar.share or 0) for pick in (min, max))
            far = (high.share or 0) - (low.share or 0)
            if best is None or far > best[0]:
                best = far, group.label, low, high
    if best is None:
        return _("Too few people gave both answers to say something without telling on somebody.")
    far, answer, low, high = best
    if not far:
        return _("The same shares everywhere.")
    words = _("%(answer)s: %(high)s in “%(one)s”, %(low)s in “%(other)s”.")
    return words % {
        "answer": quoted(answer), "high": high.told, "one": high.label, "low": low.told, "other": low.label,
    }  # fmt: skip


def _over(figure: Figure) -> str:
    """Where the share of the leading answer changed, by the rule for changes; of a scale, that of its upper end."""
    told = _leading(figure)
    if told is None:
        return _("Too few people in some of these columns to tell a change without telling on somebody.")
    label, bars = told
    change = change_point([Period(at, at, bar.n or 0, bar.of or 0) for at, bar in enumerate(bars)])
    if change is None:
        return _("No change beyond chance: %(label)s has %(first)s at first, %(last)s at last.") % {
            "label": label, "first": bars[0].told, "last": bars[-1].told,
        }  # fmt: skip
    words = (
        _("%(label)s rose: %(before)s before, %(after)s from “%(when)s” on (%(p)s).")
        if change.after > change.before
        else _("%(label)s fell: %(before)s before, %(after)s from “%(when)s” on (%(p)s).")
    )
    figures = {"before": _share(bars[: change.at]), "after": _share(bars[change.at :]), "p": chance(change.p)}
    return words % (figures | {"label": label, "when": bars[change.at].label})


def _share(bars: Sequence[Bar]) -> str:
    return in_band(sum(bar.n or 0 for bar in bars), sum(bar.of or 0 for bar in bars))


def _leading(figure: Figure) -> tuple[str, Sequence[Bar]] | None:
    """The upper end of a scale, else the answer with the most people, of those that are shown in every column."""
    answers = [group for group in figure.groups if group.bars[0].plain]
    whole = [g for g in answers if all(bar.n is not None and bar.of for bar in g.bars)]
    upper = answers[len(answers) - figure.upper :]
    if figure.upper and all(group in whole for group in upper):
        label = quoted(upper[0].label)
        if len(upper) > 1:
            label = _("%(one)s or %(other)s") % {"one": label, "other": quoted(upper[1].label)}
        return label, [_together(bars) for bars in zip(*(group.bars for group in upper), strict=True)]
    if not whole or figure.upper:
        return None
    most = max(whole, key=lambda group: sum(bar.n or 0 for bar in group.bars))
    return quoted(most.label), most.bars


def _together(bars: Sequence[Bar]) -> Bar:
    n, of = sum(bar.n or 0 for bar in bars), bars[0].of or 1
    return replace(bars[0], n=n, share=n / of)


def weighed(figure: Figure) -> Figure:
    """The figure with what the weights change most."""
    moved = [
        ((after.share or 0) - (before.share or 0), group.label, before, after)
        for group in figure.groups
        for before, after in [group.bars]
        if before.plain and not after.hidden
    ]
    if not moved:
        return replace(figure, finding=_("Too few people gave both answers to weigh them without telling on somebody."))
    _far, label, before, after = max(moved, key=lambda found: abs(found[0]))
    if percent(before.share or 0) == percent(after.share or 0):
        return replace(figure, finding=_("The weights change nothing here."))
    words = _("The weights move %(label)s most: %(before)s as it came, %(after)s weighed.")
    shares = {"before": percent(before.share or 0), "after": percent(after.share or 0)}
    return replace(figure, finding=words % (shares | {"label": quoted(label)}))
