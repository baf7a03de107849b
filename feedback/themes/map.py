"""Where themes stand on a map: themes whose answers are alike stand near each other. Pure.

Classical scaling (Torgerson, Psychometrika 17 (1952) 401-419; Gower, Biometrika 53 (1966) 325-338) of the middles of the
themes; the two directions are then brought nearer to all distances by majorisation (SMACOF: de Leeuw, in: Recent
Developments in Statistics, 1977, 133-145), and turned and mirrored onto the earlier map (orthogonal Procrustes: Schönemann,
Psychometrika 31 (1966) 1-10), so that a theme stays where readers have learned to find it.
"""

from collections.abc import Mapping

import numpy as np

from feedback.themes.similarity import Answers, Points, Space

MEMBERS = 100
"""Answers of a theme, its nearest ones, that its middle is made of: enough for a place, and 200 themes take no long time."""
_ROUNDS = 100
_FEW = 3  # themes that must have stood before, for a direction to be found again
Spot = tuple[float, float]


def spots(answers: Answers, theme: np.ndarray, score: np.ndarray, before: Mapping[int, Spot]) -> dict[int, Spot]:
    """{theme: (x, y)} of each theme above or below zero in `theme` int64 (n,); 0 stands alone. Distances have no unit; a
    theme in `before` stays near the place it has there."""
    keys = np.unique(theme[theme != 0])
    if not len(keys):
        return {}
    chosen = np.concatenate([_nearest(theme == key, score) for key in keys])
    some = answers.take(chosen)
    placed = placed_like(likeness(Space(some).points, theme[chosen], keys))
    found = turned(placed, [before.get(key) for key in keys.tolist()])
    return {
        key: (round(x, 4) + 0.0, round(y, 4) + 0.0) for key, (x, y) in zip(keys.tolist(), found.tolist(), strict=True)
    }


def _nearest(mine: np.ndarray, score: np.ndarray) -> np.ndarray:
    rows = np.flatnonzero(mine)
    return np.sort(rows[np.argsort(-score[rows], kind="stable")[:MEMBERS]])


def likeness(points: Points, theme: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Cosines (k, k) between the middles of the themes `keys`."""
    from scipy import sparse  # with similarity, where it is loaded already

    place = np.searchsorted(keys, theme)
    member = sparse.csr_matrix(
        (np.ones(len(theme), np.float32), (place, np.arange(len(theme)))), (len(keys), len(theme))
    )
    words = member @ points.sparse
    gram = (words @ words.T).toarray().astype(np.float64)
    if points.dense is not None:
        dense = np.asarray(member @ points.dense, np.float64)
        gram += dense @ dense.T
    length = np.sqrt(np.clip(np.diag(gram), 1e-12, None))
    return gram / length / length[:, None]


def placed_like(cosines: np.ndarray) -> np.ndarray:
    """(k, 2): a map on which the distances are as near as can be to those of these cosines (k, k). The largest coordinate
    of each direction is positive."""
    far = np.sqrt(np.clip(2 - 2 * cosines, 0, None))
    np.fill_diagonal(far, 0)
    count = len(far)
    centre = np.eye(count) - 1 / count
    values, vectors = np.linalg.eigh(-0.5 * centre @ (far**2) @ centre)
    places = np.zeros((count, 2))
    for axis, at in enumerate(range(count - 1, max(-1, count - 3), -1)):
        places[:, axis] = vectors[:, at] * np.sqrt(max(0.0, float(values[at])))
    for axis in range(2):
        if places[np.argmax(np.abs(np.round(places[:, axis], 9))), axis] < 0:
            places[:, axis] *= -1
    return _majorised(places, far)


def _majorised(places: np.ndarray, far: np.ndarray) -> np.ndarray:
    for _ in range(_ROUNDS if len(far) > 2 else 0):
        apart = np.linalg.norm(places[:, None] - places[None], axis=2)
        ratio = np.divide(far, apart, out=np.zeros_like(far), where=apart > 1e-9)
        pull = np.diag(ratio.sum(axis=1)) - ratio
        places = pull @ places / len(far)
    return places


def turned(places: np.ndarray, before: list[Spot | None]) -> np.ndarray:
    """The map turned, mirrored and moved so that those which stood somewhere before come nearest to it; never stretched."""
    known = [i for i, spot in enumerate(before) if spot is not None]
    if len(known) < _FEW:
        return places
    here, there = places[known], np.array([before[i] for i in known], np.float64)
    middle, goal = here.mean(axis=0), there.mean(axis=0)
    left, _sizes, right = np.linalg.svd((here - middle).T @ (there - goal))
    return (places - middle) @ (left @ right) + goal
