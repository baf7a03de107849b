"""The checker of histories finds what it must find; servers under kills and locks give it nothing to find; a mutant does."""

import random
import re
import signal
import sqlite3
import sys
import threading
import time
import uuid
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from sqlalchemy import NullPool, create_engine, text

from tests.journeys.history import CHANGE, CLOSE, FAIL, OK, TALLY, UNKNOWN, VOTE, WITHDRAW, Op, violations
from tests.journeys.server import Server
from tests.journeys.voting import Served, served

ROOT = Path(__file__).parents[2]
NEVER = float("inf")


def op(kind, who, option, began, ended, outcome=OK, counts=()):
    return Op(kind, who, option, began, NEVER if outcome == UNKNOWN else ended, outcome, counts)


SOUND = [
    op(VOTE, "a", 0, 1, 2),
    op(TALLY, "", None, 1.5, 1.6, counts=(1, 0)),
    op(VOTE, "b", 1, 3, 4),
    op(CHANGE, "a", 1, 5, 6),
    op(TALLY, "", None, 7, 8, counts=(0, 2)),
    op(VOTE, "c", 0, 9, 9, UNKNOWN),
    op(WITHDRAW, "b", None, 9, 10),
    op(VOTE, "d", 0, 9, 10, FAIL),
    op(CLOSE, "", None, 11, 12),
    op(VOTE, "e", 0, 13, 14, FAIL),
    op(VOTE, "a", 1, 13, 14),
]


@pytest.mark.parametrize("last", [[], [("c", 0)]])
def test_a_sound_history_has_nothing_against_it(last):
    assert list(violations(SOUND, [("a", 1), ("b", None), *last])) == []


@pytest.mark.parametrize(
    ("more", "stored", "said"),
    [
        ([], [("b", None)], "I1: a was acknowledged and is not stored"),
        ([], [("a", 0), ("b", None)], "I1: a is stored as 0"),
        ([], [("a", 1), ("b", 1)], "I1: b is stored as 1"),
        ([], [("a", 1), ("a", 1), ("b", None)], "I2: a is stored 2 times"),
        ([], [("a", 1), ("b", None), ("d", 0)], "I3: d was refused and is stored"),
        ([], [("a", 1), ("b", None), ("x", 0)], "I3: x is stored, and nobody sent it"),
        ([op(TALLY, "", None, 7, 8, counts=(1, 2))], [("a", 1), ("b", None)], "I5: option 0 was read as 1"),
        ([op(TALLY, "", None, 4.5, 4.6, counts=(1, 0))], [("a", 1), ("b", None)], "I5: option 1 was read as 0"),
        ([op(VOTE, "f", 0, 13, 14)], [("a", 1), ("b", None), ("f", 0)], "I6: vote of f was acknowledged"),
        ([op(CHANGE, "a", 0, 13, 14)], [("a", 0), ("b", None)], "I6: change of a was acknowledged"),
    ],
)
def test_what_cannot_be_is_told(more, stored, said):
    assert any(line.startswith(said) for line in violations([*SOUND, *more], stored))


class Clients:
    """Threads over several servers of one database; what they did goes to `history`."""

    def __init__(self, poll: Served, servers: list[Server], ops: int, clients: int, seed: int, twins: float) -> None:
        self.faults: list[str] = []
        self.twins, self.poll, self.servers, self.ops, self.history = twins, poll, servers, ops, list[Op]()
        self.threads = [threading.Thread(target=self._client, args=(random.Random(seed + n),)) for n in range(clients)]

    def _client(self, dice: random.Random) -> None:
        mine: list[tuple[str, str]] = []  # submission, receipt
        ours = {"sec-fetch-site": "same-origin"}
        with httpx.Client(timeout=40, headers=ours) as http, httpx.Client(timeout=40, headers=ours) as second:
            while len(self.history) < self.ops:
                act, server = dice.random(), dice.choice(self.servers)
                if act < 0.55 or not mine:
                    submission = str(uuid.uuid4())
                    option = dice.randrange(3)
                    elsewhere = dice.choice([other for other in self.servers if other is not server])
                    twin = threading.Thread(target=self._vote, args=(second, elsewhere, submission, option))
                    if dice.random() < self.twins:  # a double click, or a retry that overtakes
                        twin.start()
                    answer = self._vote(http, server, submission, option)
                    if answer is not None and answer.status_code in (200, 201):
                        mine.append((submission, answer.json()["receipt"]))
                    if twin.ident:
                        twin.join()
                elif act < 0.75:
                    self._act(http, server, CHANGE, *dice.choice(mine), dice.randrange(3))
                elif act < 0.85:
                    self._act(http, server, WITHDRAW, *mine.pop(dice.randrange(len(mine))), None)
                else:
                    self._tally(http, server)

    def _vote(self, http, server, submission, option):
        return self._sent(
            VOTE, submission, option,
            lambda: http.post(
                self.poll.api.replace(self.poll.server.url, server.url), json=self.poll.body(option, submission)
            ),
        )  # fmt: skip

    def _act(self, http, server, kind, submission, receipt, option):
        path = f"{server.url}/r/{receipt}" + ("/withdrawal" if kind == WITHDRAW else "")
        form = {} if kind == WITHDRAW else {f"q{self.poll.question}": str(self.poll.options[option])}
        self._sent(kind, submission, option, lambda: http.post(path, data=form))

    def _tally(self, http, server):
        began = time.monotonic()
        try:
            answer = http.get(f"{server.url}/api/v1/polls/{self.poll.slug}/results", headers=self.poll.headers)
        except httpx.HTTPError:
            return
        if answer.status_code == 200:
            counts = tuple(o["count"] for o in answer.json()["questions"][0]["options"])
            self.history.append(Op(TALLY, "", None, began, time.monotonic(), OK, counts))

    def _sent(self, kind, submission, option, send):
        began = time.monotonic()
        try:
            answer = send()
        except httpx.HTTPError:
            self.history.append(Op(kind, submission, option, began, NEVER, UNKNOWN))
            time.sleep(0.02)
            return None
        outcome = OK if answer.status_code in (200, 201, 303) else FAIL if answer.status_code < 500 else UNKNOWN
        if answer.status_code == 500:
            self.faults.append(f"fault: {kind} of {submission} was answered with 500")
        self.history.append(
            Op(kind, submission, option, began, time.monotonic() if outcome != UNKNOWN else NEVER, outcome)
        )
        return answer


