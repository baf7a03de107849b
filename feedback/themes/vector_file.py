"""Vectors of more answers than memory should hold: float16 in a file without a name, read a portion at a time."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from feedback.themes.embedding import DIMENSIONS, Encoder, Progress

_PORTION = 8192  # texts, as the encoder takes them


class VectorFile:
    """Rows in the order they were added. The file goes with the object, also when the process is killed."""

    def __init__(self, folder: Path) -> None:
        # The system's temporary folder is often memory; that of the model is a disk.
        writable = folder.is_dir() and os.access(folder, os.W_OK)
        self._file = tempfile.TemporaryFile(dir=folder if writable else None)  # noqa: SIM115 - as long as the object
        self._rows = 0

    def add(self, vectors: np.ndarray) -> None:
        """Put these behind the others, as float16."""
        self._file.write(vectors.astype("<f2").tobytes())
        self._rows += len(vectors)

    def __getitem__(self, rows: np.ndarray, /) -> np.ndarray:
        """Vectors of length 1, float32 (rows, 384). The file is mapped for this call only, so that its pages are let go."""
        self._file.flush()
        found = np.memmap(self._file, "<f2", "r", shape=(self._rows, DIMENSIONS))[rows].astype(np.float32)
        length = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.where(length == 0, 1, length))


def encoded(encoder: Encoder, texts: Sequence[str], folder: Path, progress: Progress | None = None) -> VectorFile:
    """The vectors of all texts, in a file in `folder`, or in the system's temporary one."""
    vectors = VectorFile(folder)
    for start in range(0, len(texts), _PORTION):
        some = texts[start : start + _PORTION]

        def told(done: int, _some: int, start: int = start) -> None:
            if progress:
                progress(start + done, len(texts))

        vectors.add(encoder.encode(some, told))
    return vectors
