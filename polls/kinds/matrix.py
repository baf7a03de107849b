"""The same choice for each of several rows."""

from collections.abc import Mapping
from typing import Any

from heard.kit.i18n import _, number
from polls.kinds.items import WithItems, counted, id_of, items_of, label_finder
from polls.kinds.kind import FrozenOption, FrozenQuestion, ItemResult, OptionResult, QuestionResult, Value


class Matrix(WithItems):
    """One option for each row; rows may be left out."""

    name, has_options, has_rows = "matrix", True, True
    place = 85
    seconds, seconds_per_item, judged = 3, 4, "rows"

    def label(self) -> str:
        """Its name in the editor."""
        return _("Grid: one choice for each row")

    def purpose(self) -> str:
        """What it is for, where the editor lets one choose."""
        return _("The same answers for several things.")

    def items(self, question: FrozenQuestion) -> tuple[FrozenOption, ...]:
        """The rows."""
        return question.rows

    def height_of(self, question: FrozenQuestion) -> int:
        """A list of choices for each row: a narrow frame has no room for them side by side."""
        offered = sum(o.role != "row" for o in question.options)
        return len(question.rows) * (48 + 56 * offered) - 12

    def gaps(self, question: FrozenQuestion) -> list[str]:
        """A row at least."""
        gaps = super().gaps(question)
        if not question.rows:
            gaps.append(_("“%(wording)s” needs at least one row.") % {"wording": question.wording})
        return gaps

    def value(self, question: FrozenQuestion, item: int, sent: str) -> Value:
        """The option's id: radio buttons named q<id>-i<row>."""
        return Value(item, option=id_of(question, sent))

    def from_json(self, question: FrozenQuestion, answer: Mapping[str, Any]) -> list[Value]:
        """{"items": [{"item": row, "option": id}, …]}."""
        return [Value(item, option=id_of(question, v)) for item, v in items_of(question, answer, "option")]

    def check(self, question: FrozenQuestion, values: list[Value]) -> list[Value]:
        """One of ours for a row of ours."""
        if any(v.option is None for v in values):
            raise question.refuse(_("Choose from the options."))
        return super().check(question, values)

    def result(self, question: FrozenQuestion, cells: Mapping[str, int]) -> QuestionResult:
        """For each row the votes of each option; the base of a row is those who answered it."""
        found = counted(question, cells, "o")
        items = tuple(self._row(question, row, found.get(row.id, {})) for row in question.rows)
        return QuestionResult(question.id, self.name, question.wording, cells.get(f"{question.id}:n", 0), items=items)

    def finding(self, result: QuestionResult) -> str:
        """The row that people agree on most, and what they say of it; rows whose best options are level do not count."""
        best = [(row, max(row.options, key=lambda o: o.count)) for row in result.items if row.n]
        clear = [(row, top) for row, top in best if sum(o.count == top.count for o in row.options) == 1]
        if not clear:
            return _("In no row does one answer lead.")
        row, top = max(clear, key=lambda pair: (pair[1].share, pair[1].count))
        words = _("Most agreed on is “%(row)s”: %(votes)s of %(n)s say “%(option)s”.")
        return words % {"row": row.label, "option": top.label, "votes": number(top.count), "n": number(row.n)}

    def to_long_items(self, question: FrozenQuestion, values: list[Value]) -> dict[int, list[str]]:
        """The option's label by row."""
        return {v.item: [question.option(v.option).label] for v in values if v.item and v.option is not None}

    def from_long_items(self, question: FrozenQuestion, cells: Mapping[int, list[str]]) -> list[Value]:
        """By label."""
        find = label_finder(question)
        return [Value(item, option=find(cell)) for item, several in cells.items() for cell in several]

    def _row(self, question: FrozenQuestion, row: FrozenOption, found: Mapping[int, int]) -> ItemResult:
        n = sum(found.values())
        return ItemResult(
            row.id, row.label, n,
            tuple(
                OptionResult(o.id, o.label, found.get(o.id, 0), found.get(o.id, 0) / n if n else 0.0, o.role)
                for o in question.options if o.role != "row"
            ),
        )  # fmt: skip
