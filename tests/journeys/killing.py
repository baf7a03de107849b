"""A process that ends itself with SIGKILL at a named point of the vote path: before or after a statement, a COMMIT, an answer.

The hooks sit on the drivers (sqlite3, psycopg) and on ASGI, not on functions of ours, so that they hold whatever intake looks
like inside. `python -m tests.journeys.killing KILLS SEED SLUG…` forks a child for each kill: it votes, changes and withdraws
over ASGI and writes down what it was thanked for; the next child looks at what is there, and sends again what got no answer.
"""

import asyncio
import contextlib
import json
import os
import random
import re
import signal
import sqlite3
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SENT = re.compile(
    r"\s*(INSERT INTO|UPDATE|DELETE FROM|SELECT|BEGIN|COMMIT|ROLLBACK|WITH)\b(?:.*?\bFROM)?\s*(\w*)", re.S
)
IN_COMMIT, CHECKPOINT, ANY = "in commit", "in checkpoint", "any"
VOTERS = 3


class Points:
    """Every point that is passed, and the one at which this process ends."""

    def __init__(self) -> None:
        self.passed: Counter[str] = Counter()
        self.target, self.at = "", 0

    def passing(self, name: str) -> None:
        """Here is a point with this name; the process may end here."""
        self.passed[name] += 1
        n = sum(self.passed.values()) if self.target == ANY else self.passed[name] if self.target == name else 0
        if n and n == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    @contextlib.contextmanager
    def around(self, what: str) -> Iterator[None]:
        """Before and after something."""
        self.passing(f"before {what}")
        yield
        self.passing(f"after {what}")

    @contextlib.contextmanager
    def around_commit(self) -> Iterator[None]:
        """The same for a COMMIT, which may also end in the middle: while the driver waits for the disk."""
        self.passing("before commit")
        if self.target in (IN_COMMIT, CHECKPOINT):
            wait = 0.0002 * self.at
            threading.Thread(
                target=lambda: (time.sleep(wait), os.kill(os.getpid(), signal.SIGKILL)), daemon=True
            ).start()
        yield
        self.passing("after commit")


points = Points()


def hook() -> None:
    """Put the hooks into the drivers of this process."""

    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, *more: Any) -> Any:
            with points.around(named(sql)):
                return super().execute(sql, *more)

        def executemany(self, sql: str, *more: Any) -> Any:
            with points.around(named(sql)):
                return super().executemany(sql, *more)

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

        def execute(self, sql: str, *more: Any) -> Any:
            return self.cursor().execute(sql, *more)

        def executemany(self, sql: str, *more: Any) -> Any:
            return self.cursor().executemany(sql, *more)

        def commit(self) -> None:
            with points.around_commit():
                super().commit()

    plain = sqlite3.connect

    def connect(*args: Any, **more: Any) -> Any:
        made = plain(*args, **{"factory": Connection, **more})
        if points.target == CHECKPOINT:
            made.execute("PRAGMA wal_autocheckpoint=1")
        return made

    sqlite3.connect = sqlite3.dbapi2.connect = connect  # type: ignore[attr-defined]
    _hook_psycopg()


def _hook_psycopg() -> None:
    import psycopg

    def around(method: Any) -> Any:
        def hooked(self: Any, query: Any, *args: Any, **more: Any) -> Any:
            with points.around(named(query if isinstance(query, str) else str(query))):
                return method(self, query, *args, **more)

        return hooked

    psycopg.Cursor.execute = around(psycopg.Cursor.execute)  # type: ignore[method-assign]
    psycopg.Cursor.executemany = around(psycopg.Cursor.executemany)  # type: ignore[method-assign]
    plain = psycopg.Connection.commit

    def commit(self: Any) -> None:
        with points.around_commit():
            plain(self)

    psycopg.Connection.commit = commit  # type: ignore[method-assign]


