"""What the API takes and gives of polls. Never a table class; unknown fields are refused."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from heard.kit.settings import settings
from heard.kit.taken import Taken
from polls.frozen import FrozenPoll
from polls.kinds.kind import Draft, FrozenQuestion, kind_of
from polls.logic import Condition, ShowIf

VoterRule = Literal["open", "browser", "network", "link", "sign_in"]
ResultsRule = Literal["always", "after_vote", "after_close", "never"]


_TIMES = ("opens_at", "closes_at", "closes_in_days")


def _in_reach(at: datetime) -> datetime:
    if not 2000 <= at.year <= 2200:
        raise ValueError("a year between 2000 and 2200")
    return at.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_in_reach)]  # 2026-03-29T14:30:00+02:00: with its zone
Days = Annotated[int, Field(ge=1, le=366)]
Translations = dict[Literal["en", "fr"], dict[str, str]]  # by language: the text as it was written → its translation


class ConditionIn(Taken):
    """What an earlier question must have been answered. `question`: its place, from 1; `options`: labels."""

    question: int = Field(ge=1, le=500)
    operator: Literal["is", "is_not", "at_least", "at_most", "answered", "not_answered"]
    options: list[str] = []
    number: float | None = Field(default=None, allow_inf_nan=False)


class ShowIfIn(Taken):
    """When a question is shown: all or any of the conditions hold."""

    when: Literal["all", "any"] = "all"
    conditions: list[ConditionIn] = []


class QuestionWords(Taken):
    """A question as people write it. `settings` belong to the kind: min and max, low and high …"""

    kind: str
    wording: str = ""
    options: list[str] = []
    rows: list[str] = []
    help: str = ""
    required: bool = False
    settings: dict[str, int | float | bool | str | None] = {}
    section: str = Field(default="", description="A section with this heading begins here.")
    section_intro: str = ""
    shuffled: bool = Field(default=False, description="Each ballot has an order of its own.")
    keep_last: int = Field(default=0, ge=0, le=1000, description="So many options stay last when they are shuffled.")
    show_if: ShowIfIn = ShowIfIn()

    def as_draft(self) -> Draft:
        """For polls.write.authoring. Raises BadInput for a kind there is not, polls.write.drafts checks the rest."""
        kind_of(self.kind)
        conditions = (
            Condition(c.question - 1, c.operator, tuple(c.options), c.number) for c in self.show_if.conditions
        )
        return Draft(
            self.kind, self.wording, tuple(self.options), self.help, self.required,
            {name: value for name, value in self.settings.items() if value is not None}, rows=tuple(self.rows),
            section=self.section, section_intro=self.section_intro, shuffled=self.shuffled, keep_last=self.keep_last,
            show_if=ShowIf(tuple(conditions), self.show_if.when),
        )  # fmt: skip


class QuestionIn(QuestionWords):
    """A question to be asked."""

    id: int | None = Field(default=None, description="Taken so that a question can be sent back as it was given.")
    wording: str


class PollSettings(Taken):
    """`change`: whether a second ballot of one voter changes the first."""

    change: bool = True


class PollIn(Taken):
    """A new poll; a draft until it is opened. Without a title it takes its first question's wording."""

    title: str = ""
    questions: list[QuestionIn]
    intro: str = ""
    locale: Literal["", "en", "fr"] = ""
    voter_rule: VoterRule = "browser"
    results_rule: ResultsRule = "after_vote"
    anonymous: bool = False
    listed: bool = True
    paged: bool = Field(default=False, description="A section or a question at a time.")
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    closes_in_days: Days | None = Field(
        default=None, description="Counted from the opening; closes_at follows from it."
    )
    translations: Translations = {}
    settings: PollSettings = PollSettings()


class PollPatch(Taken):
    """What changes in a poll that nobody has answered; what is left out stays. A time that is null is taken away.

    `revision`: refuse when it was edited since that one.
    """

    title: str | None = None
    questions: list[QuestionIn] | None = None
    intro: str | None = None
    locale: Literal["en", "fr"] | None = None
    voter_rule: VoterRule | None = None
    results_rule: ResultsRule | None = None
    anonymous: bool | None = None
    listed: bool | None = None
    paged: bool | None = None
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    closes_in_days: Days | None = None
    translations: Translations | None = None
    settings: PollSettings | None = None
    revision: int | None = None

    def changes(self) -> dict[str, object]:
        """The named fields of a PollDraft. A closing time replaces a number of days, and the other way round."""
        named = self.model_dump(exclude_none=True, exclude={"questions", "settings", "revision"})
        named |= {name: getattr(self, name) for name in _TIMES if name in self.model_fields_set}
        if named.get("closes_at") or named.get("closes_in_days"):
            named = {"closes_at": None, "closes_in_days": None} | named
        if self.questions is not None:
            named["questions"] = tuple(q.as_draft() for q in self.questions)
        if self.settings is not None:
            named["may_change"] = self.settings.change
        return named


