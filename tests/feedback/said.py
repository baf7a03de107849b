"""Comments for tests, put straight into the database: sixty about five things, in a fixed order."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import col, select

from feedback.models import Assignment, Comment, Theme
from heard.kit import tokens
from heard.kit.clock import now
from heard.kit.db import DbSession, writing

HOURS = [
    "Please open the library on Sunday", "Longer opening hours in the evening please", "The opening hours are too short",
    "Open later in the evening for people who work", "Opening hours on Saturday end too early", "Could you open on Sunday afternoon",
    "I would like longer opening hours", "Evening opening hours would help me a lot", "Open earlier in the morning please",
    "The opening hours do not suit people with a job", "Sunday opening would be wonderful", "Please extend the opening hours",
]  # fmt: skip
STAFF = [
    "The staff are friendly and helpful", "Very kind staff at the desk", "Staff helped me find what I needed",
    "Friendly staff, thank you", "The staff at the desk are patient", "Helpful and kind staff every time",
    "I like how friendly the staff are", "The desk staff answered all my questions", "Wonderful staff, always kind",
    "Staff are polite and helpful", "The friendly staff make my day", "Patient staff with children",
]  # fmt: skip
COLD = [
    "The heating is broken and it is cold", "It is too cold in the reading room", "Please repair the heating",
    "Cold reading room in winter", "The heating does not work upstairs", "I was cold all afternoon, heating off",
    "The reading room is freezing cold", "Heating please, my hands are cold", "Too cold to sit and read",
    "The radiators and the heating are cold", "Repair the heating before winter", "It was cold, the heating was off",
]  # fmt: skip
BOOKS = [
    "More books for children please", "The children's books are old", "New picture books for children",
    "We need more books for small children", "More comics and books for teenagers", "The children's shelf has few books",
    "Please buy new books for children", "More books in French for children", "Children want new books",
    "The books for children are worn out", "A wider choice of children's books", "Books for young children are missing",
]  # fmt: skip
PARKING = [
    "There is no parking near the entrance", "Parking is too expensive", "More parking for bicycles please",
    "The car park is always full", "I never find a parking place", "Bicycle parking is missing",
    "Parking for disabled visitors please", "The parking machine is broken", "Free parking for an hour would help",
    "The car park needs lights", "Parking costs too much for families", "Where should I park, parking is full",
]  # fmt: skip
ALL = [text for five in zip(HOURS, STAFF, COLD, BOOKS, PARKING, strict=True) for text in five]
WIFI = [
    "The wifi is slow", "Wifi network is slow upstairs", "Slow wifi network", "The wifi password never works", "Faster wifi network",
    "The wifi network drops every hour", "Slow wifi, I could not study", "Wifi signal is weak", "Weak wifi signal upstairs",
    "The wifi drops, the network is weak", "Wifi password for the network", "Slow and weak wifi",
]  # fmt: skip


def say(poll_id: int, texts: Sequence[str], *, later: int = 0) -> list[int]:
    """Store comments of this poll, in this order, `later` minutes from now. Their ids."""
    at = now() + timedelta(minutes=later)
    rows = [
        Comment(id=tokens.random_id(), poll_id=poll_id, text=text, said_at=at + timedelta(seconds=n))
        for n, text in enumerate(texts)
    ]
    with writing() as session:
        session.add_all(rows)
    return [row.id for row in rows]


def placed(session: DbSession, poll_id: int) -> dict[int, int | None]:
    """{comment: fine theme} of a poll."""
    rows = session.exec(select(Assignment.comment_id, Assignment.theme_id).where(Assignment.poll_id == poll_id))
    return dict(rows.all())


def theme_of(session: DbSession, comment_id: int) -> Theme:
    """The fine theme of a comment."""
    found = session.exec(
        select(Theme)
        .join(Assignment, col(Assignment.theme_id) == col(Theme.id))
        .where(Assignment.comment_id == comment_id)
    ).first()
    assert found is not None, "the comment has no theme"
    return found
