"""What the API takes and gives of a community, its people, its log and its contacts."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from heard.accounts.access import Key, Member
from heard.accounts.audit import Entry
from heard.accounts.contact_lists import ListRow, MemberRow, SortedOut
from heard.accounts.models import Community
from heard.accounts.people import Person
from heard.kit.settings import settings
from heard.kit.taken import Short, Taken, Words

Role = Literal["owner", "manager", "analyst", "viewer"]


class TokenOut(BaseModel):
    """The token of this call: whose it is, where, and what it may do. `ends_at` null: until it is revoked."""

    community: str
    email: str
    role: str
    rights: list[str]
    ends_at: datetime | None

    @classmethod
    def of(cls, member: Member, key: Key, rights: list[str]) -> "TokenOut":
        """From the member that it stands for."""
        return cls(
            community=member.community.slug, email=member.account.email, role=member.role, rights=rights,
            ends_at=key.ends_at,
        )  # fmt: skip


class CommunityOut(BaseModel):
    """A community and its settings. `mails_per_week`: invitations and reminders to one person, over all polls."""

    slug: str
    url: str
    name: str
    mission: str
    brand_story: str
    audience: str
    locale: str
    zone: str
    accent: str
    mails_per_week: int

    @classmethod
    def of(cls, community: Community) -> "CommunityOut":
        """From its row."""
        names = cls.model_fields.keys() - {"url"}
        return cls(url=f"{settings().base_url}/c/{community.slug}", **{n: getattr(community, n) for n in names})


class CommunityPatch(Taken):
    """Settings that change; what is left out stays."""

    name: Short | None = None
    mission: Words | None = None
    brand_story: Words | None = None
    audience: Words | None = None
    locale: Literal["en", "fr"] | None = None
    zone: str | None = Field(default=None, max_length=60, description="Such as Europe/Paris.")
    accent: str | None = Field(default=None, max_length=7, description="Empty, or a colour such as #0b5d63.")
    mails_per_week: int | None = Field(default=None, ge=1, le=14)


class PersonOut(BaseModel):
    """Somebody who works on the community."""

    id: int
    email: str
    name: str
    role: str

    @classmethod
    def of(cls, person: Person) -> "PersonOut":
        """From a row of the people page."""
        return cls(id=person.account.id or 0, email=person.account.email, name=person.account.name, role=person.role)


class PeoplePart(BaseModel):
    """A part of the people, by name."""

    people: list[PersonOut]
    next: str | None


class PersonIn(Taken):
    """Somebody who joins; who has no account gets one."""

    email: str = Field(max_length=254)
    role: Role


class PersonAdded(PersonOut):
    """`password`: of a new account, given this once; null where there was an account."""

    password: str | None


class RoleIn(Taken):
    """What somebody may do."""

    role: Role


class EntryOut(BaseModel):
    """A line of the log: who did what to what, when. `by` null: the program itself, or an account that is gone."""

    id: int
    at: datetime
    by: str | None
    action: str
    subject: str
    details: dict[str, Any]

    @classmethod
    def of(cls, entry: Entry) -> "EntryOut":
        """From its row."""
        return cls(**entry._asdict())


class LogPart(BaseModel):
    """A part of the log, newest first."""

    entries: list[EntryOut]
    next: str | None


class ListIn(Taken):
    """A new list of contacts."""

    name: Short


class ListOut(BaseModel):
    """A list: how many are on it, and how many of them can be written to."""

    id: int
    name: str
    people: int
    writable: int

    @classmethod
    def of(cls, row: ListRow) -> "ListOut":
        """From its row."""
        return cls(**row._asdict())


class ListsPart(BaseModel):
    """A part of the lists, by name."""

    lists: list[ListOut]
    next: str | None


class ContactOut(BaseModel):
    """Somebody on a list. state: writable, stopped, complained, came_back, no_yes. `agreed`: to what, recorded at `since`."""

    id: int
    address: str
    name: str
    locale: str
    state: str
    agreed: str
    since: datetime | None

    @classmethod
    def of(cls, row: MemberRow) -> "ContactOut":
        """From its row."""
        return cls(**row._asdict())


class ContactsPart(BaseModel):
    """A part of the people on a list, by address."""

    people: list[ContactOut]
    next: str | None


class ContactIn(Taken):
    """Somebody who agreed to be written to. `consent`: to what, where and when; it is kept."""

    email: str = Field(max_length=254)
    name: Short = ""
    locale: Literal["en", "fr"] | None = Field(default=None, description="The community's own without it.")
    consent: str = Field(max_length=2000)


class ContactRow(Taken):
    """A row of an upload."""

    email: str = Field(max_length=400)
    name: str = Field(default="", max_length=400)
    locale: Literal["", "en", "fr"] = ""


class UploadIn(Taken):
    """Rows of people who agreed together. `consent`: to what, where and when; it is kept with each."""

    rows: list[ContactRow] = Field(min_length=1, max_length=20_000)
    consent: str = Field(max_length=2000)


class RefusedRow(BaseModel):
    """A row that cannot be taken, from 1, and why."""

    row: int
    email: str
    why: str


class UploadPlan(BaseModel):
    """What an upload would do: who is new on the list, there already, has stopped it; rows that cannot be taken."""

    new: int
    there: int
    stopped: int
    doubled: int
    refused: list[RefusedRow]

    @classmethod
    def of(cls, found: SortedOut, doubled: int, refused: list[RefusedRow]) -> "UploadPlan":
        """From what was sorted out."""
        return cls(new=found.new, there=found.there, stopped=found.stopped, doubled=doubled, refused=refused[:100])


class Uploaded(BaseModel):
    """How many are new on the list; rows that were not taken."""

    new: int
    refused: list[RefusedRow]
