"""Vectors of more answers than memory should hold: float16 in a file without a name, read a portion at a time."""

import os
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO

import numpy as np

from feedback.themes.embedding import DIMENSIONS, Encoder, Progress

_PORTION = 8192  # texts, as the encoder takes them


class VectorFile:
    """Rows in the order they were added. The file is made with the first and goes at the end, also of a killed process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened = ExitStack()
        self._file: IO[bytes] | None = None
        self._rows = 0

    def __enter__(self) -> "VectorFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def add(self, vectors: np.ndarray) -> None:
        """Put these behind the others, as float16."""
        if self._file is None:
            # The system's temporary folder is often memory; that of the model is a disk.
            writable = self._folder.is_dir() and os.access(self._folder, os.W_OK)
            unnamed = tempfile.TemporaryFile(dir=self._folder if writable else None)  # noqa: SIM115 - closed by __exit__
            self._file = self._opened.enter_context(unnamed)
        self._file.write(vectors.astype("<f2").tobytes())
        self._rows += len(vectors)

    def __getitem__(self, rows: np.ndarray, /) -> np.ndarray:
        """Vectors of length 1, float32 (rows, 384). The file is mapped for this call only, so that its pages are let go."""
        if self._file is None:
            return np.zeros((0, DIMENSIONS), np.float32)
        self._file.flush()
        found = np.memmap(self._file, "<f2", "r", shape=(self._rows, DIMENSIONS))[rows].astype(np.float32)
        length = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.where(length == 0, 1, length))


def encode_into(kept: VectorFile, encoder: Encoder, texts: Sequence[str], progress: Progress | None = None) -> None:
    """Add the vectors of all texts."""
    for start in range(0, len(texts), _PORTION):

        def told(done: int, _some: int, start: int = start) -> None:
            if progress:
                progress(start + done, len(texts))

        kept.add(encoder.encode(texts[start : start + _PORTION], told))
