"""Histories: what clients asked for, when, and what they were told; and a check that some order of acts explains it all.

Pure but for `run`. The invariants (trust.md, 2.12):
    I1  every acknowledged vote is stored, as it was last acknowledged
    I2  no submission is stored twice
    I3  no refused vote is stored
    I4  one without an answer is stored or not
    I5  a result that was read is one that there was between question and answer
    I6  nothing is stored that began after the poll had closed
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

VOTE, CHANGE, WITHDRAW, TALLY, CLOSE = "vote", "change", "withdraw", "tally", "close"
OK, FAIL, UNKNOWN = "ok", "fail", "unknown"  # fail: refused for good (4xx); unknown: no answer, or 503


@dataclass(frozen=True)
class Op:
    """One act: from `began` to `ended` (one clock for all clients; unknown ends never: infinity)."""

    kind: str
    submission: str  # whose ballot; "" for a tally and the closing
    option: int | None  # that it chose; None: withdrawn
    began: float
    ended: float
    outcome: str
    counts: tuple[int, ...] = ()  # of a tally: by option


@dataclass
class Ballot:
    """One submission: its acts one after the other (a client waits for each answer), as far as they may have happened."""

    ops: list[Op] = field(default_factory=list)

    @property
    def possible(self) -> set[int | None]:
        """What may be stored in the end: the last acknowledged act, or one without an answer after it."""
        done: set[int | None] = {None}
        for op in self.ops:
            if op.outcome == OK:
                done = {op.option}
            elif op.outcome == UNKNOWN:
                done.add(op.option)
        return done

    def at(self, began: float, ended: float) -> set[int | None]:
        """What may have been stored at some moment between these two."""
        state: set[int | None] = {None}
        for op in self.ops:
            if op.outcome == FAIL or op.began > ended:
                continue
            if op.outcome == OK and op.ended < began:
                state = {op.option}
            else:
                state.add(op.option)
        return state


def violations(history: Sequence[Op], stored: Iterable[tuple[str, int | None]]) -> Iterator[str]:
    """Every invariant that does not hold, a sentence each. `stored`: (submission, option; None: withdrawn) of every row."""
    ballots = _ballots(history)
    rows: dict[str, list[int | None]] = defaultdict(list)
    for submission, option in stored:
        rows[submission].append(option)
    for submission, found in rows.items():
        if len(found) > 1:
            yield f"I2: {submission} is stored {len(found)} times"
        if submission not in ballots:
            yield f"I3: {submission} is stored, and nobody sent it"
    for submission, ballot in ballots.items():
        found = rows.get(submission, [])
        if not found and any(op.outcome == OK for op in ballot.ops):
            yield f"I1: {submission} was acknowledged and is not stored"
        elif found and all(op.outcome == FAIL for op in ballot.ops):
            yield f"I3: {submission} was refused and is stored"
        elif found and found[0] not in ballot.possible:
            yield f"I1: {submission} is stored as {found[0]}, and none of {ballot.possible} was acknowledged last"
    yield from _after_closing(history)
    for op in history:
        if op.kind == TALLY and op.outcome == OK:
            yield from _unexplained(op, ballots)


def _ballots(history: Sequence[Op]) -> Mapping[str, Ballot]:
    ballots: dict[str, Ballot] = defaultdict(Ballot)
    for op in sorted(history, key=lambda op: op.began):
        if op.submission:
            ballots[op.submission].ops.append(op)
    return ballots


def _after_closing(history: Sequence[Op]) -> Iterator[str]:
    closed = min((op.ended for op in history if op.kind == CLOSE and op.outcome == OK), default=float("inf"))
    known = {op.submission for op in history if op.outcome == OK and op.ended < closed}
    for op in history:
        again = op.kind == VOTE and op.submission in known  # the same submission gets its receipt again
        if op.submission and op.outcome == OK and op.began > closed and not again:
            yield f"I6: {op.kind} of {op.submission} was acknowledged, and it began after the closing"


def _unexplained(tally: Op, ballots: Mapping[str, Ballot]) -> Iterator[str]:
    """Bounds of each option: who was surely there, and who may have been."""
    surely, maybe = defaultdict(int), defaultdict(int)  # type: ignore[var-annotated]
    for ballot in ballots.values():
        states = ballot.at(tally.began, tally.ended)
        for option in states - {None}:
            maybe[option] += 1
            surely[option] += len(states) == 1
    for option, n in enumerate(tally.counts):
        if not surely[option] <= n <= maybe[option]:
            yield f"I5: option {option} was read as {n}, and it was {surely[option]} to {maybe[option]}"
