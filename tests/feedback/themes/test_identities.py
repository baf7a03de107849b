"""What people placed decides where the rest of a new theme goes."""

import numpy as np

from feedback.themes import identities
from feedback.themes.clustering import Clustering
from feedback.themes.identities import Before
from feedback.themes.similarity import Answers


def refit(monkeypatch, found: list[int], stood: list[int], pinned: list[int], **more) -> identities.Placed:
    theme = np.array(found, np.int64)
    made = Clustering(theme, np.zeros(max(found) + 1, np.int64), np.ones(len(found), np.float32))
    monkeypatch.setattr(identities, "cluster", lambda _answers: made)
    before = Before(
        theme=np.array(stood, np.int64), read=np.array(stood) > 0, pinned=np.isin(np.arange(len(stood)), pinned), **more
    )
    return identities.refit(Answers([str(i) for i in range(len(found))], None, ["en"] * len(found)), before)


def test_what_resembles_a_merged_theme_goes_where_it_was_merged_into(monkeypatch):
    # 0–4 were merged into theme 7 of 5–10; 11 is new and like 0–4.
    found = [0] * 5 + [1] * 6 + [0]
    placed = refit(monkeypatch, found, [7] * 11 + [0], list(range(11)), parents={7: 6}, kept=frozenset({7}))
    assert placed.theme.tolist() == [7] * 12


def test_a_few_placed_comments_do_not_take_a_new_theme_along(monkeypatch):
    found = [0] * 8 + [1] * 3
    placed = refit(monkeypatch, found, [0] * 6 + [7] * 5, [6, 7], parents={7: 6}, kept=frozenset({7}))
    assert placed.theme.tolist()[6:] == [7] * 5
    assert len(set(placed.theme.tolist()[:6]) - {7}) == 1


def test_a_held_theme_keeps_its_comments_and_its_parent(monkeypatch):
    found = [0, 1] * 4
    placed = refit(
        monkeypatch,
        found,
        [7] * 4 + [8] * 4,
        list(range(4)),
        parents={7: 6, 8: 5},
        kept=frozenset({7}),
        held=frozenset({7}),
    )
    assert placed.theme.tolist()[:4] == [7] * 4
    assert placed.parents[7] == 6
