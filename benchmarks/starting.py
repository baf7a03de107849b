"""How light the program is (G10): `python -m benchmarks.starting [ROUNDS]`.

In turns, so that all see the same machine: `python -c "import fastapi, sqlmodel"` (the floor), `heard serve` until its first
200 at /healthz, `python -c pass`, and `heard --help`. Prints medians of the ratios within a round, the seconds of the
processor beside those of the clock (a busy machine stretches only these), when a voter's page and a manager's page were
there, and the memory at rest. The folder is migrated before; the worker child is off, as it is another process.
"""

import contextlib
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.journeys.server import Server

ROOT = Path(__file__).resolve().parents[1]
FLOOR = "import fastapi, sqlmodel"
REST_SECONDS = 3


def ran(*command: str, **more: Any) -> tuple[float, float]:
    """Seconds of the clock and of the processor that a command took."""
    before, began = os.times(), time.perf_counter()
    subprocess.run(command, check=False, capture_output=True, **more)
    after = os.times()
    took = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - began, took


def processor_seconds(pid: int) -> float:
    """What a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """Resident memory in MiB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def answered(port: int, path: str, began: float, seconds: float = 30) -> float:
    """When an address first gave an answer of ours, in seconds after the start."""
    while time.perf_counter() - began < seconds:
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return time.perf_counter() - began
        time.sleep(0.005)
    raise AssertionError(f"{path} did not answer")


def started(folder: Path) -> dict[str, float]:
    """One start, in seconds and MiB."""
    server = Server(folder, HEARD_WORK="0")
    with open(folder / "serve.log", "ab") as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "heard.cli", "serve", "--port", str(server.port)],
            cwd=folder, env=server.environment, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        told = {"first": answered(server.port, "/healthz", began), "processor": processor_seconds(process.pid)}
        told |= {
            "voter": answered(server.port, "/p/nobody", began),
            "manager": answered(server.port, "/sign-in", began),
        }
        time.sleep(REST_SECONDS)
        return told | {"rest": memory(process.pid)}
    finally:
        process.terminate()
        process.wait(20)


def main() -> None:
    """A line for each thing measured."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    rows: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = Server(folder)
        server.run("migrate")
        for _round in range(rounds):
            floor, floor_processor = ran(sys.executable, "-c", FLOOR)
            row = started(folder)
            nothing, _used = ran(sys.executable, "-c", "pass")
            shown, _used = ran(sys.executable, "-m", "heard.cli", "--help", env=server.environment)
            row |= {
                "first / floor": row["first"] / floor,
                "processor / floor": row["processor"] / floor_processor,
                "help / pass": shown / nothing,
                "floor": floor,
            }
            rows.append(row)
    for key in rows[0]:
        values = sorted(row[key] for row in rows)
        print(f"{key:18} median {statistics.median(values):7.2f}   {values[0]:.2f} to {values[-1]:.2f}")


if __name__ == "__main__":
    main()
