"""A post that a thousand servers look at in the same minute: `python -m benchmarks.stampede [ROUNDS] [--workers N]`.

1,000 GETs by 100 clients as fast as they go, each on a connection of its own as servers of the fediverse do, while 20 votes
a second come in beside. Prints for each address the errors, the 50th, 95th and 99th percentile, and how long votes took.
The goal (trust.md, L5): no error, p99 under 1 s on 2 cores, votes' p95 under 500 ms. The clients take their part of the same
machine, so the load it had before is printed too.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.votes import a_poll
from tests.journeys.server import Server

CLIENTS, GETS, VOTES_A_SECOND = 100, 1000, 20
PLACES = ("/p/{slug}", "/p/{slug}/card.png", "/p/{slug}/results", "/c/garden", "/c/garden/feed.atom")


@dataclass
class Answers:
    """How long they took, in seconds, and how many were none."""

    times: list[float] = field(default_factory=list)
    errors: int = 0

    def __str__(self) -> str:
        marks = ", ".join(f"p{p} {1000 * percentile(self.times, p):.0f} ms" for p in (50, 95, 99))
        return f"{len(self.times)} answers, {self.errors} errors, {marks}"


def percentile(times: list[float], share: int) -> float:
    """The time that this many of a hundred stay below; 0 of none."""
    return sorted(times)[min(len(times) - 1, len(times) * share // 100)] if times else 0.0


async def ask(port: int, head: str, body: bytes, wanted: bytes, answers: Answers) -> int:
    """One request on a connection of its own; the length of the answer."""
    began = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"{head}Host: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode() + body)
        answer = await asyncio.wait_for(reader.read(), 60)
        writer.close()
    except (OSError, TimeoutError):
        answers.errors += 1
        return 0
    if answer[9:12] == wanted:
        answers.times.append(time.perf_counter() - began)
    else:
        answers.errors += 1
    return len(answer)


async def stampede(port: int, path: str, vote: tuple[str, dict[str, object]]) -> tuple[Answers, Answers, float, int]:
    """GETs of one address, the votes beside them, the seconds it took, and the bytes of an answer."""
    got, voted, left, size = Answers(), Answers(), list(range(GETS)), 0

    async def client() -> None:
        nonlocal size
        while left:
            left.pop()
            size = await ask(port, f"GET {path} HTTP/1.1\r\n", b"", b"200", got)

    async def voter() -> None:
        path, answer = vote
        body = json.dumps({"submission_id": str(uuid.uuid4()), "answers": [answer]}).encode()
        head = f"POST {path} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        await ask(port, head, body, b"201", voted)

    async def voters() -> None:
        running = []
        while left or not running:
            running.append(asyncio.create_task(voter()))
            await asyncio.sleep(1 / VOTES_A_SECOND)
        await asyncio.gather(*running)

    began = time.perf_counter()
    beside = asyncio.create_task(voters())
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    seconds = time.perf_counter() - began
    await beside
    return got, voted, seconds, size


def main() -> None:
    """A few lines a round."""
    wishes = argparse.ArgumentParser()
    wishes.add_argument("rounds", nargs="?", type=int, default=3)
    wishes.add_argument("--workers", type=int, default=1)
    wish = wishes.parse_args()
    with tempfile.TemporaryDirectory() as name:
        server = Server(Path(name), workers=wish.workers).start()
        try:
            slug, question, option = a_poll(server, results_rule="always")
            vote = (f"/api/v1/polls/{slug}/responses", {"question": question, "option": option})
            for number in range(wish.rounds + 1):
                if number:  # the round before warms up
                    print(f"round {number}, {wish.workers} worker(s), load before {os.getloadavg()[0]:.1f}")
                for place in PLACES:
                    path = place.format(slug=slug)
                    got, voted, seconds, size = asyncio.run(stampede(server.port, path, vote))
                    if number and got.times:  # an address that is not there has none
                        print(f"  {place}: {size} bytes, {len(got.times) / seconds:.0f}/s: {got}; votes: {voted}")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
