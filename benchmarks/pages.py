"""Pages beside a FastAPI no-op GET, in turns (G4): `python -m benchmarks.pages [ROUNDS]`.

64 connections to one web worker on SQLite, two seconds each. The ballot's page is private and made anew for everybody; the
others are public and kept. Prints the medians of what each reaches of the no-op of the same round, and the ballot's bytes,
plain and as a proxy in front would compress them (Heard sends pages plain: see docs/architecture.md).
"""

import argparse
import asyncio
import gzip
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.votes import CONNECTIONS, SECONDS
from tests.journeys.server import Server, free_port, wait_for

NOOP = """
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

app = FastAPI()

@app.get("/{path:path}")
async def give(path: str):
    return PlainTextResponse("ok")
"""
LABELS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
GOALS = {"ballot": 0.5, "results": 1.0, "community": 1.0, "card": 1.0}


async def gets(port: int, path: str) -> float:
    """Answers with 200 a second."""
    got, began, until = 0, time.perf_counter(), time.perf_counter() + SECONDS
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()

    async def client() -> None:
        nonlocal got
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < until:
            writer.write(head)
            answer = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0]))
            got += answer[9:12] == b"200"
        writer.close()

    await asyncio.gather(*(client() for _ in range(CONNECTIONS)))
    return got / (time.perf_counter() - began)


def a_poll_of_five(server: Server) -> str:
    """Opened by the API; anybody sees its results."""
    server.run("account", "create", "maya@garden.example", "--name", "Maya", text="a long enough password\n")
    server.run("community", "create", "garden", "--name", "Garden", "--owner", "maya@garden.example")
    token = server.run("token", "create", "maya@garden.example", "--community", "garden").stdout.strip()
    question = {"kind": "single", "wording": "Which evening suits you best?", "options": LABELS}
    poll = {"title": "Our evenings", "questions": [question], "results_rule": "always"}
    with httpx.Client(base_url=f"{server.url}/api/v1", headers={"Authorization": f"Bearer {token}"}) as api:
        slug = str(api.post("/communities/garden/polls", json=poll).json()["slug"])
        api.post(f"/polls/{slug}/opening").raise_for_status()
    return slug


def main() -> None:
    """A line a round, and the medians."""
    wishes = argparse.ArgumentParser()
    wishes.add_argument("rounds", nargs="?", type=int, default=5)
    rounds = wishes.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "noop.py").write_text(NOOP)
        server, port = Server(folder, HEARD_WORK="0").start(), free_port()
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            "noop:app",
            "--port",
            str(port),
            "--log-level",
            "error",
            "--no-access-log",
        ]
        noop = subprocess.Popen(command, cwd=folder, env={**os.environ, "PYTHONPATH": name})
        try:
            slug = a_poll_of_five(server)
            paths = {"ballot": f"/p/{slug}", "results": f"/p/{slug}/results", "community": "/c/garden"}
            paths["card"] = f"/p/{slug}/card.png"
            for path in paths.values():
                httpx.get(server.url + path).raise_for_status()
            wait_for(lambda: _answers(port))
            ballot = httpx.get(server.url + paths["ballot"]).content
            print(f"ballot page: {len(ballot)} bytes, {len(gzip.compress(ballot))} compressed (asked 4,000)")
            ratios: dict[str, list[float]] = {key: [] for key in paths}
            for number in range(rounds + 1):
                figures = {}
                for key, path in paths.items():
                    floor = asyncio.run(gets(port, "/nothing"))
                    figures[key] = asyncio.run(gets(server.port, path))
                    if number:  # the round before warms up
                        ratios[key].append(figures[key] / floor)
                if number:
                    print(
                        f"round {number}: no-op {floor:.0f}/s, "
                        + ", ".join(f"{k} {v:.0f}/s" for k, v in figures.items())
                    )
            for key, reached in ratios.items():
                print(f"{key:10} {statistics.median(reached):.2f} of a no-op GET (asked {GOALS[key]})")
        finally:
            noop.terminate()
            noop.wait(10)
            server.stop()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/x").status_code == 200
    except httpx.HTTPError:
        return False


if __name__ == "__main__":
    main()
