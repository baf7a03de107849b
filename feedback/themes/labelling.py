"""Names for themes: two or three words of their own answers, and the words around them.

Pure. Words and pairs of words are weighed by class-based TF-IDF (how many answers of the theme hold them against how
many of all), and put in order again by how near the encoder finds them to the theme, where there is one.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from feedback.themes.phrases import ANY_PRAISE, SAID, Key, Phrases, Said, count, read
from feedback.themes.similarity import Kept
from feedback.themes.stop_words import CALENDAR, MOODS, WEAK, stem
from feedback.themes.text import clean, has_words, is_order, masked, same_key

LEAST = 5
"""k: a label's words stand in so many answers, or in all of a smaller theme, where there are such words at all."""

MIXED = "Mixed answers"
"""The label of a theme whose answers share no word that may be shown."""

READ = 20_000
OF_EACH = 50
"""Answers that are read for names at the most: their words take 5 kB of memory each."""

_RERANKED = 10  # candidates a theme that the encoder sees


class _Encoder(Protocol):
    def encode(self, texts: Sequence[str]) -> np.ndarray: ...


@dataclass(frozen=True)
class Label:
    """`text` in sentence case, never empty; `keywords` up to 8, best first, as written most often."""

    text: str
    keywords: list[str] = field(default_factory=list)


def named(
    texts: Sequence[str],
    levels: Sequence[np.ndarray],
    vectors: np.ndarray | Kept | None = None,
    encoder: _Encoder | None = None,
    *,
    said: Said | None = None,
) -> list[list[Label]]:
    """`labels` of the same answers at several levels, the finest first; their words are read once.

    Of more than `READ` answers an even part is read, and up to `OF_EACH` of every theme; `said` is then of no use.
    """
    rows = _rows_read(levels[0])
    if len(rows) < len(texts):
        texts, levels, said = [texts[row] for row in rows.tolist()], [level[rows] for level in levels], None
    some = None if vectors is None else vectors[rows] if len(rows) else np.zeros((0, 1), np.float32)
    said = said if said is not None else read_words(texts)
    once = None if encoder is None else _Once(encoder)
    return [labels(texts, level, some, once, said=said) for level in levels]


class _Once:
    """An encoder that is given no words twice: what two levels may be called is much the same."""

    def __init__(self, encoder: _Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, np.ndarray] = {}

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.array([self._known[text] for text in texts])


