"""Goals T1 to T7 of the themes, beside others on the same vectors: `make bench-themes DATA="FILE.csv[.gz] …"`.

Each file has the columns text and label. One run prints for each file: quality at both levels beside BERTopic 0.17.4 (as
found, and with its noise given to the nearest topic), k-means told the true number, and our fallback by words (T1); what
updates do (T2); seconds and memory, each in a process of its own (T4); labels (T6); two runs compared (T7); and once, two
languages together (T5). T3, a hundred histories of edits with updates and refits between, is a test:
`python -m pytest tests/feedback/themes/test_edit_histories.py`. The order of answers is shuffled with fixed seeds, so two
runs print the same but for the seconds.

    python -m benchmarks.themes FILE …                 without BERTopic where its environment is not made
    python -m benchmarks.themes --only T4 FILE …       one goal
    python -m benchmarks.themes --sentences FILE …     answers split into sentences, beside whole ones
    python -m benchmarks.themes --read 50 FILE …       so many answers with their themes, to be judged by a person
"""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path

import numpy as np

from benchmarks import themes_labels, themes_languages, themes_processes, themes_read, themes_sentences, themes_updates
from benchmarks.themes_peers import BERTopic, bertopic, by_words, k_means
from benchmarks.themes_sets import Labelled, ari_of, labelled, the_encoder, themes_in, v_of
from feedback.themes.clustering import Clustering, cluster
from feedback.themes.embedding import Encoder
from feedback.themes.labelling import named


def main() -> int:
    """Print what is asked for."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--sentences", action="store_true")
    parser.add_argument("--only", choices=("T1", "T2", "T4", "T5", "T6", "T7"))
    parser.add_argument("--read", type=int, metavar="N")
    asked = parser.parse_args()
    model = the_encoder()
    for path in asked.files:
        if asked.read:
            themes_read.write(path, asked.read, model)
        elif asked.sentences:
            themes_sentences.compare(labelled(path, model), model)
        else:
            _goals(path, model, asked.only)
    if not (asked.read or asked.sentences) and asked.only in (None, "T5"):
        _languages(model)
    return 0


def _goals(path: Path, model: Encoder, only: str | None) -> None:
    some = labelled(path, model)
    print(f"\n== {some.name}: {len(some.truth)} answers, {len(set(some.truth))} labels", flush=True)
    found = cluster(some.answers)
    other = bertopic(some) if only in (None, "T1", "T4", "T6") else None
    if only in (None, "T1"):
        _quality(some, found, other)
    if only in (None, "T2"):
        _updates(some)
    if only in (None, "T4"):
        _speed(path, some, other)
    if only in (None, "T6"):
        _labels(some, found, other, model)
    if only in (None, "T7"):
        same = themes_processes.twice_the_same(path)
        print(f"T7  two runs of `heard themes`: {'the same bytes' if same else 'DIFFERENT'}", flush=True)


def _quality(some: Labelled, found: Clustering, other: BERTopic | None) -> None:
    rows = [("ours, fine", found.theme), ("ours, coarse", found.coarse)]
    if other:
        rows += [("BERTopic raw", other.raw), ("BERTopic fill", other.fill)]
    words = by_words(some)
    rows += [("k-means, true k", k_means(some)), ("by words, fine", words.theme), ("by words, coarse", words.coarse)]
    for name, level in rows:
        print(
            f"T1  {name:17} V {v_of(some.truth, level):.3f}  ARI {ari_of(some.truth, level):.3f}  "
            f"{themes_in(level):4} themes  {(level < 0).mean():.1%} alone",
            flush=True,
        )


def _updates(some: Labelled) -> None:
    for name, values in themes_updates.steadiness(some).items():
        print(f"T2  +10 %, {name}: mean {np.mean(values):.3f}  ({' '.join(f'{value:.3f}' for value in values)})")
    hit, there, opened = themes_updates.new_labels(some)
    print(f"T2  unseen labels that open a theme: {hit} of {there} ({hit / max(1, there):.2f}); {opened} opened in all")
    fine, coarse, opened = themes_updates.ten_in_a_row(some)
    print(
        f"T2  ten updates, +30 %: V lost to a refit {np.mean(fine):.3f} ({' '.join(f'{lost:.3f}' for lost in fine)}), "
        f"coarse {np.mean(coarse):.3f} ({' '.join(f'{lost:.3f}' for lost in coarse)}); {opened / 5:.1f} themes opened",
        flush=True,
    )


def _speed(path: Path, some: Labelled, other: BERTopic | None) -> None:
    ours, rate = themes_processes.after_embedding(some), themes_processes.texts_a_second(some)
    print(
        f"T4  after embedding: ours {ours.seconds:.2f} s, {ours.processor:.2f} s of processors, {ours.peak:.0f} MiB "
        "(themes and names at both levels)"
    )
    if other:
        print(
            f"T4  after embedding: BERTopic {other.seconds:.2f} s, {other.processor:.2f} s of processors, {other.peak:.0f} MiB; "
            f"{other.seconds / ours.seconds:.1f} × ours, processors {other.processor / ours.processor:.1f} × "
            f"(its first fit in a process, with what is compiled then: {other.first:.2f} s, {other.first_processor:.2f} s of "
            f"processors, {other.first_processor / ours.processor:.1f} ×)"
        )
    whole = themes_processes.heard_themes(path)
    print(
        f"T4  `heard themes`, from start to end: {whole.seconds:.1f} s, {whole.processor:.1f} s of processors, "
        f"{whole.peak:.0f} MiB; encoding {rate:.0f} texts/s",
        flush=True,
    )


def _labels(some: Labelled, found: Clustering, other: BERTopic | None, model: Encoder) -> None:
    fine, coarse = named(some.answers.texts, [found.theme, found.coarse], some.answers.vectors, model)
    rows = [
        ("ours, fine", [themes_labels.words_of(label) for label in fine], found.theme, [label.text for label in fine]),
        (
            "ours, coarse",
            [themes_labels.words_of(each) for each in coarse],
            found.coarse,
            [each.text for each in coarse],
        ),
    ]
    if other:
        said = [other.words[topic] for topic in sorted(other.words)]
        stems = [themes_labels.stems_of(words) for words in said]
        rows.append(("BERTopic fill", stems, other.fill, [" ".join(words) for words in said]))
    for name, words, level, texts in rows:
        one, three = (themes_labels.hit(words, level, some.truth, count) for count in (1, 3))
        print(f"T6  {name:17} one word hits {one:.2f}, three {three:.2f}, distinct {themes_labels.distinct(texts):.2f}")
    bad = themes_labels.planted(some, model)
    print(
        f"T6  labels and keywords with a link, a mention, a name or an order of four answers: {len(bad)} {bad}",
        flush=True,
    )


def _languages(model: Encoder) -> None:
    for name, figures in (
        ("translated answers", themes_languages.translated(model)),
        ("demo", themes_languages.voices(model)),
    ):
        print(
            f"\nT5  {name}: " + ", ".join(f"{what} {value:.3f}".removesuffix(".000") for what, value in figures.items())
        )


if __name__ == "__main__":
    sys.exit(main())
