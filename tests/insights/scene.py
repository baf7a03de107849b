"""A poll with answers and themes, written straight to the database: what briefs are made of."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import select

from feedback.collect import intake
from feedback.collect.ballots import Ballot
from feedback.models import Assignment, Comment, Theme
from heard.kit import tokens
from heard.kit.clock import now
from heard.kit.db import DbSession, writing
from insights.models import Brief
from insights.write import briefs
from polls.kinds.kind import Draft, Value
from tests.world import PollHandle, World

TEXTS = {
    "Opening hours": [
        "the opening hours are too short in the evening",
        "please open on Sunday too",
        "longer hours would help me",
    ],
    "Cold rooms": [
        "the reading room is far too cold to read in",
        "heating is broken, write to ada@home.example",
        "it was cold",
    ],
}
QUESTIONS = [
    Draft("single", "Do the opening hours suit you?", ("Yes", "No", "Sometimes")),
    Draft("nps", "Would you recommend us?"),
    Draft("long_text", "What should change?"),
]


def library(
    world: World,
    n: int = 60,
    *,
    at: datetime | None = None,
    themed: bool = True,
    title: str = "Library hours",
    **rules: object,
) -> PollHandle:
    """60 answers: Yes 37, No 15, Sometimes 8; NPS +20 (30 keen, 18 not); comments in two themes, half and half."""
    poll = world.open_poll(QUESTIONS, title=title, **rules)
    answer(poll, n, at=at)
    if themed:
        sort_into_themes(poll)
    return poll


def answer(poll: PollHandle, n: int, *, at: datetime | None = None) -> None:
    """n ballots in the shares that library() tells."""
    hours, nps, change = poll.questions
    said = [text for pair in zip(*TEXTS.values(), strict=True) for text in pair]
    made = []
    for i in range(n):
        step = i * 60 // n if n >= 60 else i
        option = hours.options[0 if step < 37 else 1 if step < 52 else 2]
        score = 10 if step < 30 else 8 if step < 42 else 3
        answers = {
            hours.id: [Value(option=option.id)], nps.id: [Value(number=score)],
            change.id: [Value(text=f"{said[i % len(said)]}{' please' * (i // len(said))}")],
        }  # fmt: skip
        turnout = (tokens.fresh(32) * 2)[:43] if poll.frozen.anonymous else None
        made.append(
            Ballot(
                poll.frozen,
                str(uuid.uuid4()),
                (tokens.fresh(32) * 2)[:43],
                answers,
                "page",
                submitted_at=at or now(),
                turnout_key=turnout,
            )
        )
    for outcome in intake.submit_many(made):
        assert not isinstance(outcome, Exception), outcome


def sort_into_themes(poll: PollHandle) -> None:
    """Two coarse themes by the words of the comments, each with a finer one that holds all of it."""
    with writing() as session:
        comments = session.exec(select(Comment).where(Comment.poll_id == poll.id).order_by(Comment.text)).all()  # type: ignore[arg-type]
        for label, texts in TEXTS.items():
            mine = [c for c in comments if any(c.text.startswith(t) for t in texts)]
            coarse = theme(session, poll.id, label, [c.id for c in mine[:3]])
            fine = theme(session, poll.id, f"{label}, in detail", [c.id for c in mine[:3]], parent=coarse)
            for comment in mine:
                session.add(Assignment(comment_id=comment.id, poll_id=poll.id, theme_id=fine, score=0.8))


def theme(session: DbSession, poll_id: int, label: str, quotes: Sequence[int], *, parent: int | None = None) -> int:
    """A theme; its id."""
    row = Theme(poll_id=poll_id, parent_id=parent, label=label, quotes=[str(q) for q in quotes], born_at=now())
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def write(world: World, audience: str = "leadership", **more: object) -> Brief:
    """A brief of the garden on the last 30 days, by Maya."""
    with writing() as session:
        return briefs.write_brief(session, world.the_community(session), audience, by=world.people["maya"], **more)  # type: ignore[arg-type]
