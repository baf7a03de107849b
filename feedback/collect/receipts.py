"""Receipts and marks. A receipt is the voter's secret; its mark is public and leads nowhere."""

import hashlib

from heard.kit import tokens


def receipt_of(poll_id: int, submission_id: str) -> str:
    """The receipt of a submission: 128 bits from HEARD_SECRET, the same again after a kill. Only its hash is stored."""
    return tokens.derived("receipt", poll_id, submission_id)


def mark_of(receipt: str) -> str:
    """20 characters that may be listed in public: they show that a ballot is included, and nothing else."""
    return hashlib.sha256(b"mark\x1f" + receipt.encode()).hexdigest()[:20]
