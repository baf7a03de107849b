"""How alike two answers are: cosine of their sentence vectors plus 0.3 × cosine of their words and letter groups.

Pure numpy and scipy (0.5 s to import): for the worker and the command line, not for web modules.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from scipy import sparse

from feedback.themes.text import cut, words

LEXICAL = 0.3
"""Weight of the lexical cosine beside the vectors' cosine: lifts French, costs English nothing (docs/themes.md)."""

_UNSURE = 20  # imagined answers without any meaning, so that the mean of a few is not taken at its word
_CELLS = 1_000_000  # similarities held at a time: 4 MB in float32, a few times that while sorting


class Kept(Protocol):
    """Vectors that are not in memory: of these rows float32 (rows, d), in an array of their own."""

    def __getitem__(self, rows: np.ndarray, /) -> np.ndarray: ...


@dataclass(frozen=True)
class Answers:
    """Texts with what is known of each. `vectors` float32 (n, d) of length 1, or None: then words alone are compared.

    `languages`: ISO codes; without them all texts are taken to be of one language. Of vectors that are kept elsewhere
    only what is taken is read.
    """

    texts: Sequence[str]
    vectors: np.ndarray | Kept | None = None
    languages: Sequence[str] | None = None

    def take(self, rows: np.ndarray) -> "Answers":
        return Answers(
            [self.texts[row] for row in rows],
            None if self.vectors is None else self.vectors[rows],
            None if self.languages is None else [self.languages[row] for row in rows],
        )

    def __add__(self, more: "Answers") -> "Answers":
        both = self.vectors is not None and more.vectors is not None
        spoken = self.languages is not None and more.languages is not None
        return Answers(
            [*self.texts, *more.texts],
            np.vstack([self.vectors, more.vectors]) if both else None,  # type: ignore[list-item]
            [*self.languages, *more.languages] if spoken else None,  # type: ignore[misc]
        )


@dataclass(frozen=True)
class Points:
    """Answers placed in a `Space`: dense (n, d) or None, and sparse (n, features); similarity is the sum of products."""

    dense: np.ndarray | None
    sparse: sparse.csr_matrix

    def __len__(self) -> int:
        return int(self.sparse.shape[0])

    def take(self, rows: np.ndarray) -> "Points":
        return Points(None if self.dense is None else self.dense[rows], self.sparse[rows])

    @cached_property
    def _by_feature(self) -> sparse.csr_matrix:
        return self.sparse.T.tocsr()

    def against(self, other: "Points") -> np.ndarray:
        """Similarities float32 (n, m): −1 … 1.3 with vectors, 0 … 1 without."""
        by_word = (self.sparse @ other._by_feature).toarray()
        return by_word if self.dense is None or other.dense is None else self.dense @ other.dense.T + by_word


class Space:
    """Learns the words' weights and each language's mean vector from some answers, which are its `points`; then places
    others."""

    def __init__(self, answers: Answers) -> None:
        count = len(answers.texts)
        self._words, self._letters = _Weights(limit=_common(count)), _Weights(limit=_common(count))
        words_, letters = _features(answers.texts)
        self._means: dict[str, np.ndarray] = {}
        if answers.vectors is not None:
            self._means = means_of(np.asarray(answers.vectors), answers.languages)
        self.points = self._points(answers, self._words.learn(words_, count), self._letters.learn(letters, count))

    def place(self, answers: Answers) -> Points:
        """The answers as points. Vectors lose the mean of their language, so that themes do not follow languages."""
        count = len(answers.texts)
        words_, letters = _features(answers.texts)
        return self._points(answers, self._words.place(words_, count), self._letters.place(letters, count))

    def _points(self, answers: Answers, by_word: sparse.csr_matrix, by_letters: sparse.csr_matrix) -> Points:
        lexical = sparse.hstack([by_word, by_letters], format="csr")
        lexical *= np.float32(np.sqrt(0.5 * (LEXICAL if answers.vectors is not None else 1)))
        if answers.vectors is None:
            return Points(None, lexical)
        return Points(centred(np.asarray(answers.vectors), answers.languages, self._means), lexical)


