"""Options in order, the best first."""

from collections.abc import Mapping
from typing import Any

from heard.kit.i18n import _, number
from polls.kinds.items import WithItems, counted, id_of, whole_from
from polls.kinds.kind import FrozenQuestion, ItemResult, QuestionResult, Value


class Ranking(WithItems):
    """Ranks from 1, without gaps and ties; options at the end may be left out."""

    name, has_options = "ranking", True
    nominal = True
    place = 90
    seconds, seconds_per_item = 6, 4

    def label(self) -> str:
        """Its name in the editor."""
        return _("Ranking")

    def purpose(self) -> str:
        """What it is for, where the editor lets one choose."""
        return _("Which matters most, in order.")

    def value(self, question: FrozenQuestion, item: int, sent: str) -> Value:
        """The rank: a select named q<id>-i<option>."""
        return Value(item, number=whole_from(question, sent, 1, len(self.items(question))))

    def from_json(self, question: FrozenQuestion, answer: Mapping[str, Any]) -> list[Value]:
        """{"options": [id, …]}, best first."""
        given = answer.get("options")
        if given is not None and not isinstance(given, list):
            raise question.refuse(_("“options” is a list of option ids."))
        return [Value(id_of(question, v), number=rank) for rank, v in enumerate(given or [], 1)]

    def check(self, question: FrozenQuestion, values: list[Value]) -> list[Value]:
        """Every rank from 1 to the last one given, once. Stored in the order of ranks."""
        if any(v.number is None for v in values):
            raise question.refuse(_("Give ranks to the options."))
        values = super().check(question, sorted(values, key=lambda v: v.number or 0))
        ranks = [v.number or 0 for v in values]
        for rank, given in enumerate(ranks, 1):
            if given != rank and given in ranks[: rank - 1]:
                raise question.refuse(_("Two options have the rank %(n)s.") % {"n": f"{given:g}"})
            if given != rank:
                words = _("The rank %(n)s is missing: count from 1 without a gap.")
                raise question.refuse(words % {"n": number(rank)})
        return values

    def result(self, question: FrozenQuestion, cells: Mapping[str, int]) -> QuestionResult:
        """For each option: `n` who ranked it, `mean` rank among these, `count` and `share` of first places, `score`.

        The score is a Borda count: with k options, the first place is worth k - 1, the next k - 2 …; an option that a
        ballot leaves out gets 0 from it. Source: J.-C. de Borda, Histoire de l'Académie royale des sciences, 1781.
        """
        n, found, options = cells.get(f"{question.id}:n", 0), counted(question, cells, "v"), self.items(question)
        items = []
        for option in options:
            ranks = found.get(option.id, {})
            ranked, first = sum(ranks.values()), ranks.get(1, 0)
            items.append(
                ItemResult(
                    option.id, option.label, ranked, count=first, share=first / n if n else 0.0,
                    mean=sum(r * c for r, c in ranks.items()) / ranked if ranked else None,
                    score=sum((len(options) - r) * c for r, c in ranks.items()),
                )
            )  # fmt: skip
        return QuestionResult(question.id, self.name, question.wording, n, items=tuple(items))

    def finding(self, result: QuestionResult) -> str:
        """The winner by Borda count and its first places; ties are said."""
        best = max(i.score or 0 for i in result.items)
        leaders = [i for i in result.items if i.score == best]
        if len(leaders) > 1:
            words = _("%(names)s are level in front, with %(points)s points each by Borda count.")
            names = ", ".join(f"“{i.label}”" for i in leaders)
            return words % {"names": names, "points": number(best)}
        words = _("“%(one)s” comes first by Borda count, and %(votes)s of %(n)s put it first.")
        return words % {"one": leaders[0].label, "votes": number(leaders[0].count or 0), "n": number(result.n)}

    def to_long_items(self, question: FrozenQuestion, values: list[Value]) -> dict[int, list[str]]:
        """The rank by option."""
        return {v.item: [f"{v.number:g}"] for v in values if v.item and v.number is not None}

    def from_long_items(self, question: FrozenQuestion, cells: Mapping[int, list[str]]) -> list[Value]:
        """The rank by option."""
        return [self.value(question, item, cell) for item, several in cells.items() for cell in several]

    def told(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """The options in order."""
        order = sorted((v for v in values if v.number is not None), key=lambda v: v.number or 0)
        return [f"{v.number:g}. {question.option(v.item or 0).label}" for v in order]
