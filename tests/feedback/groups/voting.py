"""What the tests of opinion groups share: camps of people as votes, and as ballots of a poll."""

import numpy as np

from feedback.collect import intake, voters
from feedback.collect.ballots import Ballot
from feedback.groups.finding import UNSEEN, Votes
from polls.kinds.kind import Draft, Value
from tests.world import PollHandle, World

STATEMENTS = tuple(f"Statement {n}" for n in range(1, 9))


def camps(*sizes: int, statements: int = 8, seed: int = 1, flips: float = 0.08) -> Votes:
    """People of each camp vote alike but for a few: on the first two statements all agree, on the rest each its own way."""
    chance = np.random.default_rng(seed)
    own = [chance.permutation([1, -1] * statements)[:statements] for _camp in sizes]
    own[1:2] = [-own[0]] if len(sizes) > 1 else []
    votes = np.concatenate([np.tile(stance, (size, 1)) for stance, size in zip(own, sizes, strict=True)]).astype(
        np.int8
    )
    votes[:, :2] = 1
    votes[chance.random(votes.shape) < flips] *= -1
    return votes


def poll_of(world: World, votes: Votes, **rules: object) -> PollHandle:
    """A poll whose ballots say this, in an order of its own."""
    drafts = [Draft("statements", "What do you think?", STATEMENTS[: votes.shape[1]])]
    poll = world.open_poll(drafts, title="The garden", voter_rule="open", **rules)
    cast(poll, votes)
    return poll


def cast(poll: PollHandle, votes: Votes, start: int = 0) -> None:
    """Record these votes as ballots."""
    question = poll.questions[0]
    made = []
    for number, row in enumerate(votes, start):
        said = [
            Value(o.id, number=float(v)) for o, v in zip(question.options, row.tolist(), strict=True) if v != UNSEEN
        ]
        key = voters.submission_of(poll.id, f"{number}") if poll.frozen.anonymous else f"{number}"
        made.append(Ballot(poll.frozen, key, voters.key_for_submission(poll.id, key), {question.id: said}, "import"))
    assert not [o for o in intake.submit_many(made) if isinstance(o, Exception)]
