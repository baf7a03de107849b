"""A hundred kills under load (goal G11): what was thanked for is there, once, whole, and the counters are the recount.

    python -m benchmarks.kills                          # 100 kills, 32 clients, SQLite
    python -m benchmarks.kills 20 --database URL        # an empty PostgreSQL database
    python -m benchmarks.kills 20 --workers 2           # two web processes

The server is a real one; a kill is SIGKILL for it and all its processes, at a random moment 50 to 1,000 ms after the crowd
gets answers again. Clients send a ballot until somebody thanks for it, under one submission id.
"""

import argparse
import json
import random
import signal
import tempfile
import time
from pathlib import Path

from tests.journeys.server import Server
from tests.journeys.voting import Crowd, served


def run(kills: int, clients: int, workers: int, database: str, seed: int) -> bool:
    """Kill that often; print what came of it. Returns whether nothing was lost, doubled or half."""
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="heard-kills-") as name:
        folder = Path(name)
        more = {"HEARD_DATABASE_URL": database} if database else {}
        server = Server(folder, workers=workers, HEARD_WORK="0", **more).start()
        try:
            poll = served(server)
            with Crowd(poll, clients, again=True) as crowd:
                for _kill in range(kills):
                    crowd.wait_for(len(crowd.thanked) + clients, seconds=120)
                    time.sleep(dice.uniform(0.05, 1.0))
                    server.stop(signal.SIGKILL)
                    server.start()
                crowd.wait_for(len(crowd.thanked) + clients, seconds=120)
            lines = server.run("export", poll.slug, "--format", "jsonl", seconds=600).stdout.splitlines()
            verified = server.run("verify", poll.slug, seconds=600)
        finally:
            server.stop()
    stored = [(row["submission_id"], row["mark"]) for row in map(json.loads, lines)]
    lost = len(crowd.thanked.items() - set(stored))
    doubled = len(stored) - len({submission for submission, _mark in stored})
    half = sum(line.startswith("Ballot ") for line in verified.stdout.splitlines())
    print(f"kills {kills}, clients {clients}, web processes {workers}: {len(crowd.thanked)} votes acknowledged")
    print(
        f"lost {lost}, doubled {doubled}, half {half}; sent and never answered, then sent again: {len(crowd.unknown)}"
    )
    print(verified.stdout.strip())
    return (lost, doubled, half, verified.returncode) == (0, 0, 0, 0)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("kills", type=int, nargs="?", default=100)
    asked.add_argument("--clients", type=int, default=32)
    asked.add_argument("--workers", type=int, default=1)
    asked.add_argument("--database", default="")
    asked.add_argument("--seed", type=int, default=1)
    said = asked.parse_args()
    raise SystemExit(0 if run(said.kills, said.clients, said.workers, said.database, said.seed) else 1)
