"""What `heard serve` does around the application: schema, worker child, set-up address, uvicorn."""

import errno
import gc
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from heard.kit import dkim, logs
from heard.kit.errors import BadInput, Misconfigured
from heard.kit.i18n import _
from heard.kit.settings import settings

START_AFTER, RESTART_AFTER = 1.5, (1.0, 5.0, 30.0, 60.0)  # seconds
FILES = 16_384  # open at the same time
log = logs.logger("heard")


def serve(host: str, port: int, workers: int) -> None:
    """Serve until told to end. Raises BadInput or Misconfigured: no port, a taken one, a database that cannot be used."""
    _in_range(port, workers)
    _many_connections()
    gc.disable()  # until everything is loaded (heard/front.py): it would look through all of it a dozen times, 0.2 s
    # uvicorn ends in its own order and then raises the signal again, at which this process would die on the spot.
    signal.signal(signal.SIGTERM, _told_to_end)
    if not os.environ.get("HEARD_BASE_URL"):
        name = f"[{host}]" if ":" in host else host
        os.environ["HEARD_BASE_URL"] = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else name}:{port}"
        settings.cache_clear()
    _port_is_free(host, port)
    settings().data_folder  # noqa: B018  (refused before anything is made)
    dkim.key()  # likewise
    _migrate_apart()
    settings().secret_key  # noqa: B018  (made once, before several processes ask for it)
    worker = WorkerChild() if settings().work else None
    try:
        _say_where()
        import uvicorn

        uvicorn.run(
            "heard.front:app",
            host=host,
            port=port,
            workers=workers if workers > 1 else None,
            log_level="warning",
            access_log=False,  # addresses of receipts and readers are secrets
            server_header=False,
            timeout_graceful_shutdown=20,
            timeout_keep_alive=15,
            http="heard.kit.patience:Patient",  # closes what does not come
            # whose word on the visitor's address counts: read from the right, through these only
            proxy_headers=bool(settings().proxies),
            forwarded_allow_ips=settings().proxies or None,
            ws="none",
        )
    finally:
        if worker:
            worker.end()


def _many_connections() -> None:
    """As many open files as this process may have by itself: most systems give 1,024, and each connection is one."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _migrate_apart() -> None:
    """Migrate in a process of its own where there is something to do: what it loads would stay in this one, 8 MiB."""
    from heard.migrations.run import is_current

    if not is_current():
        done = subprocess.run([sys.executable, "-m", "heard.cli", "migrate"], stdout=subprocess.DEVNULL)
        if done.returncode:  # it has said why
            sys.exit(done.returncode)


def _told_to_end(*_args: object) -> None:
    front = sys.modules.get("heard.front")
    sys.exit(1 if front and front.house.failed else 0)


class WorkerChild:
    """The one worker child, started again when it dies. It ends by itself when this process is gone, even after kill -9.

    It starts a little later than the web: loading takes a whole core for two seconds, and the first answers come first.
    """

    def __init__(self) -> None:
        self._ending = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watching = threading.Thread(target=self._watch, name="worker child", daemon=True)
        self._watching.start()

    def end(self) -> None:
        """Tell it to end and wait until it has: what it does at the moment, it may finish."""
        self._ending.set()
        if self._process:
            self._process.terminate()
        self._watching.join(25)
        if self._watching.is_alive() and self._process:
            self._process.kill()

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "heard.cli", "work"],
            env={**os.environ, "HEARD_WORK_CHILD": str(os.getpid())},
            stdin=subprocess.DEVNULL,
            cwd=Path.cwd(),
        )

    def _watch(self) -> None:
        pause, deaths = START_AFTER, 0
        while not self._ending.wait(pause):
            self._process = self._start()
            if self._ending.is_set():  # told to end in this very moment
                self._process.terminate()
            code = self._process.wait()
            if self._ending.wait(0.5):  # Ctrl-C reaches both of us, and the child may be quicker
                return
            pause, deaths = RESTART_AFTER[min(deaths, len(RESTART_AFTER) - 1)], deaths + 1
            log.error("work.died", code=code, again_in_seconds=pause)


def serve_demo(port: int) -> None:
    """A sample community in a folder that is thrown away, served, with an address that signs in."""
    _in_range(port, 1)
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(0))  # the folder must go
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
            taken = _(
                "Another program (perhaps another Heard) has this port. Choose one: make run PORT=8001, or heard serve --port 8001."
            )
            rights = _("Ports below 1024 need rights of their own. Choose a higher one: heard serve --port 8001.")
            elsewhere = _(
                "--host is an address of this machine: 127.0.0.1 for itself alone, 0.0.0.0 for all its networks."
            )
            hints = {errno.EADDRINUSE: taken, errno.EACCES: rights}
            raise Misconfigured(
                _("Heard cannot listen on %(host)s:%(port)s: %(why)s.")
                % {"host": host, "port": port, "why": error.strerror},
                hint=hints.get(error.errno or 0, elsewhere),
            ) from error


def _in_range(port: int, workers: int) -> None:
    if not 1 <= port <= 65535:
        raise BadInput(_("There is no port %(port)s.") % {"port": port}, hint="heard serve --port 8001")
    if not 1 <= workers <= 64:
        raise BadInput(
            _("There cannot be %(n)s web processes.") % {"n": workers}, hint=_("Choose from 1 to 64: --workers 2")
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
