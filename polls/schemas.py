"""What the API takes and gives of polls. Never a table class; unknown fields are refused."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from heard.kit.settings import settings
from polls.frozen import FrozenPoll
from polls.kinds.kind import Draft, kind_of

VoterRule = Literal["open", "browser", "network", "link", "sign_in"]
ResultsRule = Literal["always", "after_vote", "after_close", "never"]


class _Taken(BaseModel):
    model_config = ConfigDict(extra="forbid")


class QuestionIn(_Taken):
    """A question to be asked. `settings` belong to the kind: min and max, low and high …"""

    id: int | None = Field(default=None, description="Taken so that a question can be sent back as it was given.")
    kind: str
    wording: str
    options: list[str] = []
    rows: list[str] = []
    help: str = ""
    required: bool = False
    settings: dict[str, int | float | bool | str] = {}

    def as_draft(self) -> Draft:
        """For polls.authoring. Raises BadInput for a kind there is not, polls.drafts checks the rest."""
        kind_of(self.kind)
        return Draft(
            self.kind, self.wording, tuple(self.options), self.help, self.required, self.settings, rows=tuple(self.rows)
        )  # fmt: skip


class PollSettings(_Taken):
    """`change`: whether a second ballot of one voter changes the first."""

    change: bool = True


class PollIn(_Taken):
    """A new poll; a draft until it is opened. Without a title it takes its first question's wording."""

    title: str = ""
    questions: list[QuestionIn]
    intro: str = ""
    locale: Literal["", "en", "fr"] = ""
    voter_rule: VoterRule = "browser"
    results_rule: ResultsRule = "after_vote"
    anonymous: bool = False
    listed: bool = True
    settings: PollSettings = PollSettings()


class PollPatch(_Taken):
    """What changes in a draft; what is left out stays. `revision`: refuse when it was edited since that one."""

    title: str | None = None
    questions: list[QuestionIn] | None = None
    intro: str | None = None
    locale: Literal["en", "fr"] | None = None
    voter_rule: VoterRule | None = None
    results_rule: ResultsRule | None = None
    anonymous: bool | None = None
    listed: bool | None = None
    settings: PollSettings | None = None
    revision: int | None = None

    def changes(self) -> dict[str, object]:
        """The named fields of a PollDraft."""
        named = self.model_dump(exclude_none=True, exclude={"questions", "settings", "revision"})
        if self.questions is not None:
            named["questions"] = tuple(q.as_draft() for q in self.questions)
        if self.settings is not None:
            named["may_change"] = self.settings.change
        return named


class OptionOut(BaseModel):
    """An option or a row."""

    id: int
    label: str


class QuestionOut(BaseModel):
    """A question with the ids that answers name."""

    id: int
    kind: str
    wording: str
    required: bool
    options: list[OptionOut]
    rows: list[OptionOut]


class PollOut(BaseModel):
    """A poll with its questions; `url` is the ballot's address."""

    slug: str
    title: str
    status: str
    url: str
    revision: int
    questions: list[QuestionOut]

    @classmethod
    def of(cls, poll: FrozenPoll) -> "PollOut":
        """From the poll as its voters see it."""
        return cls(
            slug=poll.slug, title=poll.title, status=poll.status, url=ballot_url(poll.slug), revision=poll.revision,
            questions=[
                QuestionOut(
                    id=q.id, kind=q.kind, wording=q.wording, required=q.required,
                    options=[OptionOut(id=o.id, label=o.label) for o in q.options if o.role != "row"],
                    rows=[OptionOut(id=o.id, label=o.label) for o in q.options if o.role == "row"],
                )
                for q in poll.questions
            ],
        )  # fmt: skip


class PollLine(BaseModel):
    """A poll in a list."""

    slug: str
    title: str
    status: str
    url: str


class PollList(BaseModel):
    """All polls of a community, newest first."""

    polls: list[PollLine]


class Status(BaseModel):
    """What became of a poll."""

    status: str


def ballot_url(slug: str) -> str:
    """The public address of a poll."""
    return f"{settings().base_url}/p/{slug}"
