"""Would answers of several points be better split? Sentences and clauses clustered by themselves, beside whole answers.

An answer's theme is that of its longest part, or the one that most of its words are in; and where a set has several labels
for an answer (separated by "|"), how many of them its themes cover.
"""

import re
from collections import Counter

import numpy as np

from benchmarks.themes_sets import SEED, Labelled, ari_of, themes_in, v_of
from feedback.themes.clustering import Clustering, cluster
from feedback.themes.embedding import Encoder
from feedback.themes.similarity import Answers
from feedback.themes.text import language

SPLITS = {
    "sentences": re.compile(r"(?<=[.!?…])\s+(?=\S)|\s*\n\s*"),
    "clauses": re.compile(
        r"(?<=[.!?…;])\s+(?=\S)|\s*[,;]\s+|\s+(?:but|and|although|however|because)\s+", re.IGNORECASE
    ),
}
FEWEST = 2  # words of a part; shorter ones stay with the part before


def compare(some: Labelled, model: Encoder) -> None:
    """Print whole answers, sentences and clauses, in three orders of the answers each."""
    print(f"\n== {some.name}: {len(some.truth)} answers")
    for name in ("whole answers", *SPLITS):
        rows = [_measured(some.shuffled(SEED + turn), name, model) for turn in range(3)]
        mean = np.mean([row[1:] for row in rows], axis=0)
        print(
            f"{name:14} {rows[0][0]}; fine V {mean[0]:.3f} ARI {mean[1]:.3f} ({mean[2]:.0f} themes), "
            f"coarse V {mean[3]:.3f} ARI {mean[4]:.3f} ({mean[5]:.0f}); "
            f"labels covered: fine {mean[6]:.3f}, coarse {mean[7]:.3f}, with {mean[8]:.2f} fine themes an answer",
            flush=True,
        )


def _measured(some: Labelled, way: str, model: Encoder) -> tuple[str, *tuple[float, ...]]:
    """How it was split; V, ARI and themes at each level; share of labels covered at each; themes an answer."""
    parts = [_parts(text, way) for text in some.answers.texts]
    texts = [part for row in parts for part in row]
    owner = np.repeat(np.arange(len(parts)), [len(row) for row in parts])
    whole = way == "whole answers"
    vectors = some.answers.vectors if whole else model.encode(texts)
    found = cluster(Answers(texts, np.asarray(vectors), language(texts)))
    first = [label.split("|")[0] for label in some.truth]
    length = np.array([len(text.split()) for text in texts])
    figures: list[float] = []
    for level in (found.theme, found.coarse):
        main = _main(level, owner, length, len(parts))
        figures += [v_of(first, main), ari_of(first, main), themes_in(main)]
    covered = [_covered(level, owner, some.truth) for level in (found.theme, found.coarse)]
    return f"{len(texts)} parts", *figures, *covered, _themes_an_answer(found, owner, len(parts))


def _parts(text: str, way: str) -> list[str]:
    if way == "whole answers":
        return [text]
    parts: list[str] = []
    for part in SPLITS[way].split(text):
        if parts and len(part.split()) < FEWEST:
            parts[-1] = f"{parts[-1]} {part}"
        elif part:
            parts.append(part)
    return parts or [text]


def _main(level: np.ndarray, owner: np.ndarray, length: np.ndarray, count: int) -> np.ndarray:
    """The theme of each answer: the one that most words of its parts are in."""
    words = [Counter[int]() for _ in range(count)]
    for theme, place, size in zip(level.tolist(), owner.tolist(), length.tolist(), strict=True):
        words[place][theme] += size * (theme >= 0)
    return np.array([max(each, key=lambda theme: (each[theme], -theme)) for each in words])


def _covered(level: np.ndarray, owner: np.ndarray, truth: list[str]) -> float:
    """Each theme stands for the label that most of its answers have; how many of all labels the themes of answers bring."""
    holds: dict[int, Counter[str]] = {}
    themes: dict[int, set[int]] = {}
    for theme, place in zip(level.tolist(), owner.tolist(), strict=True):
        holds.setdefault(theme, Counter()).update(truth[place].split("|"))
        themes.setdefault(place, set()).add(theme)
    stands_for = {theme: max(labels, key=lambda label: (labels[label], label)) for theme, labels in holds.items()}
    hit = there = 0
    for place, label in enumerate(truth):
        wanted = set(label.split("|"))
        hit, there = hit + len(wanted & {stands_for[theme] for theme in themes[place]}), there + len(wanted)
    return hit / there


def _themes_an_answer(found: Clustering, owner: np.ndarray, count: int) -> float:
    return len(set(zip(owner.tolist(), found.theme.tolist(), strict=True))) / count
