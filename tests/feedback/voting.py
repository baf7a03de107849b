"""What the tests of collecting share: ballots by hand, counts from the database."""

from sqlalchemy import text

from feedback.collect import counters, voters
from feedback.collect.ballots import Ballot
from heard.kit.db import DbSession, reading
from polls.frozen import FrozenPoll
from polls.kinds.kind import Value
from tests.world import PollHandle


def counts(session: DbSession, poll: PollHandle) -> dict[str, int]:
    """Votes of the first question's options by label, from the counters on disk."""
    cells = counters.cells(session, poll.id)
    question = poll.questions[0]
    return {o.label: cells.get(f"{question.id}:o{o.id}", 0) for o in question.options}


def n_of(poll: PollHandle) -> int:
    """Responses counted."""
    with reading() as session:
        return counters.cells(session, poll.id).get("n", 0)


def rows(table: str) -> list[dict]:
    """Everything in a table."""
    with reading() as session:
        return [dict(r) for r in session.execute(text(f"SELECT * FROM {table}")).mappings()]


def choice(poll: PollHandle, label: str) -> dict[int, list[Value]]:
    """The answers of a ballot that chooses this option of the first question."""
    question = poll.questions[0]
    return {question.id: [Value(option=next(o.id for o in question.options if o.label == label))]}


def ballot(
    poll: PollHandle, label: str, *, voter: str, submission: str = "", frozen: FrozenPoll | None = None
) -> Ballot:
    """A ballot of a voter named like this, as the API would make it."""
    frozen = frozen or poll.frozen
    submission = submission or f"{voter}-{label}"
    known = frozen.voter_rule != "open"
    key = voters.key_of(poll.id, "api", voter) if known else voters.key_for_submission(poll.id, submission)
    return voters.ballot_of(frozen, voters.Voter(key, known), submission, choice(poll, label), "api")


def respond(client, poll: PollHandle, label: str, *, token: str = "", **more):
    """A ballot through the API."""
    option = next(o.id for o in poll.questions[0].options if o.label == label)
    body = {"answers": [{"question": poll.questions[0].id, "option": option}], **more}
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return client.post(f"/api/v1/polls/{poll.slug}/responses", json=body, headers=headers)
