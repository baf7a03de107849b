"""Themes of answers: a neighbour graph, communities in it at two nested levels, and the place of later answers.

Pure: no session, no clock, seeded; the same input gives the same bytes. numpy, scipy and scikit-network (0.9 s to
import): for the worker and the command line, not for web modules. Figures and what was tried: docs/themes.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sknetwork.clustering import Louvain

from feedback.themes.embedding import Progress
from feedback.themes.similarity import Answers, Points, Space, nearest
from feedback.themes.text import has_words, same_key

NEIGHBOURS = 15
VOTERS = 10
EXACT = 20_000
"""Up to so many different answers the whole graph is built; above, that of `LANDMARKS`, and the rest joins by vote."""

LANDMARKS = 4_000
FINE = (0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 9.0)
"""Louvain resolutions from few themes to many. The finest is taken that leaves `_least_held` of the ties inside."""

HELD_SMALL, HELD_LARGE = 0.86, 0.82
"""That share for up to 60 answers and from 200 on: a poll of 40 wants a handful of themes that hold together, thousands
of answers bear finer ones. At 0.82 banking77 stays at resolution 9 (0.92), patients' answers at 4 (0.84)."""

COARSE = 0.5
LEAST_ALIKE = 0.2
LEAST_ALIKE_BY_WORDS = 0.1
"""Similarity below which two answers are no neighbours, with vectors and without (unrelated ones lie around 0)."""

OPENS = 5
"""Answers that open a theme when they join an existing set."""
UNLIKE = 0.15
"""Nearness to the middle of its theme below which an answer stands alone. Of 3,338 patients' answers 54 are; in the theme that
their neighbours gave them 24 % would have been among their like, of the others 64 %. Not asked where there are no vectors."""


@dataclass(frozen=True)
class Clustering:
    """theme int64 (n,): the fine theme of each answer, 0 the largest, −1 stands alone. parent int64 (themes,): the
    coarse theme of each fine one, 0 the largest. score float32 (n,) in 0..1: how near the middle of its theme; 0 alone.
    """

    theme: np.ndarray
    parent: np.ndarray
    score: np.ndarray

    @property
    def coarse(self) -> np.ndarray:
        """The coarse theme of each answer, int64 (n,), −1 stands alone."""
        return np.where(self.theme < 0, -1, np.append(self.parent, -1)[self.theme])


@dataclass(frozen=True)
class Joined:
    """theme int64 (new,): an old theme, a new one numbered from `first`, or −1. score as in `Clustering`.
    beside int64 (opened,): the old theme each opened one is most like, −1 where there was none."""

    theme: np.ndarray
    score: np.ndarray
    first: int
    beside: np.ndarray


def cluster(answers: Answers, *, seed: int = 0, progress: Progress | None = None) -> Clustering:
    """Themes of these answers. Near-duplicates (`text.same_key`) share one; answers without words stand alone.

    progress is told of different answers, where there are more than `EXACT`.
    """
    place, keys = _unique(answers.texts)
    theme = np.full(len(keys), -1, np.int64)
    score = np.zeros(len(keys), np.float32)
    parent = np.zeros(0, np.int64)
    if len(keys):
        weight = np.bincount(place[place >= 0], minlength=len(keys))
        if len(keys) <= EXACT:
            theme, parent, score = _themes(answers, keys, weight, seed)
        else:
            theme, parent, score = _by_landmarks(answers, keys, weight, seed, progress)
        theme, score = _without_unlike(theme, score, answers)
    spread = np.append(theme, -1)[place]
    return _numbered(spread, parent, np.append(score, 0)[place].astype(np.float32))


