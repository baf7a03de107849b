"""Vectors of very many answers, in a file, and themes found with them."""

import numpy as np

from feedback.themes import clustering, csv_file, embedding, labelling, report
from feedback.themes.clustering import cluster
from feedback.themes.csv_file import themes_of_file
from feedback.themes.similarity import Answers
from feedback.themes.vector_file import VectorFile, encode_into
from tests.feedback.themes.test_csv_file import rows_of, table

MANY = [
    f"{who} {thing} was {how}" for who in ("my", "the", "our") for thing in ("nurse", "food", "ward", "wait", "bed", "tea")
    for how in ("good", "slow", "kind", "cold", "late", "fine", "loud")
]  # fmt: skip


class Numbered:
    """An encoder that knows how many texts it is given at a time; its vectors hang on the letters."""

    name = "numbered"

    def __init__(self) -> None:
        self.portions: list[int] = []

    def encode(self, texts, progress=None):
        self.portions.append(len(texts))
        made = np.array(
            [np.random.default_rng(sum(map(ord, text))).normal(size=embedding.DIMENSIONS) for text in texts]
        )
        if progress:
            progress(len(texts), len(texts))
        return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def test_rows_come_back_in_any_order_as_float16_remembers_them_and_nothing_is_left_in_the_folder(tmp_path):
    encoder = Numbered()
    rows = np.array([99, 0, 51, 0])
    with VectorFile(tmp_path) as kept:
        for start in (0, 50):
            kept.add(encoder.encode(MANY[start : start + 50]))
        assert np.allclose(kept[rows], encoder.encode([MANY[row] for row in rows.tolist()]), atol=1e-3)
        assert np.allclose(np.linalg.norm(kept[rows], axis=1), 1, atol=1e-6)
        assert list(tmp_path.iterdir()) == []


def test_texts_go_to_the_encoder_in_portions_and_progress_counts_all_of_them(tmp_path, monkeypatch):
    monkeypatch.setattr("feedback.themes.vector_file._PORTION", 40)
    encoder, told = Numbered(), []
    with VectorFile(tmp_path) as kept:
        encode_into(kept, encoder, MANY, lambda done, total: told.append((done, total)))
    assert encoder.portions == [40, 40, 40, 6]
    assert told == [(40, 126), (80, 126), (120, 126), (126, 126)]


def test_themes_by_landmarks_are_the_same_from_memory_and_from_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(clustering, "EXACT", 60)
    monkeypatch.setattr(clustering, "LANDMARKS", 50)
    told = []
    with VectorFile(tmp_path) as kept:
        encode_into(kept, Numbered(), MANY)
        held = cluster(Answers(MANY, kept[np.arange(len(MANY))]))
        found = cluster(Answers(MANY, kept), progress=lambda done, total: told.append((done, total)))
    assert found.theme.tolist() == held.theme.tolist()
    assert found.score.tolist() == held.score.tolist()
    assert 0 <= found.score.min() <= found.score.max() <= 1
    assert told == [(50, 126), (100, 126), (126, 126)]


def test_a_large_file_gets_a_line_for_each_row_and_its_report_is_written_in_portions(tmp_path, monkeypatch):
    for module, limit in ((clustering, "EXACT"), (csv_file, "EXACT"), (csv_file, "READ"), (labelling, "READ")):
        monkeypatch.setattr(module, limit, 60)
    monkeypatch.setattr(clustering, "LANDMARKS", 50)
    monkeypatch.setattr(report, "_PORTION", 40)
    summary = themes_of_file(table(tmp_path / "in.csv", MANY), "text", tmp_path / "out.csv", tmp_path)
    rows = rows_of(tmp_path / "out.csv")
    assert [row["row"] for row in rows] == [str(place) for place in range(len(MANY))]
    assert sum(theme.count for theme in summary.fine) == summary.n - summary.alone
    assert all(theme.label for theme in summary.fine)
