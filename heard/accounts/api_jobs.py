"""What the worker does for the API."""

from heard.accounts import api_calls
from heard.kit import work
from heard.kit.db import writing


@work.handles("forget_calls")
def forget_calls() -> None:
    """Answers that were kept for calls with an Idempotency-Key are erased after a day."""
    with writing() as session:
        api_calls.forget(session)
