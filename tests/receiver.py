"""An HTTP server on 127.0.0.1 that takes webhooks as a careful program does, or answers as badly as a test wants."""

import gzip
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

FIVE_MINUTES = 300


class Taken(NamedTuple):
    """A delivery that came. `host`: the header; `ours`: its signature and time were right for one of the secrets."""

    id: str
    event: str
    body: dict[str, Any]
    headers: dict[str, str]
    raw: bytes
    path: str
    ours: bool


class Receiver:
    """`answer`: what it does, given the delivery; the default takes all. `secrets` it knows; `taken` in order."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.secrets: list[str] = []
        self.answer: Callable[[Any, Taken], None] = lambda http, _taken: say(http, 204)
        self.lock = threading.Lock()
        self.sent = 0  # bytes of answers that left, as far as the caller took them
        self.server: Any = None

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server.server_address[1])

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/hooks"

    def ids(self) -> list[str]:
        """The ids of what came, in order."""
        with self.lock:
            return [one.id for one in self.taken]

    def is_ours(self, headers: dict[str, str], raw: bytes) -> bool:
        """Whether the signature fits one of the secrets, and the time is no older than five minutes."""
        sent_at = headers.get("heard-time", "0")
        fits = [
            hmac.compare_digest(
                "v1=" + hmac.new(secret.encode(), sent_at.encode() + b"." + raw, "sha256").hexdigest(),
                headers.get("heard-signature", ""),
            )
            for secret in self.secrets
        ]
        return any(fits) and abs(time.time() - int(sent_at)) < FIVE_MINUTES


def say(http: Any, status: int, **headers: str) -> None:
    """A plain answer without a body."""
    http.send_response(status)
    for name, value in {**headers, "Content-Length": "0"}.items():
        http.send_header(name.replace("_", "-"), value)
    http.end_headers()


def trickle(http: Any, _taken: Taken) -> None:
    """A byte of a header every fifth of a second, for ever."""
    http.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(600):
        http.wfile.write(b"x")
        http.wfile.flush()
        time.sleep(0.2)


def bomb(packed: bool) -> Callable[[Any, Taken], None]:
    """Answers with a gigabyte: plain, or as 1 MB of gzip."""
    zeros = b"\0" * 1_000_000
    piece = gzip.compress(zeros * 100) if packed else zeros

    def answer(http: Any, _taken: Taken) -> None:
        http.send_response(200)
        if packed:
            http.send_header("Content-Encoding", "gzip")
        http.end_headers()
        for _ in range(1000):
            http.wfile.write(piece)
            http.receiver.sent += len(piece)

    return answer


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver for the length of a block."""
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        receiver = made

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                body = json.loads(raw)
            except ValueError:
                body = {}
            one = Taken(
                headers.get("heard-delivery", ""), headers.get("heard-event", ""), body, headers, raw, self.path,
                made.is_ours(headers, raw),
            )  # fmt: skip
            with made.lock:
                made.taken.append(one)
            try:
                made.answer(self, one)
            except OSError:  # the caller had enough
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: Any) -> None:
            """Says nothing."""

    made.server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
