"""What the API takes and gives of news and trials."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from heard.kit.settings import settings
from heard.kit.taken import Short, Taken, Whole
from polls.announce.announcement_queries import AnnouncementRow
from polls.announce.announcing import AnnouncementForm, form_of
from polls.announce.participants import Person, Places
from polls.models import Announcement, Poll, Version


class AnnouncementPatch(Taken):
    """What changes in news or a trial; what is left out stays. A day or a number that is null is taken away.

    `revision`: refuse when it was edited since that one.
    """

    kind: Literal["news", "trial"] | None = None
    title: Short | None = None
    what: str | None = Field(default=None, max_length=4000)
    audience: str | None = Field(default=None, max_length=1000)
    how: str | None = Field(default=None, max_length=2000)
    starts_on: date | None = None
    ends_on: date | None = None
    places: int | None = Field(default=None, ge=1, le=100_000, description="Of a trial; null: as many as like.")
    consent: str | None = Field(default=None, max_length=2000, description="What somebody who signs up agrees to.")
    locale: Literal["en", "fr"] | None = None
    revision: Whole | None = None

    def over(self, form: AnnouncementForm) -> AnnouncementForm:
        """The form with what was sent in place of what is there."""
        may_go = ("starts_on", "ends_on", "places")
        sent = {n: getattr(self, n) for n in self.model_fields_set - {"revision"}}
        words = {n: str(v or "") for n, v in sent.items() if v is not None or n in may_go}
        return AnnouncementForm(**(vars(form) | words))


class AnnouncementIn(AnnouncementPatch):
    """News, or a trial; a draft until it is published."""

    kind: Literal["news", "trial"] = "trial"
    title: Short
    revision: None = None


class AnnouncementLine(BaseModel):
    """News or a trial in a list. `joined`: who takes part; `version`: the last one that was published, 0 for none."""

    slug: str
    kind: str
    title: str
    status: str
    outcome: str
    starts_on: date | None
    ends_on: date | None
    places: int | None
    joined: int
    version: int
    url: str

    @classmethod
    def of(cls, row: AnnouncementRow) -> "AnnouncementLine":
        """From its row."""
        names = cls.model_fields.keys() - {"url"}
        return cls(url=trial_url(row.slug), **{n: getattr(row, n) for n in names})


class AnnouncementsPart(BaseModel):
    """A part of the news and trials, newest first."""

    announcements: list[AnnouncementLine]
    next: str | None


class AnnouncementOut(BaseModel):
    """News or a trial. status: draft, published, ended. `left`: places that are free, null: no limit."""

    slug: str
    url: str
    kind: str
    status: str
    revision: int
    title: str
    what: str
    audience: str
    how: str
    starts_on: date | None
    ends_on: date | None
    places: int | None
    consent: str
    locale: str
    outcome: str
    outcome_reason: str
    published_at: datetime | None
    joined: int
    waiting: int
    left: int | None

    @classmethod
    def of(cls, it: Announcement, places: Places) -> "AnnouncementOut":
        """From its row, and how full it is."""
        counted = {"joined": places.joined, "waiting": places.waiting, "left": places.left}
        names = cls.model_fields.keys() - counted.keys() - {"url"}
        return cls(url=trial_url(it.slug), **counted, **{n: getattr(it, n) for n in names})


class EndIn(Taken):
    """News just ends. A trial ends with what becomes of it, and why: people gave their time for it."""

    outcome: Literal["", "adopt", "adapt", "drop"] = ""
    reason: str = Field(default="", max_length=4000)


class VersionPatch(Taken):
    """Words of a draft version, and the themes that it answers (of a published one too); what is left out stays.

    `revision`: of the announcement; refuse when it was edited since that one.
    """

    name: str | None = Field(default=None, max_length=120)
    heard: str | None = Field(default=None, max_length=4000)
    changed: str | None = Field(default=None, max_length=4000)
    themes: list[Whole] | None = Field(default=None, max_length=100)
    revision: Whole | None = None

    def words(self) -> dict[str, str]:
        """Those that were sent."""
        return self.model_dump(include={"name", "heard", "changed"}, exclude_none=True)


class VersionOut(BaseModel):
    """A version of a trial. `check_in`: the slug of the poll that asks about it, or null. `themes`: that it answers."""

    number: int
    name: str
    heard: str
    changed: str
    published_at: datetime | None
    check_in: str | None
    themes: list[int]

    @classmethod
    def of(cls, version: Version, check_in: Poll | None, themes: Collection[int]) -> "VersionOut":
        """From its row."""
        return cls(
            number=version.number, name=version.name, heard=version.heard, changed=version.changed,
            published_at=version.published_at, check_in=check_in.slug if check_in else None, themes=sorted(themes),
        )  # fmt: skip


class VersionsPart(BaseModel):
    """A part of the versions, the first one first."""

    versions: list[VersionOut]
    next: str | None


class PublicationIn(Taken):
    """`ask`: close the last check-in, ask it again, and tell the participants."""

    ask: bool = False


class ParticipantOut(BaseModel):
    """Somebody who takes part (joined) or waits. `confirmed`: the address is theirs."""

    id: int
    name: str
    address: str
    state: str
    asked_at: datetime
    confirmed: bool

    @classmethod
    def of(cls, person: Person) -> "ParticipantOut":
        """From their row."""
        return cls(**person._asdict())


class ParticipantsPart(BaseModel):
    """A part of the participants: who takes part, then who waits."""

    participants: list[ParticipantOut]
    next: str | None


def trial_url(slug: str) -> str:
    """The public address of news or a trial."""
    return f"{settings().base_url}/t/{slug}"


def begun(it: AnnouncementIn, locale: str) -> AnnouncementForm:
    """What was sent as a whole form, in the community's language where it names none."""
    return it.over(AnnouncementForm(locale=locale))


def edited(it: Announcement, sent: AnnouncementPatch) -> AnnouncementForm:
    """What is stored with what was sent in its place."""
    return sent.over(form_of(it))
