"""The encoder without torch: the same numbers alone, in company, and at each build."""

import hashlib
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from feedback.themes import embedding

TEXTS = [
    "The nurse was kind",
    "The nurse was friendly",
    "Too cold in the reading room",
    "Le personnel est aimable",
    "a",
]
KNOWN = [-0.0551, 0.0297, -0.0185, 0.0709, -0.0144, 0.0056]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def encoder(folder):
    found = embedding.encoder(folder)
    if found is None:
        pytest.skip("the model package is not installed")
    return found


def test_vectors_are_of_length_one_and_alike_texts_are_near(encoder):
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (5, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > 0.8
    assert vectors[0] @ vectors[2] < 0.4


def test_known_vectors_are_those_of_the_published_model(encoder):
    """The first numbers of the float32 model (computed apart, in numpy), which int8 meets within a few hundredths."""
    first = encoder.encode(["The nurse was kind"])[0, :6]
    assert np.allclose(first, KNOWN, atol=0.02)


def test_a_text_alone_equals_the_same_text_in_company(encoder):
    company = encoder.encode([*TEXTS, *(f"answer number {i} is about {'a ' * (i % 9)}desk" for i in range(60))])
    alone = np.vstack([encoder.encode([text]) for text in TEXTS])
    assert (company[:5] == alone).all()


def test_vectors_come_in_the_order_of_the_texts_and_equal_texts_are_equal(encoder):
    forward, back = encoder.encode(TEXTS * 3), encoder.encode((TEXTS * 3)[::-1])
    assert (forward == back[::-1]).all()
    assert (forward[:5] == forward[5:10]).all()


def test_no_texts_empty_texts_and_very_long_ones_are_encoded(encoder):
    assert encoder.encode([]).shape == (0, 384)
    odd = encoder.encode(["", "🎉", "word and more " * 33_000, "x" * 10**5])
    assert np.isfinite(odd).all()


def test_progress_ends_with_all_texts(encoder):
    seen: list[tuple[int, int]] = []
    encoder.encode([*TEXTS, *TEXTS], progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (10, 10)
    assert seen == sorted(seen)


def test_two_builds_give_the_same_file(encoder, folder, tmp_path):
    embedding.encoder(tmp_path)
    (one,), (two,) = folder.glob("*.onnx"), tmp_path.glob("*.onnx")
    assert one.name == two.name
    assert hashlib.sha256(one.read_bytes()).digest() == hashlib.sha256(two.read_bytes()).digest()


def test_a_damaged_file_and_files_of_other_versions_are_replaced(encoder, folder, tmp_path):
    (good,) = folder.glob("*.onnx")
    (tmp_path / good.name).write_bytes(good.read_bytes()[:1000])
    (tmp_path / "minilm-l6-int8-0.0.9-1.onnx").write_bytes(b"old")
    again = embedding.encoder(tmp_path)
    assert again is not None
    assert (again.encode(TEXTS) == encoder.encode(TEXTS)).all()
    assert [file.name for file in tmp_path.iterdir()] == [good.name]


def test_a_folder_that_cannot_be_made_costs_only_the_file(encoder, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    again = embedding.encoder(tmp_path / "file" / "models")
    assert again is not None
    assert (again.encode(TEXTS) == encoder.encode(TEXTS)).all()


def test_without_the_package_there_is_no_encoder(monkeypatch, tmp_path):
    def absent(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "files", absent)
    assert embedding.encoder(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_other_weights_than_the_measured_ones_are_not_used(monkeypatch, tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    (tmp_path / "tokenizer.json").write_text("{}")
    monkeypatch.setattr(embedding, "model_source", lambda: Path(tmp_path))
    assert embedding.encoder(tmp_path / "kept") is None