def named(sql: str) -> str:
    """ "insert into responses" of a statement."""
    found = SENT.match(sql)
    return f"{found[1].lower()} {found[2].lower()}".strip() if found else "other"


class Answering:
    """Around the app: an answer is a point too."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def passing(message: Any) -> None:
            with points.around(message["type"]):
                await send(message)

        await self.app(scope, receive, passing)


class Life:
    """What one child does and was thanked for; a line of JSON each, written at once."""

    def __init__(self, slugs: list[str], log: Path) -> None:
        import httpx

        from heard.app import app

        self.slugs, self.log = slugs, os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=Answering(app)), base_url="http://127.0.0.1:8000",
            headers={"sec-fetch-site": "same-origin", "accept-language": "en"}, timeout=60,
        )  # fmt: skip

    def note(self, **what: Any) -> None:
        """Write it down before anything else happens."""
        os.write(self.log, json.dumps(what).encode() + b"\n")

    async def live(self) -> None:
        """Voters at the same time, each in every poll: a vote, the same again, a change, a withdrawal."""
        for _round in range(2):
            await asyncio.gather(*(self.voter(slug) for slug in self.slugs for _n in range(VOTERS)))

    async def voter(self, slug: str) -> None:
        """One of them."""
        submission = str(uuid.uuid4())
        first, second = options(slug)
        self.note(slug=slug, submission=submission, wants=first)
        receipt, mark = await self.vote(slug, submission, first)
        self.note(slug=slug, submission=submission, has=first, mark=mark)
        form = {f"q{question}": str(option) for question, option in (second,)}
        self.note(slug=slug, submission=submission, wants=second)
        assert (await self.http.post(f"/r/{receipt}", data=form)).status_code == 303
        self.note(slug=slug, submission=submission, has=second)
        if random.random() < 0.3:
            self.note(slug=slug, submission=submission, wants=None)
            assert (await self.http.post(f"/r/{receipt}/withdrawal")).status_code == 303
            self.note(slug=slug, submission=submission, has=None)

    async def vote(self, slug: str, submission: str, chosen: tuple[int, int]) -> tuple[str, str]:
        """By the API: receipt and mark."""
        text = {"question": questions(slug)[1], "text": "Because"}
        body = {"submission_id": submission, "answers": [{"question": chosen[0], "option": chosen[1]}, text]}
        answer = await self.http.post(f"/api/v1/polls/{slug}/responses", json=body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()["receipt"], answer.json()["mark"]


def questions(slug: str) -> list[int]:
    """The ids of a poll's questions."""
    from heard.kit.db import reading
    from polls.frozen import frozen_poll

    with reading() as session:
        return [question.id for question in frozen_poll(session, slug).questions]


