"""What one choice and several choices have in common: options by id or label, and the two that stand last.

"Other" is an option with the person's own words beside it, which become a comment; "Don't know" goes with nothing else.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from heard.kit.i18n import _, number
from heard.kit.web import clean_text
from polls.kinds.kind import (
    FrozenOption,
    FrozenQuestion,
    Kind,
    QuestionResult,
    Value,
    option_results,
    whole_number,
)


class Choice(Kind):
    """Options to choose from. A value is an option; the words of "Other" are a second one with that option as item."""

    default_settings: ClassVar[Mapping[str, Any]] = {"other": False, "dont_know": False}
    longest: ClassVar[int] = 500
    operators = ("is", "is_not", "answered", "not_answered")

    def setting_labels(self) -> Mapping[str, str]:
        """What stands beside the fields."""
        return {"other": _("“Other”, with a line to write in"), "dont_know": _("“Don't know”")}

    def pinned_options(self, settings: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        """Other and Don't know, as far as they are wished."""
        offered = (("other", _("Other")), ("dont_know", _("Don't know")))
        return tuple((role, label) for role, label in offered if settings.get(role))

    def check(self, question: FrozenQuestion, values: list[Value]) -> list[Value]:
        """Options of ours, each once; words only beside "Other"; nothing beside "Don't know"."""
        other, unsure = pinned(question, "other"), pinned(question, "dont_know")
        chosen = [v.option for v in values if v.option is not None]
        for value in values:
            beside = other is not None and value.item == other.id and value.text and other.id in chosen
            if value.item is not None if value.option is not None else not beside:
                raise question.refuse(_("Choose from the options."))
            if len(value.text or "") > self.longest:
                words = {"n": number(len(value.text or "")), "most": number(self.longest)}
                raise question.refuse(_("This has %(n)s characters; %(most)s are the most there is room for.") % words)
        super().check(question, values)
        if unsure is not None and unsure.id in chosen and len(chosen) > 1:
            raise question.refuse(_("“%(label)s” goes with no other choice.") % {"label": unsure.label})
        return values

    def has_comments(self, question: FrozenQuestion) -> bool:
        """With "Other" only."""
        return pinned(question, "other") is not None

    def result(self, question: FrozenQuestion, cells: Mapping[str, int]) -> QuestionResult:
        """Votes for each option; shares of those who answered."""
        n = cells.get(f"{question.id}:n", 0)
        return QuestionResult(question.id, self.name, question.wording, n, option_results(question, cells))

    def finding(self, result: QuestionResult) -> str:
        """The option in front."""
        return front(result)

    def as_form(self, question: FrozenQuestion, values: list[Value]) -> dict[str, list[str]]:
        """The options' ids, and the words of "Other" in a field of their own."""
        sent = {question.name: [str(v.option) for v in values if v.option is not None]}
        words = [v.text for v in values if v.text]
        return {**sent, f"{question.name}-other": words} if words else sent

    def to_long(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """The labels, one line each; with words as "Other: words"."""
        words = {v.item: f": {v.text}" for v in values if v.text}
        return [question.option(v.option).label + words.get(v.option, "") for v in values if v.option is not None]

    def from_long(self, question: FrozenQuestion, cells: list[str]) -> list[Value]:
        """By label; options are compared as they are written."""
        by_label, other = {o.label: o.id for o in question.options}, pinned(question, "other")
        values: list[Value] = []
        for cell in cells:
            if cell in by_label:
                values.append(Value(option=by_label[cell]))
            elif other is not None and cell.startswith(f"{other.label}:"):
                values += _other(other, cell.removeprefix(f"{other.label}:"))
            else:
                raise question.refuse(_("There is no option “%(label)s”.") % {"label": cell[:80]})
        return values

    def _chosen(self, question: FrozenQuestion, sent: Sequence[Any], words: Sequence[Any] = ()) -> list[Value]:
        """The options that were sent; words of one's own mean "Other", whether it was ticked or not."""
        try:
            values = [Value(option=whole_number(v)) for v in sent]
        except (ValueError, TypeError) as error:
            raise question.refuse(_("This option does not belong to the question.")) from error
        if any(not isinstance(w, str) for w in words):
            raise question.refuse(_("“text” is a string."))
        own = " ".join(" ".join(clean_text(w) for w in words).split())
        if not own:
            return values
        other = pinned(question, "other")
        if other is None:
            raise question.refuse(_("It takes no “%(name)s”.") % {"name": "text"})
        return [*(v for v in values if v.option != other.id), *_other(other, own)]


def front(result: QuestionResult) -> str:
    """Which option is in front, with its votes and the base; ties are said."""
    most = max((o.count for o in result.options), default=0)
    leaders = [o.label for o in result.options if o.count == most]
    figures = {"votes": number(most), "n": number(result.n)}
    if len(leaders) == 1:
        return _("“%(one)s” leads with %(votes)s of %(n)s.") % {**figures, "one": leaders[0]}
    if len(leaders) == 2:
        words = _("“%(one)s” and “%(other)s” are level with %(votes)s of %(n)s each.")
        return words % {**figures, "one": leaders[0], "other": leaders[1]}
    words = _("%(many)s options are level in front with %(votes)s of %(n)s each.")
    return words % {**figures, "many": number(len(leaders))}


def pinned(question: FrozenQuestion, role: str) -> FrozenOption | None:
    """Its "other" or "dont_know", or None."""
    return next((o for o in question.options if o.role == role), None)


def _other(other: FrozenOption, words: str) -> list[Value]:
    text = " ".join(words.split())
    return [Value(option=other.id), *([Value(item=other.id, text=text)] if text else [])]
