"""What the API takes and gives of the ways a poll reaches people: links, frames, personal links, mailings; and translations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from heard.kit.settings import settings
from heard.kit.taken import Short, Taken, Whole, Words
from polls.publish.framing import Choice
from polls.publish.invitations import PersonalLink
from polls.publish.mailing_plans import Plan
from polls.publish.mailing_queries import Failed, MailingRow
from polls.publish.sharing import ShareRow
from polls.write.translating import Translation


class VisitsOut(BaseModel):
    """How often a link was opened: by people, by drawers of previews, by scanners."""

    person: int
    preview: int
    scanner: int


class LinkOut(BaseModel):
    """A tracked link of one place, and what is pasted there. `compose`: opens the place with the text, or empty."""

    token: str
    place: str
    label: str
    url: str
    subject: str
    text: str
    html: str
    frame: str
    compose: str
    visits: VisitsOut

    @classmethod
    def of(cls, row: ShareRow) -> "LinkOut":
        """From a row of the share page."""
        seen = {name: row.visits[name] for name in VisitsOut.model_fields}
        return cls(
            token=row.token, place=row.place, label=row.label, url=row.address, subject=row.snippet.subject,
            text=row.snippet.text, html=row.html, frame=row.frame, compose=row.compose, visits=VisitsOut(**seen),
        )  # fmt: skip


class LinksPart(BaseModel):
    """A part of the links, in the order of the share page."""

    links: list[LinkOut]
    next: str | None


class LinkIn(Taken):
    """A place by your own word; without a name, a link for each place that has none."""

    name: str | None = Field(default=None, max_length=200)


class FramingIn(Taken):
    """Who may show the poll in a frame; `sites`, such as https://blog.example.org, belong to `listed`."""

    who: Literal["anybody", "listed", "nobody"]
    sites: list[Short] = Field(default=[], max_length=50)


class FramingOut(BaseModel):
    """Who may show the poll in a frame."""

    who: str
    sites: list[str]

    @classmethod
    def of(cls, choice: Choice) -> "FramingOut":
        """From the stored choice."""
        return cls(who=choice.who, sites=choice.sites.split())


class InvitationsIn(Taken):
    """How many more personal links."""

    count: int = Field(ge=1, le=1000)


class InvitationOut(BaseModel):
    """A personal link: one ballot. `used` says that somebody voted by it, never what."""

    number: int
    label: str
    url: str
    used: bool

    @classmethod
    def of(cls, link: PersonalLink) -> "InvitationOut":
        """From its line."""
        return cls(number=link.number, label=link.label, url=settings().base_url + link.path, used=link.turned_in)


class InvitationsPart(BaseModel):
    """A part of the personal links, by number."""

    invitations: list[InvitationOut]
    next: str | None


class InvitationsMade(BaseModel):
    """How many were made; GET gives them."""

    made: int


class LetterIn(Taken):
    """A mail about a poll: an invitation to a list, or a reminder of the mailing `of` to those who have not answered."""

    list_id: Whole | None = None
    of: Whole | None = None
    subject: Short
    words: str = Field(default="", max_length=1000)


class MailingIn(LetterIn):
    """`count`: the number of people that it goes to, as the plan said; another number is refused."""

    count: Whole


class MailingPlan(BaseModel):
    """How many would get it; how many are held back, for each reason, and in words."""

    count: int
    held: dict[str, int]
    words: list[str]

    @classmethod
    def of(cls, plan: Plan) -> "MailingPlan":
        """From the plan."""
        return cls(count=plan.to_send, held=plan.held, words=plan.in_words)


class FailedOut(BaseModel):
    """A mail that a server refused for good, and its words."""

    address: str
    why: str


class MailingOut(BaseModel):
    """A mailing with its figures. `answered` of those it reached; `still`: nothing has moved for a day, resume or stop it."""

    id: int
    kind: str
    subject: str
    words: str
    list_id: int | None
    created_at: datetime
    stopped_at: datetime | None
    statuses: dict[str, int]
    answered: int
    visits: VisitsOut
    still: bool
    failed: list[FailedOut]

    @classmethod
    def of(cls, row: MailingRow, failed: Sequence[Failed] = ()) -> "MailingOut":
        """From its row; `failed`: the first of those."""
        seen = {name: row.seen[name] for name in VisitsOut.model_fields}
        return cls(
            id=row.id, kind=row.kind, subject=row.subject, words=row.words, list_id=row.list_id, created_at=row.created_at,
            stopped_at=row.stopped_at, statuses=dict(row.statuses), answered=row.answered, visits=VisitsOut(**seen),
            still=row.still, failed=[FailedOut(address=one.address, why=one.words) for one in failed],
        )  # fmt: skip


class MailingsPart(BaseModel):
    """A part of the mailings, newest first."""

    mailings: list[MailingOut]
    next: str | None


class TestOut(BaseModel):
    """What became of the mail to your own address: sent, failed or retry, and what the server said."""

    to: str
    state: str
    detail: str


class LineOut(BaseModel):
    """A text of the poll beside its translation, empty where it is missing. `settled`: it has been read, and stays."""

    source: str
    text: str
    settled: bool


class TranslationOut(BaseModel):
    """The poll's words and their translation, in reading order."""

    locale: str
    done: int
    missing: int
    revision: int
    lines: list[LineOut]

    @classmethod
    def of(cls, it: Translation, revision: int) -> "TranslationOut":
        """From the poll beside its translation."""
        lines = [LineOut(source=line.text.source, text=line.said, settled=line.settled) for line in it.lines]
        return cls(locale=it.language, done=it.done, missing=len(it.missing), revision=revision, lines=lines)


class TranslationsPart(BaseModel):
    """The languages that the poll speaks, or could."""

    translations: list[TranslationOut]
    next: str | None


class TranslationIn(Taken):
    """Translations by the text that is translated; an empty one is taken away, what is not named stays.

    `revision`: of the poll; refuse when it was edited since that one.
    """

    texts: dict[Words, Words] = Field(max_length=5000)
    revision: Whole | None = None


class TemplateOut(BaseModel):
    """A poll to begin with. `file`: take it to POST /communities/{slug}/polls/files."""

    name: str
    title: str
    why: str
    minutes: float
    file: str


class TemplatesPart(BaseModel):
    """A part of the templates, the most asked-for first."""

    templates: list[TemplateOut]
    next: str | None