def nearest(points: Points, among: Points, count: int, *, same: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """(places int64, similarities float32), each (n, count): the nearest of `among` for each point, nearest first.

    `same`: the two are the same points, and none is its own neighbour. Exact, in chunks. `count` is lowered
    where there are not that many.
    """
    count = min(count, len(among) - same)
    places = np.zeros((len(points), count), np.int64)
    near = np.zeros((len(points), count), np.float32)
    step = max(1, _CELLS // max(1, len(among)))
    for start in range(0, len(points) if count > 0 else 0, step):
        rows = np.arange(start, min(start + step, len(points)))
        alike = points.take(rows).against(among)
        if same:
            alike[np.arange(len(rows)), rows] = -np.inf
        some = np.argpartition(-alike, count - 1, axis=1)[:, :count]
        order = np.lexsort((some, -np.take_along_axis(alike, some, axis=1)), axis=1)
        places[rows] = np.take_along_axis(some, order, axis=1)
        near[rows] = np.take_along_axis(alike, places[rows], axis=1)
    return places, near


def _common(count: int) -> int:
    """In how many answers a word may be before it tells nothing: a fifth, but never fewer than 60 or more than 600.

    The upper end keeps the sparse product cheap: it costs the square of this for each feature.
    """
    return int(min(600, max(60, count // 5)))


def centred(vectors: np.ndarray, languages: Sequence[str] | None, means: Mapping[str, np.ndarray]) -> np.ndarray:
    """Vectors float32 (n, d) of length 1 without the mean of their language."""
    spoken = languages or [""] * len(vectors)
    mean = np.array([means.get(code, means["*"]) for code in spoken], np.float32)
    dense = vectors - mean.reshape(vectors.shape)
    length = np.linalg.norm(dense, axis=1, keepdims=True)
    return (dense / np.where(length < 1e-6, 1, length)).astype(np.float32)


def means_of(vectors: np.ndarray, languages: Sequence[str] | None) -> dict[str, np.ndarray]:
    """What is subtracted for each language: the mean of all, and how far the language's own mean lies from it.

    The first is drawn to nothing by `_UNSURE` imagined answers: a dozen that say the same thing have a mean that is that
    very thing, and without it only their differences would be left to compare. The second is drawn to nothing by 5, for
    languages of a few answers. "*" is for a language not seen before.
    """
    middle = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1], np.float32)
    means = {"*": middle * (len(vectors) / (len(vectors) + _UNSURE))}
    spoken = np.array(languages if languages is not None else [""] * len(vectors))
    for code in sorted(set(spoken.tolist())):
        rows = vectors[spoken == code]
        means[code] = means["*"] + (rows.mean(axis=0) - middle) * (len(rows) / (len(rows) + 5))
    return means


class _Weights:
    """TF-IDF with rows of length 1. Features are 64-bit keys; those in one answer only compare nothing and are left out."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._keys = np.zeros(0, np.uint64)
        self._idf = np.zeros(0, np.float32)
        self._kept = np.zeros(0, np.int64)

    def learn(self, features: tuple[np.ndarray, np.ndarray], count: int) -> sparse.csr_matrix:
        """The rows of these answers, with the weights that they tell."""
        rows, keys = features
        self._keys, column = np.unique(keys, return_inverse=True)
        shape = (count, len(self._keys))
        table = sparse.coo_matrix((np.ones(len(keys), np.float32), (rows, column)), shape=shape).tocsr()
        found_in = np.bincount(table.indices, minlength=len(self._keys))
        self._idf = (np.log((1 + count) / (1 + found_in)) + 1).astype(np.float32)
        self._kept = np.flatnonzero((found_in > 1) & (found_in <= self._limit))
        return self._weighed(table)

    def place(self, features: tuple[np.ndarray, np.ndarray], count: int) -> sparse.csr_matrix:
        rows, keys = features
        if not len(self._keys):
            return sparse.csr_matrix((count, 0), dtype=np.float32)
        column = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        known = self._keys[column] == keys
        shape = (count, len(self._keys))
        table = sparse.coo_matrix((np.ones(known.sum(), np.float32), (rows[known], column[known])), shape=shape).tocsr()
        return self._weighed(table)

    def _weighed(self, table: sparse.csr_matrix) -> sparse.csr_matrix:
        table.data *= self._idf[table.indices]
        length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
        table.data /= np.repeat(np.where(length == 0, 1, length), np.diff(table.indptr)).astype(np.float32)
        return table[:, self._kept].tocsr()


def _features(texts: Sequence[str]) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """((row, key) of each word and pair of words, (row, key) of each group of 3–5 letters inside a word with its ends)."""
    spoken = [words(cut(text)) for text in texts]
    spelled = ["".join(f"{word} " for word in row) for row in spoken]
    letters = np.frombuffer((" " + "".join(spelled)).encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(texts), dtype=np.int64), [len(row) for row in spelled])
    blank = letters == 32
    with np.errstate(over="ignore"):
        return _word_features(letters, blank, owner), _letter_features(letters, blank, owner)


def _word_features(letters: np.ndarray, blank: np.ndarray, owner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Words by a hash of their letters (product sums between two blanks), pairs by a hash of two neighbours."""
    ends = np.flatnonzero(blank)
    if len(ends) < 2:
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    place = np.arange(len(letters)) - np.repeat(ends, np.diff(np.append(ends, len(letters))))
    mixed = _mix(letters + (place.astype(np.uint64) << np.uint64(32)))
    key = np.add.reduceat(mixed, ends)[:-1]
    row = owner[ends[:-1]]
    side = row[1:] == row[:-1]
    pair = _mix(key[:-1] * np.uint64(3) + key[1:])[side]
    return np.concatenate([row, row[1:][side]]), np.concatenate([key, pair])


def _letter_features(letters: np.ndarray, blank: np.ndarray, owner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rows, keys = [], []
    for size in (3, 4, 5):
        count = max(0, len(letters) - size + 1)
        inside = np.zeros(count, bool)
        key = np.full(count, size, np.uint64)
        for step in range(size):
            here = slice(step, step + count)
            key = key * np.uint64(1_000_003) + letters[here]
            if 0 < step < size - 1:
                inside |= blank[here]
        start = np.flatnonzero(~inside)
        rows.append(owner[start])
        keys.append(key[start])
    return np.concatenate(rows), np.concatenate(keys)


def _mix(value: np.ndarray) -> np.ndarray:
    """Spreads 64 bits evenly. Source: S. Vigna, splitmix64 (public domain)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
