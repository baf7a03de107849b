"""A real worker is killed between a receiver's answer and the record of it: the delivery comes again under its id."""

import os
import signal
import subprocess
import sys

import pytest

from heard.kit.settings import settings
from tests.accounts.webhook_scene import LOCAL, deliveries, happen, hook, secret, states
from tests.journeys.server import wait_for
from tests.receiver import receiving

LEASE = 3
WORKER = f"""
from datetime import timedelta
from heard.accounts.webhooks import sending
sending.LEASE = timedelta(seconds={LEASE})
from heard import worker
worker.main()
"""
DIES = """
import os, signal
from heard.accounts.webhooks import sending
kept = sending.send
def send(parcel):
    kept(parcel)
    os.kill(os.getpid(), signal.SIGKILL)  # it was answered, and nobody writes it down
sending.send = send
"""


class Workers:
    """Processes of `heard work` with a short lease; ended at the end."""

    def __init__(self, folder):
        self.log, self.all = folder / "work.log", []
        self.environment = os.environ | {"HEARD_ALLOW_PRIVATE_TARGETS": LOCAL, "HEARD_BASE_URL": settings().base_url}

    def start(self, before=""):
        with open(self.log, "ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", before + WORKER], env=self.environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self.all.append(process)
        return process

    def text(self):
        return self.log.read_text(errors="replace")

    def end(self):
        for process in self.all:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def workers(world, tmp_path):
    made = Workers(tmp_path)
    yield made
    made.end()


@pytest.mark.long
@pytest.mark.both
def test_what_was_answered_before_a_kill_comes_again_under_its_id(world, workers):
    with receiving() as receiver:
        webhook = hook(world, receiver.url)
        receiver.secrets.append(secret(webhook))
        happen(world, "a", "b")
        dying = workers.start(DIES)
        assert wait_for(lambda: dying.poll() is not None), workers.text()
        assert (dying.returncode, len(receiver.taken)) == (-signal.SIGKILL, 1)
        workers.start()
        assert wait_for(lambda: states() == ["sent", "sent"]), workers.text()
        ids = receiver.ids()
        assert sorted(set(ids)) == sorted(row.event_id for row in deliveries())
        assert ids.count(ids[0]) == 2
        assert len(ids) == 3
        assert all(one.ours for one in receiver.taken)
        assert secret(webhook) not in workers.text()
        assert "/hooks" not in workers.text()


@pytest.mark.long
@pytest.mark.both
def test_two_workers_without_a_kill_send_nothing_twice(world, workers):
    with receiving() as receiver:
        hooks = [hook(world, receiver.url, name=str(n)) for n in range(3)]
        workers.start()
        workers.start()
        happen(world, *range(40))
        assert wait_for(lambda: states() == ["sent"] * 120), workers.text()
        assert len(receiver.taken) == 120
        assert len(set(receiver.ids())) == 40
        assert len(hooks) == 3
