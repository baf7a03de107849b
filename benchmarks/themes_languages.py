"""Goal T5: half of the answers in English, half in French; the same in English alone."""

import random
from pathlib import Path

import numpy as np

from benchmarks.themes_sets import v_of
from feedback.themes.clustering import Clustering, cluster
from feedback.themes.embedding import Encoder
from feedback.themes.similarity import Answers
from feedback.themes.text import language

PAIRS = Path(__file__).with_name("themes_two_languages.txt")
VOICES = Path(__file__).resolve().parents[1] / "heard" / "demo_voices.txt"
SEEDS = range(7, 12)


def translated(model: Encoder) -> dict[str, float]:
    """Invented answers that were written in both languages: of each one language is drawn, half of them French. Means of
    five drawings."""
    pairs = _pairs()
    topics = [topic for topic, _, _ in pairs]
    english = [one for _, one, _ in pairs]
    alone = _found(english, model)
    figures: dict[str, list[float]] = {}
    for seed in SEEDS:
        french = set(random.Random(seed).sample(range(len(pairs)), len(pairs) // 2))
        texts = [other if place in french else one for place, (_, one, other) in enumerate(pairs)]
        said = ["fr" if place in french else "en" for place in range(len(pairs))]
        _measure(figures, _found(texts, model), topics, said)
    both = {name: float(np.mean(values)) for name, values in figures.items()}
    return {"answers": len(pairs), "topics": len(set(topics)), "alone": v_of(topics, alone.theme)} | both


def voices(model: Encoder) -> dict[str, float]:
    """The demo's answers (a topic each, no translations): as many English as French ones of each topic."""
    topics, texts, said = _balanced()
    english = [place for place, code in enumerate(said) if code == "en"]
    alone = _found([texts[place] for place in english], model)
    figures: dict[str, list[float]] = {}
    _measure(figures, _found(texts, model), topics, said)
    both = {name: values[0] for name, values in figures.items()}
    return {
        "answers": len(texts),
        "topics": len(set(topics)),
        "alone": v_of([topics[place] for place in english], alone.theme),
    } | both


def _measure(figures: dict[str, list[float]], found: Clustering, topics: list[str], said: list[str]) -> None:
    figures.setdefault("topic", []).append(v_of(topics, found.theme))
    figures.setdefault("language", []).append(v_of(said, found.theme))
    figures.setdefault("language, coarse", []).append(v_of(said, found.coarse))
    chance = [v_of(random.Random(turn).sample(said, len(said)), found.theme) for turn in range(20)]
    figures.setdefault("language by chance", []).append(float(np.mean(chance)))


def _found(texts: list[str], model: Encoder) -> Clustering:
    return cluster(Answers(texts, model.encode(texts), language(texts)))


def _pairs() -> list[tuple[str, str, str]]:
    topic, found = "", []
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            topic = line[2:]
        elif topic and " | " in line:
            one, other = line.split(" | ")
            found.append((topic, one, other))
    return found


def _balanced() -> tuple[list[str], list[str], list[str]]:
    """(topics, texts, languages) of the demo's answers."""
    by_topic: dict[str, dict[str, list[str]]] = {}
    topic = ""
    for line in VOICES.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            topic = line[2:]
        elif topic and line[:3] in ("en ", "fr "):
            by_topic.setdefault(topic, {"en": [], "fr": []})[line[:2]].append(line.split(" ", 2)[2])
    rows = [
        (topic, text, code)
        for topic, both in by_topic.items()
        for code in ("en", "fr")
        for text in both[code][: min(map(len, both.values()))]
    ]
    topics, texts, said = zip(*rows, strict=True)
    return list(topics), list(texts), list(said)
