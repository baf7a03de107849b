"""What the integrity panel shows: what is counted and what is not, side by side, and what a person may decide about it.

Figures come from counters: those that begin with "s:" are of ballots that are set aside. Of an anonymous poll only groups of
K and more are told, and what they answered only once it is closed: before, one more ballot could be read from a difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from feedback.collect import begun, counters, queries
from feedback.collect.counters import APART, K
from feedback.collect.storing import answers_of
from feedback.collect.tallies import PollResults, cells_of, results_of, way_of
from feedback.integrity import deciding, effects, noticing
from feedback.integrity.groups import Noticed
from feedback.integrity.standing import Standing, everything, standing_of
from feedback.models import Response
from heard.accounts.models import Account, AuditEntry
from heard.kit import visits
from heard.kit.db import DbSession
from heard.kit.i18n import _, number
from polls.frozen import FrozenPoll
from polls.models import Poll

_R = Response.__table__  # type: ignore[attr-defined]
WEIGHED = 2000  # ballots of a group for which what it would change is reckoned
LISTED = 500  # marks


@dataclass(frozen=True)
class Bar:
    """One line of a result: as it is, and with all that is set aside. Shares of the question's answers, 0..1."""

    label: str
    counted: int
    everything: int
    counted_share: float
    everything_share: float


@dataclass(frozen=True)
class Compared:
    """A question, counted and with everything. `bars` [] where a kind has none: then only the findings are told."""

    id: int
    wording: str
    counted: str
    everything: str
    bars: list[Bar]
    changed: bool


@dataclass(frozen=True)
class Group:
    """Ballots to decide about. `key` as in groups.py; `changed` None: too many to reckon, or not told."""

    key: str
    n: int
    name: str
    why: str
    first: datetime | None
    last: datetime | None
    aside: bool
    changed: bool | None


@dataclass(frozen=True)
class Past:
    """A decision, as the history tells it."""

    id: int
    who: str
    at: datetime
    words: str
    why: str
    undone: bool
    may_undo: bool


@dataclass(frozen=True)
class Panel:
    """Everything on it."""

    standing: Standing
    questions: list[Compared]
    groups: list[Group]
    marks: list[str]
    more_marks: int
    history: list[Past]
    from_programs: int  # counted all the same, at levels 0 and 1
    begun: int  # begun and not sent
    small: bool  # of an anonymous poll: something is set aside, too little to be told


def panel(session: DbSession, poll: FrozenPoll) -> Panel:
    """The whole panel. Visibility is the caller's question."""
    row = session.get_one(Poll, poll.id)
    cells = counters.cells(session, poll.id)
    standing = standing_of(session, poll)
    tells = not poll.anonymous or (queries.is_closed(poll) and standing.aside >= K)
    # Exports have the mark beside the answers: one that comes up while somebody votes would say whose they are.
    marks = _marks(session, poll) if standing.aside and tells else []
    return Panel(
        standing=standing,
        questions=_compared(poll, queries.poll_results(session, poll), everything(poll, cells), standing) if tells else [],
        groups=[*_set_aside(session, poll, tells), *(_noticed(n) for n in noticing.waiting(session, row))],
        marks=marks[:LISTED], more_marks=max(0, cells.get(f"{APART}n", 0) - LISTED) if marks else 0,
        history=_history(session, row), from_programs=_from_programs(session, poll),
        begun=begun_of(session, poll), small=poll.anonymous and bool(cells.get(f"{APART}n", 0) % K),
    )  # fmt: skip


def begun_of(session: DbSession, poll: FrozenPoll) -> int:
    """How many have begun and not sent; of an anonymous poll in steps of K."""
    n = begun.how_many(session, poll.id)
    return n - n % K if poll.anonymous else n


def _compared(poll: FrozenPoll, counted: PollResults, everything: PollResults, standing: Standing) -> list[Compared]:
    found = []
    for one, other in zip(counted.questions, everything.questions, strict=True):
        if not other.n:
            continue
        before = {o.id: o.count for o in one.options}
        bars = [
            Bar(o.label, before.get(o.id, 0), o.count, before.get(o.id, 0) / (one.n or 1), o.count / other.n)
            for o in other.options
        ]
        found.append(Compared(one.id, one.wording, one.finding, other.finding, bars, one.id in standing.changed))
    return found


def _set_aside(session: DbSession, poll: FrozenPoll, tells: bool) -> list[Group]:
    which = _R.c.poll_id == poll.id, _R.c.set_aside != "", _R.c.withdrawn_at.is_(None)
    rows = session.execute(
        select(_R.c.set_aside, func.count(), func.min(_R.c.submitted_at), func.max(_R.c.submitted_at))
        .where(*which)
        .group_by(_R.c.set_aside)
        .order_by(func.count().desc())
    ).all()
    return [
        Group(
            why, n - n % K if poll.anonymous else n, *words_of(why), None if poll.anonymous else first,
            None if poll.anonymous else last, True, _would_change(session, poll, why, n) if tells else None,
        )
        for why, n, first, last in rows
        if n >= K or not poll.anonymous
    ]  # fmt: skip


