"""One sentence for each figure, and one for the whole page. Pure.

A sentence is made of figures that are shown beside it. A change over time is told only where the rule of
feedback/statistics/trends finds one, and never says why.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from feedback.analysis.contrasts import chance
from feedback.collect.pairs import Shift
from feedback.collect.results_view import headline
from feedback.collect.tallies import PollResults
from feedback.statistics.differences import Difference
from feedback.statistics.trends import Period, change_point
from heard.kit.i18n import _, number, percent
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


def with_words(figure: Figure, asked: "Asked", *, over_time: bool = False) -> Figure:
    """The figure with its finding, and the test that says whether the parts of a split differ, if they do not follow each
    other (`over_time`). `asked`: the table behind it."""
    if not figure.split or len(figure.columns) < 2:
        return replace(figure, finding=_of_one(figure))
    if over_time:
        return replace(figure, finding=_over(figure))
    from feedback.analysis.asking import contrast

    tested = contrast(asked)
    return replace(figure, finding=_apart(figure), test=tested.finding, note=tested.note)


def _of_one(figure: Figure) -> str:
    bars = [(group.label or bar.label, bar) for group in figure.groups for bar in group.bars if bar.plain and bar.n]
    if not bars:
        return _("Too few people gave any answer to say something without telling on somebody.")
    label, most = max(bars, key=lambda told: told[1].n or 0)
    if sum(bar.n == most.n for _label, bar in bars) > 1:
        return _("No answer leads: the most that any has are %(part)s.") % {"part": both(most.n or 0, most.of or 0)}
    return _("%(label)s leads with %(part)s.") % {"label": quoted(label), "part": both(most.n or 0, most.of or 0)}


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


def between(figure: Figure, labels: Sequence[str], shift: Shift | None, how: str) -> Figure:
    """The figure of several versions with what became of the last two, named by `labels`. `shift`: of an answer that is a
    number on the same scale; `how`: which comparison it is, and why."""
    if shift is None or shift.before is None or shift.after is None or shift.difference is None:
        return replace(figure, finding=_shares_of(figure, labels), note=how)
    words = _("On average %(before)s in “%(one)s”, %(after)s in “%(other)s”.")
    if shift.paired:
        words = _(
            "On average %(before)s in “%(one)s”, %(after)s in “%(other)s”, of the %(n)s people who answered both."
        )
    finding = words % {
        "before": number(shift.before, 1), "after": number(shift.after, 1), "one": labels[0], "other": labels[1],
        "n": number(shift.both),
    }  # fmt: skip
    return replace(figure, finding=finding, test=_difference(shift.difference), note=how)


def _shares_of(figure: Figure, labels: Sequence[str]) -> str:
    """The leading answer of the newest version, in the last two."""
    pairs = [(group.label, group.bars[-2], group.bars[-1]) for group in figure.groups]
    told = [pair for pair in pairs if not pair[1].hidden and not pair[2].hidden]
    if not told:
        return _("No answer was offered in both versions.")
    label, one, other = max(told, key=lambda pair: pair[2].value or pair[2].share or 0)
    words = _("%(label)s: %(before)s in “%(one)s”, %(after)s in “%(other)s”.")
    figures = {"before": one.told, "after": other.told, "one": labels[0], "other": labels[1]}
    return words % (figures | {"label": quoted(label)})


def _difference(found: Difference) -> str:
    """“Higher: +1.9 (+1.5 to +2.3).”, or that it may be chance; "" without an interval."""
    if found.low is None or found.high is None:
        return ""
    words = (
        _("Higher: %(mean)s (%(low)s to %(high)s).") if found.low > 0
        else _("Lower: %(mean)s (%(low)s to %(high)s).") if found.high < 0
        else _("No difference beyond chance: %(mean)s (%(low)s to %(high)s).")
    )  # fmt: skip
    return words % {"mean": _plus(found.mean), "low": _plus(found.low), "high": _plus(found.high)}


def _plus(figure: float) -> str:
    rounded = round(figure, 1)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{number(abs(rounded), 1)}"


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
