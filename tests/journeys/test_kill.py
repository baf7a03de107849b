"""The server is killed while people vote: what was thanked for is there, once, and the counters are the recount."""

import json
import queue
import signal
import threading
import time
import uuid

import httpx
import pytest

from tests.journeys.server import Server

pytestmark = pytest.mark.long
VOTES, CLIENTS, KILLS = 2000, 16, (400, 900, 1400)


def test_three_kills_during_two_thousand_votes_lose_and_double_nothing(tmp_path):
    server = Server(tmp_path).start()
    token = _token(server)
    headers = {"Authorization": f"Bearer {token}"}
    question = {"kind": "single", "wording": "Which?", "options": ["A", "B", "C"]}
    made = httpx.post(
        f"{server.url}/api/v1/communities/garden/polls",
        json={"title": "Kill", "questions": [question], "voter_rule": "open", "results_rule": "always"},
        headers=headers,
    ).json()
    httpx.post(f"{server.url}/api/v1/polls/{made['slug']}/opening", headers=headers).raise_for_status()
    options = [o["id"] for o in made["questions"][0]["options"]]
    waiting: queue.Queue[tuple[str, int]] = queue.Queue()
    for number in range(VOTES):
        waiting.put((str(uuid.uuid4()), number % 3))
    thanked: dict[str, tuple[str, int]] = {}
    over = threading.Event()

    def client() -> None:
        with httpx.Client(timeout=30) as http:
            while not over.is_set():
                try:
                    submission, choice = waiting.get(timeout=0.1)
                except queue.Empty:
                    continue
                answers = [{"question": made["questions"][0]["id"], "option": options[choice]}]
                try:
                    answer = http.post(
                        f"{server.url}/api/v1/polls/{made['slug']}/responses",
                        json={"submission_id": submission, "answers": answers},
                    )
                    if answer.status_code in (200, 201):
                        thanked[submission] = (answer.json()["receipt"], choice)
                        continue
                except httpx.HTTPError:
                    time.sleep(0.05)
                waiting.put((submission, choice))

    crowd = [threading.Thread(target=client, daemon=True) for _ in range(CLIENTS)]
    for thread in crowd:
        thread.start()
    for at in (*KILLS, VOTES):
        until = time.monotonic() + 120
        while len(thanked) < at and time.monotonic() < until:
            time.sleep(0.005)
        assert len(thanked) >= at
        if at < VOTES:
            server.stop(signal.SIGKILL)
            server.start()
    over.set()
    for thread in crowd:
        thread.join(10)
    stored = [json.loads(line) for line in server.run("export", made["slug"], "--format", "jsonl").stdout.splitlines()]
    results = httpx.get(f"{server.url}/api/v1/polls/{made['slug']}/results", headers=headers).json()
    verified = server.run("verify", made["slug"])
    server.stop()
    assert sorted(r["submission_id"] for r in stored) == sorted(thanked)
    assert len({receipt for receipt, _choice in thanked.values()}) == VOTES
    counts = [o["count"] for o in results["questions"][0]["options"]]
    assert counts == [sum(choice == i for _receipt, choice in thanked.values()) for i in range(3)]
    assert verified.returncode == 0, verified.stdout + verified.stderr


def _token(server: Server) -> str:
    server.run("account", "create", "maya@garden.example", "--name", "Maya", text="a long enough password\n")
    server.run("community", "create", "garden", "--name", "Garden", "--owner", "maya@garden.example")
    return server.run("token", "create", "maya@garden.example", "--community", "garden").stdout.strip().splitlines()[-1]
