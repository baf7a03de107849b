"""A real `heard serve` in a folder of its own, for journeys; and a mail server that keeps what it is given."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
from aiosmtpd.controller import Controller


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One process with its worker child; ended with its whole group."""

    def __init__(
        self, folder: Path, *, program: tuple[str, ...] = (sys.executable, "-m", "heard.cli"), workers: int = 1,
        **environment: str,
    ) -> None:  # fmt: skip
        self.folder, self.port, self.program, self.workers = folder, free_port(), program, workers
        self.url = f"http://127.0.0.1:{self.port}"
        ours = {k: v for k, v in os.environ.items() if not k.startswith("HEARD_")}
        self.environment = ours | {
            "HEARD_DATABASE_URL": f"sqlite:///{folder}/heard.db",
            "HEARD_DATA": str(folder),
            "HEARD_BASE_URL": self.url,
        }
        self.environment |= environment
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, seconds: float = 60) -> "Server":
        """Start and wait for the first answer."""
        with open(self.folder / "serve.log", "ab") as log:
            self.process = subprocess.Popen(
                [*self.program, "serve", "--port", str(self.port), "--workers", str(self.workers)],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/healthz", timeout=2).status_code == 200:
                    return self
            time.sleep(0.05)
        raise AssertionError(f"the server did not start:\n{self.log()[-3000:]}")

    def log(self) -> str:
        """What it printed."""
        return (self.folder / "serve.log").read_text(errors="replace")

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End it: politely, or with SIGKILL the whole group at once."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)
        try:
            self.process.wait(30)
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def run(self, *arguments: str, text: str = "", seconds: float = 120) -> "subprocess.CompletedProcess[str]":
        """`heard ARGUMENTS` beside the running server."""
        return subprocess.run(
            [*self.program, *arguments],
            cwd=self.folder,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            timeout=seconds,
        )


@contextlib.contextmanager
def serving(folder: Path, **environment: str) -> Iterator[Server]:
    """A server for the length of a block."""
    server = Server(folder, **environment)
    try:
        yield server.start()
    finally:
        server.stop()


class Mailbox:
    """An SMTP server (aiosmtpd) on a free port."""

    def __init__(self) -> None:
        self.received: list[tuple[list[str], EmailMessage]] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Keep a message."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.received.append((list(envelope.rcpt_tos), message))
        return "250 kept"

    @property
    def url(self) -> str:
        """For HEARD_SMTP_URL."""
        return f"smtp://127.0.0.1:{self._controller.port}"

    def to(self, address: str) -> list[EmailMessage]:
        """The messages for one address."""
        return [message for to, message in self.received if address in to]

    def __enter__(self) -> "Mailbox":
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()


def wait_for(test: Any, *, seconds: float = 60) -> Any:
    """The first true value of test(), or its last false one."""
    until = time.monotonic() + seconds
    while not (value := test()) and time.monotonic() < until:
        time.sleep(0.1)
    return value
