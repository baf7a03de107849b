"""Readers and their rhythm over the API, and what of it asks for a person."""

from datetime import date, datetime
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit import paging
from heard.kit.db import Session
from heard.kit.paging import Paged, part_of, with_next
from heard.kit.taken import Short, Taken, Whole
from insights.send import deliveries, schedules, turns
from insights.send.schedules import Reader, Wish
from insights.send.turns import Waits
from polls.access import access_community_by_key

router = APIRouter(prefix="/api/v1", tags=["briefs"], route_class=ApiRoute)
Audience = Literal["product", "leadership"]


class RhythmIn(Taken):
    """When a reader gets briefs. `weekday`: 1 Monday to 7, for weekly; `day`: of the month, for monthly, its last one where it
    is shorter; `unapproved`: what goes at the hour when nobody has approved it."""

    rhythm: Literal["", "daily", "weekly", "monthly"] = Field(default="weekly", description="Empty: on demand only.")
    weekday: Whole = 2
    day: Whole = 2
    hour: Whole = 8
    zone: Short = Field(default="", description="Such as Europe/Paris; the community's when empty.")
    unapproved: Literal["without_quotes", "wait"] = "without_quotes"
    nothing_new: Literal["say", "skip"] = "say"


class ReaderIn(RhythmIn):
    """A reader to be added, or set anew."""

    address: Short
    audience: Audience


class ReaderOut(BaseModel):
    """A reader. state: reads, asked (has not said yes), came_back (mail did); only to the first anything goes. `next`: when the
    next brief goes, and about which days. `last`: what became of the newest mail, or empty."""

    id: int
    address: str
    audience: str
    rhythm: str
    weekday: int
    day: int
    hour: int
    zone: str
    unapproved: str
    nothing_new: str
    state: str
    next_at: datetime | None
    next_since: date | None
    next_until: date | None
    last: str

    @classmethod
    def of(cls, it: Reader) -> "ReaderOut":
        """From a line of the list."""
        goes = it.next
        return cls(
            id=it.contact_id, address=it.address, audience=it.audience, state=it.state, last=it.last,
            next_at=goes.due_at if goes else None, next_since=goes.since if goes else None,
            next_until=goes.until if goes else None, **it.wish.__dict__,
        )  # fmt: skip


class ReadersOut(BaseModel):
    """A part of the readers with their rhythm, by address."""

    readers: list[ReaderOut]
    next: str | None


class TurnsIn(Taken):
    """Which turns: those of a kind of brief and a period, as `list_turns` names them."""

    audience: Audience
    since: date
    until: date


class TurnOut(BaseModel):
    """Turns of one period that ask for a person. state: drafted, waiting (for approval), overtaken (by the next
    draft, before anybody approved it), missed, failed."""

    audience: str
    since: date
    until: date
    state: str
    readers: int
    due_at: datetime
    brief: int | None
    error: str

    @classmethod
    def of(cls, it: Waits) -> "TurnOut":
        """From what was found."""
        return cls(brief=it.brief_id, **{name: getattr(it, name) for name in cls.model_fields if name != "brief"})


class TurnsOut(BaseModel):
    """A part of those that ask, by the moment at which they are or were due."""

    turns: list[TurnOut]
    next: str | None


class TurnsDone(BaseModel):
    """How many readers it was done for."""

    readers: int


@router.get("/communities/{slug}/readers/{audience}")
def list_rhythms(slug: str, audience: Audience, key: Bearer, session: Session, part: Paged) -> ReadersOut:
    """The readers of this kind of brief with their rhythm, by address."""
    member = access_community_by_key(session, key, slug, to="publish")
    after = part.after(str)
    rows = schedules.readers_in(
        session, member.community, audience, after=after[0] if after else "", limit=part.limit + 1
    )
    found, following = with_next(rows, part, lambda row: (row.address,))
    return ReadersOut(readers=[ReaderOut.of(row) for row in found], next=following)


@router.put("/communities/{slug}/readers")
def set_reader(slug: str, sent: ReaderIn, key: Bearer, session: Session) -> ReaderOut:
    """Add a reader, or give one another rhythm. Who is no member is first asked by mail. 404 for who stopped briefs."""
    member = access_community_by_key(session, key, slug, to="publish")
    home = member.community
    values = sent.model_dump(exclude={"address", "audience"}) | {"zone": sent.zone or home.zone}
    [address] = deliveries.clean_addresses([sent.address])
    schedules.add(session, home, [address], sent.audience, Wish(**values), by=member.account)
    contact, row = schedules.subscription_of(session, home, address, sent.audience)
    return ReaderOut.of(schedules.reader_of(session, row, contact))


@router.delete("/communities/{slug}/readers/{audience}/{contact_id}", status_code=204)
def remove_reader(slug: str, audience: Audience, contact_id: int, key: Bearer, session: Session) -> None:
    """Take a reader off this kind of brief."""
    member = access_community_by_key(session, key, slug, to="publish")
    _contact, row = schedules.subscription_in(session, member.community, contact_id, audience)
    schedules.remove(session, row, by=member.account)


@router.get("/communities/{slug}/turns")
def list_turns(slug: str, key: Bearer, session: Session, part: Paged) -> TurnsOut:
    """What of the schedule asks for a person: drafts to approve, what was missed, what could not be made."""
    member = access_community_by_key(session, key, slug, to="read")
    rows = turns.waiting_in(session, member.community.id or 0)
    found, following = part_of(rows, part, _by_moment, types=(int, str, str, str, int))
    return TurnsOut(turns=[TurnOut.of(row) for row in found], next=following)


def _by_moment(row: Waits) -> tuple[int, str, str, str, int]:
    return paging.stamp(row.due_at), row.audience, row.until.isoformat(), row.state, row.brief_id or 0


@router.post("/communities/{slug}/turns/sending", status_code=202)
def send_turns(slug: str, sent: TurnsIn, key: Bearer, session: Session) -> TurnsDone:
    """Send now what was missed, or failed."""
    member = access_community_by_key(session, key, slug, to="publish")
    home = member.community.id or 0
    n = turns.send_missed(session, home, sent.audience, sent.since, sent.until, by=member.account)
    return TurnsDone(readers=n)


@router.post("/communities/{slug}/turns/leaving")
def leave_turns(slug: str, sent: TurnsIn, key: Bearer, session: Session) -> TurnsDone:
    """Leave what was missed, or failed, at that."""
    member = access_community_by_key(session, key, slug, to="publish")
    home = member.community.id or 0
    n = turns.leave_missed(session, home, sent.audience, sent.since, sent.until, by=member.account)
    return TurnsDone(readers=n)
