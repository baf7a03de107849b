"""A line of a person's own words."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from heard.kit.i18n import _, ngettext, number
from heard.kit.web import clean_text
from polls.kinds.kind import FrozenQuestion, Kind, QuestionResult, Value


class ShortText(Kind):
    """At most 500 characters."""

    name, is_text = "short_text", True
    place = 60
    seconds = 14
    longest: ClassVar[int] = 500

    def label(self) -> str:
        """Its name in the editor."""
        return _("Short text")

    def purpose(self) -> str:
        """What it is for, where the editor lets one choose."""
        return _("A line in their own words.")

    def from_form(self, question: FrozenQuestion, form: Mapping[str, Sequence[str]]) -> list[Value]:
        """A field named q<id>."""
        return self._said(form.get(question.name, ()))

    def from_json(self, question: FrozenQuestion, answer: Mapping[str, Any]) -> list[Value]:
        """{"text": "…"}."""
        given = answer.get("text")
        if given is not None and not isinstance(given, str):
            raise question.refuse(_("“text” is a string."))
        return self._said([given] if given else [])

    def check(self, question: FrozenQuestion, values: list[Value]) -> list[Value]:
        """One text that fits."""
        if len(values) > 1 or any(v.text is None for v in values):
            raise question.refuse(_("Write one text."))
        for value in values:
            if len(value.text or "") > self.longest:
                words = {"n": number(len(value.text or "")), "most": number(self.longest)}
                raise question.refuse(_("This has %(n)s characters; %(most)s are the most there is room for.") % words)
        return super().check(question, values)

    def finding(self, result: QuestionResult) -> str:
        """How many wrote something."""
        words = ngettext("%(n)s person wrote something.", "%(n)s people wrote something.", result.n)
        return words % {"n": number(result.n)}

    def to_long(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """The text."""
        return [v.text for v in values if v.text]

    def from_long(self, question: FrozenQuestion, cells: list[str]) -> list[Value]:
        """The text; several cells are several lines."""
        return self._said(["\n".join(cells)] if cells else [])

    def _said(self, sent: Sequence[str]) -> list[Value]:
        return [Value(text=text) for s in sent if (text := clean_text(s).strip())]
