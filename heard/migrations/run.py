"""Bringing a database to the present schema: on `heard migrate`, and by itself before `heard serve`.

An existing SQLite file is copied beside itself first. A database that a newer Heard has made is refused.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError

from heard.kit.clock import now
from heard.kit.db import DbSession, engines, may_be_written
from heard.kit.errors import Misconfigured, Unavailable
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


def is_current() -> bool:
    """Whether nothing has to be done. Makes the file of an SQLite database that is not there yet."""
    if (file := settings().sqlite_file) and engines():  # which make its folder
        file.touch(mode=0o600)  # SQLite would make it readable by everybody on the machine
    with told():
        with engines().write.connect():
            pass  # makes the SQLite file, in WAL mode, before the read-only engine looks for it
    return current() == head()


def migrate() -> bool:
    """Make the schema current; returns whether anything was done. Running it twice, or in two processes, is harmless."""
    if is_current():
        return False
    before = current()
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


def check_schema(session: DbSession) -> None:
    """Whether the program and its database fit together, and votes can be written (for /readyz). Raises Unavailable."""
    if not may_be_written():
        raise Unavailable(
            _("The database can be read and not written, so no vote is taken."),
            hint=_("Let the user that Heard runs as write to %(file)s.") % {"file": settings().sqlite_file},
        )
    found = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found != head():
        raise Unavailable(
            _("The database is at schema %(found)s, not %(head)s.") % {"found": found, "head": head()},
            hint="heard migrate" if found is None or found < head() else _("Start Heard again."),
        )


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
        try:
            copy.touch(mode=0o600)
            raw.execute("VACUUM INTO ?", (str(copy),))
        except (OSError, sqlite3.Error) as error:
            copy.unlink(missing_ok=True)
            raise Misconfigured(
                _("The database could not be copied before the upgrade: %(why)s. Nothing was changed.")
                % {"why": error},
                hint=_("Make room beside %(file)s, then start Heard again.") % {"file": file},
            ) from error


@contextmanager
def told() -> Iterator[None]:
    """A database that cannot be opened, said in a sentence with the setting to mend."""
    try:
        yield
    except DatabaseError as error:
        raise _cannot_be_used(error) from error


def database_away(error: Exception) -> Misconfigured | None:
    """The sentence for an error that is the database's and not the program's; None for any other error."""
    # Exactly DatabaseError is SQLite's way of saying that the file is damaged; its other children are faults of ours.
    away = isinstance(error, OperationalError | sqlite3.Error) or type(error) is DatabaseError
    return _cannot_be_used(error) if away else None


def _cannot_be_used(error: Exception) -> Misconfigured:
    url = settings().database_url
    if settings().sqlite_file:
        hint = _("Check HEARD_DATABASE_URL (%(url)s), the rights of its folder, and that the disk is not full.")
    else:
        hint = _("Check HEARD_DATABASE_URL (%(url)s): host, user, password, and whether the server runs.")
    return Misconfigured(
        _("The database cannot be used: %(why)s.")
        % {"why": str(getattr(error, "orig", None) or error).strip().splitlines()[0]},
        hint=hint % {"url": re.sub(r"^([^:]*://).*@", r"\1…@", url)},
    )
