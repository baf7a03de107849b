"""Ballots that were open while their poll was edited, or asked anew: told in plain words, and never counted for other words."""

from dataclasses import replace

import pytest

from heard.kit.db import writing
from polls.frozen import freeze
from polls.kinds.kind import Draft
from polls.models import Poll
from polls.publish import editions, publishing
from polls.write import authoring, storing
from tests.feedback.voting import n_of


def _edited(poll, *questions):
    with writing() as session:
        row = session.get_one(Poll, poll.id)
        as_it_is = storing.draft_of(freeze(session, row))
        authoring.edit_poll(session, row, replace(as_it_is, questions=questions), revision=row.revision, by=None)


@pytest.mark.both
@pytest.mark.parametrize("where", ["p", "e"])
def test_a_ballot_that_was_open_during_an_edit_counts_for_no_other_words(world, client, where):
    poll = world.open_poll(options=("Tea", "Coffee"), voter_rule="open")
    question = poll.questions[0]
    old = {"submission": "n" * 22, question.name: str(question.options[0].id)}
    for _time in range(2):  # the second edit must not give the first ids away again
        _edited(poll, Draft("single", "Which one do you dislike?", ("Coffee", "Tea")))
        answer = client.post(f"/{where}/{poll.slug}", data=old)
        assert answer.status_code == 422
        assert "were changed after you opened it" in answer.text
        assert "Which one do you dislike?" in answer.text
    assert n_of(poll) == 0


def test_the_ballot_of_an_older_edition_is_told_so(world, client):
    poll = world.open_poll(options=("Tea", "Coffee"))
    question = poll.questions[0]
    world.vote(poll, {"q1": "Tea"})
    with writing() as session:
        row = session.get_one(Poll, poll.id)
        publishing.open_now(session, editions.again(session, row, by=None, same_series=True), by=None)
    old = {"submission": "n" * 22, question.name: str(question.options[0].id)}
    answer = client.post(f"/p/{poll.slug}", data=old)
    assert answer.status_code == 409
    assert "A newer edition of this poll has opened since you began" in answer.text


def test_page_by_page_too(world, client):
    drafts = [Draft("single", "Tea?", ("Yes", "No")), Draft("single", "Coffee?", ("Yes", "No"))]
    poll = world.open_poll(drafts, paged=True)
    second = poll.questions[1]
    _edited(poll, Draft("single", "Milk?", ("No", "Yes")), Draft("single", "Sugar?", ("No", "Yes")))
    sent = {"submission": "n" * 22, "page": "2", "do": "send", second.name: str(second.options[0].id)}
    answer = client.post(f"/p/{poll.slug}", data=sent)
    assert answer.status_code == 422
    assert "were changed after you opened it" in answer.text
    assert "Milk?" in answer.text
    assert n_of(poll) == 0
