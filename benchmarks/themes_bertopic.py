"""BERTopic on given vectors, in its own environment and process: `.venv-bench/bin/python benchmarks/themes_bertopic.py FOLDER`.

Reads texts.json and vectors.npy of the folder, writes bertopic.json: for each answer its topic as found (−1: noise) and
with the noise given to the nearest topic (`reduce_outliers`, by vectors), three words of each topic, seconds of the first
fit and of a second one, when everything is compiled, and peak memory. All settings are BERTopic's own but for UMAP's seed,
without which no two runs are alike.
"""

import json
import resource
import sys
import time
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")


def main(folder: Path) -> int:
    """Fit twice and write what was found."""
    import numpy as np

    texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    vectors = np.load(folder / "vectors.npy")
    first, first_processor, _, _ = _fitted(texts, vectors)
    second, processor, model, topics = _fitted(texts, vectors)
    noise = -1 in topics and len(set(topics)) > 2
    filled = model.reduce_outliers(texts, topics, strategy="embeddings", embeddings=vectors) if noise else topics
    said = {
        str(topic): [word for word, _ in words[:3]] for topic, words in model.get_topics().items() if int(topic) >= 0
    }
    found = {
        "raw": [int(topic) for topic in topics],
        "fill": [int(topic) for topic in filled],
        "words": said,
        "first": first,
        "second": second,
        "processor": processor,
        "first_processor": first_processor,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    (folder / "bertopic.json").write_text(json.dumps(found), encoding="utf-8")
    return 0


def _fitted(texts, vectors):
    """(seconds, seconds of processors, model, topics)."""
    from bertopic import BERTopic
    from umap import UMAP

    began, worked = time.monotonic(), time.process_time()
    umap = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=42)
    model = BERTopic(umap_model=umap)
    topics, _ = model.fit_transform(texts, vectors)
    return time.monotonic() - began, time.process_time() - worked, model, topics


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
