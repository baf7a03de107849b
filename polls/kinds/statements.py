"""Statements to agree or disagree with, one by one; members may add their own."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from heard.kit.i18n import _, number
from polls.kinds.items import WithItems, as_read, counted, items_of, one_line, whole_from
from polls.kinds.kind import FrozenOption, FrozenQuestion, ItemResult, OptionResult, QuestionResult, Value

AGREE, DISAGREE, PASS = 1, -1, 0
LONGEST = 280  # characters of a statement that a member adds


class Statements(WithItems):
    """1 agrees, -1 disagrees, 0 passes; statements may be left out.

    A member's own statement travels as a value with text and no item, beside the others.
    """

    name, has_options = "statements", True
    nominal = True
    most_options = 5_000  # conversations that come from elsewhere have 2,000
    place = 120
    seconds, seconds_per_item, judged = 3, 4, "options"
    height, height_per_item = 1, 122
    longest: ClassVar[int] = LONGEST
    default_settings: ClassVar[Mapping[str, Any]] = {"members_add": False, "check_first": True}

    def label(self) -> str:
        """Its name in the editor."""
        return _("Statements: agree or disagree")

    def purpose(self) -> str:
        """What it is for, where the editor lets one choose."""
        return _("Agree, disagree or pass, one by one.")

    def setting_labels(self) -> Mapping[str, str]:
        """What stands beside the fields."""
        return {
            "members_add": _("Members may add statements of their own"),
            "check_first": _("A manager reads them before they appear"),
        }

    def takes_own_words(self, question: FrozenQuestion) -> str:
        """As the poll's manager has set it."""
        if not question.settings.get("members_add"):
            return ""
        return "read_first" if question.settings.get("check_first", True) else "at_once"

    def own_words(self, values: Sequence[Value]) -> str:
        """The only text there is."""
        return next((v.text for v in values if v.text), "")

    def stances(self) -> dict[int, str]:
        """What can be said of a statement, in the order of the ballot."""
        return {AGREE: _("Agree"), DISAGREE: _("Disagree"), PASS: _("Pass")}

    def gaps(self, question: FrozenQuestion) -> list[str]:
        """One statement is enough, and none where members add theirs."""
        gaps = [] if question.wording.strip() else [_("A question has no words yet.")]
        if not asked_in(question) and not self.takes_own_words(question):
            gaps.append(_("“%(wording)s” needs at least one statement.") % {"wording": question.wording})
        return gaps

    def from_form(self, question: FrozenQuestion, form: Mapping[str, Sequence[str]]) -> list[Value]:
        """A field for each statement, and q<id>-own for one's own."""
        return [*super().from_form(question, form), *_own(" ".join(form.get(f"{question.name}-own", ())))]

    def as_form(self, question: FrozenQuestion, values: list[Value]) -> dict[str, list[str]]:
        """The same fields."""
        own = self.own_words(values)
        sent = super().as_form(question, [v for v in values if v.text is None])
        return {**sent, f"{question.name}-own": [own]} if own else sent

    def value(self, question: FrozenQuestion, item: int, sent: str) -> Value:
        """1, 0 or -1: radio buttons named q<id>-i<statement>."""
        return Value(item, number=whole_from(question, sent, -1, 1))

    def from_json(self, question: FrozenQuestion, answer: Mapping[str, Any]) -> list[Value]:
        """{"items": [{"item": statement, "number": 1 | 0 | -1}, …], "text": a statement of one's own}."""
        said = items_of(question, answer, "number")
        if not isinstance(answer.get("text", ""), str):
            raise question.refuse(_("“text” is a string."))
        return [
            *(Value(item, number=whole_from(question, v, -1, 1)) for item, v in said),
            *_own(answer.get("text", "")),
        ]

    def check(self, question: FrozenQuestion, values: list[Value]) -> list[Value]:
        """One of the three for a statement of ours; at most one statement of one's own, that is not there yet."""
        said = [v for v in values if v.text is None]
        if any(v.number not in self.stances() for v in said):
            raise question.refuse(_("Say 1 (agree), -1 (disagree) or 0 (pass)."))
        if own := self.own_words(values):
            self._check_own(question, own)
        return [*super().check(question, said), *_own(own)]

    def _check_own(self, question: FrozenQuestion, own: str) -> None:
        if not self.takes_own_words(question):
            raise question.refuse(_("This question takes no statements of your own."))
        if problem := statement_problem(question, own):
            raise question.refuse(problem)

    def cells(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """Of what was said about statements; a statement of one's own is no answer."""
        return super().cells(question, [v for v in values if v.text is None])

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
            score = (said.get(AGREE, 0) + 1) / (n + 2)
            items.append(
                ItemResult(statement.id, statement.label, n, options, score=score, moderated=statement.moderated)
            )
        return QuestionResult(
            question.id, self.name, question.wording, cells.get(f"{question.id}:n", 0), items=tuple(items)
        )

    def finding(self, result: QuestionResult) -> str:
        """The statement with most agreement, of those that are asked."""
        first = max((i for i in result.items if not i.moderated), key=lambda i: i.score or 0, default=None)
        agree = first.options[0].count if first else 0
        if not first or not agree:
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
        """A line for each statement: what was said, and of what."""
        stances, between, own = self.stances(), _("%(item)s: %(answer)s"), self.own_words(values)
        said = [
            between % {"item": stances[int(v.number)], "answer": question.option(v.item or 0).label}
            for v in values
            if v.number is not None
        ]
        return [*said, between % {"item": _("Your own statement"), "answer": own}] if own else said


def asked_in(question: FrozenQuestion) -> list[FrozenOption]:
    """The statements that people are asked about: those that were not moderated out."""
    return [option for option in question.options if not option.moderated]


def statement_problem(question: FrozenQuestion, text: str) -> str:
    """Why these words cannot become a statement of this question, in words, or ""."""
    if len(text) > LONGEST:
        words = _("This has %(n)s characters; %(most)s are the most there is room for.")
        return words % {"n": number(len(text)), "most": number(LONGEST)}
    if not any(c.isalnum() for c in text):
        return _("A statement needs words.")
    twin = next((o for o in question.options if as_read(o.label) == as_read(text)), None)
    if twin is None:
        return ""
    words = (
        _("The organisers have taken “%(statement)s” out of this poll.")
        if twin.moderated
        else _("“%(statement)s” is a statement here already. Say what you think of that one.")
    )
    return words % {"statement": twin.label}


def _own(text: str) -> list[Value]:
    words = one_line(text)
    return [Value(text=words)] if words else []
