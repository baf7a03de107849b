"""A temporary file that goes when nobody holds it any more."""

import os
import weakref
from collections.abc import Iterable
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO


class Kept:
    """The file. A call opens it anew, so that several can read it at once."""

    def __init__(self, pieces: Iterable[bytes] = ()) -> None:
        handle, path = mkstemp(prefix="heard-import-")
        self.path = Path(path)
        weakref.finalize(self, self.path.unlink, missing_ok=True)
        with os.fdopen(handle, "wb") as out:
            for piece in pieces:
                out.write(piece)

    def __call__(self) -> BinaryIO:
        """Open it to read."""
        return self.path.open("rb")
