"""A poll with as many responses as one likes, written straight into SQLite: rows, answers and counters that agree."""

import os
import sqlite3
import tempfile
import time
from pathlib import Path

WORDINGS = ("How often?", "Which one?", "How satisfied?", "Would you come again?", "How old is your plot?")
OPTIONS = 5


def point_to(folder: Path) -> None:
    """The settings of this process: a database of its own."""
    os.environ |= {
        "HEARD_DATABASE_URL": f"sqlite:///{folder}/heard.db",
        "HEARD_DATA": str(folder),
        "HEARD_SECRET": "x" * 64,
    }


def a_large_poll(n: int, *, title: str = "Large", questions: int = 5, rows: bool = True) -> tuple[int, str]:
    """An open poll with n responses to single choices and ratings, every other one of each. `rows` False: counters only.

    The id and the slug. Ids of responses are random; a receipt's hash stands for one that nobody has.
    """
    from heard.accounts import communities, signin
    from heard.kit.db import engines, writing
    from heard.kit.settings import settings
    from polls.frozen import freeze
    from polls.kinds.kind import Draft
    from polls.publish import publishing
    from polls.write import authoring

    with writing() as session:
        stem = title.lower()
        owner = signin.create_account(session, f"{stem}@garden.example", "Ines", "x")
        garden = communities.create_community(session, stem, title, owner)
        drafts = [
            Draft("rating", wording)
            if at % 2
            else Draft("single", wording, tuple(f"Option {o}" for o in range(OPTIONS)))
            for at, wording in enumerate(WORDINGS[:questions])
        ]
        poll = authoring.create_poll(session, garden, title, drafts, by=owner, voter_rule="open", results_rule="always")
        publishing.open_now(session, poll, by=owner)
        frozen = freeze(session, poll)
    for engine in engines():
        engine.dispose()
    base = sqlite3.connect(settings().sqlite_file, isolation_level=None)
    base.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000; BEGIN;")
    series = "WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < ?)"
    cells = [("n", n), ("via:api", n)]
    if rows and n:
        base.execute(f"CREATE TEMP TABLE fresh AS {series} SELECT abs(random() >> 1) AS id, i FROM s ORDER BY 1", (n,))
        base.execute(
            "INSERT INTO responses (id, poll_id, voter_key, submission_id, receipt_hash, mark, source, language, submitted_at,"
            " released, set_aside, sealed) SELECT id, ?, printf('%043d', i), 's' || i, printf('%x-%d', i, ?), "
            " printf('%d-%018x', ? % 10, i), 'api', 'en',"
            " '2026-03-' || printf('%02d', 1 + i % 28) || ' 10:00:00.000000', 1, '', 0 FROM fresh ORDER BY id",
            (frozen.id, frozen.id, frozen.id),
        )
        of = [
            f"SELECT id, {at} AS p, {q.id} AS q, {_option(q, at)} AS o, {_number(q, at)} AS v FROM fresh"
            for at, q in enumerate(frozen.questions)
        ]
        base.execute(
            f"INSERT INTO answers (response_id, position, poll_id, question_id, option_id, number) SELECT id, p, {frozen.id}, q, o, v"
            f" FROM ({' UNION ALL '.join(of)}) ORDER BY id, p"
        )
        for q in frozen.questions:
            cells.append((f"{q.id}:n", n))
            counts = base.execute(
                "SELECT option_id, number, count(*) FROM answers WHERE question_id = ? GROUP BY 1, 2", (q.id,)
            )
            cells += [(f"{q.id}:o{o}" if o else f"{q.id}:v{v:g}", count) for o, v, count in counts]
    elif n:
        for q in frozen.questions:
            names = [f"o{o.id}" for o in q.options] or [f"v{step}" for step in range(1, 6)]
            cells += [(f"{q.id}:n", n), *((f"{q.id}:{name}", n // len(names)) for name in names)]
    base.executemany(
        "INSERT INTO tallies (poll_id, cell, n) VALUES (?, ?, ?)", [(frozen.id, c, x) for c, x in cells if x]
    )
    base.execute("UPDATE polls SET frozen = 1 WHERE id = ?", (frozen.id,))
    for statement in ("COMMIT", "ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)"):
        base.execute(statement)
    base.close()
    return frozen.id, frozen.slug


def _chance(at: int) -> str:
    """A number of each response, another one for each question, that leans to the low ones."""
    return f"((i * {2_654_435_761 + 2 * at} >> 7) % 1009 * ((i * {40_503 + 2 * at} >> 5) % 1013) / 204424)"


def _option(question, at: int) -> str:
    return f"{question.options[0].id} + {_chance(at)}" if question.options else "NULL"


def _number(question, at: int) -> str:
    return "NULL" if question.options else f"1.0 + {_chance(at)}"


class folder_of_its_own:
    """A folder with a migrated database, removed after."""

    def __enter__(self) -> Path:
        self.folder = tempfile.TemporaryDirectory(prefix="heard-large-")
        point_to(Path(self.folder.name))
        from heard.migrations.run import migrate

        migrate()
        return Path(self.folder.name)

    def __exit__(self, *_: object) -> None:
        from heard.kit.db import close

        close()
        self.folder.cleanup()


def took(what, *given, **named):
    """Seconds, and what came out."""
    began = time.perf_counter()
    out = what(*given, **named)
    return time.perf_counter() - began, out
