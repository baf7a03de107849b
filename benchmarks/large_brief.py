"""A brief for 100,000 responses and 10,000 comments: seconds and memory, for a poll told whole and for one that the days cut.

python -m benchmarks.large_brief [RESPONSES] [COMMENTS]
"""

import resource
import sqlite3
import sys
from datetime import date
from random import Random

from benchmarks.large_poll import a_large_poll, folder_of_its_own, took

THEMES = 12  # coarse, each with three finer ones
WORDS = (
    "the hours are too short and the rooms stay cold so please open on Sunday more staff would help friendly desk waiting long phone"
    " answer parking lift broken books children evening quiet light water tea garden path bench music loud clean door key card fee"
).split()  # fmt: skip


def main() -> None:
    """Print what was measured."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    comments = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    with folder_of_its_own():
        poll_id, slug = a_large_poll(n)
        _say(poll_id, comments)
        from sqlmodel import select

        from heard.accounts.models import Community
        from heard.kit.db import reading
        from insights.write import briefs

        before = memory()
        for name, since, until in (
            ("whole", date(2026, 3, 1), date(2026, 3, 31)),
            ("cut", date(2026, 3, 15), date(2026, 3, 28)),
        ):
            for audience in ("leadership", "product"):
                with reading() as session:
                    community = session.exec(select(Community)).one()
                    seconds, made = took(briefs.compose, session, community, audience, since, until)
                facts = made.facts
                print(
                    f"{slug}, {name}, {audience}: {seconds:.1f} s ({seconds.cpu:.1f} of CPU); {facts['responses']:,} responses,"
                    f" {facts['comments']:,} comments, {facts['theme_count']} themes; memory {before} → {memory()} MiB at most",
                    flush=True,
                )


def _say(poll_id: int, n: int) -> None:
    """Comments of a long text question, and themes for them, straight into the tables."""
    from heard.kit.settings import settings

    draw, base = Random(1), sqlite3.connect(settings().sqlite_file)
    themes = [
        (t, poll_id, None if t <= THEMES else 1 + t % THEMES, f"{WORDS[t % len(WORDS)]} {WORDS[-t % len(WORDS)]} {t}")
        for t in range(1, 4 * THEMES + 1)
    ]
    base.executemany(
        "INSERT INTO themes (id, poll_id, parent_id, label, named_by, keywords, quotes, born_at, emerged, summary, hidden, pinned,"
        " model_label, model_label_for) VALUES (?, ?, ?, ?, 'machine', '[]', '[]', '2026-03-01 00:00:00.000000', 0, '', 0, 0, '', '')",
        themes,
    )  # fmt: skip
    responses = base.execute("SELECT id, submitted_at FROM responses LIMIT ?", (n,)).fetchall()
    rows = [
        (draw.getrandbits(62), poll_id, response, " ".join(draw.choices(WORDS, k=draw.randint(3, 30))), at)
        for response, at in responses
    ]
    base.executemany(
        "INSERT INTO comments (id, poll_id, response_id, text, language, said_at) VALUES (?, ?, ?, ?, 'en', ?)", rows
    )
    base.executemany(
        "INSERT INTO assignments (comment_id, poll_id, theme_id, score, placed_by, mood, urgent) VALUES (?, ?, ?, ?, 'machine', ?, 0)",
        [
            (row[0], poll_id, draw.randint(THEMES + 1, 4 * THEMES), draw.random(), draw.choice((-1, 0, 1)))
            for row in rows
        ],
    )
    base.commit()
    base.close()


def memory() -> int:
    """MiB, the most that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
