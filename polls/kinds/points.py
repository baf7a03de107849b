"""A budget of points, shared out over the options."""

from collections.abc import Mapping
from typing import Any, ClassVar

from heard.kit.errors import BadInput
from heard.kit.i18n import _, number
from polls.kinds.items import WithItems, counted, items_of, whole_from
from polls.kinds.kind import FrozenQuestion, ItemResult, QuestionResult, Value


class Points(WithItems):
    """Whole points, all of the budget or less."""

    name, has_options = "points", True
    nominal = True
    place = 100
    seconds, seconds_per_item = 10, 4
    height, height_per_item = 22, 61
    default_settings: ClassVar[Mapping[str, Any]] = {"budget": 10}

    def label(self) -> str:
        """Its name in the editor."""
        return _("Points to share out")

    def purpose(self) -> str:
        """What it is for, where the editor lets one choose."""
        return _("How people would spend what there is.")

    def setting_labels(self) -> Mapping[str, str]:
        """What stands beside the field."""
        return {"budget": _("Points that each person has")}

    def settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """budget: a whole number from 1 to 1,000."""
        made = super().settings(given)
        if type(made["budget"]) is not int or not 1 <= made["budget"] <= 1000:
            words = _("“%(name)s” is a whole number from 1 to 1,000.") % {"name": "budget"}
            raise BadInput(words, fields={"settings": "budget"})
        return made

    def budget(self, question: FrozenQuestion) -> int:
        """How many points a person has."""
        return int(question.settings.get("budget", 10))

    def value(self, question: FrozenQuestion, item: int, sent: str) -> Value:
        """The points: a number field named q<id>-i<option>."""
        return Value(item, number=whole_from(question, sent, 0, self.budget(question)))

    def from_json(self, question: FrozenQuestion, answer: Mapping[str, Any]) -> list[Value]:
        """{"items": [{"item": option, "number": points}, …]}."""
        most = self.budget(question)
        return [
            Value(item, number=whole_from(question, v, 0, most)) for item, v in items_of(question, answer, "number")
        ]

    def check(self, question: FrozenQuestion, values: list[Value]) -> list[Value]:
        """Within the budget. No points are no value: they are not stored."""
        most = self.budget(question)
        if any(v.number is None or v.number < 0 or v.number != int(v.number) for v in values):
            raise question.refuse(_("Give whole points to the options."))
        values = super().check(question, values)
        if (given := sum(v.number or 0 for v in values)) > most:
            words = _("You gave %(n)s points; there are %(most)s to share out.")
            raise question.refuse(words % {"n": number(given), "most": number(most)})
        return [v for v in values if v.number]

    def result(self, question: FrozenQuestion, cells: Mapping[str, int]) -> QuestionResult:
        """For each option: `n` who gave it something, `mean` points over all who answered, `score` all its points, and
        `share` of all points given."""
        n, found = cells.get(f"{question.id}:n", 0), counted(question, cells, "v")
        sums = {item: sum(points * c for points, c in given.items()) for item, given in found.items()}
        total = sum(sums.values())
        items = tuple(
            ItemResult(
                o.id, o.label, sum(found.get(o.id, {}).values()), mean=sums.get(o.id, 0) / n if n else None,
                score=sums.get(o.id, 0), share=sums.get(o.id, 0) / total if total else 0.0,
            )
            for o in self.items(question)
        )  # fmt: skip
        return QuestionResult(question.id, self.name, question.wording, n, items=items)

    def finding(self, result: QuestionResult) -> str:
        """The option with most points; ties are said."""
        most = max(i.score or 0 for i in result.items)
        leaders = [i for i in result.items if i.score == most]
        if len(leaders) > 1:
            names = ", ".join(f"“{i.label}”" for i in leaders)
            return _("%(names)s are level with %(points)s points each.") % {"names": names, "points": number(most)}
        words = _("“%(one)s” gets most: %(points)s of the %(all)s points given.")
        given = sum(i.score or 0 for i in result.items)
        return words % {"one": leaders[0].label, "points": number(most), "all": number(given)}

    def to_long_items(self, question: FrozenQuestion, values: list[Value]) -> dict[int, list[str]]:
        """The points by option; 0 where somebody who answered gave none."""
        given = {v.item: v.number for v in values if v.item and v.number is not None}
        return {o.id: [f"{given.get(o.id, 0):g}"] for o in self.items(question)} if given else {}

    def from_long_items(self, question: FrozenQuestion, cells: Mapping[int, list[str]]) -> list[Value]:
        """The points by option."""
        return [self.value(question, item, cell) for item, several in cells.items() for cell in several]
