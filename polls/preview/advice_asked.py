"""A question as the advice looks at it, and what an advice is. Pure."""

from dataclasses import dataclass
from functools import cached_property

from heard.kit.i18n import speaking
from polls.kinds.kind import Draft, Kind, kinds
from polls.preview.advice_words import WORDS, Words, plain
from polls.write.drafts import LONGEST, MOST_OPTIONS


@dataclass(frozen=True)
class Advice:
    """Something a member may stumble over. It never keeps a poll from being published."""

    path: str  # "questions.0.wording" | "questions.0.options" | "questions.0.rows" | "" for the poll
    code: str
    words: str  # what a member may stumble over, one plain sentence in the language of this context
    suggestion: str  # a better way


@dataclass(frozen=True)
class Asked:
    """One question of a draft, in the poll's language. Texts longer than a poll may hold are looked at up to there."""

    at: int
    draft: Draft
    locale: str
    intro: str = ""

    def path(self, part: str) -> str:
        """Such as "questions.0.wording"."""
        return f"questions.{self.at}.{part}"

    @cached_property
    def kind(self) -> Kind:
        """Its kind; a kind that is not there has the habits of all."""
        return kinds().get(self.draft.kind) or Kind()

    @cached_property
    def language(self) -> Words:
        """The words to look for."""
        return WORDS.get(self.locale, WORDS["en"])

    @cached_property
    def wording(self) -> str:
        """What is asked."""
        return plain(self.draft.wording[: LONGEST["wording"]])

    @cached_property
    def help(self) -> str:
        """The line beneath."""
        return plain(self.draft.help[: LONGEST["help"]])

    @cached_property
    def labels(self) -> list[str]:
        """The options that the manager wrote, or that the kind brings."""
        with speaking(self.locale):
            labels = self.draft.options or self.kind.fixed_options(self.draft.settings)
        return [label[: LONGEST["option"]] for label in labels[:MOST_OPTIONS]]

    @cached_property
    def rows(self) -> list[str]:
        """The rows of a matrix."""
        return [row[: LONGEST["option"]] for row in self.draft.rows[:MOST_OPTIONS]]

    @cached_property
    def lower(self) -> list[str]:
        """The labels as the patterns want them."""
        return [plain(label).lower() for label in self.labels]

    @cached_property
    def unsure(self) -> bool:
        """Whether the kind adds a choice for who does not know."""
        return any(role == "dont_know" for role, _label in self.kind.pinned_options(self.draft.settings))

    @cached_property
    def yes_no(self) -> bool:
        """Whether one says yes or no to it."""
        answers = [label for label in self.lower if not self.language.neutral.search(label)]
        return bool(self.lower) and len(answers) == 2 and all(self.language.yes_no.match(a) for a in answers)

    @cached_property
    def steps(self) -> bool:
        """Whether the options are the steps of a scale."""
        like = sum(bool(self.language.steps.search(label)) for label in self.lower)
        return len(self.lower) >= 2 and 3 * like >= 2 * len(self.lower)

    @cached_property
    def wording_is_judged(self) -> bool:
        """Whether an answer is one verdict on the wording: a yes, a step, a figure."""
        return self.kind.judged == "wording" or (
            not self.kind.judged and not self.kind.has_items and (self.yes_no or self.steps)
        )

    @property
    def judged_items(self) -> tuple[str, list[str]]:
        """The part whose labels get a verdict each, and these labels."""
        part = self.kind.judged if self.kind.judged in ("options", "rows") else ""
        return part, {"options": self.labels, "rows": self.rows}.get(part, [])
