"""The job that looks for signals (signals.py) some seconds after votes, and notes what it finds in the log.

There is no table for it: a warning is a row of the audit log, written when something new is seen or what was seen has grown
by a fifth. So whoever looks at results reads a row or two, however many ballots there are. Nothing is set aside here.
Anonymous polls keep neither networks nor times, so there is nothing to look at.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from feedback.collect.storing import answers_of
from feedback.integrity import deciding, groups, signals
from feedback.integrity.groups import Noticed, counted, mark_of, prints, ten_minutes
from feedback.models import Response
from heard.accounts import audit
from heard.accounts.models import AuditEntry
from heard.kit.db import DbSession, reading, writing
from polls.models import Poll

NOTICED = "integrity.noticed"
GROWN = 1.2
SAMPLE = 1000  # other ballots that chance is reckoned from; ids are random, so the first by id are one
MOST_GROUPS = 20
EVERYTHING = 1_000_000
_R = Response.__table__  # type: ignore[attr-defined]


def notice(poll_id: int) -> None:
    """Look at the counted ballots of a poll and note down what is new. Running it again notes nothing."""
    with reading() as session:
        poll = session.get(Poll, poll_id)
        if poll is None or poll.anonymous:
            return
        found = [*_bursts(session, poll), *_alike(session, poll)][:MOST_GROUPS]
        before = {one.key: one for one in reversed(all_noticed(session, poll))}
        fresh = [one for one in found if one.key not in before or one.n > GROWN * before[one.key].n]
    if fresh:
        with writing() as session:
            for one in fresh:
                audit.record(
                    session, None, NOTICED, poll.slug, community_id=poll.community_id, poll=poll_id, noticed=list(one)
                )


def all_noticed(session: DbSession, poll: Poll) -> list[Noticed]:
    """Everything that was noticed, the newest first."""
    log = deciding.log_of(poll.community_id, NOTICED, poll.slug)
    rows = session.scalars(log.order_by(col(AuditEntry.id).desc()))
    return [Noticed(*e.details["noticed"]) for e in rows if e.details.get("poll") == poll.id]


def waiting(session: DbSession, poll: Poll) -> list[Noticed]:
    """What nobody has decided about since it was seen, or since it has grown; each group once."""
    newest: dict[str, Noticed] = {}
    for one in all_noticed(session, poll):
        newest.setdefault(one.key, one)
    decisions = deciding.decisions_of(session, poll) if newest else []
    standing = [
        d for d in decisions if d.details["act"] in ("set_aside", "leave") and not deciding.is_undone(d, decisions)
    ]
    decided = dict.fromkeys(newest, 0)
    for entry in standing:
        key = entry.details["group"]
        decided[key] = max(decided.get(key, 0), entry.details["n"], Noticed(*entry.details["noticed"]).n)
    return [one for key, one in newest.items() if one.n > GROWN * decided[key]]


def _bursts(session: DbSession, poll: Poll) -> list[Noticed]:
    ten = ten_minutes()
    rows = session.execute(
        select(_R.c.network, ten, func.count())
        .where(*counted(poll.id or 0), _R.c.network.is_not(None))
        .group_by(_R.c.network, ten)
    )
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    texts: dict[int, str] = {}
    for network, text, n in rows:
        step = _step(text)
        counts[network][step], texts[step] = n, text
    found = []
    for network, by_step in sorted(counts.items()):
        if burst := signals.bursts(by_step, poll.network_limit):
            n, first, last = burst
            one = Noticed("burst", network, n, texts[first], texts[last])
            found.append(one._replace(steady=_is_steady(session, poll, one)))
    return sorted(found, key=lambda one: -one.n)


def _is_steady(session: DbSession, poll: Poll, one: Noticed) -> bool:
    which = *counted(poll.id or 0), _R.c.network == one.mark, ten_minutes() >= one.first, ten_minutes() <= one.last
    times = session.scalars(select(_R.c.submitted_at).where(*which).order_by(_R.c.submitted_at).limit(2000))
    return signals.is_steady([at.timestamp() for at in times])


def _alike(session: DbSession, poll: Poll) -> list[Noticed]:
    """Two readings of the answers, however many candidates there are: which ways to answer came often within ten minutes,
    and all ballots that answer so."""
    alike = prints(poll.id or 0, *counted(poll.id or 0)).subquery()
    often = session.execute(
        select(alike.c.print, alike.c.ten)
        .group_by(alike.c.print, alike.c.ten)
        .having(func.count() >= signals.FEWEST_ALIKE)
        .order_by(func.count().desc())
        .limit(MOST_GROUPS)
    ).all()
    if not often:
        return []
    by_print: dict[int, list[tuple[int, str]]] = defaultdict(list)
    which = select(alike.c.id, alike.c.ten, alike.c.print).where(
        alike.c.print.in_({int(rough) for rough, _ten in often})
    )
    for i, ten, rough in session.execute(which):
        by_print[int(rough)].append((i, ten))
    crowd = _Crowd(session, poll)
    found: dict[str, Noticed] = {}
    for rough, ten in often:
        # what came in five minutes may lie in two steps of ten
        near = [(i, t) for i, t in by_print[int(rough)] if abs(_step(t) - _step(ten)) <= 1]
        one = crowd.judge(session, int(rough), near)
        if one and (before := found.get(one.mark)):
            wider = one._replace(first=min(before.first, one.first), last=max(before.last, one.last))
            found[one.mark] = wider._replace(n=len(groups.of_noticed(session, poll.id or 0, wider, EVERYTHING)))
        elif one:
            found[one.mark] = one
    return sorted(found.values(), key=lambda one: -one.n)


class _Crowd:
    """All ballots of a poll, as far as chance needs to know them: how many in each ten minutes, and a sample."""

    def __init__(self, session: DbSession, poll: Poll) -> None:
        here, ten = counted(poll.id or 0), ten_minutes()
        by_ten = session.execute(select(ten, func.count()).where(*here).group_by(ten)).all()
        self.by_ten = {row[0]: row[1] for row in by_ten}
        ids = session.scalars(select(_R.c.id).where(*here).order_by(_R.c.id).limit(2 * SAMPLE)).all()
        self.sample = {i: _things(said) for i, said in answers_of(session, ids).items()}

    def judge(self, session: DbSession, rough: int, near: list[tuple[int, str]]) -> Noticed | None:
        """What chance says of (id, ten minutes) that look the same; of several ways to answer, the most frequent one."""
        said = answers_of(session, [i for i, _ten in near])
        by_mark: dict[str, list[int]] = defaultdict(list)
        for i, _ten in near:
            by_mark[mark_of(rough, said.get(i, {}))].append(i)
        mark, same = max(by_mark.items(), key=lambda item: len(item[1]))
        ballot, mine = _things(said.get(same[0], {})), set(same)
        if len(ballot) < signals.FEWEST_SAID:
            return None
        others = [things for i, things in self.sample.items() if i not in mine][:SAMPLE]
        chance = signals.chance_of(ballot, others)
        tens = sorted({ten for i, ten in near if i in mine})
        of = sum(self.by_ten[ten] for ten in tens)
        if not signals.far_beyond_chance(len(same), of, chance):
            return None
        return Noticed("alike", mark, len(same), tens[0], tens[-1], expected=round(of * chance, 2))


def _things(answers: dict[int, list[Any]]) -> dict[Any, object]:
    """What a ballot says, a thing for each question, and for each row or item of those that have some."""
    things: dict[Any, object] = {}
    for question, values in answers.items():
        for v in values:
            key = (question, v.item) if v.item is not None else question
            things[key] = (*(things.get(key) or ()), (v.option, v.number, v.text))  # type: ignore[misc]
    return things


def _step(text: str) -> int:
    """The number of ten minutes ("2026-11-27 20:2") on a line of time."""
    at = datetime.strptime(f"{text[:14].replace('T', ' ')}{text[14]}0", "%Y-%m-%d %H:%M")
    return int((at - datetime(2000, 1, 1)).total_seconds() // 600)
