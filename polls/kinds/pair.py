"""This or that: two options at a time."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from heard.kit.i18n import _, number
from polls.kinds.items import WithItems, counted, id_of, in_ballot_order, items_of, label_finder
from polls.kinds.kind import FrozenOption, FrozenQuestion, ItemResult, QuestionResult, Value

ALL_PAIRS = 5  # of so many options a ballot shows every pair; of more, each option twice
BETWEEN = "; "


class Pair(WithItems):
    """Of each pair one is chosen (`option`) over the other (`item`); pairs may be left out."""

    name, has_options = "pair", True
    place = 110
    seconds, seconds_per_item = 2, 5

    def label(self) -> str:
        """Its name in the editor."""
        return _("This or that, in pairs")

    def purpose(self) -> str:
        """What it is for, where the editor lets one choose."""
        return _("Two options at a time, one is chosen.")

    def height_of(self, question: FrozenQuestion) -> int:
        """Two choices for each pair."""
        return 160 * len(self.pairs(question))

    def pairs(self, question: FrozenQuestion) -> list[tuple[FrozenOption, FrozenOption]]:
        """The pairs of a ballot: all of up to 5 options; of more a ring, so that each is shown twice.

        Every other pair is turned round, so that no option stands in front every time.
        """
        options = self.items(question)
        ring = zip(options, (*options[1:], *options[:1]), strict=True)
        shown = combinations(options, 2) if len(options) <= ALL_PAIRS else ring
        return [(b, a) if at % 2 else (a, b) for at, (a, b) in enumerate(shown)]

    def pair_name(self, question: FrozenQuestion, one: FrozenOption, other: FrozenOption) -> str:
        """The field name of a pair: q12-p34-35."""
        return f"{question.name}-p{min(one.id, other.id)}-{max(one.id, other.id)}"

    def from_form(self, question: FrozenQuestion, form: Mapping[str, Sequence[str]]) -> list[Value]:
        """Radio buttons named q<id>-p<a>-<b> whose value is the chosen option; any two, since orders differ by ballot."""
        start, values = f"{question.name}-p", []
        for name, sent in ((n, s) for n, several in form.items() if n.startswith(start) for s in several if s):
            chosen, pair = id_of(question, sent), [id_of(question, end) for end in name.removeprefix(start).split("-")]
            if len(pair) != 2 or chosen not in pair:
                raise question.refuse(_("This option does not belong to the pair."))
            values.append(Value(pair[0] if chosen == pair[1] else pair[1], option=chosen))
        return values

    def as_form(self, question: FrozenQuestion, values: list[Value]) -> dict[str, list[str]]:
        """A field for each pair that was answered."""
        return {
            self.pair_name(question, question.option(v.item), question.option(v.option)): [str(v.option)]
            for v in values
            if v.item and v.option
        }

    def from_json(self, question: FrozenQuestion, answer: Mapping[str, Any]) -> list[Value]:
        """{"items": [{"item": the other, "option": the chosen}, …]}; any two options are a pair."""
        return [Value(item, option=id_of(question, v)) for item, v in items_of(question, answer, "option")]

    def check(self, question: FrozenQuestion, values: list[Value]) -> list[Value]:
        """Two different options of ours, each pair once."""
        self.ours(question, [v.item for v in values])
        self.ours(question, [v.option for v in values])
        if any(v.item == v.option for v in values):
            raise question.refuse(_("A pair is two different options."))
        if len({frozenset((v.item, v.option)) for v in values}) < len(values):
            raise question.refuse(_("The same pair was answered twice."))
        return in_ballot_order(question, values)

    def result(self, question: FrozenQuestion, cells: Mapping[str, int]) -> QuestionResult:
        """For each option: `n` comparisons it was in, `count` of them won, and their `share`."""
        found, options = counted(question, cells, "o"), self.items(question)
        won = {o.id: sum(chosen.get(o.id, 0) for chosen in found.values()) for o in options}
        lost = {o.id: sum(found.get(o.id, {}).values()) for o in options}
        items = tuple(
            ItemResult(o.id, o.label, n, count=won[o.id], share=won[o.id] / n if n else 0.0)
            for o in options
            for n in [won[o.id] + lost[o.id]]
        )
        return QuestionResult(question.id, self.name, question.wording, cells.get(f"{question.id}:n", 0), items=items)

    def finding(self, result: QuestionResult) -> str:
        """The option that wins the largest share of its comparisons, as (wins + 1) / (n + 2); ties are said."""
        strength = [((i.count or 0) + 1) / (i.n + 2) for i in result.items]
        leaders = [i for i, s in zip(result.items, strength, strict=True) if s == max(strength)]
        if len(leaders) > 1:
            names = ", ".join(f"“{i.label}”" for i in leaders)
            return _("%(names)s win the same share of their comparisons.") % {"names": names}
        words = _("“%(one)s” wins most often: %(wins)s of the %(n)s comparisons it was in.")
        one = leaders[0]
        return words % {"one": one.label, "wins": number(one.count or 0), "n": number(one.n)}

    def to_long_items(self, question: FrozenQuestion, values: list[Value]) -> dict[int, list[str]]:
        """By option, what was chosen over it."""
        cells: dict[int, list[str]] = {}
        for v in values:
            if v.item and v.option:
                cells.setdefault(v.item, []).append(question.option(v.option).label)
        return cells

    def from_long_items(self, question: FrozenQuestion, cells: Mapping[int, list[str]]) -> list[Value]:
        """By label; a table has several in one cell."""
        find, labels = label_finder(question), {o.label for o in question.options}
        return [
            Value(item, option=find(label))
            for item, several in cells.items()
            for cell in several
            for label in ([cell] if cell in labels else cell.split(BETWEEN))
        ]

    def told(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """A line for each pair."""
        words = _("%(one)s rather than %(other)s")
        return [
            words % {"one": question.option(v.option).label, "other": question.option(v.item).label}
            for v in values
            if v.item and v.option
        ]
