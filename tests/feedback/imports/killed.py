"""A process that brings a file in, a few responses at a time, and kills itself at a named point of the batch with this number:
`python -m tests.feedback.imports.killed FILE BATCH POINT` (POINT: before, within, after, or never)."""

import os
import signal
import sys
from pathlib import Path

from feedback.imports import bulk, going_on, recording, run

SIZE = 7


def main() -> None:
    """The process."""
    file, batch, point = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    going_on.FIRST_BATCH = going_on.SMALLEST_BATCH = going_on.LARGEST_BATCH = SIZE
    seen, record, insert = [], recording.record, bulk.insert

    def dies(*args):  # type: ignore[no-untyped-def]
        seen.append(args)
        if len(seen) == batch and point == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        took = record(*args)
        if len(seen) == batch and point == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return took

    def dies_within(session, table, *rest):  # type: ignore[no-untyped-def]
        if len(seen) == batch and point == "within" and table == "comments":
            os.kill(os.getpid(), signal.SIGKILL)
        insert(session, table, *rest)

    recording.record, bulk.insert = dies, dies_within
    run.run(file, "garden", new_poll="Brought in")


if __name__ == "__main__":
    main()