def options(slug: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Two options of its first question, each with the question."""
    from heard.kit.db import reading
    from polls.frozen import frozen_poll

    with reading() as session:
        asked = frozen_poll(session, slug).questions[0]
    return (asked.id, asked.options[0].id), (asked.id, asked.options[1].id)


def look(slugs: list[str], log: Path) -> list[str]:
    """What is wrong after a kill: lost, doubled, half, damaged. Sends again what got no answer, twice."""
    from feedback.integrity.verifying import verify
    from heard.kit.db import engines, reading

    wrong = [f"{slug}: {line}" for slug in slugs for line in verify(slug).differences]
    if engines().write.dialect.name == "sqlite":
        with engines().write.connect() as connection:
            wrong += [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
    known: dict[tuple[str, str], dict[str, Any]] = {}
    for line in log.read_text().splitlines():
        said = json.loads(line)
        known.setdefault((said.pop("slug"), said.pop("submission")), {}).update(said)
    with reading() as session:
        for (slug, submission), said in known.items():
            wrong += _missing(session, slug, submission, said)
    unanswered = [key for key, said in known.items() if "mark" not in said]
    wrong += asyncio.run(_again(slugs, log, unanswered))
    return wrong + [f"{slug}: {line}" for slug in slugs for line in verify(slug).differences]


def _missing(session: Any, slug: str, submission: str, said: dict[str, Any]) -> Iterator[str]:
    """An acknowledged act whose effect is not there; one that got no answer may be there or not."""
    from feedback.collect.queries import by_receipt
    from feedback.collect.receipts import receipt_of
    from feedback.collect.voters import submission_of
    from polls.frozen import frozen_poll

    poll = frozen_poll(session, slug)
    stored = submission_of(poll.id, submission) if poll.anonymous else submission
    found = by_receipt(session, receipt_of(poll.id, stored))
    if "mark" not in said:
        return
    if found is None or found.mark != said["mark"]:
        yield f"lost: {slug} {submission}"
        return
    question = poll.questions[0].id
    now = None if found.withdrawn_at else (question, found.answers[question][0].option)
    allowed = [said["has"] and tuple(said["has"]), said["wants"] and tuple(said["wants"])]
    if now not in allowed:
        yield f"lost: {slug} {submission} is {now}, and none of {allowed}"


async def _again(slugs: list[str], log: Path, unanswered: list[tuple[str, str]]) -> list[str]:
    life, wrong = Life(slugs, log), []
    for slug, submission in unanswered:
        first = await life.vote(slug, submission, options(slug)[0])
        second = await life.vote(slug, submission, options(slug)[1])
        if first != second:
            wrong.append(f"doubled: {slug} {submission}")
        life.note(slug=slug, submission=submission, mark=second[1], wants=options(slug)[0], has=options(slug)[0])
    return wrong


def in_child(run: Any) -> int:
    """Fork, run, and the signal or the status with which the child ended."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        run()
        status = 0
    finally:
        with contextlib.suppress(BaseException):
            import traceback

            if status:
                traceback.print_exc()
            sys.stdout.flush()
        os._exit(status)
    return 0


def one_life(slugs: list[str], log: Path, target: str, at: int, passed: Path | None = None) -> int:
    """A child that ends at the `at`-th passing of a point. Returns how it ended."""

    def run() -> None:
        points.target, points.at = target, at
        hook()
        asyncio.run(Life(slugs, log).live())
        if passed:
            passed.write_text(json.dumps(points.passed))

    return in_child(run)


def main(kills: int, seed: int, slugs: list[str], folder: Path) -> None:
    """A kill at each named point, and then at random ones until there are `kills`; prints a line of JSON each."""
    import heard.app  # noqa: F401  (once: a child is a copy of this process)

    dice, log = random.Random(seed), folder / "thanked.jsonl"
    assert one_life(slugs, log, "", 0, folder / "passed.json") == 0
    passed = json.loads((folder / "passed.json").read_text())
    total = sum(passed.values())
    # by write and answer each point by itself; what only reads is met at random
    named = sorted((name, n) for name, n in passed.items() if " select" not in name and " with" not in name)
    plan = [(name, dice.randint(1, max(1, n // 2))) for name, n in named]
    plan += [(name, dice.randint(1, 8)) for name in (IN_COMMIT, CHECKPOINT) for _n in range(2)]
    plan += [(ANY, dice.randint(1, total)) for _n in range(kills - len(plan))]
    for target, at in plan:
        ended = one_life(slugs, log, target, at)
        for less in (at // 2, 1):  # batches fall differently each time: that many were not passed
            if ended == 0 and less:
                ended = one_life(slugs, log, target, less)
        found = folder / "found.json"
        found.unlink(missing_ok=True)
        looked = in_child(lambda: found.write_text(json.dumps(look(slugs, log))))  # noqa: B023
        wrong = json.loads(found.read_text()) if looked == 0 else [f"the look at it failed: {looked}"]
        if not wrong:
            log.write_text("")  # what was looked at and is there needs no second look
        print(json.dumps({"point": target, "at": at, "ended": ended, "wrong": wrong}), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3].split(","), Path(sys.argv[4]))
