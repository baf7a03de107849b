"""Labelled answers for the benchmarks of themes, their vectors, and how well themes agree with the labels."""

import csv
import gzip
import os
import random
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import adjusted_rand_score, v_measure_score

from feedback.themes.embedding import Encoder, encoder
from feedback.themes.similarity import Answers
from feedback.themes.text import clean, language

SEED = 7


@dataclass(frozen=True)
class Labelled:
    """A set by its name: answers with vectors and languages, and the label that people gave to each."""

    name: str
    answers: Answers
    truth: list[str]

    def shuffled(self, seed: int) -> "Labelled":
        """The same in another order."""
        rows = np.random.default_rng(seed).permutation(len(self.truth))
        return Labelled(self.name, self.answers.take(rows), [self.truth[row] for row in rows.tolist()])


def model_folder() -> Path:
    """Where the encoder's file is kept: HEARD_DATA, or a folder of the system's temporary one."""
    return Path(os.environ.get("HEARD_DATA", Path(tempfile.gettempdir()) / "heard-benchmarks")) / "models"


def the_encoder() -> Encoder:
    """The encoder; the benchmarks make no sense without."""
    found = encoder(model_folder())
    if found is None:
        raise SystemExit("The model package is not installed: make setup.")
    return found


def rows_of(path: Path) -> list[dict[str, str]]:
    """The table, every cell as text, in an order that is shuffled but the same each time."""
    csv.field_size_limit(10**8)
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    random.Random(SEED).shuffle(rows)
    return rows


def labelled(path: Path, model: Encoder) -> Labelled:
    """A table with the columns text and label."""
    rows = rows_of(path)
    texts = [clean(row["text"]) for row in rows]
    answers = Answers(texts, model.encode(texts), language(texts))
    return Labelled(path.name.split(".")[0], answers, [row["label"] for row in rows])


def v_of(truth: list[str], level: np.ndarray) -> float:
    """V-measure, 0..1; all that stand alone count as one theme."""
    return float(v_measure_score(truth, level))


def ari_of(truth: list[str], level: np.ndarray) -> float:
    """Adjusted Rand index: 1 the same, 0 chance."""
    return float(adjusted_rand_score(truth, level))


def themes_in(level: np.ndarray) -> int:
    """How many themes there are."""
    return len(set(level.tolist()) - {-1})
