"""`heard` without transactions on SQLite, every statement by itself, and without row locks on PostgreSQL: look first, then
write, as many programs do. For the checker of histories, which must find out. `python -m tests.journeys.mutant serve …`"""

import re
import sqlite3
from typing import Any


class Forgetful(sqlite3.Connection):
    """Never begins."""

    def execute(self, sql: str, *more: Any) -> Any:
        return super().execute("SELECT 1" if sql.startswith("BEGIN") else sql, *more)

    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(ForgetfulCursor)


class ForgetfulCursor(sqlite3.Cursor):
    """Neither do its cursors."""

    def execute(self, sql: str, *more: Any) -> Any:
        return super().execute("SELECT 1" if sql.startswith("BEGIN") else sql, *more)


def forget() -> None:
    """From now on."""
    plain = sqlite3.connect

    def connect(*args: Any, **more: Any) -> Any:
        return plain(*args, **{"factory": Forgetful, **more})

    sqlite3.connect = sqlite3.dbapi2.connect = connect  # type: ignore[attr-defined]

    import psycopg

    locking = psycopg.Cursor.execute

    def execute(self: Any, query: Any, *more: Any, **named: Any) -> Any:
        plain = (
            re.sub(r"\sFOR (NO KEY UPDATE|KEY SHARE|SHARE|UPDATE)\b", "", query) if isinstance(query, str) else query
        )
        return locking(self, plain, *more, **named)

    psycopg.Cursor.execute = execute  # type: ignore[method-assign]


if __name__ == "__main__":
    forget()
    from heard.cli import main

    main()
