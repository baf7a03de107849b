"""Who speaks for a theme: three answers, and one sentence that says most of it. Pure.

Texts are masked before anything is chosen. Quotes are taken one after the other by maximal marginal relevance (Carbonell
and Goldstein, 1998): each is near the theme's middle and unlike those taken before. The summary is a sentence that
somebody said, whole; nothing is written by us.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

import numpy as np

from feedback.themes.stop_words import CALENDAR, STOP, stem
from feedback.themes.text import clean, cut, has_words, is_order, masked, same_key, words

K = 5
"""k: a name or an order is shown where so many answers of the theme hold it."""

READ = 200
"""Answers of a theme that are looked at, the nearest to its middle first."""
LONGEST_SUMMARY = 300
_DIVERSITY = 0.7
_OWN = 0.25  # share of a theme's answers from which a language has a quote of its own
_FOREIGN = 0.1  # share below which a language has none
_SENTENCE_ENDS = re.compile(r"(?<=[.!?…])[\"”»)']*\s+(?=\S)")
_PLACEHOLDER = re.compile(r"\[(?:e-mail|link|name|phone)\]")
_TITLED = re.compile(
    r"(?<!['’])\b(?i:mr|mrs|ms|miss|dr|prof|sir|madam|sister|nurse|doctor|professor|m|mme|mlle|monsieur|madame|docteur|professeur"
    r"|infirmière|infirmier)\b\.? +(?=[A-ZÀ-Þ])"
)  # fmt: skip
_CAPITAL = re.compile(r"(?<![.!?…:;\"“«\n] )(?<=\w[ ,])[ ]?([A-ZÀ-Þ][a-zß-ÿ]+)\b")


def quotes(
    texts: Sequence[str],
    score: np.ndarray,
    vectors: np.ndarray | None = None,
    languages: Sequence[str] = (),
    *,
    anonymous: bool = False,
    count: int = 3,
) -> list[int]:
    """Places of the answers of one theme that stand for it: near its middle, unlike each other, easy to read.

    score (n,) as in `Clustering`, vectors (n, d) or None, languages as ISO 639 codes, all of these answers alone. Show
    `text.masked` of them. An answer of 20 to 200 characters is preferred; equal ones are taken once. In an anonymous poll
    a theme of fewer than `K` answers has no quotes, and none that singles somebody out by name is taken.
    """
    if anonymous and len(texts) < K:
        return []
    near = nearest(texts, score)
    named = named_by_few([texts[place] for place in near])
    there = [place for place, one in zip(near, named, strict=True) if not (one and anonymous)]
    loss = {place: _unhandy(texts[place]) + 0.3 * one for place, one in zip(near, named, strict=True)}
    spoken = _shares(languages)
    chosen: list[int] = []
    seen: set[str] = set()
    while len(chosen) < count:
        free = [place for place in there if place not in chosen and same_key(texts[place]) not in seen]
        free = _in_turn(free, chosen, languages, spoken)
        if not free:
            break
        best = max(
            free, key=lambda place: (float(score[place]) - loss[place] - _like_chosen(place, chosen, vectors), -place)
        )
        chosen.append(best)
        seen.add(same_key(texts[best]))
    return chosen


def summary(texts: Sequence[str], score: np.ndarray, languages: Sequence[str] = (), *, anonymous: bool = False) -> str:
    """A whole sentence that somebody said, masked, at most 300 characters, or "" where none is fit.

    The one whose words most answers share, and whose answer is near the theme's middle. Sentences in which something is
    masked, that name somebody, that are orders to a machine, or have fewer than four words, are not fit; neither is one
    whose words hardly anybody else has.
    """
    if len(texts) < (K if anonymous else 3):
        return ""
    near = nearest(texts, score)
    shared: Counter[str] = Counter(root for place in near for root in _roots(texts[place]))
    spoken = _shares(languages)
    main = max(spoken, key=lambda language: (spoken[language], language), default="")
    best, found = 0.0, ""
    named = named_by_few([texts[place] for place in near])
    for place, one in zip(near, named, strict=True):
        if one or (main and languages[place] != main):
            continue
        for sentence in _SENTENCE_ENDS.split(masked(clean(cut(texts[place])))):
            if sentence not in texts[place]:
                continue  # shown only while somebody's comment holds it (queries.summary_of)
            worth = _worth(sentence, shared, len(near)) * (0.5 + float(score[place]))
            if worth > best:
                best, found = worth, sentence
    return found


def _worth(sentence: str, shared: Counter[str], answers: int) -> float:
    """How much of the theme a sentence holds: the shares of answers with its words, added up, less for its length."""
    spoken = words(sentence)
    if not 4 <= len(spoken) <= 45 or len(sentence) > LONGEST_SUMMARY or _PLACEHOLDER.search(sentence):
        return 0
    roots = _roots(sentence)
    held = [shared[root] / answers for root in roots if shared[root] >= 2]
    if not held or is_order(sentence):
        return 0
    whole = 1.1 if sentence[-1:] in ".!?…" else 1.0
    return whole * sum(held) / (len(roots) + 2) ** 0.5 * min(1.0, 18 / len(spoken))


def named_by_few(texts: Sequence[str]) -> list[bool]:
    """Whether each answer names somebody whom fewer than k of them name (`names_of_few`)."""
    return [bool(names) for names in names_of_few(texts)]


def names_of_few(texts: Sequence[str]) -> list[set[str]]:
    """For each answer the names in it that fewer than k of them hold: what stands behind a title, or a word with a capital
    inside a sentence that is never written without one. Names at the beginning of a sentence are not seen."""
    low = {word for text in texts for word in re.findall(r"\b[a-zß-ÿ]+\b", text)}
    found = [_names(text, low) for text in texts]
    times = Counter(name for names in found for name in names)
    return [{name for name in names if times[name] < K} for names in found]


def _names(text: str, low: set[str]) -> set[str]:
    if text.isupper() or text.istitle():
        return set()
    plain = low | STOP | CALENDAR  # words that are no names
    capitals = {word for word in _CAPITAL.findall(text) if word.lower() not in plain}
    return capitals | {text[found.end() :].split()[0] for found in _TITLED.finditer(text)}


def nearest(texts: Sequence[str], score: np.ndarray) -> list[int]:
    """Places of the answers that are looked at, the nearest to the middle first. Of a theme these alone are enough to
    choose `quotes` from."""
    order = np.argsort(-np.asarray(score, np.float64), kind="stable").tolist()
    return list(islice((place for place in order if has_words(texts[place]) and not is_order(texts[place])), READ))


def _shares(languages: Sequence[str]) -> dict[str, float]:
    known = Counter(language for language in languages if language)
    return {language: times / known.total() for language, times in known.items()}


def _in_turn(free: list[int], chosen: list[int], languages: Sequence[str], spoken: dict[str, float]) -> list[int]:
    """The answers that may come next: of a language that has a share and no quote yet, else of any that is not foreign."""
    if not spoken:
        return free
    have = {languages[place] for place in chosen}
    waiting = {language for language, share in spoken.items() if share >= _OWN and language not in have}
    own = {language for language, share in spoken.items() if share >= _FOREIGN}
    if chosen and waiting and (late := [place for place in free if languages[place] in waiting]):
        return late
    return [place for place in free if languages[place] in own] or free


def _unhandy(text: str) -> float:
    """What a quote loses for its length or for what had to be masked in it."""
    length = len(text)
    short, long = max(0, 20 - length) / 40, min(0.6, max(0, length - 200) / 400)
    return short + long + (0.2 if masked(text) != text else 0) + (0.1 if text.isupper() else 0)


def _like_chosen(place: int, chosen: list[int], vectors: np.ndarray | None) -> float:
    if vectors is None or not chosen:
        return 0
    return _DIVERSITY * float((vectors[chosen] @ vectors[place]).max())


def _roots(text: str) -> set[str]:
    return {stem(word) for word in words(cut(text)) if word not in STOP and len(word) > 2}
