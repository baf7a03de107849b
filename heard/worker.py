"""`heard work`: hands rows of work_due to the engine (dbos), which retries them and remembers them over a kill.

Only this process loads the engine. A row becomes a workflow whose id is made from the row, so handing it over twice
starts it once; the row is dropped after the engine has it. Jobs are safe to run twice and hold no transaction open
while they compute or send.
"""

import fcntl
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import feedback.jobs  # noqa: F401  (these imports register their jobs)
import heard.accounts.api_jobs
import heard.accounts.bounce_jobs
import heard.accounts.clock_jobs
import heard.accounts.webhooks.jobs  # noqa: F401
import insights.jobs  # noqa: F401
import polls.announce.bounced
import polls.announce.trial_jobs
import polls.jobs
import polls.publish.bounced
import polls.publish.mailing_jobs  # noqa: F401
from heard.accounts import copies
from heard.kit import logs, work
from heard.kit.clock import now
from heard.kit.db import close
from heard.kit.settings import settings

log = logs.logger("heard.work")
TRIES = 3
AT_ONCE = 2
POLL_SECONDS = 0.5
PAUSE_SECONDS = 5
SWEEP_SECONDS = 60
ABANDONED_AFTER_MINUTES = 15


class Worker:
    """One process that works: its place, its engine, its loop."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.free = threading.Event()  # a place has become free
        self.in_hand = 0  # rows that were taken and are not done
        self.busy = threading.BoundedSemaphore(AT_ONCE)
        self._counting = threading.Lock()
        self.place, self._lock = _place(settings().data_folder)

    def run(self) -> None:
        """Work until told to end (SIGTERM, SIGINT) or until the server that started us is gone."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopped.set())
        parent = int(os.environ.get("HEARD_WORK_CHILD") or 0)  # asked now, it may be gone already
        copies.notice()
        self._start_engine()
        log.info("work.started", place=self.place)
        swept, paused = time.monotonic(), False  # the clock of the wall may jump
        while not self.stopped.is_set() and (not parent or os.getppid() == parent):
            try:
                self._hand_over()
                if paused:
                    paused = False
                    log.info("work.resumed")
                if time.monotonic() - swept >= SWEEP_SECONDS:
                    swept = time.monotonic()
                    self._sweep()
            except Exception as error:  # the database may be away for a moment; the rows are still there
                if not paused:  # one line for the whole night, not one every five seconds
                    paused = True
                    log.warning("work.paused", why=logs.reason(error))
                self.stopped.wait(PAUSE_SECONDS)
            self.free.wait(POLL_SECONDS)
            self.free.clear()
        self._stop_engine()

    def _start_engine(self) -> None:
        from dbos import DBOS

        url = settings().database_url
        store = (
            f"sqlite:///{settings().data_folder}/work.db"
            if settings().sqlite_file
            else url.replace("postgres://", "postgresql://")
        )
        DBOS(
            config={
                "name": "heard",
                "system_database_url": store,
                # Work must survive an upgrade of Heard: the version stays, and jobs take old arguments.
                "application_version": "1",
                "executor_id": f"{socket.gethostname()}-{self.place}",
                "log_level": "ERROR",  # also silences the line about a hosted console
                "enable_otlp": False,
                "max_executor_threads": 8,
            }
        )
        logging.getLogger("dbos").setLevel(logging.ERROR)
        semaphore, stopped = self.busy, self.stopped

        @DBOS.step(name="job", retries_allowed=True, max_attempts=TRIES, interval_seconds=2.0, backoff_rate=4.0)
        def job(kind: str, args: dict[str, Any]) -> None:
            try:
                work.HANDLERS[kind](**args)
            except Exception as error:
                log.error("work.failed", kind=kind, args=args, exc_info=error)
                raise

        @DBOS.workflow(name="work")
        def workflow(kind: str, args: dict[str, Any]) -> None:
            if stopped.is_set():
                raise InterruptedError("the worker is ending")
            with self._in_hand(), semaphore:
                job(kind, args)
            log.info("work.done", kind=kind, **args)

        self._workflow = workflow
        DBOS.launch()

    def _stop_engine(self) -> None:
        from dbos import DBOS

        DBOS.destroy(workflow_completion_timeout_sec=20)
        close()

    @contextmanager
    def _in_hand(self) -> Iterator[None]:
        with self._counting:
            self.in_hand += 1
        try:
            yield
        finally:
            with self._counting:
                self.in_hand -= 1
            self.free.set()

    def _hand_over(self) -> None:
        """Take as many rows as can be worked at now; the others are for the worker that is free first."""
        from dbos import DBOS, SetWorkflowID

        for row in work.waiting(limit=max(0, AT_ONCE - self.in_hand)):
            if row.kind in work.HANDLERS:
                with SetWorkflowID(row.workflow_id):
                    DBOS.start_workflow(self._workflow, row.kind, row.args)
            else:
                log.error("work.unknown", kind=row.kind)  # from a newer Heard: parked in the log, never in the way
            work.taken(row)

    def _sweep(self) -> None:
        """Once a minute: look what there is to do, and take over what another machine began and has not ended for a long
        time: its jobs are safe to run twice."""
        from dbos import DBOS

        for look in work.LOOKS:
            look()
        old = (now() - timedelta(minutes=ABANDONED_AFTER_MINUTES)).isoformat()
        for found in DBOS.list_workflows(status="PENDING", end_time=old, load_input=False, load_output=False, limit=20):
            if found.executor_id != f"{socket.gethostname()}-{self.place}":
                DBOS.resume_workflow(found.workflow_id)


def _place(folder: Path) -> tuple[int, IO[str]]:
    """The first free place on this machine: two processes with one executor id would double each other's work."""
    for number in range(64):
        file = open(folder / f"work-{number}.lock", "w")  # noqa: SIM115  (held until the process ends)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return number, file
        except OSError:
            file.close()
    raise RuntimeError("64 workers on one machine: there is no place for another one")


def main() -> None:
    """The process."""
    Worker().run()
