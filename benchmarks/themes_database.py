"""The comments of a large poll on SQLite: read once, then again with 1,000 more. Part of `benchmarks/themes_large.py`."""

import csv
import resource
from datetime import timedelta
from pathlib import Path

from benchmarks.large_poll import a_large_poll, folder_of_its_own, took

MORE = 1_000
_SOME = 10_000


def read_from_database(table: Path) -> None:
    """Print seconds and memory of the first reading and of an update."""
    with table.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    with folder_of_its_own() as folder:
        from feedback.themes.refreshing import refresh

        poll_id, _slug = a_large_poll(0, questions=1)
        _say(poll_id, texts[:-MORE])
        for what in ("first reading", f"{MORE:,} more comments"):
            seconds, run = took(refresh, poll_id)
            print(
                f"{what}: {run.kind} run of {run.comments:,} comments, {seconds:.0f} s of wall time, {seconds.cpu:.0f} s of "
                f"processors, peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB; "
                f"database {(folder / 'heard.db').stat().st_size / 2**20:.0f} MiB",
                flush=True,
            )
            _say(poll_id, texts[-MORE:])
        _themes(poll_id)


def _say(poll_id: int, texts: list[str]) -> None:
    from sqlalchemy import insert

    from feedback.models import Comment
    from heard.kit import tokens
    from heard.kit.clock import now
    from heard.kit.db import writing

    at = now()
    for start in range(0, len(texts), _SOME):
        rows = [
            {
                "id": tokens.random_id(),
                "poll_id": poll_id,
                "text": text,
                "language": "",
                "said_at": at + timedelta(seconds=start + place),
            }
            for place, text in enumerate(texts[start : start + _SOME])
        ]
        with writing() as session:
            session.execute(insert(Comment), rows)


def _themes(poll_id: int) -> None:
    from sqlalchemy import func, select
    from sqlmodel import col

    from feedback.models import Assignment, Theme
    from heard.kit.db import reading

    with reading() as session:
        largest = session.execute(
            select(col(Theme.label), func.count())
            .join(Assignment, col(Assignment.theme_id) == col(Theme.id))
            .where(col(Theme.poll_id) == poll_id)
            .group_by(col(Theme.id), col(Theme.label))
            .order_by(func.count().desc())
        ).all()
    print(f"{len(largest)} themes; " + ", ".join(f"{label} {count:,}" for label, count in largest[:10]))
