"""Ballots with a comment each, and themes that are given, for tests of what is reckoned from themes."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import col, select

from feedback.collect import intake, voters
from feedback.collect.ballots import Ballot
from feedback.models import Assignment, Comment, Theme
from heard.kit import tokens
from heard.kit.clock import now
from heard.kit.db import writing
from polls.kinds.kind import Value
from tests.world import PollHandle


def theme(poll_id: int, label: str) -> tuple[int, int]:
    """A coarse theme and its one fine theme: their ids."""
    with writing() as session:
        coarse = Theme(poll_id=poll_id, label=label, born_at=now())
        session.add(coarse)
        session.flush()
        fine = Theme(poll_id=poll_id, label=f"{label}, finer", parent_id=coarse.id, born_at=now())
        session.add(fine)
        session.flush()
        return coarse.id or 0, fine.id or 0


def weeks(poll_id: int, fine: int, counts: Mapping[int, tuple[int, int]], *, start: datetime) -> None:
    """Comments that were read: {week: (in the theme, all)}, from `start` on."""
    rows = [
        (
            Comment(id=tokens.random_id(), poll_id=poll_id, text="x", said_at=start + timedelta(weeks=week, hours=n)),
            n < hits,
        )
        for week, (hits, all_) in counts.items()
        for n in range(all_)
    ]
    with writing() as session:
        session.add_all(row for row, _in in rows)
        session.flush()
        session.add_all(
            Assignment(comment_id=row.id, poll_id=poll_id, theme_id=fine if inside else None) for row, inside in rows
        )


def ballots(poll: PollHandle, counts: Mapping[tuple[str, int | None], int]) -> None:
    """{(option of the first question or "", fine theme of the comment, 0 for none, None for no comment): how many}."""
    choice, words = poll.questions[:2]
    options = {o.label: o.id for o in choice.options}
    made, themes = [], {}
    for (label, fine), n in counts.items():
        for at in range(n):
            said = {choice.id: [Value(option=options[label])]} if label else {}
            if fine is not None:
                said[words.id] = [Value(text=f"{fine} {label} {at}")]
                themes[f"{fine} {label} {at}"] = fine or None
            submission = voters.submission_of(poll.id, f"{label}{fine}{at}")
            key = voters.key_for_submission(poll.id, submission)
            made.append(Ballot(poll.frozen, submission, key, said, "import"))
    assert not [o for o in intake.submit_many(made) if isinstance(o, Exception)]
    with writing() as session:
        for comment in session.exec(select(Comment).where(col(Comment.poll_id) == poll.id)).all():
            if comment.text in themes:
                session.add(Assignment(comment_id=comment.id, poll_id=poll.id, theme_id=themes[comment.text]))
