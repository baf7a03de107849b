"""Several of several options."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from heard.kit.errors import BadInput
from heard.kit.i18n import _, ngettext
from polls.kinds.choices import Choice, pinned
from polls.kinds.items import in_ballot_order
from polls.kinds.kind import FrozenQuestion, Value


class Multiple(Choice):
    """Any number of options between min and max; max 0 is no limit."""

    name, has_options = "multiple", True
    nominal, mark = True, "box"
    place = 20
    seconds, seconds_per_item = 5, 0.5
    height, height_per_item = 13, 56
    default_settings: ClassVar[Mapping[str, Any]] = {"min": 0, "max": 0, **Choice.default_settings}

    def label(self) -> str:
        """Its name in the editor."""
        return _("Several choices")

    def purpose(self) -> str:
        """What it is for, where the editor lets one choose."""
        return _("Several answers out of a list.")

    def setting_labels(self) -> Mapping[str, str]:
        """What stands beside the fields."""
        return {"min": _("At least"), "max": _("At most (0: no limit)"), **super().setting_labels()}

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
        if not gaps and question.settings.get("min", 0) > sum(o.role != "dont_know" for o in question.options):
            gaps.append(_("“%(wording)s” asks for more choices than it has options.") % {"wording": question.wording})
        return gaps

    def from_form(self, question: FrozenQuestion, form: Mapping[str, Sequence[str]]) -> list[Value]:
        """Checkboxes named q<id> whose values are the options' ids; words of one's own in q<id>-other."""
        sent = [v for v in form.get(question.name, ()) if v]
        return self._chosen(question, sent, form.get(f"{question.name}-other", ())[:1])

    def from_json(self, question: FrozenQuestion, answer: Mapping[str, Any]) -> list[Value]:
        """{"options": [id, …]}; words beside "Other": {"options": [id, …], "text": "…"}."""
        given, words = answer.get("options", []), answer.get("text")
        if not isinstance(given, list):
            raise question.refuse(_("“options” is a list of option ids."))
        return self._chosen(question, given, [] if words is None else [words])

    def check(self, question: FrozenQuestion, values: list[Value]) -> list[Value]:
        """Ours, each once, between min and max when answered at all; in ballot order."""
        values = in_ballot_order(question, super().check(question, values))
        chosen = [v.option for v in values if v.option is not None]
        unsure = pinned(question, "dont_know")
        if unsure is not None and chosen == [unsure.id]:
            return values
        fewest, most = question.settings.get("min", 0), question.settings.get("max", 0)
        if chosen and len(chosen) < fewest:
            words = ngettext("Choose at least %(n)s option.", "Choose at least %(n)s options.", fewest)
            raise question.refuse(words % {"n": fewest})
        if most and len(chosen) > most:
            words = ngettext("Choose at most %(n)s option.", "Choose at most %(n)s options.", most)
            raise question.refuse(words % {"n": most})
        return values
