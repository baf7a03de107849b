"""L2: connections whose request comes byte by byte, or not at all, are closed by the server itself, and votes go on meanwhile."""

import json
import os
import selectors
import socket
import sys
import threading
import time
from collections import defaultdict

import httpx
import pytest
from sqlmodel import select

from feedback.models import Response
from heard.kit.db import reading
from tests.journeys.server import serving, wait_for
from tests.journeys.voting import Crowd, served, sharing

HURRIED = (
    sys.executable,
    "-c",
    "from heard.kit import patience; patience.EVERY = 0.2; from heard.cli import main; main()",
)
HEAD = "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
HEALTH = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
WAYS = {  # what was sent before it became slow, and what it goes on with
    "nothing": ("", ""),
    "headers": (HEAD + "X-Slow: ", "a"),
    "body": (HEAD + "Content-Length: 60000\r\n\r\n", " "),
    "chunks": (HEAD + "Transfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n"),
    "empty lines": (HEALTH, "\r\n"),  # after an answer
    "a body too large": (HEAD + "Content-Length: 99999999\r\n\r\n", " "),  # that is refused before it is there
}


def path_of(poll):
    return poll.api.removeprefix(poll.server.url)


class Slow:
    """Connections that go on by one byte at a time. `closed`: seconds after which the server closed each, by its way."""

    def __init__(self, poll, many, *, pause):
        self.pause, self.closed = pause, defaultdict(list)
        self.open, self.selector = {}, selectors.DefaultSelector()
        for number in range(many):
            way = list(WAYS)[number % len(WAYS)]
            connection = socket.create_connection(("127.0.0.1", poll.server.port), 60)
            connection.sendall(WAYS[way][0].format(path=path_of(poll)).encode())
            connection.setblocking(False)
            self.selector.register(connection, selectors.EVENT_READ)
            self.open[connection] = (way, time.monotonic())

    def go_on(self, *, seconds):
        """Until all are closed, or that much time has passed."""
        until = time.monotonic() + seconds
        next_byte = time.monotonic() + self.pause
        while self.open and time.monotonic() < until:
            for key, _events in self.selector.select(0.1):
                if self._ended(key.fileobj):
                    self._close(key.fileobj)
            if time.monotonic() >= next_byte:
                next_byte += self.pause
                for connection, (way, _since) in list(self.open.items()):
                    try:
                        connection.sendall(WAYS[way][1].encode())
                    except OSError:
                        self._close(connection)

    def left(self):
        """The ways of those that are open still."""
        return sorted({way for way, _since in self.open.values()})

    def _ended(self, connection):
        try:
            return connection.recv(65536) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _close(self, connection):
        way, since = self.open.pop(connection)
        self.selector.unregister(connection)
        self.closed[way].append(time.monotonic() - since)
        connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for connection in self.open:
            connection.close()
        self.selector.close()


def files_of(process):
    return len(os.listdir(f"/proc/{process.pid}/fd"))


def healthy(connection):
    """One more request on it, answered."""
    connection.sendall(HEALTH.encode())
    answer = b""
    while not answer.endswith(b"ok\n"):
        part = connection.recv(65536)
        assert part, "it was closed"
        answer += part
    return b" 200 " in answer


@pytest.fixture
def hurried(world, tmp_path):
    """Waits for two seconds instead of ten."""
    with sharing(world, tmp_path, program=HURRIED) as poll:
        yield poll


def test_what_comes_byte_by_byte_or_not_at_all_is_closed_and_votes_go_on(hurried):
    before = files_of(hurried.server.process)
    with Crowd(hurried, 2) as crowd, Slow(hurried, 120, pause=0.5) as slow:
        slow.go_on(seconds=60)
        assert slow.left() == []
        crowd.wait_for(len(crowd.thanked) + 20)
    assert (crowd.refused, crowd.unknown) == ([], [])
    assert wait_for(lambda: files_of(hurried.server.process) < before + 30, seconds=30)
    assert "Traceback" not in hurried.server.log()


def test_a_slow_upload_that_goes_on_is_taken_and_a_connection_at_rest_stays(hurried):
    """Both for longer than is waited for one that stands still."""
    address = ("127.0.0.1", hurried.server.port)
    body = json.dumps(hurried.body(1, "slow")).encode().ljust(40_000)
    with socket.create_connection(address, 60) as resting, socket.create_connection(address, 60) as sending:
        assert healthy(resting)
        sending.sendall((HEAD + "Content-Length: 40000\r\n\r\n").format(path=path_of(hurried)).encode())
        for at in range(0, len(body), 2500):
            sending.sendall(body[at : at + 2500])
            time.sleep(0.22)
        assert sending.recv(65536).startswith(b"HTTP/1.1 201 ")
        assert healthy(resting)
    with reading() as session:
        assert session.exec(select(Response.submission_id)).all() == ["slow"]


@pytest.mark.long
def test_five_hundred_slow_connections_are_closed_and_votes_go_on(tmp_path):
    """As served: a byte in ten seconds, headers and bodies."""
    times, over = [], threading.Event()
    with serving(tmp_path, HEARD_WORK="0") as server:
        poll = served(server)

        def vote():
            with httpx.Client(timeout=60) as http:
                while not over.is_set():
                    began = time.monotonic()
                    status = http.post(poll.api, json=poll.body(0, f"s{began}")).status_code
                    times.append((time.monotonic() - began, status))
                    time.sleep(0.02)

        voter = threading.Thread(target=vote)
        voter.start()
        with Slow(poll, 500, pause=10) as slow:
            slow.go_on(seconds=60)
            over.set()
            voter.join()
            assert slow.left() == []
    assert {status for _seconds, status in times} == {201}
    p95 = sorted(times)[int(len(times) * 0.95)][0]
    last = {way: round(max(seconds), 1) for way, seconds in slow.closed.items()}
    print(f"\nclosed after at most {last} s; {len(times)} votes meanwhile, p95 {1000 * p95:.0f} ms")
    # An answer comes before the empty lines: uvicorn's 15 seconds begin, and then ours.
    assert [way for way, seconds in last.items() if seconds > 15 and way != "empty lines"] == []
    assert p95 < 0.5
