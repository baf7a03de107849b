"""Answers weighed by what is known of everybody: “in the community, 52% are members for less than a year”.

Weights are made by feedback/statistics/raking, and are shown beside the answers as they came, with what they cost. They can
mend that some of those who were asked about were heard too little, and nothing else.

A weighed share is a sum of cells of a table times weights, and whoever may choose the weights could solve for the cells. So
it is reckoned from shown cells only, and nothing is weighed by more than two questions (trust.md, R1).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from feedback.analysis.asking import too_large
from feedback.analysis.crossing import Cell, Side, cross, cross_in_slices
from feedback.analysis.narrowing import field_named
from feedback.analysis.offering import answers_to_weigh
from feedback.analysis.views import MOST_BESIDE, View
from feedback.collect.counters import K
from feedback.exports.fields import PollField
from feedback.statistics.raking import ImpossibleMargin, Raked, rake
from heard.kit.errors import BadInput
from heard.kit.i18n import _, number, percent
from insights.explore.figures import Bar, Figure, Group
from insights.write.findings import ENOUGH_FOR_SHARES
from polls.kinds.kind import FrozenQuestion

NEAR = 0.6  # of 100: shares are typed in with few decimals


class BadMargin(BadInput):
    """Shares of everybody that these answers cannot be given."""

    code = "bad_margin"


@dataclass(frozen=True)
class Margin:
    """A question, and the share (0..1) of each of its answers among everybody, in the order of the side's answers."""

    question: FrozenQuestion
    side: Side
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Weighed:
    """Weights, and what they cost. `people`: who is weighed: who answered the questions of the margins."""

    margins: tuple[Margin, ...]
    raked: Raked
    people: int
    weights: tuple[tuple[float, ...], ...]  # by answer of the first margin, and of the second

    @property
    def told(self) -> list[tuple[str, str]]:
        """What stands beside the figures."""
        raked, n = self.raked, self.people
        furthest, _question, answer = raked.furthest
        reached = _("Yes") if raked.converged else _("No: “%(answer)s” still is %(points)s points off.") % {
            "answer": answer, "points": number(100 * furthest, 1),
        }  # fmt: skip
        return [
            (_("Weighed"), _("%(n)s people who answered the questions of the margins") % {"n": number(n)}),
            (_("Effective number"), _("%(n)s: a sample without weights that says as much") % {"n": number(raked.effective_n)}),
            (_("Design effect"), number(raked.design_effect, 2)),
            (_("Weights at a bound"), _("%(share)s of the people (%(low)s or %(high)s)") % {
                "share": percent(raked.trimmed / n), "low": number(0.3, 1), "high": number(3),
            }),
            (_("Margins reached"), reached),
        ]  # fmt: skip


def margins_in(view: View, texts: Sequence[str]) -> tuple[Margin, ...]:
    """Margins as an address gives them: q12:34=52,35=48. Raises BadMargin, UnknownField."""
    made = []
    for text in texts:
        name, _sep, given = text.partition(":")
        field = field_named(view.sides.poll, name, "margin")
        answers, side = answers_to_weigh(field.question), view.sides.of(field)
        if not answers or side.several:
            raise BadMargin(
                _("“%(question)s” cannot carry weights: it does not take one answer out of a list.")
                % {"question": field.question.wording}
            )
        made.append(Margin(field.question, side, _shares(field, answers, given)))
    if len({margin.question.id for margin in made}) < len(made):
        raise BadMargin(_("A question has its shares twice."), hint=_("Give each question once."))
    if len(made) > MOST_BESIDE:
        raise BadMargin(
            _("Weights go by two questions at most: with more, few people would stand in each combination."),
            hint=_("Keep the two that matter most."),
        )
    return tuple(made)


def _shares(field: PollField, answers: Sequence[int], given: str) -> tuple[float, ...]:
    said: dict[int, float] = {}
    try:
        for pair in given.split(","):
            answer, _sep, share = pair.partition("=")
            said[int(answer)] = float(share[:20])
        if not set(said) <= set(answers) or not all(0 <= s <= 100 + NEAR for s in said.values()):
            raise ValueError(given)
    except ValueError as error:
        raise BadMargin(
            _("“%(margin)s” are no shares for “%(question)s”.")
            % {"margin": given[:80], "question": field.question.wording},
            hint=_("A percentage for each answer, such as 52."),
            fields={"margin": given[:80]},
        ) from error
    whole = math.fsum(said.values())
    if abs(whole - 100) > NEAR:
        raise BadMargin(
            _("The shares for “%(question)s” add up to %(sum)s%%, and not to 100.")
            % {"question": field.question.wording, "sum": number(whole, 1)},
            hint=_("Give every answer its share of everybody; 0 for an answer that nobody would give."),
            fields={"margin": given[:80]},
        )
    return tuple(said.get(answer, 0.0) / whole for answer in answers)


