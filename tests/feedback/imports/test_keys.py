"""Keys made a million at a time are those that a ballot gets."""

from hypothesis import given
from hypothesis import strategies as st

from feedback.collect import voters
from feedback.collect.receipts import mark_of, receipt_of
from feedback.imports.keys import Keys
from heard.kit import tokens

SUBMISSIONS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)


@given(SUBMISSIONS, st.integers(1, 2**31), st.booleans())
def test_they_are_the_same_one_by_one(submission, poll_id, anonymous):
    made = Keys(poll_id, anonymous=anonymous).of(submission)
    hidden = anonymous and not submission.startswith(voters.OWN)
    stored = voters.submission_of(poll_id, submission) if hidden else submission
    receipt = receipt_of(poll_id, stored)
    assert made == (
        voters.key_for_submission(poll_id, stored),
        stored,
        tokens.hashed(receipt),
        mark_of(receipt),
    )
