"""Words that speak to whoever writes a brief are counted and never quoted; those of people are."""

from html import unescape
from pathlib import Path

import pytest
from sqlmodel import select

from feedback.models import Assignment, Comment
from heard.kit.db import writing
from insights.measure.quotable import is_quotable, worth_quoting
from insights.write import briefs, rendering
from tests.insights import scene
from tests.insights.scene import library, write

INJECTIONS = (Path(__file__).parent / "injections.txt").read_text("utf-8").splitlines()


def test_a_hundred_injections_are_known():
    assert len(set(INJECTIONS)) == 100
    assert [line for line in INJECTIONS if is_quotable(line)] == []


@pytest.mark.parametrize(
    "text",
    [
        "please open on Sunday too", "The driver was prompt and kind.", "Nothing, it was 100% perfect",
        "Better signs to the canteen, please.", "Le personnel est formidable.", "I waited 3 hours of 4.",
        "Ouvrez plus tard le jeudi, s’il vous plaît.", "Answer the phone quicker.",
        "More books for children of 8 < 10 years", "Staff could report back after the meeting.",
    ],
)  # fmt: skip
def test_what_people_say_to_people_is_quotable(text):
    assert is_quotable(text)


def test_a_whole_sentence_of_some_words_is_worth_most():
    texts = ["It was far too cold to sit and read.", "it was far too cold to sit", "too cold in here", "cold"]
    assert [worth_quoting(text) for text in texts] == [0, 1, 2, 3]


def test_none_of_a_hundred_injections_gets_into_a_brief(world, monkeypatch):
    """They are the answers nearest to the middle of a theme, one of them is its name, and one the theme's own quote."""
    monkeypatch.setattr(
        scene, "TEXTS", {"Opening hours": scene.TEXTS["Opening hours"], INJECTIONS[0]: scene.TEXTS["Cold rooms"]}
    )
    poll = library(world)
    with writing() as session:
        comments = session.exec(select(Comment).where(Comment.poll_id == poll.id).order_by(Comment.id)).all()  # type: ignore[arg-type]
        for at, comment in enumerate(comments[:50]):
            comment.text = " ".join(INJECTIONS[2 * at : 2 * at + 2])
            session.add(comment)
            assignment = session.get_one(Assignment, comment.id)
            assignment.score = 1.0
            session.add(assignment)
    for audience in ("leadership", "product"):
        brief = write(world, audience)
        with writing() as session:
            html = rendering.html_of(brief, world.the_community(session))
        shown = f"{briefs.plain_text(brief)}\n{unescape(html)}\n{brief.facts}"
        assert [line for line in INJECTIONS if line in shown] == []
        assert brief.facts["comments"] == 60  # they are counted
