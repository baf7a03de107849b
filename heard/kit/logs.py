"""The log: one line an event, on standard error; ids and figures, never words of respondents.

Tracebacks are plain: structlog's own prints every local variable, passwords and answers among them, and takes seconds.
"""

import sys

import structlog


def reason(error: BaseException) -> str:
    """Why, on one line: what the driver said, without statements and addresses of manuals."""
    said = str(getattr(error, "orig", None) or error) or type(error).__name__
    return " ".join(said.split())[:300]


def configure() -> None:
    """Send the log of this process to standard error. Called once by every process; twice is harmless."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
            ),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
