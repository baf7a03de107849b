"""Quality, speed and steadiness of the themes on a labelled table: `python benchmarks/themes.py FILE.csv[.gz] …`.

Each file has the columns text and label. Prints for each: V-measure, ARI and number of themes at both levels, seconds of
the whole process and of its parts, peak memory; then what +10 % answers do (goal T2 of docs/themes.md), and ten updates
in a row. The order of answers is shuffled with seed 7, so two runs print the same but for the seconds. The encoder's
file is kept in HEARD_DATA, or in a folder of the system's temporary one.
"""

import csv
import gzip
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.metrics import adjusted_rand_score, v_measure_score

from feedback.themes.clustering import Clustering, cluster, join
from feedback.themes.embedding import encoder
from feedback.themes.labelling import labels, read_words
from feedback.themes.similarity import Answers
from feedback.themes.text import clean, language


def main(paths: list[str]) -> int:
    """Print the figures of each file; 2 without a file."""
    if not paths:
        print(__doc__, file=sys.stderr)
        return 2
    for path in paths:
        _measure(Path(path))
    return 0


def _measure(path: Path) -> None:
    texts, truth = _read(path)
    folder = Path(os.environ.get("HEARD_DATA", Path(tempfile.gettempdir()) / "heard-benchmarks")) / "models"
    encoder(folder)  # made once, and not what is timed
    began = time.monotonic()
    model = encoder(folder)
    vectors = model.encode(texts) if model else None
    encoded = time.monotonic()
    answers = Answers(texts, vectors, language(texts))
    found = cluster(answers)
    clustered = time.monotonic()
    said = read_words(texts)
    named = [labels(texts, level, vectors, model, said=said) for level in (found.theme, found.coarse)]
    ended = time.monotonic()
    print(f"{path.name}: {len(texts)} answers, {len(set(truth))} labels, engine {model.name if model else 'words'}")
    for name, level in (("fine", found.theme), ("coarse", found.coarse)):
        print(f"  {name:7} {_quality(truth, level)}")
    print(
        f"  seconds {ended - began:.1f}: encoding {encoded - began:.1f} ({len(texts) / (encoded - began):.0f} texts/s), "
        f"themes {clustered - encoded:.1f}, labels {ended - clustered:.1f}; "
        f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"
    )
    _steadiness(answers, truth, found)
    for name, level, some in (("fine", found.theme, named[0]), ("coarse", found.coarse, named[1])):
        sizes = Counter(level.tolist())
        print(f"  {name:7} " + ", ".join(f"{label.text} {sizes[theme]}" for theme, label in enumerate(some[:10])))


def _read(path: Path) -> tuple[list[str], list[str]]:
    csv.field_size_limit(10**8)
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    random.Random(7).shuffle(rows)
    return [clean(row["text"]) for row in rows], [row["label"] for row in rows]


def _quality(truth: list[str], level: np.ndarray) -> str:
    themes = len(set(level.tolist()) - {-1})
    v, ari = v_measure_score(truth, level), adjusted_rand_score(truth, level)
    return f"{themes} themes, V {v:.3f}, ARI {ari:.3f}, {(level < 0).mean():.1%} alone"


def _steadiness(answers: Answers, truth: list[str], full: Clustering) -> None:
    """What an update of +10 % does, with nothing new and with labels never seen; and ten updates in a row."""
    count = len(truth)
    first = np.arange(round(count / 1.1))
    theme, opened = _updated(answers, first, np.arange(len(first), count))
    shares = [np.bincount(some[some >= 0], minlength=theme.max() + 1) / len(some) for some in (theme[first], theme)]
    drift = np.abs(shares[0] - shares[1]).sum() / 2
    v = v_measure_score(truth, theme)
    print(
        f"  +10 %   {opened} false themes, drift of shares {drift:.3f}, V {v:.3f} (refit {_v(truth, full.theme):.3f})"
    )
    _new_labels(answers, truth)
    seen, opened = np.arange(round(count / 1.3)), 0
    stand = cluster(answers.take(seen)).theme
    tenth = np.array_split(np.arange(len(seen), count), 10)
    for rows in tenth:
        joined = join(answers.take(seen), stand, answers.take(rows))
        seen, stand = np.concatenate([seen, rows]), np.concatenate([stand, joined.theme])
        opened += len(joined.beside)
    print(f"  10 x    +30 % in ten updates: {opened} themes opened, V {_v([truth[i] for i in seen], stand):.3f}")


def _new_labels(answers: Answers, truth: list[str]) -> None:
    """Half of the arrivals are of labels that no answer had before: how many of these labels open a theme?"""
    sizes = Counter(truth)
    order = sorted(sizes)
    random.Random(7).shuffle(order)
    wanted, new = len(truth) / 22, set()
    for label in order:
        if sum(sizes[each] for each in new) + sizes[label] <= wanted * 1.2:
            new.add(label)
    rows = np.arange(len(truth))
    unseen = np.array([label in new for label in truth])
    known = rows[~unseen]
    cut = len(known) - int(unseen.sum())
    arriving = np.concatenate([known[cut:], rows[unseen]])
    theme, opened = _updated(answers, known[:cut], arriving)
    fresh = theme[len(known[:cut]) :]
    first = int(theme[: len(known[:cut])].max()) + 1
    most = {Counter(truth[i] for i in arriving[fresh == t]).most_common(1)[0][0] for t in range(first, first + opened)}
    print(f"  new     {len(most & new)} of {len(new)} unseen labels open a theme, {opened} opened in all")


def _updated(answers: Answers, old: np.ndarray, new: np.ndarray) -> tuple[np.ndarray, int]:
    before = cluster(answers.take(old)).theme
    joined = join(answers.take(old), before, answers.take(new))
    return np.concatenate([before, joined.theme]), len(joined.beside)


def _v(truth: list[str], level: np.ndarray) -> float:
    return float(v_measure_score(truth, level))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
