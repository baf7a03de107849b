"""The derived keys of an import's responses, a million at a time: the same as tokens, voters and receipts make them.

Those join their parts anew with each call; here what stays the same for a poll is prepared once.
"""

from base64 import b64encode
from hashlib import sha256
from typing import NamedTuple

from feedback.collect.voters import OWN
from heard.kit import tokens

_TEXT = bytes.maketrans(b"+/", b"~_")  # base64 as heard.kit.tokens writes it
_MARK = b"mark\x1f"


class ResponseKeys(NamedTuple):
    """What a response stores of its submission."""

    voter_key: str
    submission_id: str
    receipt_hash: str
    mark: str


class Keys:
    """Makes the keys of one poll's imported responses."""

    def __init__(self, poll_id: int, *, anonymous: bool) -> None:
        self._anonymous = anonymous
        names = ("submission", "ballot", "receipt")
        self._submission, self._ballot, self._receipt = (f"{name}\x1f{poll_id}\x1f".encode() for name in names)

    def stored_submission(self, submission_id: str) -> str:
        """The submission id as it is stored: of an anonymous poll one that does not lead back to the file."""
        if self._anonymous and not submission_id.startswith(OWN):
            return OWN + self._derived(self._submission + submission_id.encode(), 16).decode()
        return submission_id

    def of(self, submission_id: str) -> ResponseKeys:
        """All of them."""
        submission = self.stored_submission(submission_id)
        sent = submission.encode()
        receipt = self._derived(self._receipt + sent, 16)
        return ResponseKeys(
            self._derived(self._ballot + sent, 32).decode(),
            submission,
            sha256(receipt).hexdigest(),
            sha256(_MARK + receipt).hexdigest()[:20],
        )

    def _derived(self, message: bytes, size: int) -> bytes:
        return b64encode(tokens.mac(message)[:size]).rstrip(b"=").translate(_TEXT)