def join(old: Answers, themes: np.ndarray, new: Answers, *, seed: int = 0) -> Joined:
    """Where new answers belong, while every old one keeps its theme.

    themes int64 (old,): −1 stands alone. An answer counts as new ground when the share of new answers among its 15
    nearest is well above their share in all, by three standard errors; those are clustered among themselves and groups
    of `OPENS` open a theme. The others take the theme that their 10 nearest old answers vote for. Beyond +30 % new
    answers fewer new themes are seen: offer a refit.
    """
    first = int(themes.max(initial=-1)) + 1
    theme = np.full(len(new.texts), -1, np.int64)
    score = np.zeros(len(new.texts), np.float32)
    known = {same_key(text): int(label) for text, label in zip(old.texts, themes, strict=True) if label >= 0}
    place, keys = _unique(new.texts)
    held = np.flatnonzero(themes >= 0)
    if not len(keys):
        return Joined(theme, score, first, np.zeros(0, np.int64))
    held = _spread(held, EXACT)
    fresh = np.array([same_key(new.texts[row]) not in known for row in keys])
    some = new.take(keys)
    before = old.take(held)
    both, first_new = Space(before + some).points, len(before.texts)
    old_points, points = both.take(np.arange(first_new)), both.take(np.arange(first_new, len(both)))
    found = np.array([known.get(same_key(text), -1) for text in some.texts], np.int64)
    ground = _new_ground(points, old_points, fresh)
    opened = np.zeros(len(keys), bool)
    rows = np.flatnonzero(ground)
    weight = np.bincount(place[place >= 0], minlength=len(keys))
    label = first
    if len(rows) > 1:
        groups = _communities(_graph(points.take(rows)), 1.0, seed)
        for group in np.unique(groups):
            members = rows[groups == group]
            if weight[members].sum() >= OPENS and len(members) > 1:
                found[members], opened[members], label = label, True, label + 1
    voting = np.flatnonzero(fresh & ~opened)
    found[voting] = _vote(points.take(voting), old_points, themes[held])
    all_themes = np.concatenate([themes[held], found])
    score = _scores(both, all_themes, _middles(both, all_themes))[len(held) :]
    may = fresh & ~opened
    found[may], score[may] = _without_unlike(found[may], score[may], new)
    beside = _beside(points, found, old_points, themes[held], range(first, label))
    return Joined(np.append(found, -1)[place], np.append(score, 0)[place].astype(np.float32), first, beside)


def matching(before: Sequence[int], after: Sequence[int]) -> dict[int, int]:
    """{theme after: theme before}, one to one, with the most answers in common; for showing what a refit changed.

    Both (n,) over the same answers; −1 stands alone and is matched to nothing.
    """
    old, new = np.asarray(before, np.int64), np.asarray(after, np.int64)
    both = (old >= 0) & (new >= 0)
    if not both.any():
        return {}
    from scipy.optimize import linear_sum_assignment  # 0.4 s to load, and only a refit asks

    table = np.zeros((new.max() + 1, old.max() + 1), np.int64)
    np.add.at(table, (new[both], old[both]), 1)
    pairs = zip(*linear_sum_assignment(-table), strict=True)
    return {int(theirs): int(ours) for theirs, ours in pairs if table[theirs, ours]}