def stored(url: str, poll: Served) -> list[tuple[str, int | None]]:
    """Every row of the poll: its submission and the option it stands for."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), poolclass=NullPool)
    rows = (
        "SELECT r.submission_id, CASE WHEN r.withdrawn_at IS NULL THEN a.option_id END FROM responses r "
        "LEFT JOIN answers a ON a.response_id = r.id AND a.question_id = :question"
    )
    try:
        with engine.connect() as connection:
            found = connection.execute(text(rows), {"question": poll.question}).all()
    finally:
        engine.dispose()
    return [(submission, poll.options.index(option) if option else None) for submission, option in found]


def history_of(folder, url, *, ops, clients, servers, kills, locks=0, seed=1, program=None, twins=0.25):
    """A run over several server processes with kills and lock holds, and the closing at its end; what is against it."""
    made = [Server(folder, HEARD_WORK="0", HEARD_DATABASE_URL=url) for _n in range(servers)]
    for server in made:
        server.environment["HEARD_BASE_URL"] = made[0].url
        if program:
            server.program, server.environment["PYTHONPATH"] = program, str(ROOT)
    dice = random.Random(seed)
    try:
        for server in made:
            server.start()
        poll = served(made[0])
        crowd = Clients(poll, made, ops, clients, seed, twins)
        for thread in crowd.threads:
            thread.start()
        for n in range(kills + locks + 1):
            far = ops * (n + 1) // (kills + locks + 2)
            while len(crowd.history) < far and any(thread.is_alive() for thread in crowd.threads):
                time.sleep(0.005)
            if n == kills + locks:
                break
            if n % (1 + kills // max(1, locks)) == 0 and locks and url.startswith("sqlite"):
                with closing(sqlite3.connect(folder / "heard.db", isolation_level=None, timeout=30)) as other:
                    other.execute("BEGIN IMMEDIATE")
                    time.sleep(0.3)
                    other.execute("ROLLBACK")
            else:
                victim = dice.choice(made)
                victim.stop(signal.SIGKILL)
                victim.start()
        began = time.monotonic()
        closing_call = httpx.post(f"{made[0].url}/api/v1/polls/{poll.slug}/closing", headers=poll.headers, timeout=60)
        crowd.history.append(Op(CLOSE, "", None, began, time.monotonic(), OK if closing_call.is_success else UNKNOWN))
        crowd.ops += clients
        for thread in crowd.threads:
            thread.join(120)
        with httpx.Client(timeout=40) as late:
            for n in range(10):
                crowd._vote(late, made[n % servers], f"late-{n}", 0)
        found = [*violations(crowd.history, stored(url, poll))]
        wrong = poll.verified()
        return [*found, *crowd.faults, *filter(None, [wrong])], crowd.history
    finally:
        for server in made:
            server.stop()


@pytest.mark.long
@pytest.mark.both
def test_a_small_history_over_two_servers_with_two_kills(database, tmp_path):
    from heard.kit.settings import settings

    url = settings().database_url
    found, history = history_of(tmp_path, url, ops=400, clients=8, servers=2, kills=2, locks=1)
    assert found == []
    assert {op.outcome for op in history} >= {OK, FAIL}
    assert len(history) >= 400


@pytest.mark.long
@pytest.mark.both
def test_ten_thousand_acts_over_four_servers_with_twenty_kills(database, tmp_path):
    from heard.kit.settings import settings

    found, history = history_of(
        tmp_path, settings().database_url, ops=10_000, clients=32, servers=4, kills=20, locks=4, seed=3
    )
    assert found == []
    assert len(history) >= 10_000


def without_keys(url):
    """The table of responses as it would be had nobody thought of two at once."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), poolclass=NullPool)
    keys = ("voter_key", "submission_id", "receipt_hash", "mark")
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            for key in ("poll_id_voter_key", "poll_id_submission_id", "receipt_hash", "mark"):
                connection.execute(text(f"ALTER TABLE responses DROP CONSTRAINT uq_responses_{key}"))
        else:
            made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'responses'")).scalar_one()
            plain = re.sub(rf",\s*CONSTRAINT \S+ UNIQUE \([^)]*({'|'.join(keys)})\)", "", made)
            assert made.count("UNIQUE") - plain.count("UNIQUE") == 4
            connection.execute(text("DROP TABLE responses"))
            connection.execute(text(plain))
    engine.dispose()


@pytest.mark.long
@pytest.mark.both
def test_a_server_without_its_guards_is_caught(database, tmp_path):
    """No unique keys, and none of the locks that would be guard enough without them."""
    from heard.kit.settings import settings

    url = settings().database_url
    without_keys(url)
    program = (sys.executable, "-m", "tests.journeys.mutant")
    found, _history = history_of(tmp_path, url, ops=400, clients=8, servers=2, kills=0, program=program, twins=0.9)
    assert any(line.startswith(("I1", "I2", "I5")) for line in found), found
