"""Themes of very many comments, made from real ones: `python -m benchmarks.themes_large 100000 FILE.csv[.gz] …`.

Each file has the columns text and label. A comment is the beginning of one sentence of the files, or all of it, and the end
of another one of the same label: no two are alike, they are as long as real ones (12 words), and there is something to find.
The same count gives the same comments. By turns:

    python -m benchmarks.themes_large 100000 --make comments.csv FILE …    write them to a table, with their labels
    python -m benchmarks.themes_large 100000 FILE …                        `heard themes` on them, a process of its own
    python -m benchmarks.themes_large 100000 --database FILE …             as comments of a poll on SQLite, read twice
    python -m benchmarks.themes_large 1000000 FILE …                       nightly: about an hour on two shared cores

Printed: wall time, processor seconds, peak memory (of the process, and without the pages of files that it maps), and how
well the themes agree with the labels. `--keep FOLDER` keeps what is made.
"""

import csv
import gzip
import random
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterator
from pathlib import Path

SENTENCE_ENDS = re.compile(r"(?<=[.!?…])\s+(?=\S)")
WHOLE = 0.5  # share of comments that begin with a whole sentence


def main() -> int:
    """Print the figures; 2 without a file."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--make", type=Path)
    parser.add_argument("--database", action="store_true")
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = asked.keep or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        table = asked.make or folder / f"comments-{asked.count}.csv"
        _write(table, asked.count, asked.files)
        if asked.database:
            from benchmarks.themes_database import read_from_database

            read_from_database(table)
        elif not asked.make:
            _on_file(table, folder)
    return 0


def comments(count: int, files: list[Path]) -> Iterator[tuple[str, str]]:
    """(text, label) of so many comments, no two alike, in no order."""
    sentences = _sentences(files)
    labels = sorted(sentences)
    weights = [len(sentences[label]) for label in labels]
    chance, seen = random.Random(7), set()
    while len(seen) < count:
        label = chance.choices(labels, weights)[0]
        first, second = chance.sample(sentences[label], 2)
        begun, ended = first.split(), second.split()
        if chance.random() >= WHOLE:
            begun = begun[: (len(begun) + 1) // 2]
        text = " ".join([*begun, *ended[len(ended) // 2 :]])
        if text not in seen:
            seen.add(text)
            yield text, label


def _sentences(files: list[Path]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for path in files:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                some = [one for one in SENTENCE_ENDS.split(row["text"].strip()) if len(one.split()) >= 3]
                found.setdefault(row["label"], {}).update(dict.fromkeys(some))
    return {label: list(some) for label, some in found.items()}


def _write(table: Path, count: int, files: list[Path]) -> None:
    began, length = time.monotonic(), 0
    with table.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("text", "label"))
        for text, label in comments(count, files):
            out.writerow((text, label))
            length += len(text.split())
    size = table.stat().st_size / 1e6
    print(f"{count:,} comments of {length / count:.1f} words, {size:.0f} MB, made in {time.monotonic() - began:.0f} s")


def _on_file(table: Path, folder: Path) -> None:
    """`heard themes` in a process of its own; its memory is looked at twice a second."""
    output = folder / f"{table.stem}-themes.csv"
    command = [sys.executable, "-m", "heard.cli", "themes", str(table), "--column", "text", "--output", str(output)]
    began = time.monotonic()
    process = subprocess.Popen(command)
    looks: list[tuple[float, float]] = []
    watching = threading.Thread(target=_watch, args=(process, looks), daemon=True)
    watching.start()
    status = process.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"exit {status}; {time.monotonic() - began:.0f} s of wall time, {used.ru_utime + used.ru_stime:.0f} s of processors; "
        f"peak {used.ru_maxrss / 1024:.0f} MiB"
    )
    steps = looks[:: max(1, len(looks) // 20)]
    print("memory over time (s: MiB): " + ", ".join(f"{second:.0f}: {memory:.0f}" for second, memory in steps))
    if status == 0:
        _agreement(table, output)


def _watch(process: subprocess.Popen[bytes], looks: list[tuple[float, float]]) -> None:
    began = time.monotonic()
    while process.poll() is None:
        try:
            said = Path(f"/proc/{process.pid}/status").read_text()
            looks.append((time.monotonic() - began, int(said.split("RssAnon:")[1].split()[0]) / 1024))
        except (OSError, IndexError):
            return  # it has ended, or this is no Linux
        time.sleep(0.5)


def _agreement(table: Path, output: Path) -> None:
    """V-measure and ARI of both levels against the labels that the comments were made from."""
    from sklearn.metrics import adjusted_rand_score, v_measure_score

    with table.open(encoding="utf-8", newline="") as told, output.open(encoding="utf-8", newline="") as found:
        truth = [row["label"] for row in csv.DictReader(told)]
        levels = [(int(row["theme"]), int(row["parent"])) for row in csv.DictReader(found)]
    for name, level in zip(("fine", "coarse"), zip(*levels, strict=True), strict=True):
        v, ari = v_measure_score(truth, level), adjusted_rand_score(truth, level)
        print(f"  {name:7} {len(set(level) - {-1})} themes of {len(set(truth))} labels, V {v:.3f}, ARI {ari:.3f}")


if __name__ == "__main__":
    sys.exit(main())
