"""A mailing while the worker is killed: `python -m benchmarks.mail_kills [MAILS] [KILLS] [sqlite|postgresql] [mailing|brief]`.

Counts what arrives at an SMTP server of its own: nothing lost, at most one double a kill and that under the same
Message-ID (trust.md, M1); then two workers at once without kills, and nothing double (M2). Leases last seconds here, not
minutes, so that what was in flight is sent again while we watch.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

LEASE = 4
KIND = sys.argv[4] if len(sys.argv) > 4 else "mailing"
WORKER = f"""
from datetime import timedelta
from heard.kit import leases
leases.LEASE = timedelta(seconds={LEASE})
from heard import worker
worker.main()
"""


class Sink:
    """Takes mails, a little slowly, and remembers to whom and under which id. `order`: ids as they came."""

    def __init__(self) -> None:
        self.ids: dict[str, list[str]] = {}
        self.order: list[str] = []
        self.lock = threading.Lock()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """aiosmtpd calls it. What is counted here was taken, whether or not its sender lives to hear of it."""
        head = envelope.content.partition(b"\r\n\r\n")[0].decode()
        found = next(line for line in head.split("\r\n") if line.lower().startswith("message-id:"))
        with self.lock:
            self.ids.setdefault(envelope.rcpt_tos[0], []).append(found.partition(":")[2].strip())
            self.order.append(envelope.rcpt_tos[0])
        return "250 kept"


def _working(log: Any) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", WORKER], stdout=log, stderr=log, start_new_session=True)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _mailing(world: Any, mails: int, name: str) -> int:
    """A poll, a list of so many people, and the mailing that is due."""
    from heard.accounts.contact_files import Person
    from heard.kit.db import writing
    from polls.models import Poll
    from polls.publish import mailings
    from polls.publish.mailing_plans import Plan, Round
    from tests.polls.publish.inbox import a_list

    people = a_list(world, *(Person(f"{name}{n:05}@readers.example") for n in range(mails)), name=name)
    poll = world.open_poll(options=["Soup", "Salad"], title=name)
    with writing() as session:
        home, row = world.the_community(session), session.get_one(Poll, poll.id)
        made = mailings.begin(
            session, Round(row, home, people), Plan(mails, {}), subject="Which?", words="", by=world.people["maya"]
        )
        return made.id or 0


def _brief(world: Any, mails: int, name: str) -> int:
    """A brief to so many readers who have said yes, each with a turn that is due: the worker does the rest."""
    from sqlmodel import col, select

    from heard.accounts import contacts
    from heard.kit.clock import now, stopped_at
    from heard.kit.db import writing
    from insights.models import Brief
    from insights.send import schedules, turning
    from insights.send.schedules import Wish

    audience = {"kill": "leadership", "two": "product"}[name]
    begun = now() - timedelta(days=1, hours=2)
    rule = Wish("daily", hour=(now() - timedelta(hours=1)).hour)  # went by an hour ago at the most two
    with stopped_at(begun), writing() as session:
        home = world.the_community(session)
        for n in range(mails):
            contact = contacts.contact_for(session, home, f"{name}{n:05}@readers.example")
            contact.confirmed_at = begun
        session.flush()
        people = [f"{name}{n:05}@readers.example" for n in range(mails)]
        schedules.add(session, home, people, audience, rule, by=world.people["maya"])
    turning.plan()
    turning.draft_all()
    turning.send_all()
    with writing() as session:
        newest = select(Brief.id).where(Brief.audience == audience).order_by(col(Brief.until).desc())
        return session.exec(newest).first() or 0


def _unsent(mailing_id: int) -> int:
    from sqlmodel import func, select

    from heard.kit.db import reading
    from insights.models import Delivery
    from polls.models import MailingDelivery

    table: Any = Delivery if KIND == "brief" else MailingDelivery
    its = Delivery.brief_id if KIND == "brief" else MailingDelivery.mailing_id
    with reading() as session:
        of_it = select(table.status, func.count()).where(its == mailing_id)
        found = dict(iter(session.execute(of_it.group_by(table.status))))
    return sum(n for status, n in found.items() if status != "sent") if found else 1


def _until_sent(mailing_id: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    while _unsent(mailing_id) and time.monotonic() < until:
        time.sleep(0.3)


def _told(name: str, sink: Sink, mails: int, kills: int) -> None:
    copies = Counter({to: len(ids) for to, ids in sink.ids.items()})
    double = [to for to, n in copies.items() if n > 1]
    other = [to for to in double if len(set(sink.ids[to])) > 1]
    print(
        f"{name}: {mails} mails, {kills} kills: lost {mails - len(copies)}, double {len(double)}"
        f" (most copies {max(copies.values(), default=0)}, with another Message-ID {len(other)})",
        flush=True,
    )


def main() -> None:
    """Print a line for the kills and one for two workers."""
    mails = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    kind = sys.argv[3] if len(sys.argv) > 3 else "sqlite"
    with tempfile.TemporaryDirectory() as name:
        sink = Sink()
        controller = Controller(sink, hostname="127.0.0.1", port=_free_port())
        controller.start()
        server = _settle(Path(name), kind, f"smtp://127.0.0.1:{controller.port}")
        try:
            _run(sink, mails, kills, kind, Path(name) / "work.log")
        finally:
            controller.stop()
            if server:
                server.stop()


def _run(sink: Sink, mails: int, kills: int, kind: str, log_file: Path) -> None:
    from tests.world import World

    world = World()
    with open(log_file, "ab") as log:
        make = _brief if KIND == "brief" else _mailing
        mailing, done, began = make(world, mails, "kill"), 0, time.monotonic()
        process = _working(log)
        while done < kills and _unsent(mailing):
            at = len(sink.order) + random.randint(1, max(2, mails // (2 * kills)))
            until = time.monotonic() + 60
            while len(sink.order) < at and time.monotonic() < until:
                time.sleep(0.002)
            time.sleep(random.random() * 0.05)
            _kill(process)
            done += 1
            process = _working(log)
        _until_sent(mailing, 300)
        _kill(process)
        _told(f"{KIND}, {kind}, killed ({time.monotonic() - began:.0f} s)", sink, mails, done)
        sink.ids.clear()
        mailing, began = make(world, mails, "two"), time.monotonic()
        both = [_working(log), _working(log)]
        _until_sent(mailing, 300)
        time.sleep(LEASE + 2)
        for process in both:
            _kill(process)
        _told(f"{KIND}, {kind}, two workers ({time.monotonic() - began:.0f} s)", sink, mails, 0)


def _settle(folder: Path, kind: str, smtp_url: str) -> Any:
    os.environ |= {
        "HEARD_DATA": str(folder), "HEARD_SECRET": "kill" * 16, "HEARD_SMTP_URL": smtp_url, "XDG_RUNTIME_DIR": str(folder),
        "HEARD_DATABASE_URL": f"sqlite:///{folder}/heard.db", "HEARD_BASE_URL": "http://127.0.0.1:8000",
    }  # fmt: skip
    server = None
    if kind == "postgresql":
        from tests.postgres import Postgres

        server = Postgres(Path(tempfile.mkdtemp(prefix="heard-kills-")))
        os.environ["HEARD_DATABASE_URL"] = server.new_database()
    from heard.migrations.run import migrate

    migrate()
    return server


def _free_port() -> int:
    from tests.journeys.server import free_port

    return free_port()


if __name__ == "__main__":
    main()
