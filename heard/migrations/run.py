"""Bringing a database to the present schema: on `heard migrate`, and by itself before `heard serve`.

An existing SQLite file is copied beside itself first. A database that a newer Heard has made is refused.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError

from heard.kit.clock import now
from heard.kit.db import engines
from heard.kit.errors import Misconfigured
from heard.kit.i18n import _
from heard.kit.settings import settings

VERSIONS = Path(__file__).parent / "versions"
_ONE_AT_A_TIME = 7_276_338  # any number that only we use as an advisory lock


@cache
def head() -> str:
    """The newest revision, from the file names: alembic itself is loaded only when there is something to do."""
    return max(m[0] for f in VERSIONS.glob("*.py") if (m := re.match(r"\d{4}", f.name)))


def current() -> str | None:
    """The revision the database is at; None when it is empty."""
    with told():
        with engines().read.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate() -> bool:
    """Make the schema current; returns whether anything was done. Running it twice, or in two processes, is harmless."""
    with told():
        with engines().write.connect():
            pass  # makes the SQLite file, in WAL mode, before the read-only engine looks for it
    before = current()
    if before == head():
        return False
    if before is not None and before > head():
        raise Misconfigured(
            _(
                "The database was made by a newer Heard (schema %(theirs)s, this program knows %(ours)s). Nothing was changed."
            )
            % {"theirs": before, "ours": head()},
            hint=_("Install that version again, or restore the backup from before the upgrade: heard restore FILE."),
        )
    if before is not None:
        _copy_first(before)
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    with told():
        command.upgrade(config, "head")
    return True


def foreign_keys_off(connection: Connection) -> None:
    """SQLite, before the transaction begins: the drop inside a batch migration would cascade and wipe votes (trap 2)."""
    if connection.dialect.name == "sqlite":
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys=OFF")


def foreign_keys_sound(connection: Connection) -> None:
    """SQLite, after the migration and before its commit. Raises Misconfigured when a row lost what it points to."""
    if connection.dialect.name == "sqlite" and (
        broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    ):
        raise Misconfigured(
            _("The migration would leave %(n)s rows without what they belong to, so it was undone.")
            % {"n": len(broken)},
            hint=_("Nothing was changed. Please report this with the versions before and after."),
        )


def one_at_a_time(connection: Connection) -> None:
    """Of several processes that start together, one migrates and the others wait. SQLite's BEGIN IMMEDIATE does it alone."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})


def _copy_first(revision: str) -> None:
    file = settings().sqlite_file
    if file is None:
        return
    copy = file.with_name(f"{file.stem}-before-upgrade-from-{revision}-{now():%Y%m%d-%H%M%S}.db")
    with engines().write.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("VACUUM INTO ?", (str(copy),))


@contextmanager
def told() -> Iterator[None]:
    """A database that cannot be opened, said in a sentence with the setting to mend."""
    try:
        yield
    except (OperationalError, DatabaseError) as error:
        raise Misconfigured(
            _("The database cannot be used: %(why)s.") % {"why": str(error.orig or error).strip().splitlines()[0]},
            hint=_("Check HEARD_DATABASE_URL (%(url)s), the rights of its folder, and that the disk is not full.")
            % {"url": re.sub(r"://[^@/]*@", "://…@", settings().database_url)},
        ) from error
