"""Who votes, as a key of 43 characters that says nothing about the person and joins no two polls.

Level by level: an open poll draws a key for each submission; the others make it from what tells voters apart (a
cookie, a personal link, an account, or the name that an API client gives) by HMAC with the poll's id.
"""

from heard.kit import tokens
from heard.kit.settings import settings

BY_COOKIE = ("browser", "network")  # voter rules whose ballots are told apart by a cookie


def key_of(poll_id: int, what: str, who: object) -> str:
    """The key of one voter in one poll. `what` says what `who` is: browser, invitation, account, api."""
    return tokens.derived("voter", poll_id, what, who, size=32)


def key_for_submission(poll_id: int, submission_id: str) -> str:
    """A key for one submission only: open polls, and the responses of anonymous ones. A retry has the same."""
    return tokens.derived("ballot", poll_id, submission_id, size=32)


def submission_of(poll_id: int, nonce: str) -> str:
    """The submission id of a page's form; a stored or exported one leads neither to the nonce nor to the receipt."""
    return OWN + tokens.derived("submission", poll_id, nonce)


OWN = "~"  # submission ids that begin with it are ours; clients of the API may not choose one


def cookie_name() -> str:
    """The voter cookie; __Host- ties it to this very host, which browsers allow on https only."""
    return "__Host-heard-voter" if settings().https else "heard-voter"


def cookie_for(nonce: str) -> str:
    """The value of a new voter cookie, made from the form's nonce: a double click must not make two voters."""
    return tokens.derived("cookie", nonce)
