"""Webhooks while the worker is killed: `python -m benchmarks.webhook_kills [EVENTS] [KILLS] [sqlite|postgresql]`.

Counts what arrives at a receiver of its own: nothing lost, at most one double a kill and webhook, under the same id; then
two workers at once without kills, and nothing double (trust.md, K1 and M1 for webhooks). Three webhooks: one quick, one
slow, and one where nobody is. Leases last seconds here, not half a minute, so that what was in flight is sent again
while we watch.
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
from pathlib import Path
from typing import Any

LEASE = 4
WORKER = f"""
from datetime import timedelta
from heard.accounts.webhooks import sending
sending.LEASE = timedelta(seconds={LEASE})
from heard import worker
worker.main()
"""
PATIENCE = 900


def main(events: int = 1000, kills: int = 15, database: str = "sqlite") -> bool:
    """Both runs; whether all is well."""
    from tests.postgres import Postgres

    with tempfile.TemporaryDirectory(prefix="heard-webhooks-") as folder:
        server = Postgres(Path(folder)) if database == "postgresql" else None
        try:
            url = server.new_database() if server else f"sqlite:///{folder}/heard.db"
            os.environ |= {
                "HEARD_DATABASE_URL": url, "HEARD_DATA": folder, "HEARD_SECRET": "bench" * 8,
                "HEARD_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8",
            }  # fmt: skip
            return _both(Path(folder), events, kills)
        finally:
            from heard.kit.db import close

            close()
            if server:
                server.stop()


def _both(folder: Path, events: int, kills: int) -> bool:
    from heard.migrations.run import migrate
    from tests.world import World

    migrate()
    world = World()
    with open(folder / "work.log", "ab") as log:
        killed = _run(world, log, events, kills)
        fine = _run(world, log, events // 2, 0, workers=2)
    return killed and fine


def _run(world: Any, log: Any, events: int, kills: int, workers: int = 1) -> bool:
    """Events come while the worker dies; then a worker is left in peace until all is delivered."""
    from tests.accounts.webhook_scene import deliveries, hook
    from tests.receiver import receiving, say

    with receiving() as receiver:

        def answer(http: Any, taken: Any) -> None:
            if taken.path.startswith("/slow"):
                time.sleep(0.05)
            say(http, 204)

        receiver.answer = answer
        base = receiver.url.removesuffix("/hooks")
        hooks = [hook(world, f"{base}/{name}", name=name) for name in ("quick", "slow")]
        dead = hook(world, "http://127.0.0.1:1024/", name="dead")
        began, ids = time.monotonic(), {h.id: h.name for h in hooks}
        telling = threading.Thread(target=_tell, args=(world, events, began), daemon=True)
        telling.start()
        processes = [_working(log) for _ in range(workers)]
        draw = random.Random(7)
        for _kill in range(kills):
            _wait_for(
                receiver, len(receiver.taken) + draw.randint(5, 60)
            )  # it is at work: a kill while it starts is none
            time.sleep(draw.uniform(0, 0.05))
            _end(processes.pop())
            processes.append(_working(log))
        telling.join()
        while time.monotonic() - began < PATIENCE:
            if not any(row.status != "sent" for row in deliveries() if row.webhook_id in ids):
                break
            time.sleep(0.5)
        for process in processes:
            _end(process)
        came = Counter((one.path.strip("/"), one.id) for one in receiver.taken)
        waiting = sum(row.status != "sent" for row in deliveries() if row.webhook_id in ids)
        wanted = {(ids[row.webhook_id], row.event_id) for row in deliveries() if row.webhook_id in ids}
        cut = sum(row.attempts > 1 for row in deliveries() if row.webhook_id in ids)
        tried = sum(row.attempts for row in deliveries(dead))
        _forget(hooks, dead)
    lost, double = len(wanted - came.keys()), sum(n - 1 for n in came.values())
    most, seconds = max(came.values(), default=0), time.monotonic() - began
    print(
        f"{events} events, {len(hooks)} webhooks and a dead one, {workers} worker(s), {kills} kills: {len(wanted)} deliveries,"
        f" {cut} cut off by a kill and tried again, {waiting} not recorded as sent, {lost} lost, {double} doubled"
        f" (at most {most} of one), {tried} tries at the dead one, {seconds:.0f} s"
    )
    return lost == waiting == 0 and len(wanted) == events * len(hooks) and double <= 2 * kills


def _tell(world: Any, events: int, began: float) -> None:
    from tests.accounts.webhook_scene import happen

    for number in range(events):
        happen(world, f"{began}:{number}")
        time.sleep(0.02)


def _wait_for(receiver: Any, many: int) -> None:
    until = time.monotonic() + 60
    while len(receiver.taken) < many and time.monotonic() < until:
        time.sleep(0.002)


def _working(log: Any) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", WORKER], stdout=log, stderr=log, start_new_session=True)


def _end(process: "subprocess.Popen[bytes]") -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _forget(hooks: list[Any], dead: Any) -> None:
    from heard.accounts.models import Webhook
    from heard.kit.db import writing

    with writing() as session:
        for one in [*hooks, dead]:
            session.delete(session.get_one(Webhook, one.id))


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(0 if main(*map(int, given[:2]), *given[2:3]) else 1)
