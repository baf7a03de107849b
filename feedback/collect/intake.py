"""The one way in for ballots: every surface calls `submit`, `submit_soon` or `submit_many`.

One writer thread a process. It takes all ballots that arrived while the last batch was being committed, writes them
in one transaction and answers each only after its COMMIT: what was acknowledged survives a kill. Intake is the one
exception to "flush, never commit".
"""

import asyncio
import queue
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from feedback.collect.ballots import Ballot, OldBallot, PollClosed, check
from feedback.collect.recording import Act, Change, Declined, Receipt, StalePoll, record
from heard.kit import logs
from heard.kit.db import reading, writing
from heard.kit.errors import Unavailable
from heard.kit.i18n import _
from polls.frozen import frozen_poll

WAITING, BATCH, IMPORT_BATCH = 10_000, 500, 2_000
# How long Python lets one thread run before another has its turn. The writer asks for a turn after each statement, some ten
# a batch; at Python's 5 ms a rush of requests would make each of them wait that long.
SWITCH_SECONDS = 0.0005
AWAY = (OperationalError, PoolTimeout)  # trouble of the database, not of a ballot
TURNS, LONGEST_TURNS = 2, 0.02  # of the event loop, while ballots keep arriving; seconds
TRIES = 4  # of a whole batch, when PostgreSQL breaks a deadlock
log = logs.logger("heard.intake")

Outcome = Receipt | Exception


def submit(ballot: Ballot) -> Receipt:
    """Record a checked ballot; returns after its COMMIT. For threads and commands.

    Raises PollClosed, AlreadyVoted, BadAnswer (the poll was edited meanwhile), Unavailable.
    """
    return _now(ballot)


async def submit_soon(ballot: Ballot) -> Receipt:
    """The same for the event loop: gives other requests their turn while the batch is written."""
    return await _soon(ballot)


async def change_soon(change: Change) -> Receipt:
    """Other answers for the ballot behind a receipt, or its withdrawal (answers None).

    Raises NotFound, CannotChange, PollClosed, Unavailable.
    """
    return await _soon(change)


def submit_many(ballots: Sequence[Ballot], progress: Callable[[int, int], None] | None = None) -> list[Outcome]:
    """Record many ballots in large transactions of their own, in this thread: imports.

    One answer a ballot, in order: a receipt, or why it was refused.
    """
    outcomes: list[Outcome] = []
    for start in range(0, len(ballots), IMPORT_BATCH):
        written = _written(ballots[start : start + IMPORT_BATCH])
        outcomes += [o.why() if isinstance(o, Declined) else o for o in written]
        if progress:
            progress(len(outcomes), len(ballots))
    return outcomes


def _now(act: Act) -> Receipt:
    waiting: Future[Receipt] = Future()
    _writer.put(act, waiting, None)
    try:
        return waiting.result()
    except Declined as declined:
        raise declined.why() from None
    except StalePoll:
        return _now(_again(act))


async def _soon(act: Act) -> Receipt:
    loop = asyncio.get_running_loop()
    waiting: asyncio.Future[Receipt] = loop.create_future()
    _writer.put(act, waiting, loop)
    try:
        return await waiting
    except Declined as declined:
        raise declined.why() from None
    except StalePoll:
        return await _soon(await asyncio.to_thread(_again, act))


def _again(act: Act) -> Act:
    """The same ballot against the poll as it is now: it was edited or reopened since it was frozen."""
    with reading() as session:
        poll = frozen_poll(session, act.poll.slug).in_language(act.poll.locale)
    if poll.id != act.poll.id:  # a new edition has taken the address
        raise PollClosed(act.poll)
    if act.answers is None:
        return replace(act, poll=poll)
    if any(poll.question(asked) is None for asked in act.answers):
        raise OldBallot
    return replace(act, poll=poll, answers=check(poll, act.answers))


def stop() -> None:
    """Write what was taken in, then end the thread. Called when the process ends."""
    _writer.stop()


