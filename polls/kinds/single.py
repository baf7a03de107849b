"""One of several options."""

from collections.abc import Mapping, Sequence
from typing import Any

from heard.kit.i18n import _
from polls.kinds.choices import Choice, pinned
from polls.kinds.kind import FrozenQuestion, Value
from polls.kinds.taps import Taps, tapped


class Single(Choice):
    """Exactly one option of the list."""

    name, has_options = "single", True
    nominal, mark = True, "circle"
    place = 10
    seconds = 4
    height, height_per_item = -8, 56

    def label(self) -> str:
        """Its name in the editor."""
        return _("One choice")

    def purpose(self) -> str:
        """What it is for, where the editor lets one choose."""
        return _("One answer out of a list.")

    def from_form(self, question: FrozenQuestion, form: Mapping[str, Sequence[str]]) -> list[Value]:
        """A radio button named q<id> whose value is the option's id; words of one's own in q<id>-other."""
        sent, words = [v for v in form.get(question.name, ()) if v], form.get(f"{question.name}-other", ())[:1]
        if len(sent) > 1:
            raise question.refuse(_("Choose one option."))
        return self._one(question, sent, words)

    def from_json(self, question: FrozenQuestion, answer: Mapping[str, Any]) -> list[Value]:
        """{"option": id}; words beside "Other": {"option": id, "text": "…"}."""
        given, words = answer.get("option"), answer.get("text")
        return self._one(question, [] if given is None else [given], [] if words is None else [words])

    def taps(self, question: FrozenQuestion) -> Taps:
        """Each option."""
        return Taps(tapped(question))

    def check(self, question: FrozenQuestion, values: list[Value]) -> list[Value]:
        """At most one, and one of ours."""
        super().check(question, values)
        if sum(v.option is not None for v in values) > 1:
            raise question.refuse(_("Choose one option."))
        return values

    def _one(self, question: FrozenQuestion, sent: Sequence[Any], words: Sequence[Any]) -> list[Value]:
        values, other = self._chosen(question, sent, words), pinned(question, "other")
        if sent and other is not None and len({v.option for v in values} - {None}) > 1:
            chosen = question.option(next(v.option for v in values if v.option is not None)).label
            why = _("You chose “%(label)s” and wrote something beside “%(other)s”. Choose that, or empty its line.")
            raise question.refuse(why % {"label": chosen, "other": other.label})
        return values
