"""Answers drawn by chance with the theme each was given, to be judged right, wrong or arguable by a person."""

import random
from pathlib import Path

import numpy as np

from benchmarks.themes_sets import labelled
from feedback.themes.clustering import cluster
from feedback.themes.embedding import Encoder
from feedback.themes.labelling import named
from feedback.themes.quotes import quotes
from feedback.themes.text import masked

SEED = 11


def write(path: Path, count: int, model: Encoder) -> None:
    """Print so many answers of a file, in Markdown."""
    some = labelled(path, model)
    texts, vectors = some.answers.texts, np.asarray(some.answers.vectors)
    found = cluster(some.answers)
    fine, coarse = named(texts, [found.theme, found.coarse], vectors, model)
    print(f"# {count} answers of {some.name}, drawn with seed {SEED}\n")
    print("Does the theme say what the answer is about? Right, wrong or arguable; the file's own label stands last.\n")
    for turn, row in enumerate(random.Random(SEED).sample(range(len(texts)), count), 1):
        theme, above = int(found.theme[row]), int(found.coarse[row])
        print(f"## {turn}. {masked(texts[row])}\n")
        if theme < 0:
            print("- stands alone")
        else:
            members = np.flatnonzero(found.theme == theme)
            said = [texts[member] for member in members.tolist()]
            chosen = quotes(said, found.score[members], vectors[members], count=2)
            print(f"- theme: **{fine[theme].text}** ({len(members)}): {', '.join(fine[theme].keywords)}")
            print(f"- in: {coarse[above].text}; score {found.score[row]:.2f}")
            for place in chosen:
                print(f"  > {masked(said[place])}\n")
        print(f"- label of the file: {some.truth[row]}\n- judged:\n")
