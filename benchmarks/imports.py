"""An import beside csv.reader over the same file, in turns: `python -m benchmarks.imports [RESPONSES] [ROUNDS] [sqlite|postgresql]`.

Each response has five answers: two choices, a rating, a recommendation, a text (G7 of performance.md). Prints seconds, the
ratio, the largest memory, and how long votes took meanwhile at a server on the same database. Then an import is killed
half-way and begun again, and `heard verify` recounts.
"""

import csv
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path
from typing import NamedTuple

import httpx

from tests.journeys.server import Server

DAYS, PLACES = ("Monday", "Tuesday", "Thursday", "Sunday"), ("At the library", "Online", "In the garden")
HEADS = "submission_id,submitted_at,language,Which day,Where,How was it,Would you recommend us,What else"
VOTES_A_SECOND = 20


def written(file: Path, responses: int) -> Path:
    """A plain table with so many responses."""
    with open(file, "w", encoding="utf-8", newline="") as target:
        target.write(HEADS + "\r\n")
        for i in range(responses):
            target.write(
                f"s{i:08d},2026-01-{1 + i % 28:02d}T10:00:00Z,en,{DAYS[i * 7 % 4]},{PLACES[i * 5 % 3]},{i * 3 % 5 + 1},"
                f"{i * 11 % 11},a thought number {i * 17 % responses} of some words\r\n"
            )
    return file


class Took(NamedTuple):
    """Seconds on the clock and of the processor, the largest memory in MiB, and what the process ended with."""

    seconds: float
    cpu: float
    memory: int = 0
    ended: int = 0


def floor(file: Path) -> Took:
    """What csv.reader takes to read it."""
    began, cpu = time.perf_counter(), time.process_time()
    with open(file, encoding="utf-8", newline="") as source:
        for _row in csv.reader(source):
            pass
    return Took(time.perf_counter() - began, time.process_time() - cpu)


def imported(server: Server, file: Path, title: str, *, kill_at: int = 0) -> Took:
    """What the command takes. `kill_at`: responses after which it is killed."""
    before = newest(server)[0]
    began = time.perf_counter()
    command = [*server.program, "import", str(file), "--community", "garden", "--new-poll", title]
    with open(server.folder / "import.log", "ab") as log:
        process = subprocess.Popen(command, cwd=server.folder, env=server.environment, stdout=log, stderr=log)
    if kill_at:
        while newest(server) < (before + 1, kill_at):
            time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    return Took(time.perf_counter() - began, cpu, usage.ru_maxrss // 1024, process.returncode)


def newest(server: Server) -> tuple[int, int]:
    """The number of the newest import and how far it is, from its row."""
    from sqlalchemy import create_engine, text

    url = server.environment["HEARD_DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT id, done FROM imports ORDER BY id DESC LIMIT 1")).first()
    engine.dispose()
    return tuple(found) if found else (0, 0)


class Voters(threading.Thread):
    """People who vote meanwhile; how long each waited, in seconds."""

    def __init__(self, server: Server, slug: str, option: int, question: int) -> None:
        super().__init__(daemon=True)
        self.server, self.waited, self.refused, self.over = server, list[float](), 0, threading.Event()
        self.path = f"{server.url}/api/v1/polls/{slug}/responses"
        self.answers = [{"question": question, "option": option}]

    def run(self) -> None:
        with httpx.Client(timeout=30) as http:
            while not self.over.is_set():
                began = time.perf_counter()
                answer = http.post(self.path, json={"submission_id": str(uuid.uuid4()), "answers": self.answers})
                self.refused += answer.status_code != 201
                self.waited.append(time.perf_counter() - began)
                time.sleep(max(0.0, 1 / VOTES_A_SECOND - self.waited[-1]))

    def p95(self) -> float:
        """The 95th percentile so far, in milliseconds; begins anew."""
        waited, self.waited = sorted(self.waited), []
        return 1000 * waited[int(len(waited) * 0.95)] if waited else 0.0


def main() -> None:
    """Build, measure in turns, kill, verify."""
    responses = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as folder, _database(sys.argv[3] if len(sys.argv) > 3 else "sqlite") as url:
        server = Server(Path(folder), HEARD_WORK="0", HEARD_DATABASE_URL=url or f"sqlite:///{folder}/heard.db").start()
        try:
            measure(server, written(Path(folder) / "answers.csv", responses), responses, rounds)
        finally:
            server.stop()


def measure(server: Server, file: Path, responses: int, rounds: int) -> None:
    """The rounds, and the kill."""
    voters = _voters(server)
    voters.start()
    time.sleep(5)
    print(
        f"{responses:,} responses, {file.stat().st_size / 1e6:.0f} MB; votes alone: p95 {voters.p95():.0f} ms",
        flush=True,
    )
    ratios = []
    for number in range(1, rounds + 1):
        least, took = floor(file), imported(server, file, f"Round {number}")
        ratios.append(took.seconds / least.seconds)
        print(
            f"round {number}: csv.reader {least.seconds:.2f} s, import {took.seconds:.1f} s = {ratios[-1]:.0f} x (processor"
            f" {took.cpu / least.cpu:.0f} x), {took.memory} MiB, ended {took.ended}; votes meanwhile: p95 {voters.p95():.0f} ms,"
            f" refused {voters.refused}",
            flush=True,
        )
    print(f"median ratio: {statistics.median(ratios):.0f} x", flush=True)
    killed = imported(server, file, "Killed", kill_at=responses // 2)
    at, more = newest(server)[1], imported(server, file, "Killed")
    print(
        f"killed at {at:,} after {killed.seconds:.1f} s ({killed.ended}), then {more.seconds:.1f} s, {more.memory} MiB"
        f" ({more.ended})",
        flush=True,
    )
    voters.over.set()
    voters.join(40)
    print((server.folder / "import.log").read_text()[-400:], flush=True)
    print(server.run("verify", "killed", seconds=3600).stdout, flush=True)


def _voters(server: Server) -> Voters:
    server.run("account", "create", "maya@garden.example", "--name", "Maya", text="a long enough password\n")
    server.run("community", "create", "garden", "--name", "Garden", "--owner", "maya@garden.example")
    token = server.run("token", "create", "maya@garden.example", "--community", "garden").stdout.strip()
    with httpx.Client(
        base_url=f"{server.url}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=30
    ) as http:
        asked = {"kind": "single", "wording": "Which?", "options": ["A", "B"]}
        poll = {"title": "Meanwhile", "questions": [asked], "voter_rule": "open"}
        made = json.loads(http.post("/communities/garden/polls", json=poll).text)
        http.post(f"/polls/{made['slug']}/opening").raise_for_status()
    question = made["questions"][0]
    return Voters(server, made["slug"], question["options"][0]["id"], question["id"])


class _database:
    """An empty PostgreSQL of its own, or "" for SQLite in the server's folder."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __enter__(self) -> str:
        if self.kind == "sqlite":
            return ""
        from tests.postgres import Postgres

        self.folder = Path(tempfile.mkdtemp(prefix="heard-postgres-"))
        self.postgres = Postgres(self.folder)
        return self.postgres.template_url

    def __exit__(self, *_: object) -> None:
        if self.kind != "sqlite":
            self.postgres.stop()


if __name__ == "__main__":
    main()
