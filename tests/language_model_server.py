"""An HTTP server on 127.0.0.1 that speaks OpenAI's chat completions as published, or answers as badly as a test wants.

A request that the published API would refuse (an unknown model, no messages, a wrong role, a temperature out of range) gets
400 or 404 as it does there, so a caller that strays from it fails its tests.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

MODELS = ["small-model", "large-model"]


class Asked(NamedTuple):
    """A call of chat completions that came."""

    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def user(self) -> str:
        """The last message: what the model is to speak to."""
        return str(self.body["messages"][-1]["content"])


class LanguageModel:
    """`answer`: what it does, given the call; `key`: what it wants as Bearer, if anything; `asked`: calls that came, in order."""

    def __init__(self) -> None:
        self.models = list(MODELS)
        self.asked: list[Asked] = []
        self.key = ""
        self.answer: Callable[[Any, Asked], None] = says("Opening hours")
        self.lock = threading.Lock()
        self.sent = 0  # bytes of endless answers that left
        self.server: Any = None

    @property
    def url(self) -> str:
        """For HEARD_LLM_URL."""
        return f"http://127.0.0.1:{self.server.server_address[1]}/v1"

    @property
    def host(self) -> str:
        """As the page of themes names it."""
        return f"127.0.0.1:{self.server.server_address[1]}"

    def wrong(self, body: Any) -> tuple[int, str]:
        """The status with which the published API refuses a request, and why; 0: it takes it."""
        if not isinstance(body, dict) or body.get("model") not in self.models:
            return 404, "model not found"
        messages = body.get("messages")
        roles = {"system", "developer", "user", "assistant"}
        if not messages or any(m.get("role") not in roles or not isinstance(m.get("content"), str) for m in messages):
            return 400, "messages"
        whole = isinstance(body.get("seed", 0), int) and isinstance(body.get("max_tokens", 1), int)
        if not whole or not 0 <= body.get("temperature", 1) <= 2 or body.get("max_tokens", 1) < 1:
            return 400, "temperature, seed or max_tokens"
        return 0, ""


def put(http: Any, status: int, body: Any, **headers: str) -> None:
    """An answer in JSON, or of raw bytes."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    http.send_response(status)
    for name, value in {"Content-Type": "application/json", **headers, "Content-Length": str(len(raw))}.items():
        http.send_header(name.replace("_", "-"), value)
    http.end_headers()
    http.wfile.write(raw)


def completion(text: Any, *, finish_reason: str = "stop") -> dict[str, Any]:
    """The object that chat completions answer with."""
    message = {"role": "assistant", "content": text}
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": MODELS[0],
        "choices": [{"index": 0, "message": message, "finish_reason": finish_reason}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }  # fmt: skip


def says(text: str | Callable[[Asked], str]) -> Callable[[Any, Asked], None]:
    """Answers well: always this, or what a function makes of the call."""
    return lambda http, asked: put(http, 200, completion(text if isinstance(text, str) else text(asked)))


def fails(http: Any, _asked: Asked) -> None:
    """500, as a server that is out of memory."""
    put(http, 500, {"error": {"message": "out of memory", "type": "server_error"}})


def redirects(http: Any, _asked: Asked) -> None:
    """To somewhere else."""
    put(http, 307, b"", Location="http://127.0.0.1:9/v1/chat/completions")


def trickles(http: Any, _asked: Asked) -> None:
    """A byte of a header every twentieth of a second, for ever."""
    http.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(2000):
        http.wfile.write(b"x")
        http.wfile.flush()
        time.sleep(0.05)


def ten_megabytes(http: Any, _asked: Asked) -> None:
    """A name of ten million letters."""
    raw = json.dumps(completion("x" * 10_000_000)).encode()
    http.send_response(200)
    http.send_header("Content-Length", str(len(raw)))
    http.end_headers()
    for start in range(0, len(raw), 100_000):
        http.wfile.write(raw[start : start + 100_000])
        http.model.sent += 100_000


@contextmanager
def speaking() -> Iterator[LanguageModel]:
    """A language model for the length of a block."""
    made = LanguageModel()

    class Handler(BaseHTTPRequestHandler):
        model = made

        def do_GET(self) -> None:
            if self._may_come_in():
                rows = [{"id": name, "object": "model", "created": 1, "owned_by": "us"} for name in made.models]
                put(self, 200 if self.path == "/v1/models" else 404, {"object": "list", "data": rows})

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length") or 0))
            if not self._may_come_in():
                return
            body = json.loads(raw)
            status, why = made.wrong(body) if self.path == "/v1/chat/completions" else (404, self.path)
            if status:
                put(self, status, {"error": {"message": why, "type": "invalid_request_error"}})
                return
            asked = Asked(body, {name.lower(): value for name, value in self.headers.items()})
            with made.lock:
                made.asked.append(asked)
            try:
                made.answer(self, asked)
            except OSError:  # the caller had enough
                self.close_connection = True

        def _may_come_in(self) -> bool:
            right = not made.key or self.headers.get("authorization") == f"Bearer {made.key}"
            if not right:
                put(self, 401, {"error": {"message": "invalid key", "type": "invalid_request_error"}})
            return right

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: Any) -> None:
            """Says nothing."""

    made.server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
