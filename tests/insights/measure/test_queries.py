"""What is read for a part of a poll: quotes beside an answer, and both briefs from one reading."""

from datetime import timedelta

from sqlmodel import col, select

from feedback.models import Answer, Comment
from heard.kit.clock import now
from heard.kit.db import writing
from insights.measure import queries
from tests.insights.scene import answer, library, sort_into_themes, write


def test_a_quote_beside_an_answer_needs_five_who_wrote_in_these_days(world):
    poll = library(world, at=now() - timedelta(days=60), themed=False)
    answer(poll, 60)
    yes = poll.questions[0].options[0].id
    with writing() as session:
        theirs = (
            select(Comment)
            .join(Answer, col(Answer.response_id) == col(Comment.response_id))
            .where(Answer.option_id == yes, Comment.said_at > now() - timedelta(days=30))
        )
        for comment in session.exec(theirs).all()[2:]:
            session.delete(comment)
    sort_into_themes(poll)
    hours = write(world).facts["polls"][0]["questions"][0]
    assert (hours["n"], hours["options"][0]["count"], hours["voices"]) == (60, 37, [])


def test_two_briefs_written_together_read_once(world, client, monkeypatch):
    library(world)
    read = []
    gather = queries.gather
    monkeypatch.setattr(queries, "gather", lambda *given: read.append(1) or gather(*given))
    form = {"audience": "both", "since": "", "until": "", "locale": "en"}
    assert client.sign_in("maya").post("/m/garden/briefs", data=form).status_code == 303
    assert len(read) == 1
