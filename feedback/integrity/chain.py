"""Whether a poll's seals still say what they said, and whether they are about the ballots that are stored.

However many ballots: seals are read one by one, and of the marks only a sum is kept, with those that were withdrawn.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from feedback.integrity.models import Seal
from feedback.integrity.seals import ADDED, CHANGED, WITHDRAWN, hash_of, ordered
from feedback.models import Response
from heard.kit.db import DbSession
from heard.kit.i18n import _

_R, _S = Response.__table__, Seal.__table__  # type: ignore[attr-defined]
SIGNS = (ADDED, WITHDRAWN, CHANGED)
PIECE = 500


class Sealed(NamedTuple):
    """A seal as it is stored."""

    number: int
    lines: list[str]
    fault: str = ""  # what is wrong with it by itself, in a sentence


@dataclass
class Chain:
    """What the seals of a poll come to."""

    seals: int = 0
    last: str = ""  # hash of the last one
    faults: list[str] = field(default_factory=list)
    added: int = 0  # ballots
    total: int = 0  # sum of the numbers of their marks: the same marks in any order give the same
    gone: set[str] = field(default_factory=set)  # marks of ballots that are withdrawn


def number_of(mark: str) -> int:
    """A mark as a number of 256 bits, for sums that nobody can make come out right with other marks."""
    return int.from_bytes(hashlib.sha256(mark.encode("utf-8", "surrogatepass")).digest(), "big")


def chain_of(session: DbSession, poll_id: int) -> Chain:
    """Follow the chain from its first seal. The first fault is named; what follows it is chained to something else."""
    chain = Chain()
    for one in stored_seals(session, poll_id):
        if one.fault and not chain.faults:
            chain.faults.append(one.fault)
        chain.seals += 1
        for line in one.lines:
            sign, mark = line[:1], line[1:]
            if sign == ADDED:
                chain.added += 1
                chain.total += number_of(mark)
            (chain.gone.add if sign == WITHDRAWN else chain.gone.discard)(mark)
    if chain.seals and not chain.faults:
        last = select(_S.c.hash).where(_S.c.poll_id == poll_id, _S.c.number == chain.seals)
        chain.last = session.scalars(last).one()
    return chain


def stored_seals(session: DbSession, poll_id: int) -> Iterator[Sealed]:
    """Every seal in order, each with what is wrong with it."""
    former, expected = "", 1
    for number in session.scalars(select(_S.c.number).where(_S.c.poll_id == poll_id).order_by(_S.c.number)).all():
        name = {"n": number}
        if number != expected:
            yield Sealed(expected, [], _("Seal %(n)s is missing.") % {"n": expected})
        try:
            one = session.execute(
                select(_S.c.at, _S.c.marks, _S.c.hash).where(_S.c.poll_id == poll_id, _S.c.number == number)
            ).one()
        except (DBAPIError, ValueError):  # bytes that are no text, or no time
            yield Sealed(number, [], _("Seal %(n)s cannot be read.") % name)
            former, expected = "", number + 1
            continue
        lines = one.marks.split("\n")
        fault = ""
        if one.hash != hash_of(former, number, one.at, lines):
            fault = _("Seal %(n)s is not what it was: its hash is another one.") % name
        elif lines != ordered(set(lines)) or any(line[:1] not in SIGNS or len(line) != 21 for line in lines):
            fault = _("Seal %(n)s is no sorted list of marks.") % name
        yield Sealed(number, lines, fault)
        former, expected = one.hash, number + 1


def strangers(session: DbSession, poll_id: int) -> Iterator[str]:
    """Where the sums differ: which sealed marks have no ballot, and which ballots no seal. Reads everything once more."""
    sealed: set[str] = set()
    claims = select(_R.c.mark, _R.c.sealed).where(_R.c.poll_id == poll_id)
    for one in stored_seals(session, poll_id):
        added = [line[1:] for line in one.lines if line[:1] == ADDED]
        for start in range(0, len(added), PIECE):
            some = added[start : start + PIECE]
            there = dict(session.execute(claims.where(_R.c.mark.in_(some))).all())
            for mark in some:
                told = {"n": one.number, "mark": mark}
                if mark in sealed:
                    yield _("Seal %(n)s adds the mark %(mark)s a second time.") % told
                elif mark not in there:
                    yield _("Seal %(n)s has the mark %(mark)s, and there is no such ballot.") % told
                elif not there[mark]:
                    yield _("Seal %(n)s has the mark %(mark)s, and its ballot says that it was never sealed.") % told
        sealed.update(added)
    with session.execute(claims.order_by(_R.c.id).execution_options(yield_per=1000)) as rows:
        for mark, claim in rows:
            if claim and mark not in sealed:
                yield _("Ballot %(mark)s says that it is sealed, and no seal has it.") % {"mark": mark}


def unsealed(session: DbSession, poll_id: int) -> int:
    """Ballots that wait for their next seal."""
    return session.scalar(select(func.count()).where(_R.c.poll_id == poll_id, _R.c.sealed != 1)) or 0
