"""Engines, sessions and column types. SQLite or PostgreSQL, the same models on both.

Two engines for each database: one that writes and one that cannot. A request gets one session whose mode follows its
method, so that "no GET writes" is kept by the database and not by our good intentions.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Request
from sqlalchemy import BigInteger, CheckConstraint, DateTime, Engine, Integer, MetaData, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session as _Session
from sqlmodel import SQLModel

from heard.kit.errors import Misconfigured
from heard.kit.i18n import _
from heard.kit.settings import settings

# Unnamed constraints cannot be dropped later, and the convention must stand before the first table (style.md, trap 6).
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata
# Tables take what our code gives them and validate nothing (see style.md); their validators would cost every start 25 ms.
SQLModel.model_config["defer_build"] = True
BUSY_SECONDS = 10
PAGES = ("cache_size=-16384", "wal_autocheckpoint=4000")  # of a connection that writes to SQLite: see below
CONNECT_SECONDS = 10
POOL_SECONDS = 4  # until one of the connections that are open already is free; then the database is busy


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC. Refuses naive values on the way in; SQLite would hand them back naive on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a naive time ({value!r}): take it from heard.kit.clock")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# 63-bit ids. In SQLite only a column declared INTEGER is the row's own key; a BIGINT would keep a hidden row number
# beside it, and with it the order in which ballots arrived.
BigId = BigInteger().with_variant(Integer, "sqlite")


def row_id(number: int) -> int:
    """An id out of an address as a column can hold it; 0, which no row has, for what is beyond. Both databases refuse
    even to compare with such a number."""
    return number if 0 < number < 2**31 else 0


def one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    """A CHECK that the column holds one of these words; named after the column."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(w) for w in words)})", name=column)


def only_where(rule: str) -> dict[str, Any]:
    """Of an Index: which rows stand in it. Told to the database in use alone, for SQLAlchemy loads every dialect that is
    named, and PostgreSQL's takes 25 ms and 2 MiB. (Migrations make the schema, and they name both.)"""
    return {f"{'sqlite' if settings().sqlite_file else 'postgresql'}_where": text(rule)}


class Engines(NamedTuple):
    write: Engine
    read: Engine


@lru_cache
def engines() -> Engines:
    """The two engines of HEARD_DATABASE_URL, made on first use."""
    url = settings().database_url
    return _sqlite(url) if url.startswith("sqlite:") else _postgresql(url)


