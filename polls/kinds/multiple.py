"""Several of several options."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from heard.kit.errors import BadInput
from heard.kit.i18n import _, ngettext
from polls.kinds.kind import FrozenQuestion, Kind, QuestionResult, Value, front, option_results, whole_number


class Multiple(Kind):
    """Any number of options between min and max; max 0 is no limit."""

    name, has_options = "multiple", True
    place = 20
    default_settings: ClassVar[Mapping[str, Any]] = {"min": 0, "max": 0}

    def label(self) -> str:
        """Its name in the editor."""
        return _("Several choices")

    def setting_labels(self) -> Mapping[str, str]:
        """What stands beside the fields."""
        return {"min": _("At least"), "max": _("At most (0: no limit)")}

    def settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """min and max are whole numbers from 0 to 1,000, and min is not above max."""
        made = super().settings(given)
        for name in ("min", "max"):
            if type(made[name]) is not int or not 0 <= made[name] <= 1000:
                raise BadInput(
                    _("“%(name)s” is a whole number from 0 to 1,000.") % {"name": name}, fields={"settings": name}
                )
        if made["max"] and made["min"] > made["max"]:
            raise BadInput(_("The fewest choices are more than the most."), fields={"settings": "min"})
        return made

    def gaps(self, question: FrozenQuestion) -> list[str]:
        """min within reach of the options."""
        gaps = super().gaps(question)
        if not gaps and question.settings.get("min", 0) > len(question.options):
            gaps.append(_("“%(wording)s” asks for more choices than it has options.") % {"wording": question.wording})
        return gaps

    def from_form(self, question: FrozenQuestion, form: Mapping[str, Sequence[str]]) -> list[Value]:
        """Checkboxes named q<id> whose values are the options' ids."""
        return self._chosen(question, [v for v in form.get(question.name, ()) if v])

    def from_json(self, question: FrozenQuestion, answer: Mapping[str, Any]) -> list[Value]:
        """{"options": [id, …]}."""
        given = answer.get("options")
        if given is None:
            return []
        if not isinstance(given, list):
            raise question.refuse(_("“options” is a list of option ids."))
        return self._chosen(question, given)

    def check(self, question: FrozenQuestion, values: list[Value]) -> list[Value]:
        """Ours, each once, between min and max when answered at all."""
        if any(v.option is None for v in values):
            raise question.refuse(_("Choose from the options."))
        super().check(question, values)
        fewest, most = question.settings.get("min", 0), question.settings.get("max", 0)
        if values and len(values) < fewest:
            words = ngettext("Choose at least %(n)s option.", "Choose at least %(n)s options.", fewest)
            raise question.refuse(words % {"n": fewest})
        if most and len(values) > most:
            words = ngettext("Choose at most %(n)s option.", "Choose at most %(n)s options.", most)
            raise question.refuse(words % {"n": most})
        return values

    def result(self, question: FrozenQuestion, cells: Mapping[str, int]) -> QuestionResult:
        """Votes for each option; shares of those who answered, so they may sum to more than one."""
        n = cells.get(f"{question.id}:n", 0)
        return QuestionResult(question.id, self.name, question.wording, n, option_results(question, cells))

    def finding(self, result: QuestionResult) -> str:
        """The option chosen most often."""
        return front(result)

    def to_long(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """The labels, one line each."""
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
