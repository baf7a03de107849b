"""Editions: the same questions asked again, or with other words. Old answers keep the words they were given to.

"Copy", "ask again" and "edit after votes" are one act (`again`). The editions of a poll share a series. Its address
leads to the newest edition that has opened; an older one has an address of its own from then on.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from heard.accounts import audit
from heard.accounts.models import Account, Community
from heard.kit import tokens
from heard.kit.db import DbSession
from polls.frozen import freeze
from polls.models import Poll
from polls.write import authoring, storing

UNSEEN = ("draft", "scheduled")  # of these the public learns nothing


def again(session: DbSession, poll: Poll, *, by: Account | None, same_series: bool) -> Poll:
    """A new draft with everything of this poll but its opening and closing time: its next edition, or a poll of its own.

    A series has at most one edition that has not opened yet: a second wish is answered with the one that is there.
    """
    series = select(Poll).where(Poll.series_id == poll.series_id).order_by(col(Poll.id))
    session.exec(series.with_for_update()).all()  # one wish at a time,
    editions = session.exec(series).all()  # and only now is the edition seen that somebody made while we waited
    if same_series and (waiting := next((e for e in editions if e.status in UNSEEN), None)):
        return waiting
    words = replace(storing.draft_of(freeze(session, poll)), opens_at=None, closes_at=None)
    made = authoring.create_poll(session, session.get_one(Community, poll.community_id), **vars(words), by=by)
    made.embed_on = poll.embed_on
    if same_series:
        made.series_id, made.edition = poll.series_id, max(e.edition for e in editions) + 1
        made.trial_id = poll.trial_id
    session.add(made)
    details = {"of": poll.id, "edition": made.edition}
    audit.record(session, by, "poll.copied", made.slug, community_id=poll.community_id, **details)
    session.flush()
    return made


def still_open(session: DbSession, poll: Poll) -> list[Poll]:
    """The other editions that take votes; they are closed when this one opens."""
    others = select(Poll).where(Poll.series_id == poll.series_id, Poll.id != poll.id, Poll.status == "open")
    return list(session.exec(others.order_by(col(Poll.edition))))


def has_newer(session: DbSession, poll: Poll) -> bool:
    """Whether a later edition has opened."""
    newer = select(Poll.id).where(Poll.series_id == poll.series_id, Poll.edition > poll.edition)
    return session.exec(newer.where(col(Poll.status).not_in(UNSEEN))).first() is not None


def take_address(session: DbSession, poll: Poll) -> None:
    """Give the address of the series to this edition, which opens; the one that had it gets an address of its own.

    Readers see one moment: before the commit the old edition, after it the new one, never nothing.
    """
    older = _holder(session, poll)
    if older is None:
        return
    address = older.slug
    poll.slug = tokens.fresh()  # out of the way: it may be just the address the older one gets
    session.add(poll)
    session.flush()
    _step_aside(session, older, address)
    poll.slug = address
    session.add(poll)
    session.flush()
    moved = {"edition": older.edition, "of": older.id}
    audit.record(session, None, "poll.moved", older.slug, community_id=poll.community_id, **moved)


def address_of(session: DbSession, poll: Poll) -> str:
    """The slug it is reached by once it is open: an edition that has not opened yet will take that of the series."""
    older = _holder(session, poll) if poll.status in UNSEEN else None
    return older.slug if older else poll.slug


def _holder(session: DbSession, poll: Poll) -> Poll | None:
    """The edition that has the address of the series: the newest other one that has opened."""
    opened = select(Poll).where(Poll.series_id == poll.series_id, Poll.id != poll.id)
    return session.exec(opened.where(col(Poll.status).not_in(UNSEEN)).order_by(col(Poll.edition).desc())).first()


def _step_aside(session: DbSession, older: Poll, address: str) -> None:
    """An address that tells the edition (best-day-1); an unlisted poll's stays one that nobody can guess."""
    taken = set(session.exec(select(Poll.slug).where(Poll.slug.startswith(f"{address[:70]}-{older.edition}"))))
    stem = f"{address[:70]}-{older.edition}"
    free = next(s for n in range(1, len(taken) + 2) if (s := stem if n == 1 else f"{stem}-{n}") not in taken)
    older.revision += 1
    for slug in (free if older.listed else tokens.fresh(), tokens.fresh()):  # somebody may take the first one meanwhile
        try:
            with session.begin_nested():
                older.slug = slug
                session.add(older)
                session.flush()
            return
        except IntegrityError:
            continue


class EditionRow(NamedTuple):
    """An edition in a list."""

    id: int
    slug: str
    edition: int
    title: str
    status: str
    opened_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class Series:
    """An edition among its siblings, oldest first, itself included. `of`: how many there are."""

    edition: int
    rows: tuple[EditionRow, ...]

    @property
    def of(self) -> int:
        """How many editions there are."""
        return len(self.rows)

    @property
    def place(self) -> int:
        """Which of them this one is, from 1."""
        return sum(row.edition <= self.edition for row in self.rows)

    @property
    def newest(self) -> EditionRow:
        """The latest."""
        return self.rows[-1]

    @property
    def leads(self) -> EditionRow:
        """The one that has the address: the latest that has opened, or this one where none has."""
        opened = [row for row in self.rows if row.status not in UNSEEN]
        return opened[-1] if opened else self.rows[self.place - 1]

    @property
    def others(self) -> list[EditionRow]:
        """All but this one, the latest first."""
        return [row for row in reversed(self.rows) if row.edition != self.edition]


def series_of(session: DbSession, series_id: str, edition: int, *, unseen: bool) -> Series:
    """The editions of a poll; with `unseen` also one that has not opened yet, for members only."""
    query = select(*(getattr(Poll, name) for name in EditionRow._fields)).where(Poll.series_id == series_id)
    if not unseen:
        query = query.where(col(Poll.status).not_in(UNSEEN))
    return Series(edition, tuple(EditionRow(*row) for row in session.exec(query.order_by(col(Poll.edition)))))