def weighed(view: View, margins: tuple[Margin, ...]) -> Weighed:
    """Weights for the people of a view who answered the questions of the margins. Raises BadMargin."""
    counts = _together(view, margins)
    people = sum(map(sum, counts))
    if people < ENOUGH_FOR_SHARES:
        raise BadMargin(
            _("Weights take %(n)s people who answered these questions, and there are %(there)s.")
            % {"n": number(ENOUGH_FOR_SHARES), "there": number(people)},
        )
    names = [str(at) for at in range(len(margins))]
    places = [(str(i), str(j))[: len(margins)] for i, row in enumerate(counts) for j in range(len(row))]
    wanted = {
        name: {str(at): share for at, share in enumerate(m.shares)} for name, m in zip(names, margins, strict=True)
    }
    try:
        raked = rake(dict(zip(places, [n for row in counts for n in row], strict=True)), wanted)
    except ImpossibleMargin as error:
        raise _impossible(margins, counts) from error
    flat, width = [raked.weights.get(place, 0.0) for place in places], len(counts[0])
    weights = tuple(tuple(flat[start : start + width]) for start in range(0, len(flat), width))
    return Weighed(margins, _named(raked, margins), people, weights)


def _named(raked: Raked, margins: Sequence[Margin]) -> Raked:
    """With the words of the answer that is furthest from its margin."""
    distance, question, answer = raked.furthest
    margin = margins[int(question)]
    label = margin.side.parts[0].answers[int(answer)].label
    return replace(raked, furthest=(distance, margin.question.wording, label))


def _together(view: View, margins: Sequence[Margin]) -> list[list[int]]:
    """How many people gave each answer of the first margin, and of the second. Raises BadMargin where that is hidden."""
    first = [a.n for a in margins[0].side.parts[0].answers if not a.is_none]
    if len(margins) == 1:
        return [[n] for n in first]
    table = cross(margins[0].side, margins[1].side, view.n, K)
    rows = [
        [cell.n for cell, column in zip(cells, table.columns, strict=True) if not column.is_none]
        for cells, row in zip(table.cells, table.rows, strict=True)
        if not row.is_none
    ]
    if any(n is None for row in rows for n in row):
        raise BadMargin(
            _(
                "Fewer than %(k)s people gave one of the combinations of these two questions, so nothing is weighed by both."
            )
            % {"k": number(K)},
            hint=_("Weigh by one of them."),
        )
    return [[n or 0 for n in row] for row in rows]


def _impossible(margins: Sequence[Margin], counts: Sequence[Sequence[int]]) -> BadMargin:
    """Which answer cannot have its share, in words."""
    by_margin = [[sum(row) for row in counts], [sum(column) for column in zip(*counts, strict=True)]]
    for margin, given in zip(margins, by_margin, strict=False):
        answers = [a for a in margin.side.parts[0].answers if not a.is_none]
        for answer, share, n in zip(answers, margin.shares, given, strict=True):
            words = {"answer": answer.label, "question": margin.question.wording}
            if share and not n:
                return BadMargin(
                    _("Nobody here answered “%(answer)s” to “%(question)s”, so no weight can give it a share.") % words,
                    hint=_("Wait for answers from these people, or leave this question out."),
                )
            if n and not share:
                return BadMargin(
                    _("People answered “%(answer)s” to “%(question)s”, and it has a share of 0.") % words,
                    hint=_("Give it the share that these people have among everybody."),
                )
    return BadMargin(_("No weights give these answers their shares."))


def of_field(view: View, weights: Weighed, about: PollField) -> Figure | None:
    """The answers to a field as they came and weighed, side by side; None for a question of a margin, and where the
    table would take too long."""
    if about.question.id in {margin.question.id for margin in weights.margins}:
        return None
    side = view.sides.of(about)
    if len(weights.margins) > 1 and too_large(weights.margins[1].side, side, weights.margins[0].side.parts[0]):
        return None
    lines = _lines(view, weights, side)
    groups = []
    for at, answer in enumerate(side.shown):
        cells = [(cells[at].n, weight) for cells, weight in lines]
        known = all(n is not None for n, weight in cells if weight)
        before = sum(n or 0 for n, _weight in cells) if all(n is not None for n, _weight in cells) else None
        after = math.fsum((n or 0) * weight for n, weight in cells) / weights.people if known else None
        share = None if before is None else before / weights.people
        groups.append(Group(answer.label, (
            Bar(_("As it came"), before, weights.people, share, plain=not answer.is_none),
            Bar(_("Weighed"), None, weights.people, after, plain=not answer.is_none),
        )))  # fmt: skip
    return Figure(about.id, about.question, tuple(groups), about=about.item.label if about.item else "")


def _lines(view: View, weights: Weighed, side: Side) -> list[tuple[Sequence[Cell], float]]:
    """The cells of a table for each group of people who weigh the same, with their weight."""
    first = weights.margins[0].side
    if len(weights.margins) == 1:
        tables, by_table = [cross(first, side, view.n, K)], [tuple(w for [w] in weights.weights)]
    else:
        each = np.eye(len(first.parts[0].answers), dtype=bool)[: len(weights.weights)]
        tables = cross_in_slices(weights.margins[1].side, side, first.parts[0], list(each), K)
        by_table = list(weights.weights)
    lines: list[tuple[Sequence[Cell], float]] = []
    for table, by_row in zip(tables, by_table, strict=True):
        rows = [cells for cells, row in zip(table.cells, table.rows, strict=True) if not row.is_none]
        lines += zip(rows, by_row, strict=True)
    return lines
