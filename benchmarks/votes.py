"""G1 and G2: durable votes a second beside a FastAPI no-op with the same body, and beside a server that commits each vote by
itself, in turns: `python -m benchmarks.votes [ROUNDS]`.

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
from collections.abc import Iterator
from contextlib import contextmanager
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


ONE_BY_ONE = """
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import event
from sqlmodel import Field, Session, SQLModel, create_engine

class Vote(BaseModel):
    submission_id: str
    answers: list[dict]

class Response(SQLModel, table=True):
    submission_id: str = Field(primary_key=True)
    option: int

engine = create_engine("sqlite:///one-by-one.db", connect_args={"timeout": 30, "check_same_thread": False})

@event.listens_for(engine, "connect")
def durable(connection, _record):
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")

SQLModel.metadata.create_all(engine)
app = FastAPI()

@app.post("/{path:path}", status_code=201)
def take(path: str, vote: Vote):
    with Session(engine) as session:
        session.add(Response(submission_id=vote.submission_id, option=vote.answers[0]["option"] if vote.answers else 0))
        session.commit()
    return {"receipt": vote.submission_id, "mark": "x"}
"""


async def posted(
    port: int, path: str, answers: list[dict[str, int]], connections: int = CONNECTIONS
) -> tuple[float, float, int]:
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
    await asyncio.gather(*(client() for _ in range(connections)))
    return len(times) / (time.perf_counter() - began), sorted(times)[int(0.99 * len(times))], refused


def main() -> None:
    """Print a line a round, and the medians."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with (
        tempfile.TemporaryDirectory() as name,
        peer(name, "noop", NOOP) as noop,
        peer(name, "each", ONE_BY_ONE) as each,
    ):
        server = Server(Path(name)).start()
        try:
            slug, question, option = a_poll(server)
            path, answers = f"/api/v1/polls/{slug}/responses", [{"question": question, "option": option}]
            found: list[tuple[float, ...]] = []
            for number in range(rounds + 1):
                floor, _p99, _bad = asyncio.run(posted(noop, path, answers))
                rate, p99, bad = asyncio.run(posted(server.port, path, answers))
                slow, slow_p99, _bad = asyncio.run(posted(each, path, answers))
                alone, _p99, _bad = asyncio.run(posted(server.port, path, answers, 1))
                slow_alone, _p99, _bad = asyncio.run(posted(each, path, answers, 1))
                if number:  # the first round warms up
                    found.append((rate / floor, rate, p99, rate / slow, p99 / slow_p99, alone / slow_alone))
                    print(
                        f"{rate:,.0f} votes/s, no-op {floor:,.0f}/s, one by one {slow:,.0f}/s, refused {bad}", end="; "
                    )
                    print(f"alone {alone:,.0f}/s, one by one {slow_alone:,.0f}/s")
            ratio, rate, p99, times, slower, alone = (statistics.median(column) for column in zip(*found, strict=True))
            print(f"G1: {rate:,.0f} votes/s, {ratio:.2f} of the no-op, p99 {1000 * p99:.0f} ms")
            print(f"G2: {times:.1f} x a commit for each, its p99 x {slower:.2f}; one connection alone x {alone:.2f}")
        finally:
            server.stop()


@contextmanager
def peer(folder: str, name: str, program: str) -> Iterator[int]:
    """A small server beside ours; its port."""
    Path(folder, f"{name}.py").write_text(program)
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", f"{name}:app", "--port", str(port), "--log-level", "error"]
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, "PYTHONPATH": folder})
    try:
        assert wait_for(lambda: _answers(port)), f"{name} does not start"
        yield port
    finally:
        process.terminate()


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