def _sqlite(url: str) -> Engines:
    file = settings().sqlite_file
    if file:
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Misconfigured(
                _("The database's folder cannot be made: %(path)s (%(why)s).")
                % {"path": file.parent, "why": error.strerror or error},
                hint=_("Choose another place with HEARD_DATABASE_URL=sqlite:////a/folder/you/may/write/heard.db"),
            ) from error
    # With isolation_level=None the driver opens no transaction of its own; "begin" below does (trap 4).
    options: dict[str, Any] = {
        "pool_timeout": POOL_SECONDS,
        "hide_parameters": True,  # an error's text goes to the log; what people wrote does not
        "connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False, "isolation_level": None},
    }
    write = create_engine(url, pool_size=5, max_overflow=20, **options)
    read = create_engine(url, pool_size=10, max_overflow=40, **options)

    @event.listens_for(write, "connect")
    def _durable(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")  # an acknowledged vote survives a power cut
        connection.execute("PRAGMA foreign_keys=ON")
        # The keys of votes are random, so each one touches some ten pages anywhere: more of them stay in memory (kB), and
        # more of them are gathered before they go to the file (pages).
        for setting in PAGES:
            connection.execute(f"PRAGMA {setting}")
        # What it would need to undo half an INSERT of many rows: in a file of its own that is a third of the vote.
        connection.execute("PRAGMA temp_store=MEMORY")

    @event.listens_for(write, "handle_error")
    def _opened_again(context: Any) -> None:
        # A file that could only be read when it was opened stays so for this connection, whatever becomes of its rights.
        if getattr(context.original_exception, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY:
            context.is_disconnect = True

    @event.listens_for(read, "connect")
    def _read_only(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA query_only=1")

    @event.listens_for(write, "begin")
    def _immediate(connection: Any) -> None:
        # A deferred transaction that turns into a writing one fails at once, busy timeout or not (trust.md, D9).
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(read, "begin")
    def _deferred(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")

    return Engines(write, read)


def _postgresql(url: str) -> Engines:
    try:
        address = make_url(url).set(drivername="postgresql+psycopg")
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise Misconfigured(
            _("HEARD_DATABASE_URL is not an address."), hint="postgresql://user:password@host:5432/heard"
        ) from error
    utc = "-c timezone=UTC"
    # A host that swallows everything is told of after seconds, not minutes.
    wait = {"connect_timeout": CONNECT_SECONDS}
    common: dict[str, Any] = {"hide_parameters": True, "pool_pre_ping": True, "pool_size": 5, "max_overflow": 15}
    common["pool_timeout"] = POOL_SECONDS
    write = create_engine(address, connect_args={"options": utc, **wait}, **common)
    read = create_engine(
        address, connect_args={"options": f"{utc} -c default_transaction_read_only=on", **wait}, **common
    )
    return Engines(write, read)


def may_be_written() -> bool:
    """Whether this process may write to the file. (PostgreSQL says so itself when one tries.)"""
    file = settings().sqlite_file
    return file is None or os.access(file, os.W_OK)


def close() -> None:
    """Close what is open, readers first: the last writer to leave an SQLite file folds its -wal into it."""
    if engines.cache_info().currsize:
        write, read = engines()
        read.dispose()
        write.dispose()


def upsert(session: _Session, table: Any) -> Any:
    """An INSERT that can say ON CONFLICT, in the dialect of the session's database."""
    return upsert_in(session.get_bind().dialect.name, table)


def upsert_in(dialect: str, table: Any) -> Any:
    """The same for the dialect of this name."""
    # Loaded here: a web process pays for the dialect of its own database only.
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


CHUNKS = (50, 10, 1)  # rows in a statement: few different statements, which the driver keeps prepared


def insert_rows(session: _Session, table: Any, columns: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> None:
    """INSERT many rows, each with the values of `columns` in this order. Raises IntegrityError as any INSERT does.

    Goes to the driver directly: for the small rows of a vote, what SQLAlchemy does with each costs several times what the
    database does with it. Many rows in a statement, for the driver gives other threads their turn after each.
    """
    connection = session.connection()
    done = 0
    for size in CHUNKS:
        statement, processors = _insert(table, columns, size, connection.dialect)
        while len(rows) - done >= size:
            values: list[Any] = [value for row in rows[done : done + size] for value in row]
            for at, process in processors:
                values[at :: len(columns)] = map(process, values[at :: len(columns)])
            connection.exec_driver_sql(statement, tuple(values))
            done += size


@lru_cache(maxsize=100)
def _insert(
    table: Any, columns: tuple[str, ...], size: int, dialect: Any
) -> tuple[str, list[tuple[int, Callable[[Any], Any]]]]:
    """The statement in the driver's own words, and what turns values of some columns into the driver's."""
    quote, mark = dialect.identifier_preparer.quote, "?" if dialect.positional else "%s"
    row = f"({', '.join([mark] * len(columns))})"
    processors = [
        (at, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for at, name in enumerate(columns)
    ]
    into = f"INSERT INTO {quote(table.name)} ({', '.join(quote(c) for c in columns)})"
    return f"{into} VALUES {', '.join([row] * size)}", [(at, p) for at, p in processors if p]


@contextmanager
def writing() -> Iterator[_Session]:
    """A session that commits when the block ends well and rolls back when it does not. Hold it briefly."""
    with _Session(engines().write, expire_on_commit=False) as session:
        yield session
        session.commit()


@contextmanager
def reading() -> Iterator[_Session]:
    """A session that cannot write."""
    with _Session(engines().read, expire_on_commit=False) as session:
        yield session


def release(session: _Session) -> None:
    """End the transaction of a request that has only read so far: votes need not wait while it thinks (trap 11)."""
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("something is written already: it belongs to the edge's transaction")
    session.commit()


def _session(request: Request) -> Iterator[_Session]:
    """GET and HEAD read only; every other method writes, and commits before the answer is sent."""
    mode = reading if request.method in ("GET", "HEAD", "OPTIONS") else writing
    with mode() as session:
        yield session


# scope="function": with the default, the code after `yield` runs after the answer was sent, and a commit that fails
# there has already been thanked for (style.md, trap 1).
Session = Annotated[_Session, Depends(_session, scope="function")]
DbSession = _Session