def _would_change(session: DbSession, poll: FrozenPoll, reason: str, n: int) -> bool | None:
    if n > WEIGHED:
        return None
    which = _R.c.poll_id == poll.id, _R.c.set_aside == reason, _R.c.withdrawn_at.is_(None)
    rows = session.execute(select(_R.c.id, _R.c.source, _R.c.link_id).where(*which)).all()
    said = answers_of(session, [r.id for r in rows])
    shown = counters.shown(counters.cells(session, poll.id), anonymous=poll.anonymous, closed=queries.is_closed(poll))
    cells = dict(shown)
    for row in rows:
        for cell, more in cells_of(poll, said.get(row.id, {}), way_of(row.source, row.link_id)).items():
            cells[cell] = cells.get(cell, 0) + more
    return bool(effects.changes(results_of(poll, shown), results_of(poll, cells)))


def words_of(reason: str) -> tuple[str, str]:
    """A reason's name, and what it means."""
    return {
        "network": (_("Many from one network"), _("Beyond what one network counts in an hour. A school or an office looks like this too.")),
        "bot": (_("Filled in by a program"), _("A field that people do not see was filled in.")),
        "quick": (_("Sent too soon"), _("Sent sooner than anybody reads and answers, or without opening the page.")),
        "burst": (_("A burst from one network"), _("Set aside by a person, because many came from one network in a short time.")),
        "alike": (_("The same answers again and again"), _("Set aside by a person, because whole ballots were the same.")),
        "person": (_("Set aside by hand"), _("Set aside by a person.")),
    }[reason]  # fmt: skip


def _noticed(one: Noticed) -> Group:
    if one.kind == "burst":
        name = _("Many from one network in a short time")
        why = _("They came one after the other, as a program sends them.") if one.steady else _(
            "More in an hour than this poll counts of one network at level 2. A school or an office looks like this too."
        )  # fmt: skip
    else:
        name = _("Whole ballots that are the same")
        why = _("Chance would have brought about %(n)s of them in that time.") % {"n": number(one.expected, 1)}
    return Group(one.key, one.n, name, why, _moment(one.first), _moment(one.last), False, None)


def _moment(text: str) -> datetime | None:
    """The beginning of ten minutes that stand as text."""
    try:
        return datetime.fromisoformat(f"{text[:15]}0:00+00:00")
    except ValueError:
        return None


def _marks(session: DbSession, poll: FrozenPoll) -> list[str]:
    which = _R.c.poll_id == poll.id, _R.c.set_aside != "", _R.c.withdrawn_at.is_(None)
    return sorted(session.scalars(select(_R.c.mark).where(*which).order_by(_R.c.mark).limit(LISTED)))


def _history(session: DbSession, poll: Poll) -> list[Past]:
    entries = deciding.decisions_of(session, poll)
    people = {
        a.id: a.name
        for a in session.scalars(select(Account).where(col(Account.id).in_({e.account_id for e in entries})))
    }
    return [
        Past(
            e.id or 0, people.get(e.account_id, _("Somebody who is gone")), e.at, _words(e, entries), e.details["why"],
            deciding.is_undone(e, entries), e.details["act"] != "undo" and not deciding.is_undone(e, entries),
        )
        for e in entries
    ]  # fmt: skip


def _words(entry: AuditEntry, entries: Sequence[AuditEntry]) -> str:
    act, group, n = entry.details["act"], entry.details["group"], number(entry.details["n"])
    if act == "undo":
        before = next((e for e in entries if str(e.id) == group), None)
        return _("Undone: %(words)s") % {"words": _words(before, entries)} if before else _("Undone")
    name = words_of(group.partition(":")[0])[0]
    texts = {
        "count": _("%(n)s counted: %(name)s"),
        "set_aside": _("%(n)s set aside: %(name)s"),
        "leave": _("%(n)s left as they are: %(name)s"),
    }
    return texts[act] % {"n": n, "name": name}


def _from_programs(session: DbSession, poll: FrozenPoll) -> int:
    seen = visits.visits_of(session, [f"bot:{poll.id}", f"quick:{poll.id}"])
    n = sum(sum(kinds.values()) for kinds in seen.values())
    return n - n % K if poll.anonymous else n


def noticed_by_key(session: DbSession, poll: Poll, key: str) -> Noticed | None:
    """What was noticed under this name, and nobody has decided about."""
    return next((one for one in noticing.waiting(session, poll) if one.key == key), None)
