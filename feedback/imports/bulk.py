"""Many responses at once: rows go to the driver as they are, past everything that is made for one ballot.

SQLite takes them by executemany with a prepared statement, PostgreSQL by COPY. The order of the tables is that of
feedback/collect/storing.py. Every CHECK, key and foreign key of the database stays in force.

Ids: a batch of an import takes a stretch of the 63 bits that begins at random, in the order of its keys, which are made by
HMAC. So rows of one batch lie together in every index that begins with the response, which halves the time; their order tells
nothing of the file's. Anonymous polls give each response a random id of its own, as ballots get.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from feedback.imports.checking import Checked
from feedback.imports.keys import ResponseKeys
from heard.kit import tokens
from heard.kit.db import PAGES, DbSession, engines
from polls.frozen import FrozenPoll

Row = tuple[Any, ...]

RESPONSES = (
    "id", "poll_id", "voter_key", "submission_id", "receipt_hash", "mark", "source", "language", "submitted_at", "released",
    "set_aside", "sealed")  # fmt: skip
ANSWERS = ("response_id", "position", "poll_id", "question_id", "item_id", "option_id", "number", "text")
CACHE_KB = 96 * 1024
COMMENTS = ("id", "poll_id", "response_id", "question_id", "text", "language", "said_at")
REFUSALS = ("import_id", "number", "line", "reason")


class Bulk(NamedTuple):
    """Rows of one batch by table, and what they move."""

    responses: list[Row]
    answers: list[Row]
    comments: list[Row]
    cells: list[str]  # counters, each as often as it moves


def bulk_of(
    poll: FrozenPoll, batch: Sequence[tuple[ResponseKeys, Checked]], at: datetime, stored: Callable[[datetime], Any]
) -> Bulk:
    """The rows of new responses; `at`: the time of those whose file does not tell one; `stored`: a time as the driver takes
    it (`time_for`)."""
    made = Bulk([], [], [], [])
    ordered = sorted(batch, key=lambda one: one[0].voter_key)
    for number, (keys, (incoming, said)) in zip(_ids(len(ordered), apart=poll.anonymous), ordered, strict=True):
        when: Any = incoming.collected_at or at
        if poll.anonymous:
            when = when.replace(hour=0, minute=0, second=0, microsecond=0)
        language, when = incoming.language, stored(when)
        made.responses.append((number, poll.id, *keys, "import", language, when, not poll.anonymous, "", 0))
        place = 0
        for question, one in said.items():
            for row in one.rows:
                made.answers.append((number, place, poll.id, *row))
                place += 1
            made.cells.extend(one.cells)
            if one.comment:
                made.comments.append((tokens.random_id(), poll.id, number, question, one.comment, language, when))
    return made


def _ids(many: int, *, apart: bool) -> Iterable[int]:
    return sorted(tokens.random_id() for _one in range(many)) if apart else tokens.ids_together(many)


def time_for(session: DbSession) -> Callable[[datetime], Any]:
    """How this database's driver takes a time: SQLite as the text that heard.kit.db.UtcTime would write."""
    if session.get_bind().dialect.name == "postgresql":
        return lambda at: at
    return lambda at: at.astimezone(UTC).isoformat(" ", "microseconds")[:26]


def prepare(session: DbSession) -> None:
    """On SQLite: room to hold the pages of indexes that random keys fall into, and no checkpoint while others wait."""
    if session.get_bind().dialect.name == "sqlite":
        connection = session.connection()
        connection.exec_driver_sql(f"PRAGMA cache_size = {-CACHE_KB}")
        connection.exec_driver_sql("PRAGMA wal_autocheckpoint = 0")


def checkpoint() -> None:
    """On SQLite: what was committed moves from the log into the file. Others write meanwhile."""
    engine = engines().write
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
        finally:
            connection.close()


def relax() -> None:
    """On SQLite: the connection is one among others again."""
    engine = engines().write
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            for setting in (*PAGES, "shrink_memory"):
                connection.cursor().execute(f"PRAGMA {setting}")
        finally:
            connection.close()


def write(session: DbSession, rows: Bulk) -> None:
    """Store them. Raises the driver's IntegrityError where a key is taken."""
    insert(session, "responses", RESPONSES, rows.responses)
    insert(session, "answers", ANSWERS, rows.answers)
    insert(session, "comments", COMMENTS, rows.comments)


def insert(session: DbSession, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Rows of our own making into a table of ours."""
    if not rows:
        return
    cursor = session.connection().connection.cursor()
    names = ", ".join(columns)
    try:
        if session.get_bind().dialect.name == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
    finally:
        cursor.close()


def known_submissions(session: DbSession, poll_id: int, submissions: Sequence[str]) -> set[str]:
    """Those of these that the poll has already. One parameter for all: a list of thousands is slow to prepare."""
    cursor = session.connection().connection.cursor()
    try:
        if session.get_bind().dialect.name == "postgresql":
            statement = "SELECT submission_id FROM responses WHERE poll_id = %s AND submission_id = ANY(%s)"
            cursor.execute(statement, (poll_id, list(submissions)))
        else:
            # IN, not a join: a join may begin with all responses of the poll
            statement = "SELECT submission_id FROM responses WHERE poll_id = ? AND submission_id IN (SELECT value FROM json_each(?))"
            cursor.execute(statement, (poll_id, json.dumps(submissions)))
        return {row[0] for row in cursor.fetchall()}
    finally:
        cursor.close()
