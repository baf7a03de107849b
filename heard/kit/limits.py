"""How often: a moving window in memory, for each process. Enough against guessing; votes have rules of their own."""

from functools import cache
from typing import Any

from fastapi import Request

from heard.kit.errors import TooMany
from heard.kit.i18n import _

GUESSES = "30/minute"


@cache
def _limiter() -> Any:
    from limits import storage, strategies

    return strategies.MovingWindowRateLimiter(storage.MemoryStorage())


def within(what: str, who: str, rate: str) -> bool:
    """Count one try of `what` by `who` against a rate such as "10/minute"; whether it was within it."""
    from limits import parse

    return bool(_limiter().hit(parse(rate), what, who))


def spend(what: str, who: str, rate: str) -> None:
    """The same. Raises TooMany."""
    if not within(what, who, rate):
        raise TooMany(_("That was tried too often."), hint=_("Wait a minute, then try again."))


def guessed(request: Request) -> None:
    """Count an address with a secret that is nobody's. Whoever has a right one never comes here: of many people behind
    one network address, only those with a broken link wait. Raises TooMany."""
    spend("secret", request.client.host if request.client else "", GUESSES)