class _Writer:
    """The thread and its queue; started by the first ballot."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[tuple[Act, Any, asyncio.AbstractEventLoop | None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def put(self, act: Act, waiting: Any, loop: asyncio.AbstractEventLoop | None) -> None:
        """Queue an act. Raises Unavailable when too many wait."""
        if self._queue.qsize() >= WAITING:
            raise Unavailable(
                _("More ballots are arriving than can be written, so this one was not taken."),
                hint=_("Wait a few seconds and send it again."),
            )
        self._queue.put((act, waiting, loop))
        if self._thread is None or not self._thread.is_alive():
            self._start()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                sys.setswitchinterval(SWITCH_SECONDS)
                self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        with self._lock:
            thread, self._thread = self._thread, None
            if thread is not None and thread.is_alive():
                self._queue.put(None)
                thread.join(30)

    def _run(self) -> None:
        crowd = False
        while (first := self._queue.get()) is not None:
            batch, last = [first], False
            if crowd and first[2] is not None:
                _let_come(first[2])
            while len(batch) < BATCH:
                try:
                    item = self._queue.get_nowait()
                except queue.Empty:
                    break
                if item is None:
                    last = True
                    break
                batch.append(item)
            try:
                outcomes = _written([act for act, _waiting, _loop in batch])
            except BaseException as error:
                outcomes = [error if isinstance(error, Exception) else Declined(away)] * len(batch)
            _answer(batch, outcomes)
            if last:
                return
            crowd = len(batch) > 1


def _let_come(loop: asyncio.AbstractEventLoop) -> None:
    """Wait until the event loop has read what has arrived already. A transaction for nine ballots takes nearly as long as one
    for thirty, and the others would wait for it."""
    here = threading.Event()

    def turn(left: int) -> None:
        if left:
            loop.call_soon(turn, left - 1)
        else:
            here.set()

    loop.call_soon_threadsafe(turn, TURNS)
    here.wait(LONGEST_TURNS)


def _written(acts: Sequence[Act]) -> list[Outcome]:
    """One transaction for all; if the database refuses it, one for each half of them, until the one that it refuses is alone:
    no ballot fails for its neighbour."""
    try:
        return _with_retries(acts)
    except IntegrityError:
        if len(acts) > 1:
            half = len(acts) // 2
            return _written(acts[:half]) + _written(acts[half:])
        # Another process was faster with the same voter: now its row can be seen. A second refusal is a fault of ours.
        try:
            return _with_retries(acts)
        except DBAPIError as error:
            log.error("intake.refused", exc_info=error)
            return [error]
    except (DBAPIError, PoolTimeout) as error:
        log.error("intake.away", ballots=len(acts), why=logs.reason(error))
        return [Declined(away)] * len(acts) if isinstance(error, AWAY) else [error] * len(acts)


def _with_retries(acts: Sequence[Act]) -> list[Outcome]:
    for attempt in range(TRIES):
        try:
            with writing() as session:
                return record(session, acts)
        except OperationalError as error:
            # 40P01 deadlock, 40001 serialisation: PostgreSQL asks us to try again
            if getattr(error.orig, "sqlstate", None) not in ("40P01", "40001") or attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def away() -> Unavailable:
    """What is said to somebody whose ballot meets such trouble."""
    return Unavailable(
        _("The database is busy or away, so this was not counted."),
        hint=_("Wait a few seconds and send it again; what you typed is kept."),
    )


def _answer(batch: Iterable[tuple[Act, Any, asyncio.AbstractEventLoop | None]], outcomes: Iterable[Outcome]) -> None:
    """Tell every caller, each event loop once."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[Any, Outcome]]] = defaultdict(list)
    for (_act, waiting, loop), outcome in zip(batch, outcomes, strict=True):
        if loop is not None:
            loops[loop].append((waiting, outcome))
        else:
            _resolve(waiting, outcome)
    for loop, answers in loops.items():
        # A loop that has ended: nobody is waiting any more, and the ballots are stored.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_resolve_all, answers)


def _resolve_all(answers: list[tuple[Any, Outcome]]) -> None:
    for waiting, outcome in answers:
        _resolve(waiting, outcome)


def _resolve(waiting: Any, outcome: Outcome) -> None:
    if waiting.done():  # the client has gone
        return
    if isinstance(outcome, Exception):
        waiting.set_exception(outcome)
    else:
        waiting.set_result(outcome)


_writer = _Writer()
