"""The front answers while the rest of the house is loading."""

import asyncio
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.journeys.server import Server, free_port, wait_for


def test_whoever_asks_for_the_house_waits_until_it_is_there(world, monkeypatch):
    from heard import front

    monkeypatch.setattr(front, "house", front.House())

    async def asked():
        transport = httpx.ASGITransport(front.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as visitor:
            health = await visitor.get("/healthz")
            waiting = asyncio.create_task(visitor.get("/nothing-here"))
            await asyncio.sleep(0.05)
            early = waiting.done()
            front.house.open.set()
            return health.status_code, early, (await waiting).status_code

    assert asyncio.run(asked()) == (200, False, 404)


def test_a_house_that_cannot_be_loaded_ends_the_process_with_one(tmp_path):
    server = Server(tmp_path, HEARD_WORK="0")
    words = ["heard", "serve", "--port", str(free_port())]
    code = f"import sys; sys.modules['heard.app'] = None; sys.argv = {words!r}; from heard.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=server.environment, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, "house.not_loaded" in done.stderr) == (1, True), done.stderr[-800:]


def test_managers_and_the_worker_are_there_soon_after_the_first_answer(tmp_path):
    server = Server(tmp_path).start()
    try:
        assert httpx.get(f"{server.url}/sign-in", timeout=30).status_code == 302  # to the set-up: nobody is here yet
        assert httpx.get(f"{server.url}/api/openapi.json", timeout=30).json()["paths"]
        assert wait_for(lambda: _children(server.process.pid), seconds=30)
    finally:
        server.stop()


def _children(pid: int) -> list[str]:
    """Of all threads of a process."""
    return [child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]


@pytest.mark.parametrize("path", ["/p/best-day", "/api/v1/polls/best-day/responses", "/r/nothing/withdrawal"])
def test_whoever_hangs_up_while_sending_is_no_fault_of_ours(world, capsys, path):
    from heard.front import app

    world.open_poll()
    sent, answered = [{"type": "http.request", "body": b"{", "more_body": True}], []

    async def receive():
        return sent.pop() if sent else {"type": "http.disconnect"}

    async def send(message):
        answered.append(message)

    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(b"host", b"localhost"), (b"content-type", b"application/x-www-form-urlencoded")], "scheme": "http",
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "http_version": "1.1",
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    assert "fault" not in capsys.readouterr().err
    assert not [m["status"] for m in answered if m.get("status", 0) >= 500]
