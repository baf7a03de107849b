"""Statements to agree or disagree with, one by one."""

from collections.abc import Mapping
from typing import Any

from heard.kit.i18n import _, number
from polls.kinds.items import WithItems, counted, items_of, whole_from
from polls.kinds.kind import FrozenQuestion, ItemResult, OptionResult, QuestionResult, Value

AGREE, DISAGREE, PASS = 1, -1, 0


class Statements(WithItems):
    """1 agrees, -1 disagrees, 0 passes; statements may be left out."""

    name, has_options = "statements", True
    nominal = True
    place = 120
    seconds, seconds_per_item, judged = 3, 4, "options"

    def label(self) -> str:
        """Its name in the editor."""
        return _("Statements: agree or disagree")

    def purpose(self) -> str:
        """What it is for, where the editor lets one choose."""
        return _("Agree, disagree or pass, one by one.")

    def stances(self) -> dict[int, str]:
        """What can be said of a statement, in the order of the ballot."""
        return {AGREE: _("Agree"), DISAGREE: _("Disagree"), PASS: _("Pass")}

    def gaps(self, question: FrozenQuestion) -> list[str]:
        """One statement is enough."""
        gaps = [] if question.wording.strip() else [_("A question has no words yet.")]
        if not self.items(question):
            gaps.append(_("“%(wording)s” needs at least one statement.") % {"wording": question.wording})
        return gaps

    def value(self, question: FrozenQuestion, item: int, sent: str) -> Value:
        """1, 0 or -1: radio buttons named q<id>-i<statement>."""
        return Value(item, number=whole_from(question, sent, -1, 1))

    def from_json(self, question: FrozenQuestion, answer: Mapping[str, Any]) -> list[Value]:
        """{"items": [{"item": statement, "number": 1 | 0 | -1}, …]}."""
        return [Value(item, number=whole_from(question, v, -1, 1)) for item, v in items_of(question, answer, "number")]

    def check(self, question: FrozenQuestion, values: list[Value]) -> list[Value]:
        """One of the three for a statement of ours."""
        if any(v.number not in self.stances() for v in values):
            raise question.refuse(_("Say 1 (agree), -1 (disagree) or 0 (pass)."))
        return super().check(question, values)

    def result(self, question: FrozenQuestion, cells: Mapping[str, int]) -> QuestionResult:
        """For each statement the three counts as options 1, -1 and 0; its base is those who said something about it.

        score: (agree + 1) / (n + 2), which ranks statements so that one vote is not everybody.
        """
        found, stances = counted(question, cells, "v"), self.stances()
        items = []
        for statement in self.items(question):
            said = found.get(statement.id, {})
            n = sum(said.values())
            options = tuple(
                OptionResult(stance, label, said.get(stance, 0), said.get(stance, 0) / n if n else 0.0)
                for stance, label in stances.items()
            )
            items.append(
                ItemResult(statement.id, statement.label, n, options, score=(said.get(AGREE, 0) + 1) / (n + 2))
            )
        return QuestionResult(
            question.id, self.name, question.wording, cells.get(f"{question.id}:n", 0), items=tuple(items)
        )

    def finding(self, result: QuestionResult) -> str:
        """The statement with most agreement."""
        first = max(result.items, key=lambda i: i.score or 0)
        agree = first.options[0].count
        if not agree:
            return _("Nobody agrees with any of the statements.")
        words = _("Most agree with “%(one)s”: %(agree)s of %(n)s.")
        return words % {"one": first.label, "agree": number(agree), "n": number(first.n)}

    def to_long_items(self, question: FrozenQuestion, values: list[Value]) -> dict[int, list[str]]:
        """1, 0 or -1 by statement."""
        return {v.item: [f"{v.number:g}"] for v in values if v.item and v.number is not None}

    def from_long_items(self, question: FrozenQuestion, cells: Mapping[int, list[str]]) -> list[Value]:
        """1, 0 or -1 by statement; also the English words."""
        words = {"agree": "1", "disagree": "-1", "pass": "0"}
        return [
            self.value(question, item, words.get(cell.strip().lower(), cell))
            for item, several in cells.items()
            for cell in several
        ]

    def told(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """A line for each statement, in words."""
        stances, between = self.stances(), _("%(item)s: %(answer)s")
        return [
            between % {"item": question.option(v.item or 0).label, "answer": stances[int(v.number)]}
            for v in values
            if v.number is not None
        ]
