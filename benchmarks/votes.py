"""Durable votes a second beside a FastAPI no-op with the same body, in turns: `python -m benchmarks.votes [ROUNDS]`.

64 connections to one web worker on SQLite; each vote is acknowledged after its COMMIT, with unique checks, answers,
counters and receipt. The ratio of one round says more than its figures: both run on the same machine in the same minute.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import httpx

from tests.journeys.server import Server, free_port, wait_for

CONNECTIONS, SECONDS = 64, 2.0
NOOP = """
from fastapi import FastAPI
from pydantic import BaseModel

class Vote(BaseModel):
    submission_id: str
    answers: list[dict]

app = FastAPI()

@app.post("/{path:path}", status_code=201)
async def take(path: str, vote: Vote):
    return {"receipt": vote.submission_id, "mark": "x"}
"""


async def posted(port: int, path: str, answers: list[dict[str, int]]) -> tuple[float, float, int]:
    """Acknowledged votes a second, the 99th percentile in seconds, and how many were refused."""
    times: list[float] = []
    refused = 0
    until = time.perf_counter() + SECONDS

    async def client() -> None:
        nonlocal refused
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < until:
            body = json.dumps({"submission_id": str(uuid.uuid4()), "answers": answers}).encode()
            head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            began = time.perf_counter()
            writer.write(head.encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            if answer[9:12] == b"201":
                times.append(time.perf_counter() - began)
            else:
                refused += 1
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CONNECTIONS)))
    return len(times) / (time.perf_counter() - began), sorted(times)[int(0.99 * len(times))], refused


def main() -> None:
    """Print a line a round, and the medians."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = Server(folder).start()
        (folder / "noop.py").write_text(NOOP)
        port = free_port()
        command = [sys.executable, "-m", "uvicorn", "noop:app", "--port", str(port), "--log-level", "error"]
        noop = subprocess.Popen(command, cwd=folder, env={**os.environ, "PYTHONPATH": name})
        try:
            slug, question, option = a_poll(server)
            assert wait_for(lambda: _answers(port)), "the no-op does not start"
            path, answers = f"/api/v1/polls/{slug}/responses", [{"question": question, "option": option}]
            ratios, rates, slow = [], [], []
            for number in range(rounds + 1):
                floor, _p99, _bad = asyncio.run(posted(port, path, answers))
                rate, p99, bad = asyncio.run(posted(server.port, path, answers))
                if number:  # the first round warms up
                    print(
                        f"{rate:,.0f} votes/s, no-op {floor:,.0f}/s, ratio {rate / floor:.2f}, p99 {1000 * p99:.0f} ms, refused {bad}"
                    )
                    ratios.append(rate / floor), rates.append(rate), slow.append(p99)
            median = statistics.median
            print(f"median: {median(rates):,.0f} votes/s, ratio {median(ratios):.2f}, p99 {1000 * median(slow):.0f} ms")
        finally:
            noop.terminate()
            server.stop()


def a_poll(server: Server, **rules: str) -> tuple[str, int, int]:
    """An open poll of the community "garden": its slug, and the ids of its question and of an option."""
    server.run("account", "create", "maya@garden.example", "--name", "Maya", text="a long enough password\n")
    server.run("community", "create", "garden", "--name", "Garden", "--owner", "maya@garden.example")
    token = server.run("token", "create", "maya@garden.example", "--community", "garden").stdout.split()[-1]
    with httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {token}"}) as http:
        question = {"kind": "single", "wording": "Which?", "options": ["A", "B", "C"]}
        made = http.post(
            "/api/v1/communities/garden/polls",
            json={"title": "Load", "questions": [question], "voter_rule": "open", **rules},
        ).json()
        http.post(f"/api/v1/polls/{made['slug']}/opening").raise_for_status()
    asked = made["questions"][0]
    return made["slug"], asked["id"], asked["options"][0]["id"]


def _answers(port: int) -> bool:
    try:
        return httpx.post(f"http://127.0.0.1:{port}/x", json={"submission_id": "x", "answers": []}).status_code == 201
    except httpx.HTTPError:
        return False


if __name__ == "__main__":
    main()
