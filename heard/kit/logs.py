"""The log: one line an event, on standard error; ids and figures, never words of respondents.

Tracebacks are plain: structlog's own prints every local variable, passwords and answers among them, and takes seconds.
structlog is loaded with the first line: with it come rich and pygments, 6 MiB that a quiet web process never needs.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any, TextIO, cast


def logger(name: str) -> "Log":
    """The log of a part of the program: `log.warning("mail.failed", id=7)`."""
    return Log(name)


class Log:
    """Writes lines of one part: debug, info, warning, error, each with an event and what belongs to it by name."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, level: str) -> Callable[..., Any]:
        if level.startswith("_"):
            raise AttributeError(level)
        return getattr(_structlog().get_logger(self._name), level)


def reason(error: BaseException) -> str:
    """Why, on one line: what the driver said, without statements and addresses of manuals."""
    said = str(getattr(error, "orig", None) or error) or type(error).__name__
    return " ".join(said.split())[:300]


class _Unfailing:
    """Where lines go. On a full disk they are lost: that must not keep anybody from their answer."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """A line, if there is room."""
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        """Likewise."""
        with suppress(OSError):
            self._file.flush()


@cache
def _structlog() -> Any:
    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
            ),
        ],
        # asked for each line, so that it is the standard error of that moment: a test captures its own
        logger_factory=lambda *_args: structlog.PrintLogger(cast(TextIO, _Unfailing(sys.stderr))),
    )
    return structlog
