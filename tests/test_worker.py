"""`heard work`, for real: the engine takes rows, and takes them again after a kill."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import func, select

from feedback.models import ThemeRun
from heard.kit import work
from heard.kit.db import reading, writing
from polls.kinds.kind import Draft
from tests.journeys.server import Server, wait_for

ROOT = Path(__file__).resolve().parents[1]
TEXTS = [
    "please open on Sunday",
    "open on Sunday please",
    "it is cold in here",
    "the room is cold",
    "Sunday opening, please",
] * 3


@pytest.fixture
def asked(world):
    """A poll with comments, whose themes are due."""
    poll = world.open_poll([Draft("long_text", "What should change?")], voter_rule="open")
    for text in TEXTS:
        world.vote(poll, {"q1": text})
    return poll


def runs() -> int:
    """How many times themes were read."""
    with reading() as session:
        return session.exec(select(func.count()).select_from(ThemeRun)).one()


def test_due_work_is_done_by_the_worker_child(asked, tmp_path):
    server = Server(tmp_path).start()
    try:
        assert wait_for(lambda: runs() > 0 and not work.waiting()), server.log()
    finally:
        server.stop()


def test_work_that_was_due_when_the_machine_died_is_done_later(asked, tmp_path):
    with writing() as session:
        work.due(session, "themes", asked.id, poll_id=asked.id)
    first = Server(tmp_path).start()
    first.stop(signal.SIGKILL)
    second = Server(tmp_path).start()
    try:
        assert wait_for(lambda: runs() > 0 and not work.waiting()), second.log()
    finally:
        second.stop()


def test_the_worker_ends_with_the_server(asked, tmp_path):
    server = Server(tmp_path).start()
    pid = server.process.pid
    try:
        assert wait_for(lambda: children_of(pid)), server.log()  # the server answers before the child is there
        children = children_of(pid)
    finally:
        os.kill(pid, signal.SIGKILL)  # the server alone, so that nobody tells the child
        server.process.wait(10)
    assert wait_for(lambda: not any(Path(f"/proc/{c}").exists() and "Z" not in _state(c) for c in children), seconds=20)


def children_of(pid: int) -> list[int]:
    """The processes that this one has started."""
    return [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and _parent(p) == pid]


def _parent(process) -> int:
    try:
        return int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return "Z"


def test_a_fresh_worker_and_the_demo_know_every_job():
    """A job nobody registers waits for ever. In a process of its own: here other tests have imported everything."""
    source = "".join(
        f.read_text() for package in ("heard", "polls", "feedback", "insights") for f in (ROOT / package).rglob("*.py")
    )
    written = sorted(re.findall(r'@work\.(?:handles|sends)\("(\w+)"', source))
    for process in ("heard.worker", "heard.demo"):
        ask = f"import {process}; from heard.kit import work; print(*sorted(work.HANDLERS))"
        told = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True, cwd=ROOT)
        assert told.stdout.split() == written, process