class PollOption(BaseModel):
    """An option or a row."""

    id: int
    label: str


class ConditionOut(BaseModel):
    """A condition; the same words as on the way in."""

    question: int
    operator: str
    options: list[str]
    number: float | None


class ShowIfOut(BaseModel):
    """When a question is shown."""

    when: str
    conditions: list[ConditionOut]


class PollQuestion(BaseModel):
    """A question with the ids that answers name."""

    id: int
    kind: str
    wording: str
    required: bool
    options: list[PollOption]
    rows: list[PollOption]
    help: str
    settings: dict[str, Any]
    section: str
    section_intro: str
    shuffled: bool
    keep_last: int
    show_if: ShowIfOut

    @classmethod
    def of(cls, poll: FrozenPoll, q: FrozenQuestion) -> "PollQuestion":
        """One question of the poll."""
        places = {other.id: at for at, other in enumerate(poll.questions, 1)}
        conditions = [
            ConditionOut(
                question=places[c.on], operator=c.operator, number=c.number,
                options=[*(o.label for o in poll.questions[places[c.on] - 1].options if o.id in c.options), *c.missing],
            )
            for c in q.conditions
        ]  # fmt: skip
        return cls(
            id=q.id, kind=q.kind, wording=q.wording, required=q.required, help=q.help, settings=dict(q.settings),
            options=[PollOption(id=o.id, label=o.label) for o in q.options if o.role != "row" and not o.moderated],
            rows=[PollOption(id=o.id, label=o.label) for o in q.options if o.role == "row"],
            section=q.section, section_intro=q.section_intro, shuffled=q.shuffled, keep_last=q.keep_last,
            show_if=ShowIfOut(when=q.show_when, conditions=conditions),
        )  # fmt: skip


class PollOut(BaseModel):
    """A poll with its questions; `url` is the ballot's address. `frozen`: somebody has voted, so its words stay."""

    slug: str
    title: str
    status: str
    url: str
    revision: int
    edition: int
    frozen: bool
    intro: str
    locale: str
    voter_rule: str
    results_rule: str
    anonymous: bool
    listed: bool
    settings: PollSettings
    paged: bool
    opens_at: datetime | None
    closes_at: datetime | None
    closes_in_days: int | None
    translations: dict[str, dict[str, str]]
    questions: list[PollQuestion]

    @classmethod
    def of(cls, poll: FrozenPoll) -> "PollOut":
        """From the poll as its voters see it."""
        return cls(
            slug=poll.slug, title=poll.title, status=poll.status, url=ballot_url(poll.slug), revision=poll.revision,
            edition=poll.edition, frozen=poll.frozen, intro=poll.intro, locale=poll.locale,
            voter_rule=poll.voter_rule, results_rule=poll.results_rule, anonymous=poll.anonymous, listed=poll.listed,
            settings=PollSettings(change=poll.may_change), paged=poll.paged, opens_at=poll.opens_at,
            closes_at=poll.closes_at, closes_in_days=poll.closes_in_days,
            translations={language: dict(words) for language, words in poll.translations.items()},
            questions=[PollQuestion.of(poll, q) for q in poll.questions],
        )  # fmt: skip


class ScheduleIn(Taken):
    """When a scheduled poll opens and closes, or an open one closes; what is left out or null: never by itself."""

    opens_at: Moment | None = None
    closes_at: Moment | None = None
    closes_in_days: Days | None = None


class CorrectionIn(Taken):
    """A slip of the pen put right. `part`: title, intro, q12-wording, q12-help, q12-option-34 … (with the ids of the poll)."""

    part: str
    text: str


class CorrectionOut(BaseModel):
    """Both texts, and when."""

    at: datetime
    part: str
    before: str
    after: str


class FileIn(Taken):
    """A poll as a file: `text` is JSON or YAML as GET /polls/{slug}/file gives it."""

    text: str


class PollLine(BaseModel):
    """A poll in a list."""

    slug: str
    title: str
    status: str
    url: str


class PollList(BaseModel):
    """A part of a community's polls, newest first."""

    polls: list[PollLine]
    next: str | None


class Status(BaseModel):
    """What became of a poll."""

    status: str


def ballot_url(slug: str) -> str:
    """The public address of a poll."""
    return f"{settings().base_url}/p/{slug}"
