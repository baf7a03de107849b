"""What `heard serve` does around the application: schema, worker child, set-up address, uvicorn."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from heard.kit.errors import Misconfigured
from heard.kit.i18n import _
from heard.kit.settings import settings


def serve(host: str, port: int, workers: int) -> None:
    """Serve until told to end. Raises Misconfigured for a taken port or a database that cannot be used."""
    if "HEARD_BASE_URL" not in os.environ:
        name = f"[{host}]" if ":" in host else host
        os.environ["HEARD_BASE_URL"] = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else name}:{port}"
        settings.cache_clear()
    _port_is_free(host, port)
    from heard.migrations.run import migrate

    migrate()
    settings().secret_key  # noqa: B018  (made once, before several processes ask for it)
    worker = _worker() if settings().work else None
    _say_where()
    import uvicorn

    try:
        uvicorn.run(
            "heard.app:app",
            host=host,
            port=port,
            workers=workers if workers > 1 else None,
            log_level="warning",
            access_log=False,  # addresses of receipts and readers are secrets
            server_header=False,
            timeout_graceful_shutdown=20,
            timeout_keep_alive=15,
            proxy_headers=False,
        )
    finally:
        if worker:
            worker.terminate()
            try:
                worker.wait(25)
            except subprocess.TimeoutExpired:
                worker.kill()


def serve_demo(port: int) -> None:
    """A sample community in a folder that is thrown away, served, with an address that signs in."""
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(0))  # uvicorn raises it again at its end: the folder must go
    with tempfile.TemporaryDirectory(prefix="heard-demo-") as folder:
        os.environ |= {"HEARD_DATABASE_URL": f"sqlite:///{folder}/heard.db", "HEARD_DATA": folder}
        os.environ.pop("HEARD_SMTP_URL", None)
        settings.cache_clear()
        os.environ["HEARD_BASE_URL"] = f"http://127.0.0.1:{port}"
        _port_is_free("127.0.0.1", port)
        from heard.demo import build

        print(build())
        serve("127.0.0.1", port, 1)


def _port_is_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Misconfigured(
                _("Heard cannot listen on %(host)s:%(port)s: %(why)s.")
                % {"host": host, "port": port, "why": error.strerror},
                hint=_(
                    "Another program (perhaps another Heard) has this port. Choose one: make run PORT=8001, or heard serve --port 8001."
                ),
            ) from error


def _worker() -> "subprocess.Popen[bytes]":
    """The one worker child. It ends by itself when this process is gone, even after kill -9."""
    return subprocess.Popen(
        [sys.executable, "-m", "heard.cli", "work"],
        env={**os.environ, "HEARD_WORK_CHILD": str(os.getpid())},
        stdin=subprocess.DEVNULL,
        cwd=Path.cwd(),
    )


def _say_where() -> None:
    from heard.accounts.setup import setup_path
    from heard.kit.db import reading

    with reading() as session:
        path = setup_path(session)
    url = settings().base_url
    if path:
        print(
            _("Heard is empty. Open this address once to make the first account:") + f"\n\n    {url}{path}\n",
            flush=True,
        )
    else:
        print(_("Heard serves at %(url)s") % {"url": url}, flush=True)
