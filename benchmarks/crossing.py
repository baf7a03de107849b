"""G6: a table of two questions over a million respondents, beside the self-join; how long its columns take to make, and how
much memory; a recount; and an export of the same poll.

    python -m benchmarks.crossing [RESPONSES] [ROUNDS]
"""

import resource
import statistics
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from benchmarks.large_poll import a_large_poll, folder_of_its_own, took

JOIN = (
    "SELECT a.option_id, b.option_id, count(*) FROM answers a JOIN answers b ON b.response_id = a.response_id"
    " AND b.question_id = :b WHERE a.question_id = :a GROUP BY 1, 2"
)


def main() -> None:
    """Print what was measured."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with folder_of_its_own() as folder:
        with ProcessPoolExecutor(1, get_context("spawn")) as other:  # its memory is not ours
            seconds, (poll_id, slug) = took(lambda: other.submit(a_large_poll, n).result())
        size = (folder / "heard.db").stat().st_size
        print(f"{n:,} responses × 5 answers written in {seconds:.0f} s, {size / 2**20:,.0f} MiB", flush=True)
        from feedback.analysis import reading, snapshots

        before = memory()
        seconds, there = took(snapshots.refresh, poll_id)
        files = sum(f.stat().st_size for f in (folder / "snapshots").rglob("*.npy"))
        print(
            f"snapshot: {seconds:.1f} s ({seconds.cpu:.1f} of CPU), {files / 2**20:.1f} MiB, made {there};"
            f" memory {before} → {memory()} MiB at most"
        )
        _crossings(slug, rounds)
        from feedback.collect.queries import snapshot
        from polls.frozen import frozen_poll

        with snapshot() as session:
            poll = frozen_poll(session, slug)
            seconds, right = took(reading.recount, session, poll)
        print(
            f"recount from the rows: {seconds:.1f} s, {seconds / len(poll.questions):.2f} s a question"
            f" ({seconds.cpu / len(poll.questions):.2f} of CPU), n {right['n']:,}"
        )
        columns = snapshots.load(poll_id)
        from feedback.analysis.columns import counted, own_columns

        for question in poll.questions[:2]:
            seconds, _found = took(counted, question, own_columns(question, columns.arrays))
            print(f"recount of one question ({question.kind}) from its columns: {1000 * seconds:.0f} ms")
        _exports(slug, n)


def _crossings(slug: str, rounds: int) -> None:
    from sqlalchemy import text

    from feedback.analysis import asking
    from feedback.collect.queries import snapshot
    from polls.frozen import frozen_poll

    mine, filtered, joined, ratios = [], [], [], []
    for number in range(rounds + 1):
        with snapshot() as session:
            poll = frozen_poll(session, slug)
            one, other, third = (poll.questions[at] for at in (0, 2, 4))
            seconds, asked = took(asking.crossed, session, poll, one.field_id, other.field_id)
            with_filter, _asked = took(
                asking.crossed,
                session,
                poll,
                one.field_id,
                other.field_id,
                f"{third.field_id}:is:{third.options[0].id}",
            )
            by_join, rows = took(lambda s=session, a=one, b=other: s.execute(text(JOIN), {"a": a.id, "b": b.id}).all())
            labels = {o.id: o.label for q in (one, other) for o in q.options}
            right = {(labels[a], labels[b]): c for a, b, c in rows}
            for row, cells in zip(asked.table.rows, asked.table.cells, strict=True):
                for column, cell in zip(asked.table.columns, cells, strict=True):
                    assert cell.n is None or cell.n == right[row.label, column.label]
        if number:  # the first round warms up
            mine.append(seconds), filtered.append(with_filter), joined.append(by_join), ratios.append(by_join / seconds)
        else:
            print(f"first table (reads the files): {1000 * seconds:.0f} ms")
    for name, times in (("table", mine), ("table with a filter", filtered), ("self-join", joined)):
        cpu = statistics.median(seconds.cpu for seconds in times)
        print(f"{name}: median {1000 * statistics.median(times):.1f} ms ({1000 * cpu:.1f} of CPU) of {len(times)}")
    cpu = statistics.median(join.cpu / table.cpu for join, table in zip(joined, mine, strict=True))
    print(f"self-join / table: median {statistics.median(ratios):.0f}, by CPU {cpu:.0f}")


def _exports(slug: str, n: int) -> None:
    from feedback.exports import exporting

    for form in ("csv", "long", "jsonl", "xlsx"):
        at_first = memory()
        seconds, size = took(lambda f=form: sum(len(piece) for piece in exporting.download(slug, f).pieces))
        words = f"export {form}: {seconds:.0f} s ({seconds.cpu:.0f} of CPU), {n / seconds:,.0f} responses/s, {size / 2**20:.0f} MiB"
        print(f"{words}; memory {at_first} → {memory()} MiB", flush=True)


def memory() -> int:
    """MiB that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
