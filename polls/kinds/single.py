"""One of several options."""

from collections.abc import Mapping, Sequence
from typing import Any

from heard.kit.i18n import _
from polls.kinds.kind import FrozenQuestion, Kind, QuestionResult, Value, front, option_results, whole_number


class Single(Kind):
    """Exactly one option of the list."""

    name, has_options = "single", True
    place = 10

    def label(self) -> str:
        """Its name in the editor."""
        return _("One choice")

    def from_form(self, question: FrozenQuestion, form: Mapping[str, Sequence[str]]) -> list[Value]:
        """A radio button named q<id> whose value is the option's id."""
        sent = [v for v in form.get(question.name, ()) if v]
        if len(sent) > 1:
            raise question.refuse(_("Choose one option."))
        return self._chosen(question, sent)

    def from_json(self, question: FrozenQuestion, answer: Mapping[str, Any]) -> list[Value]:
        """{"option": id}."""
        given = answer.get("option")
        return self._chosen(question, [] if given is None else [given])

    def check(self, question: FrozenQuestion, values: list[Value]) -> list[Value]:
        """At most one, and one of ours."""
        if len(values) > 1 or any(v.option is None for v in values):
            raise question.refuse(_("Choose one option."))
        return super().check(question, values)

    def result(self, question: FrozenQuestion, cells: Mapping[str, int]) -> QuestionResult:
        """Votes for each option."""
        n = cells.get(f"{question.id}:n", 0)
        return QuestionResult(question.id, self.name, question.wording, n, option_results(question, cells))

    def finding(self, result: QuestionResult) -> str:
        """The option in front."""
        return front(result)

    def to_long(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """The option's label."""
        return [question.option(v.option).label for v in values if v.option is not None]

    def from_long(self, question: FrozenQuestion, cells: list[str]) -> list[Value]:
        """By label; options are compared as they are written."""
        by_label = {o.label: o.id for o in question.options}
        if missing := [c for c in cells if c not in by_label]:
            raise question.refuse(_("There is no option “%(label)s”.") % {"label": missing[0][:80]})
        return [Value(option=by_label[c]) for c in cells]

    def _chosen(self, question: FrozenQuestion, sent: Sequence[Any]) -> list[Value]:
        try:
            return [Value(option=whole_number(v)) for v in sent]
        except (ValueError, TypeError) as error:
            raise question.refuse(_("This option does not belong to the question.")) from error
