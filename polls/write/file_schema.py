"""The shape of a poll's file (polls/write/transfer.py says it in words). Unknown fields are refused with their path."""

from dataclasses import replace
from typing import Literal

from heard.kit.taken import Taken
from polls.kinds.kind import Draft
from polls.schemas import Days, Moment, QuestionWords, ResultsRule, Translations, VoterRule
from polls.write.drafts import PollDraft


class Unreadable(Exception):
    """Its text says in plain words why a file cannot be read."""


class QuestionInFile(QuestionWords):
    """A question in a file. `field_id`: its name in exports of answers."""

    field_id: str = ""

    def as_draft(self) -> Draft:
        """As an editor holds it."""
        return replace(super().as_draft(), field_id=self.field_id)


class PollFile(Taken):
    """A poll in a file: every field of a PollDraft, and the version of the format."""

    heard_poll: Literal[1]
    title: str = ""
    questions: list[QuestionInFile] = []
    intro: str = ""
    locale: Literal["en", "fr"] = "en"
    voter_rule: VoterRule = "browser"
    results_rule: ResultsRule = "after_vote"
    anonymous: bool = False
    listed: bool = True
    may_change: bool = True
    paged: bool = False
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    closes_in_days: Days | None = None
    translations: Translations = {}

    def as_draft(self) -> PollDraft:
        """As an editor holds it, not yet checked. Raises BadInput for a kind there is not."""
        named = {
            name: getattr(self, name) for name in type(self).model_fields if name not in ("heard_poll", "questions")
        }
        return PollDraft(**named, questions=tuple(q.as_draft() for q in self.questions))
