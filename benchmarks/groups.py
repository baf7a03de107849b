"""Opinion groups beside those that Polis exported, and beside planted ones: `python -m benchmarks.groups FOLDER|planted …`.

FOLDER holds an export of a Polis conversation: a file of participants' votes with the column group-id, and one of comments
(names that end in participants-votes.csv and comments.csv, .gz or not). Statements that were moderated away are left out,
as Polis does. Prints how our groups agree with the exported ones (adjusted Rand index over the people who have a group in
both), with as many groups as the silhouette chooses and with as many as were exported; whether another order of people
gives the same groups; seconds; and the statements that stand for groups, bridge or divide them.

`planted`: votes around groups that are known, of equal and of different sizes; the index with each small cluster counting
once (as we do) and as many times as it has people.
"""

import csv
import gzip
import io
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import adjusted_rand_score

from feedback.groups import finding, statements
from feedback.groups.about_self import about_oneself

PLANTED = (  # sizes of groups; statements; share that is voted on; how far groups are apart
    ((150, 150), 40, 0.5, 0.8), ((250, 50), 40, 0.5, 1.0), ((250, 50), 100, 0.3, 0.8), ((200, 100, 60), 40, 0.5, 1.0),
    ((800, 100), 60, 0.4, 0.8), ((40, 15), 8, 0.9, 3.0), ((30, 20, 10), 8, 0.9, 3.0), ((2000, 400), 8, 0.9, 2.0),
)  # fmt: skip


def main(paths: list[str]) -> int:
    """Print the figures of each export; 2 without one."""
    if not paths:
        print(__doc__, file=sys.stderr)
        return 2
    for path in paths:
        _planted() if path == "planted" else _measure(Path(path))
    return 0


def _measure(folder: Path) -> None:
    comments = {row["comment-id"]: row for row in _rows(folder, "comments")}
    rows = list(_rows(folder, "participants-votes"))
    ids = [name for name in rows[0] if name.isdigit() and comments[name]["moderated"] != "-1"]
    votes = np.array([[int(row[i]) if row[i] else finding.UNSEEN for i in ids] for row in rows], np.int8)
    theirs = np.array([int(row["group-id"] or -1) for row in rows])
    began = time.monotonic()
    found = finding.found_in(votes)
    about_self = np.array([about_oneself(comments[i]["comment-body"]) for i in ids])
    read = statements.read(votes, found, about_self)
    took = time.monotonic() - began
    print(f"{folder}: {votes.shape[0]} people, {votes.shape[1]} statements, {(votes != finding.UNSEEN).sum()} votes")
    out = sum(row["moderated"] == "-1" for row in comments.values())
    print(f"  left out {out} moderated; {about_self.sum()} about oneself")
    print(f"  theirs {_sizes(theirs)}; {took:.2f} s; explained {found.explained:.3f}")
    _compare("ours", found, theirs)
    _compare("ours, as many as theirs", finding.found_in(votes, most=int(theirs.max()) + 1), theirs)
    shuffled = np.random.default_rng(1).permutation(len(votes))
    again = finding.found_in(votes[shuffled])
    print(f"  in another order the same groups: {np.array_equal(again.group, found.group[shuffled])}")
    said = [(f"Group {chr(65 + g)}, {size} people", read.representative[g]) for g, size in enumerate(found.sizes)]
    said += [(f"Who group {chr(65 + g)} are", people) for g, people in enumerate(read.people)]
    for title, several in [*said, ("bridging", read.bridging), ("dividing", read.dividing)]:
        print(f"  {title}")
        for one in several:
            print(f"    {_line(one, read, comments[ids[one.statement]]['comment-body'].strip())}")


def _compare(name: str, found: finding.Found, theirs: np.ndarray) -> None:
    both = (found.group >= 0) & (theirs >= 0)
    index = adjusted_rand_score(theirs[both], found.group[both])
    table = [
        np.bincount(found.group[both & (theirs == g)], minlength=len(found.sizes)).tolist()
        for g in range(theirs.max() + 1)
    ]
    print(
        f"  {name}: {list(found.sizes)}, silhouette {found.silhouette:.3f}, ARI {index:.3f} over {both.sum()}, table {table}"
    )


def _line(one: statements.Finding, read: statements.Read, words: str) -> str:
    side = 0 if one.stance == 1 else 1
    shares = " ".join(
        f"{read.counts[g, one.statement, side]}/{read.counts[g, one.statement].sum()}" for g in range(len(read.counts))
    )
    return f"{'agree   ' if one.stance == 1 else 'disagree'} {one.value:6.2f} z {one.z:5.2f} [{shares}] {words[:160]}"


def _rows(folder: Path, part: str) -> Iterator[dict[str, Any]]:
    path = next(p for p in sorted(folder.iterdir()) if p.name.removesuffix(".gz").endswith(f"{part}.csv"))
    data = path.read_bytes()
    return iter(csv.DictReader(io.StringIO((gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8"))))


def _sizes(groups: np.ndarray) -> list[int]:
    return sorted(np.bincount(groups[groups >= 0]).tolist(), reverse=True)


def _planted() -> None:
    for sizes, n, seen, apart in PLANTED:
        once, often, chosen = [], [], []
        for seed in range(8):
            votes, truth = _votes_of(np.random.default_rng(seed), sizes, n, seen, apart)
            found = finding.found_in(votes)
            placed = found.group >= 0
            once.append(adjusted_rand_score(truth[placed], found.group[placed]))
            chosen.append(len(found.sizes))
            often.append(_by_people(votes, truth))
        print(f"{sizes} {n} statements: ARI {np.mean(once):.2f}, by people {np.mean(often):.2f}; groups {chosen}")


def _votes_of(
    chance: np.random.Generator, sizes: tuple[int, ...], n: int, seen: float, apart: float
) -> tuple[finding.Votes, np.ndarray]:
    """Leanings of each group and of everybody, noise of each person; what is not voted on differs between people."""
    truth = np.repeat(np.arange(len(sizes)), sizes)
    lean = chance.normal(0, apart, (len(sizes), n)) + chance.normal(0, 1, n)
    said = lean[truth] + chance.normal(0, 1, (len(truth), n))
    votes = np.where(said > 0.4, 1, np.where(said < -0.4, -1, 0)).astype(np.int8)
    often = chance.beta(1.2, 1.2 / seen - 1.2, len(truth))
    votes[chance.random(votes.shape) > often[:, None]] = finding.UNSEEN
    return votes, truth


def _by_people(votes: finding.Votes, truth: np.ndarray) -> float:
    """The index where each small cluster counts as many times as it has people, in k-means and in the silhouette."""
    taking = (votes != finding.UNSEEN).sum(axis=1) >= min(finding.ENOUGH, votes.shape[1])
    position, chance = finding.positions(votes[taking])[0], np.random.default_rng(7)
    tries = []
    for k in range(2, finding.MOST_GROUPS + 1):
        label = finding.k_means(position, np.ones(len(position)), k, chance)
        tries.append(
            (
                float(finding.silhouettes(position, np.ones(len(position)), label).mean()),
                -k,
                adjusted_rand_score(truth[taking], label),
            )
        )
    return float(max(tries)[2])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
