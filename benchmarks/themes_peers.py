"""What themes are compared with on the same vectors: BERTopic in its own environment, k-means, words alone."""

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.themes_sets import Labelled
from feedback.themes.clustering import Clustering, cluster
from feedback.themes.similarity import Answers

PYTHON = Path(__file__).resolve().parents[1] / ".venv-bench" / "bin" / "python"
SCRIPT = Path(__file__).with_name("themes_bertopic.py")


@dataclass(frozen=True)
class BERTopic:
    """raw, fill int64 (n,): topics with noise as −1, and with noise given to the nearest. words: three of each topic.
    seconds and processor of a second fit in the same process; first, first_processor: with what is
    compiled at a start; peak in MiB."""

    raw: np.ndarray
    fill: np.ndarray
    words: dict[int, list[str]]
    seconds: float
    processor: float
    first: float
    first_processor: float
    peak: float


def bertopic(some: Labelled) -> BERTopic | None:
    """Run BERTopic on a set; None where `make bench-themes` has not made its environment."""
    if not PYTHON.exists():
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "texts.json").write_text(json.dumps(list(some.answers.texts)), encoding="utf-8")
        np.save(folder / "vectors.npy", np.asarray(some.answers.vectors))
        subprocess.run([PYTHON, SCRIPT, folder], check=True, stderr=subprocess.DEVNULL)
        found = json.loads((folder / "bertopic.json").read_text(encoding="utf-8"))
    words = {int(topic): said for topic, said in found["words"].items()}
    raw, fill = np.array(found["raw"], np.int64), np.array(found["fill"], np.int64)
    return BERTopic(
        raw, fill, words, found["second"], found["processor"], found["first"], found["first_processor"], found["peak"]
    )


def k_means(some: Labelled) -> np.ndarray:
    """k-means on the vectors, told the true number of labels."""
    from sklearn.cluster import KMeans

    return np.asarray(KMeans(len(set(some.truth)), n_init=10, random_state=0).fit_predict(some.answers.vectors))


def by_words(some: Labelled) -> Clustering:
    """Our fallback where the model is not installed."""
    return cluster(Answers(some.answers.texts, None, some.answers.languages))