def _rows_read(themes: np.ndarray) -> np.ndarray:
    """Rows in their order, spread evenly, with the first `OF_EACH` of each theme: one of a few answers has its name too."""
    count = len(themes)
    if count <= READ:
        return np.arange(count)
    chosen = np.zeros(count, bool)
    chosen[np.arange(READ) * count // READ] = True
    order = np.argsort(themes, kind="stable")
    turn = np.arange(count) - np.searchsorted(themes[order], themes[order])
    chosen[order[(turn < OF_EACH) & (themes[order] >= 0)]] = True
    return np.flatnonzero(chosen)


def labels(
    texts: Sequence[str],
    themes: np.ndarray,
    vectors: np.ndarray | None = None,
    encoder: _Encoder | None = None,
    *,
    said: Said | None = None,
) -> list[Label]:
    """One label a theme, no two alike. themes int64 (n,), numbered from 0, −1 stands alone; vectors (n, d) or None.

    Themes are named in their order, so that the larger one gets the better name. `said` is `read_words` of the same
    texts, to name several levels without reading them again.
    """
    found = count(said if said is not None else read_words(texts), themes, int(themes.max(initial=-1)) + 1)
    candidates = [_candidates(found, theme) for theme in range(len(found.sizes))]
    if encoder is not None and vectors is not None and len(vectors):
        candidates = _reranked(candidates, found, themes, vectors, encoder)
        for theme in [theme for theme, some in enumerate(candidates) if not some]:
            candidates[theme] = _near_all(found, theme, vectors[themes == theme], encoder)
    taken: set[frozenset[str]] = set()
    written: set[str] = set()
    listed = []
    for theme, some in enumerate(candidates):
        text = _first_free(some, found, theme, taken, written) if some else _unnamed(texts, themes, theme, written)
        written.add(text.casefold())
        listed.append(Label(text, _keywords(some, found, theme)))
    return listed


def read_words(texts: Sequence[str]) -> Said:
    """What `labels` takes as `said`. An order to a machine that fewer than k answers hold has no words."""
    orders = [is_order(text) for text in texts]
    few = sum(orders) < LEAST
    return read(["" if few and order else clean(text) for text, order in zip(texts, orders, strict=True)])


@dataclass(frozen=True)
class _Candidate:
    key: Key
    worth: float


def _candidates(found: Phrases, theme: int) -> list[_Candidate]:
    """What the theme may be called, best first: keys in k of its answers or, failing that, in two at least."""
    within, size = found.within[theme], found.sizes[theme]
    for least in (min(LEAST, size), min(3, size), min(2, size)):
        alone = {key: _worth(found, theme, key) for key, seen in within.items() if seen >= least}
        alone = {
            key: worth
            for key, worth in alone.items()
            if worth > 0 and (within[key] >= LEAST or not _may_be_a_name(found.surface(theme, key)))
        }
        if alone:
            break
    cut_off = _cut_off(within, list(alone))
    ranked = [
        _Candidate(key, _weighed(key, own, alone, found, theme)) for key, own in alone.items() if key not in cut_off
    ]
    return sorted((each for each in ranked if each.worth > 0), key=lambda each: (-each.worth, each.key))


def _may_be_a_name(form: str) -> bool:
    """Whether a word of it is mostly written with a capital inside sentences, and is no day, month or abbreviation."""
    return any(word[:1].isupper() and word[1:].islower() and word.lower() not in CALENDAR for word in form.split())


def _cut_off(within: Counter[Key], keys: list[Key]) -> set[Key]:
    """Keys that are mostly a part of a longer one: “disposable virtual” of “disposable virtual card”."""
    parts: set[Key] = set()
    for key in keys:
        if key[0] == SAID and len(key) == 5:
            parts |= {part for part in ((SAID, *key[1:4]), (SAID, *key[2:])) if within[key] >= 0.5 * within[part]}
        elif key[0] != SAID and len(key) == 3:
            begun = tuple(sorted(key[:2]))
            parts |= {begun} if within[key] >= 0.6 * within[begun] else set()
    return parts


def _weighed(key: Key, own: float, alone: dict[Key, float], found: Phrases, theme: int) -> float:
    """The worth of a key with a part of that of its words, so that a telling pair wins over its single words."""
    within = found.within[theme]
    if key[0] == SAID:
        return 0.9 * own if within[key] >= 0.1 * found.sizes[theme] else 0
    parts = sum(max(0.0, alone.get((word,), 0)) for word in key)
    if len(key) == 1:
        return 0.75 * own * _strength(key)
    if len(key) == 3:
        whole = max(within[tuple(sorted(key[:2]))], within[tuple(sorted(key[1:]))])
        if within[key] < 0.6 * whole:
            return 0.5 * own * _strength(key)
    return (1.3 * own + 0.5 * parts) * _strength(key)


def _worth(found: Phrases, theme: int, key: Key) -> float:
    """Share of the theme's answers with the key × how much more often than elsewhere (logarithm), in nats."""
    inside = found.within[theme][key]
    outside = found.total[key] - inside
    share = inside / found.sizes[theme]
    elsewhere = (outside + 0.5) / (found.answers - found.sizes[theme] + 1)
    return share * float(np.log((share + 0.005) / (elsewhere + 0.005)))


def _strength(key: Key) -> float:
    """What is left of a key's worth for words that hardly name anything: 1 for most keys."""
    if len(key) == 1:
        return 0.2 if key[0] in _WEAK_STEMS else 0.5 if key[0] in _MOOD_STEMS else 1.0
    return (1.0, 0.8, 0.5, 0.3)[sum(word in _WEAK_STEMS for word in key)]


_WEAK_STEMS = frozenset(stem(word) for word in WEAK)
_MOOD_STEMS = frozenset(stem(word) for word in MOODS)


def _reranked(
    candidates: list[list[_Candidate]], found: Phrases, themes: np.ndarray, vectors: np.ndarray, encoder: _Encoder
) -> list[list[_Candidate]]:
    """The first few of each theme in the order of worth × nearness to the theme's middle, seen from the middle of all."""
    shown = [found.surface(theme, each.key) for theme, some in enumerate(candidates) for each in some[:_RERANKED]]
    if not shown:
        return candidates
    spoken = encoder.encode(shown)
    spoken = spoken - spoken.mean(axis=0)
    spoken /= np.maximum(np.linalg.norm(spoken, axis=1, keepdims=True), 1e-6)
    middle = vectors.mean(axis=0)
    place, order = 0, []
    for theme, some in enumerate(candidates):
        head = some[:_RERANKED]
        centre = vectors[themes == theme].mean(axis=0) - middle
        centre /= max(float(np.linalg.norm(centre)), 1e-6)
        near = spoken[place : place + len(head)] @ centre
        place += len(head)
        again = [_Candidate(each.key, each.worth * (1 + float(alike))) for each, alike in zip(head, near, strict=True)]
        order.append(sorted(again, key=lambda each: (-each.worth, each.key)) + some[_RERANKED:])
    return order


def _near_all(found: Phrases, theme: int, vectors: np.ndarray, encoder: _Encoder) -> list[_Candidate]:
    """Words of one answer that fit every other answer of a small theme: “cold” for “too cold” and “the room is freezing”.

    A word that only its own answer is about, as a name or an instruction is, does not pass.
    """
    within = found.within[theme]
    keys = sorted(key for key in within if key[0] != SAID and found.surface(theme, key).islower())[:60]
    if not keys or len(vectors) > 2 * LEAST:
        return []
    spoken = encoder.encode([found.surface(theme, key) for key in keys])
    fit = (spoken @ vectors.T).min(axis=1)
    near = [
        _Candidate(key, float(worth) * _strength(key)) for key, worth in zip(keys, fit, strict=True) if worth >= 0.3
    ]
    return sorted(near, key=lambda each: (-each.worth, each.key))[:3]


def _first_free(
    candidates: list[_Candidate], found: Phrases, theme: int, taken: set[frozenset[str]], written: set[str]
) -> str:
    """The best candidate that no other theme has; else one other themes have in other words (“Good service” beside
    “Excellent service”); else a single word that is in another label; else a number behind the best.
    """
    used = frozenset().union(*taken)

    def late(each: _Candidate) -> int:
        return 2 if len(each.key) == 1 and each.key[0] in used else int(frozenset(each.key) in taken)

    for each in sorted(_longer_first(candidates, found, theme), key=late):
        text = _sentence_case(found.surface(theme, each.key))
        if text.casefold() not in written:
            taken.add(frozenset(each.key))
            return text
    return _numbered(_sentence_case(found.surface(theme, candidates[0].key)), written)


def _unnamed(texts: Sequence[str], themes: np.ndarray, theme: int, written: set[str]) -> str:
    """For a theme whose answers share no word that names: what most of them say, if it is short and often said."""
    own = [texts[place] for place in np.flatnonzero(themes == theme).tolist()]
    said = Counter(same_key(text) for text in own)
    key, times = min(said.items(), key=lambda pair: (-pair[1], pair[0]))
    text = clean(next(text for text in own if same_key(text) == key)).rstrip(".,;:!")
    short = has_words(text) and len(text) <= 40 and masked(text) == text and times >= min(LEAST, len(own))
    short = short and (times >= LEAST or not (is_order(text) or any(map(_may_be_a_name, text.split()[1:]))))
    return _numbered(_sentence_case(text) if short else MIXED, written)


def _numbered(text: str, written: set[str]) -> str:
    """The text, with a number behind it where it is taken."""
    number = 2
    while text.casefold() in written and f"{text} ({number})".casefold() in written:
        number += 1
    return f"{text} ({number})" if text.casefold() in written else text


def _longer_first(candidates: list[_Candidate], found: Phrases, theme: int) -> list[_Candidate]:
    """The same, but before a single word the best pair that holds it, if one in 16 of its answers has the pair; and
    before a pair its word alone where two others are as frequent: “Food” for cold food, late food and good food.
    """
    order: list[_Candidate] = []
    within = found.within[theme]
    singles = {each.key[0]: each for each in candidates if len(each.key) == 1 and _strength(each.key) == 1}
    pairs = [each.key for each in candidates if len(each.key) == 2]
    for each in candidates:
        if len(each.key) == 2:
            order += [
                singles[word]
                for word in each.key
                if word in singles
                and singles[word] not in order
                and within[word,] >= 2 * within[each.key]
                and sum(word in pair and within[pair] == within[each.key] for pair in pairs) >= 3
            ]
        if each not in order and len(each.key) == 1 and " " not in found.surface(theme, each.key):
            longer = [
                pair
                for pair in candidates
                if len(pair.key) > 1
                and each.key[0] in pair.key
                and pair not in order
                and pair.worth >= 0.3 * each.worth
                and within[pair.key] * 16 >= within[each.key]
            ]
            often = {pair.key: within[pair.key] * (0.5 if ANY_PRAISE in pair.key else 1) for pair in longer}
            order += sorted(longer, key=lambda pair: (-often[pair.key], -pair.worth, pair.key))[:1]
        if each not in order:
            order.append(each)
    return order


def _keywords(candidates: list[_Candidate], found: Phrases, theme: int) -> list[str]:
    """Up to 8 words or pairs; a word already inside one listed is not repeated."""
    listed: list[str] = []
    seen: Counter[str] = Counter()
    for each in candidates:
        if all(seen[word] for word in each.key):
            continue
        seen.update(each.key)
        listed.append(found.surface(theme, each.key))
        if len(listed) == 8:
            break
    return listed


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def grouped(texts: Sequence[str], themes: np.ndarray) -> dict[int, list[int]]:
    """{theme: places of its answers}, those that stand alone left out."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, theme in enumerate(themes.tolist()):
        if theme >= 0:
            places[theme].append(place)
    return dict(places)
