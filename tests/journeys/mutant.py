"""`heard` without transactions on SQLite, every statement by itself, and without row locks on PostgreSQL: look first, then
write, as many programs do. For the checker of histories, which must find out. `python -m tests.journeys.mutant serve …`"""

import re
import sqlite3
import time
from typing import Any

PAUSE = 0.01  # between looking and writing, as on a busy machine


class Forgetful(sqlite3.Connection):
    """Never begins."""

    def execute(self, sql: str, *more: Any) -> Any:
        return super().execute("SELECT 1" if sql.startswith("BEGIN") else sql, *more)

    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(ForgetfulCursor)


class ForgetfulCursor(sqlite3.Cursor):
    """Neither do its cursors."""

    def execute(self, sql: str, *more: Any) -> Any:
        _pause(sql)
        return super().execute("SELECT 1" if sql.startswith("BEGIN") else sql, *more)

    def executemany(self, sql: str, *more: Any) -> Any:
        _pause(sql)
        return super().executemany(sql, *more)


def _pause(sql: Any) -> None:
    if isinstance(sql, str) and sql.startswith("INSERT INTO responses"):
        time.sleep(PAUSE)


def forget() -> None:
    """From now on."""
    plain = sqlite3.connect

    def connect(*args: Any, **more: Any) -> Any:
        return plain(*args, **{"factory": Forgetful, **more})

    sqlite3.connect = sqlite3.dbapi2.connect = connect  # type: ignore[attr-defined]

    import psycopg

    locking, many = psycopg.Cursor.execute, psycopg.Cursor.executemany

    def execute(self: Any, query: Any, *more: Any, **named: Any) -> Any:
        plain = (
            re.sub(r"\sFOR (NO KEY UPDATE|KEY SHARE|SHARE|UPDATE)\b", "", query) if isinstance(query, str) else query
        )
        _pause(query)
        return locking(self, plain, *more, **named)

    def executemany(self: Any, query: Any, *more: Any, **named: Any) -> Any:
        _pause(query)
        return many(self, query, *more, **named)

    psycopg.Cursor.execute = execute  # type: ignore[method-assign]
    psycopg.Cursor.executemany = executemany  # type: ignore[method-assign]


if __name__ == "__main__":
    forget()
    from heard.cli import main

    main()