def _unique(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """(place of each text among the different ones, −1 without words; row of the first text of each)."""
    seen: dict[str, int] = {}
    rows: list[int] = []
    place = np.full(len(texts), -1, np.int64)
    for row, text in enumerate(texts):
        if not has_words(text):
            continue
        key = same_key(text)
        if key not in seen:
            seen[key] = len(rows)
            rows.append(row)
        place[row] = seen[key]
    return place, np.array(rows, np.int64)


def _themes(
    answers: Answers, keys: np.ndarray, weight: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(theme, parent, score) of the different answers, those in the rows `keys`; `weight` says how often each was given."""
    some = answers.take(keys)
    points = Space(some).points
    theme, parent = _levels(points, weight, seed)
    return theme, parent, _scores(points, theme, _middles(points, theme))


def _by_landmarks(
    answers: Answers, keys: np.ndarray, weight: np.ndarray, seed: int, progress: Progress | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same for many answers: some of them are clustered, the others join by vote. What is held at a time is a
    portion of `LANDMARKS`, however many there are; the middles are those of the landmarks."""
    landmarks = _spread(np.arange(len(keys)), LANDMARKS, seed)
    chosen = answers.take(keys[landmarks])
    space = Space(chosen)
    points = space.points
    theme, parent = _levels(points, weight[landmarks], seed)
    middles = _middles(points, theme)
    found, score = np.full(len(keys), -1, np.int64), np.zeros(len(keys), np.float32)
    found[landmarks] = theme
    chosen_ones = np.zeros(len(keys), bool)
    chosen_ones[landmarks] = True
    for start in range(0, len(keys), LANDMARKS):
        rows = np.arange(start, min(start + LANDMARKS, len(keys)))
        some = space.place(answers.take(keys[rows]))
        found[rows] = np.where(chosen_ones[rows], found[rows], _vote(some, points, theme))
        score[rows] = _scores(some, found[rows], middles)
        if progress:
            progress(int(rows[-1]) + 1, len(keys))
    return found, parent, score


def _levels(points: Points, weight: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(theme, parent): the communities of these points at both levels."""
    graph = _graph(points)
    theme = _enough(_fine(graph, seed), weight, graph)
    return theme, _parents(graph, theme, seed)


def _spread(rows: np.ndarray, most: int, seed: int = 0) -> np.ndarray:
    """At most so many of the rows, drawn without return, in their order."""
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def _graph(points: Points) -> sparse.csr_matrix:
    """Symmetric (n, n): each answer tied to its nearest, as strongly as the two share neighbours (Jaccard).

    In a set of a few dozen 15 is many, but fewer cut one theme of 13 variants in two; `_least` keeps strangers apart.
    """
    count = len(points)
    places, alike = nearest(points, points, NEIGHBOURS, same=True)
    rows, columns = np.nonzero(alike >= _least(points))
    tied = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, places[rows, columns])), shape=(count, count))
    circle = tied + sparse.eye(count, dtype=np.float32, format="csr")
    size = np.diff(circle.indptr)
    shared = (circle @ circle.T).multiply((tied + tied.T) > 0).tocoo()
    jaccard = shared.data / (size[shared.row] + size[shared.col] - shared.data)
    return sparse.csr_matrix((jaccard, (shared.row, shared.col)), shape=(count, count))


def _least(points: Points) -> float:
    return LEAST_ALIKE_BY_WORDS if points.dense is None else LEAST_ALIKE


def _communities(graph: sparse.csr_matrix, resolution: float, seed: int, tries: int = 1) -> np.ndarray:
    """Louvain, the best by modularity of so many tries, then three rounds in which each answer joins its neighbours."""
    if not graph.nnz:
        return np.arange(graph.shape[0])
    best, found = -np.inf, np.zeros(0, np.int64)
    for step in range(tries):
        method = Louvain(resolution=resolution, random_state=seed + step, shuffle_nodes=step > 0)
        labels = method.fit_predict(graph)
        share = np.bincount(labels, weights=np.asarray(graph.sum(axis=1)).ravel()) / graph.sum()
        quality = _held(graph, labels) - resolution * float((share**2).sum())
        if quality > best + 1e-9:
            best, found = quality, labels
    for _ in range(3):
        votes = graph @ sparse.csr_matrix((np.ones(len(found), np.float32), (np.arange(len(found)), found)))
        alone = np.diff(votes.indptr) == 0
        found = np.where(alone, found, votes.toarray().argmax(axis=1))
    return np.unique(found, return_inverse=True)[1]


def _held(graph: sparse.csr_matrix, labels: np.ndarray) -> float:
    """Share of the graph's weight that lies inside communities, 0..1."""
    ties = graph.tocoo()
    return float(ties.data[labels[ties.row] == labels[ties.col]].sum() / ties.data.sum())


def _fine(graph: sparse.csr_matrix, seed: int) -> np.ndarray:
    """Communities at the finest resolution that still holds together."""
    low, high, least = 0, len(FINE) - 1, _least_held(graph.shape[0])
    while graph.nnz and low < high:  # the share falls with the resolution, so halving finds the last that holds
        middle = (low + high + 1) // 2
        if _held(graph, _communities(graph, FINE[middle], seed)) >= least:
            low = middle
        else:
            high = middle - 1
    return _communities(graph, FINE[low], seed, tries=8)


def _least_held(count: int) -> float:
    """Share of the ties that must stay inside themes, falling with the logarithm of the number of answers."""
    return float(np.interp(np.log(max(1, count)), (np.log(60), np.log(200)), (HELD_SMALL, HELD_LARGE)))


def _enough(theme: np.ndarray, weight: np.ndarray, graph: sparse.csr_matrix) -> np.ndarray:
    """Dissolve themes of too few answers: the members join the theme they are most tied to, or stand alone (−1)."""
    total = int(weight.sum())
    least = 2 if total < 100 else 3 if total < 500 else OPENS
    size = np.bincount(theme, weights=weight)
    small = size[theme] < least
    if not small.any():
        return theme
    kept = np.flatnonzero(~small)
    belongs = sparse.csr_matrix((np.ones(len(kept), np.float32), (kept, theme[kept])), shape=(len(theme), len(size)))
    votes = (graph @ belongs).tocsr()
    tied = np.diff(votes.indptr) > 0
    return np.where(~small, theme, np.where(tied, np.asarray(votes.argmax(axis=1)).ravel(), -1))


def _parents(graph: sparse.csr_matrix, theme: np.ndarray, seed: int) -> np.ndarray:
    """The coarse theme of each fine one: Louvain on the graph whose nodes are the fine themes, so each has one parent."""
    count = int(theme.max(initial=-1)) + 1
    rows = np.flatnonzero(theme >= 0)
    belongs = sparse.csr_matrix((np.ones(len(rows)), (rows, theme[rows])), shape=(len(theme), count))
    between = (belongs.T @ graph @ belongs).tocsr()
    if count < 3 or not between.nnz:
        return np.arange(count)
    return np.asarray(Louvain(resolution=COARSE, random_state=seed, shuffle_nodes=False).fit_predict(between))


def _vote(points: Points, among: Points, themes: np.ndarray) -> np.ndarray:
    """The theme most of the 10 nearest have, weighed by similarity; −1 where nobody is near."""
    found = np.full(len(points), -1, np.int64)
    if not len(points) or not len(among):
        return found
    places, alike = nearest(points, among, VOTERS)
    weight = np.where((alike >= _least(points)) & (themes[places] >= 0), alike, 0)
    table = sparse.csr_matrix(
        (weight.ravel(), (np.repeat(np.arange(len(points)), places.shape[1]), np.maximum(themes[places], 0).ravel())),
        shape=(len(points), int(themes.max(initial=0)) + 1),
    )
    best = np.asarray(table.argmax(axis=1)).ravel()
    return np.where(weight.sum(axis=1) > 0, best, -1)


def _new_ground(points: Points, old_points: Points, fresh: np.ndarray) -> np.ndarray:
    """Which of the new answers lie where mostly new ones are."""
    share = len(points) / (len(points) + len(old_points))
    limit = max(0.2, share + 3 * np.sqrt(share * (1 - share) / NEIGHBOURS))
    everyone = _stack(old_points, points)
    places, _ = nearest(points, everyone, NEIGHBOURS + 1)
    others = places != (np.arange(len(points)) + len(old_points))[:, None]
    new = ((places >= len(old_points)) & others).sum(axis=1) / np.maximum(1, others.sum(axis=1))
    return fresh & (new >= limit)


def _stack(first: Points, second: Points) -> Points:
    dense = None if first.dense is None or second.dense is None else np.vstack([first.dense, second.dense])
    return Points(dense, sparse.vstack([first.sparse, second.sparse], format="csr"))


def _middles(points: Points, theme: np.ndarray) -> Points:
    """The mean of the points of each theme, of length 1 in each part."""
    count = int(theme.max(initial=-1)) + 1
    rows = np.flatnonzero(theme >= 0)
    belongs = sparse.csr_matrix((np.ones(len(rows), np.float32), (theme[rows], rows)), shape=(count, len(points)))
    lexical = (belongs @ points.sparse).tocsr()
    longest = np.sqrt(np.asarray(points.sparse.multiply(points.sparse).sum(axis=1)).max(initial=0))
    length = np.sqrt(np.asarray(lexical.multiply(lexical).sum(axis=1)).ravel()) / max(longest, 1e-9)
    lexical.data /= np.repeat(np.where(length == 0, 1, length), np.diff(lexical.indptr)).astype(np.float32)
    if points.dense is None:
        return Points(None, lexical)
    dense = belongs @ points.dense
    norm = np.linalg.norm(dense, axis=1, keepdims=True)
    return Points((dense / np.where(norm < 1e-6, 1, norm)).astype(np.float32), lexical)


def _scores(points: Points, theme: np.ndarray, middles: Points) -> np.ndarray:
    """Similarity of each answer to the middle of its theme, 0..1; 0 where it stands alone."""
    score = np.zeros(len(theme), np.float32)
    for label in np.unique(theme[theme >= 0]).tolist():
        rows = np.flatnonzero(theme == label)
        alike = points.take(rows).against(middles.take(np.array([label]))).ravel()
        score[rows] = np.clip(alike / (1.3 if points.dense is not None else 1), 0, 1)
    return score


def _without_unlike(theme: np.ndarray, score: np.ndarray, answers: Answers) -> tuple[np.ndarray, np.ndarray]:
    """Themes and scores, but of answers that are like nothing in their theme: those stand alone."""
    unlike = (score < UNLIKE) & (answers.vectors is not None)
    return np.where(unlike, -1, theme), np.where(unlike, 0, score).astype(np.float32)


def _beside(points: Points, found: np.ndarray, old: Points, themes: np.ndarray, opened: range) -> np.ndarray:
    if not len(opened) or not len(old):
        return np.full(len(opened), -1, np.int64)
    rows = np.flatnonzero(found >= opened.start)
    middles = _middles(points.take(rows), found[rows] - opened.start)
    return middles.against(_middles(old, themes)).argmax(axis=1).astype(np.int64)


def _numbered(theme: np.ndarray, parent: np.ndarray, score: np.ndarray) -> Clustering:
    """Number fine and coarse themes by size, largest first, then by their first answer."""
    coarse = np.where(theme < 0, -1, np.append(parent, -1)[theme])
    theme, kept = _by_size(theme)
    coarse, _ = _by_size(coarse)
    above = np.zeros(len(kept), np.int64)
    above[theme[theme >= 0]] = coarse[theme >= 0]
    return Clustering(theme, above, score)


def _by_size(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    old, first, count = np.unique(labels, return_index=True, return_counts=True)
    keep = old >= 0
    order = np.lexsort((first[keep], -count[keep]))
    ranked = old[keep][order]
    renamed = np.full(int(labels.max(initial=-1)) + 2, -1, np.int64)
    renamed[ranked] = np.arange(len(ranked))
    return renamed[labels], ranked
