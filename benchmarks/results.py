"""G5: the results of a poll with ten million votes beside those of an empty one, and a recount of a question of it.

    python -m benchmarks.results [RESPONSES] [ROUNDS] [ROWS]

Counters of RESPONSES votes; rows and answers of ROWS responses (a million by default: ten million take 13 GB) stand in the
same database, so that its trees are deep. A recount runs over the rows, and over columns of RESPONSES responses.
"""

import statistics
import sys
import time

from benchmarks.large_poll import a_large_poll, folder_of_its_own, took


def main() -> None:
    """Print what was measured."""
    given = [int(argument) for argument in sys.argv[1:]]
    n, rounds, rows = (*given, *(10_000_000, 7, 1_000_000)[len(given) :])
    with folder_of_its_own() as folder:
        seconds, (_stored_id, stored) = took(a_large_poll, rows, title="Stored")
        _id, large = a_large_poll(n, title="Large", rows=False)
        _id, few = a_large_poll(100, title="Few")
        _id, empty = a_large_poll(0, title="Empty")
        print(f"{rows:,} rows in {seconds:.0f} s, {(folder / 'heard.db').stat().st_size / 2**20:,.0f} MiB")
        _pages(
            {
                "empty": empty,
                "100 votes": few,
                f"{n:,} votes": large,
                f"{rows:,} votes with rows": stored,
            },
            rounds,
        )
        _recounts(stored, n)


def _pages(polls: dict[str, str], rounds: int) -> None:
    from tests.browser_client import Client, the_loop

    times: dict[str, list[float]] = {name: [] for name in polls}
    anew = {"cookie": "a=visitor"}  # who brings a cookie gets a page that is made for them, not the kept one
    with Client() as browser:
        for number in range(rounds + 1):
            for name, slug in polls.items():
                mine = []
                for _visit in range(40):
                    began = time.perf_counter()
                    answer = browser.get(f"/p/{slug}/results", headers=anew)
                    mine.append(time.perf_counter() - began)
                    assert answer.status_code == 200
                if number:
                    times[name].append(statistics.median(mine))
    the_loop.close()
    for name, medians in times.items():
        floor = statistics.median(m / e for m, e in zip(medians, times["empty"], strict=True))
        print(f"results page, {name}: p50 {1000 * statistics.median(medians):.2f} ms, {floor:.2f} × the empty poll's")


def _recounts(slug: str, n: int) -> None:
    import numpy as np

    from feedback.analysis import reading
    from feedback.analysis.columns import counted, packed
    from feedback.collect.queries import snapshot
    from polls.frozen import frozen_poll

    with snapshot() as session:
        poll = frozen_poll(session, slug)
        seconds, right = took(reading.recount, session, poll)
    print(
        f"recount from {right['n']:,} rows: {seconds:.1f} s ({seconds.cpu:.1f} of CPU), {seconds / len(poll.questions):.2f} s a question"
    )
    single, rating = poll.questions[:2]
    place = np.random.default_rng(1).integers(1, 6, n)
    bits = {f"{single.id}:o{o.id}": packed(place == at) for at, o in enumerate(single.options, 1)}
    for question, columns in ((single, bits), (rating, {f"{rating.id}:v": place.astype(np.float64)})):
        seconds, found = took(counted, question, columns)
        print(
            f"recount of a {question.kind} from columns of {n:,} responses: {1000 * seconds:.0f} ms, {sum(found.values()):,} counted"
        )


if __name__ == "__main__":
    main()
