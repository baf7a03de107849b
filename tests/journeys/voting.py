"""What the journeys of votes share: a served poll, a crowd that sends ballots, and what was stored in the end."""

import json
import os
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from polls.kinds.kind import Draft
from tests.journeys.server import Server
from tests.world import World


class Served(NamedTuple):
    """A poll on a running server, with a token of its community."""

    server: Server
    slug: str
    question: int
    options: list[int]
    headers: dict[str, str]
    text: int = 0

    @property
    def api(self) -> str:
        """Where ballots go."""
        return f"{self.server.url}/api/v1/polls/{self.slug}/responses"

    @property
    def page(self) -> str:
        """Where people vote."""
        return f"{self.server.url}/p/{self.slug}"

    def body(self, option: int, submission: str, **more: Any) -> dict[str, Any]:
        """A ballot."""
        answers = [{"question": self.question, "option": self.options[option]}]
        return {"submission_id": submission, "answers": answers, **more}

    def stored(self) -> dict[str, str]:
        """The marks that are stored, by submission id."""
        lines = self.server.run("export", self.slug, "--format", "jsonl").stdout.splitlines()
        return {row["submission_id"]: row["mark"] for row in map(json.loads, lines)}

    def verified(self) -> str:
        """What `heard verify` says, "" when it is sound."""
        done = self.server.run("verify", self.slug)
        return "" if done.returncode == 0 else done.stdout + done.stderr


def served(server: Server, **rules: Any) -> Served:
    """An open poll on this server: one choice of three, and a text."""
    server.run("account", "create", "maya@garden.example", "--name", "Maya", text="a long enough password\n")
    server.run("community", "create", "garden", "--name", "Garden", "--owner", "maya@garden.example")
    token = (
        server.run("token", "create", "maya@garden.example", "--community", "garden").stdout.strip().splitlines()[-1]
    )
    headers = {"Authorization": f"Bearer {token}"}
    asked = [
        {"kind": "single", "wording": "Which?", "options": ["A", "B", "C"]},
        {"kind": "long_text", "wording": "Why?"},
    ]
    sent = {"title": "Served", "questions": asked, "voter_rule": "open", "results_rule": "always", **rules}
    made = httpx.post(f"{server.url}/api/v1/communities/garden/polls", json=sent, headers=headers).json()
    httpx.post(f"{server.url}/api/v1/polls/{made['slug']}/opening", headers=headers).raise_for_status()
    single, text = made["questions"]
    return Served(server, made["slug"], single["id"], [o["id"] for o in single["options"]], headers, text["id"])


@contextmanager
def sharing(
    world: World,
    folder: Path,
    *,
    workers: int = 1,
    program: tuple[str, ...] = (),
    options: Sequence[str] = ("A", "B", "C"),
    start: bool = True,
    **rules: Any,
) -> Iterator[Served]:
    """The same poll in the database of this test, which a server shares: three commands are spared. On both databases."""
    ours = {name: os.environ[name] for name in ("HEARD_DATABASE_URL", "HEARD_SECRET")}
    given: dict[str, Any] = {"program": program} if program else {}
    server = Server(folder, workers=workers, HEARD_WORK="0", **ours, **given)
    asked = [Draft("single", "Which?", tuple(options)), Draft("long_text", "Why?")]
    poll = world.open_poll(asked, **{"voter_rule": "open", "results_rule": "always", **rules})
    single, text = poll.questions
    headers = {"Authorization": f"Bearer {world.token('maya')}"}
    try:
        if start:
            server.start()
        yield Served(server, poll.slug, single.id, [o.id for o in single.options], headers, text.id)
    finally:
        server.stop()


class Crowd:
    """Threads that send one ballot after the other. `thanked`: marks by submission id; `refused`: answers that were none."""

    def __init__(self, poll: Served, clients: int, *, again: bool = False) -> None:
        self.poll, self.again = poll, again
        self.thanked: dict[str, str] = {}
        self.refused: list[httpx.Response] = []
        self.unknown: list[str] = []  # sent, and no answer came
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._client, daemon=True) for _n in range(clients)]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(40)

    def wait_for(self, many: int, *, seconds: float = 60) -> None:
        """Until that many were thanked for."""
        until = time.monotonic() + seconds
        while len(self.thanked) < many and time.monotonic() < until:
            time.sleep(0.005)
        assert len(self.thanked) >= many

    def _client(self) -> None:
        with httpx.Client(timeout=40) as http:
            while not self._over.is_set():
                submission = str(uuid.uuid4())
                while not self._send(http, submission) and self.again and not self._over.is_set():
                    time.sleep(0.05)

    def _send(self, http: httpx.Client, submission: str) -> bool:
        try:
            answer = http.post(self.poll.api, json=self.poll.body(len(self.thanked) % 3, submission))
        except httpx.ConnectError:
            time.sleep(0.02)
            return False
        except httpx.HTTPError:
            self.unknown.append(submission)
            return False
        if answer.status_code in (200, 201):
            self.thanked[submission] = answer.json()["mark"]
            return True
        self.refused.append(answer)
        return False
