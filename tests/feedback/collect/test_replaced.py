"""A form of an older edition that is sent after a newer one opened: nothing is counted, and what still fits is kept."""

import re
from dataclasses import replace

import pytest
from sqlmodel import select

from heard.kit.db import reading, writing
from polls.frozen import freeze
from polls.kinds.kind import Draft
from polls.models import Poll
from polls.publish import editions, publishing
from polls.write import authoring, storing
from tests.feedback.collect.test_page_by_page import page_at, say
from tests.feedback.voting import rows

QUESTIONS = [
    Draft("single", "Which day?", ("Mon", "Tue", "Wed"), required=True),
    Draft("matrix", "Parts?", ("Bad", "Good"), rows=("Price", "Taste")),
    Draft("long_text", "Why?"),
]


def replaced_by(world, poll, **changes):
    """The newer edition, open now, with some of its draft's fields changed."""
    with writing() as session:
        maya = world.people["maya"]
        made = editions.again(session, session.get_one(Poll, poll.id), by=maya, same_series=True)
        if changes:
            edited = replace(storing.draft_of(freeze(session, made)), **changes)
            authoring.edit_poll(session, made, edited, revision=made.revision, by=maya)
        publishing.open_now(session, made, by=maya)
        return freeze(session, made)


def filled(client, poll, path):
    """The fields of a ballot: the second option, Taste is Good, and a reason."""
    day, parts, why = poll.questions
    good = next(o for o in parts.options if o.label == "Good")
    taste = next(o for o in parts.options if o.label == "Taste")
    _text, sent = page_at(client, path)
    said = {day.name: str(day.options[1].id), parts.item_name(taste.id): str(good.id), why.name: "Quiet & calm"}
    return {**sent, **said}


def checked(text):
    """The names and values of what is chosen on a page."""
    return set(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]+)"[^>]* checked', text))


@pytest.mark.parametrize("where", ["p", "e"])
def test_what_was_typed_stands_on_the_newer_edition_and_nothing_is_counted(world, client, where):
    poll = world.open_poll(QUESTIONS, voter_rule="open")
    sent = filled(client, poll, f"/{where}/{poll.slug}")
    newer = replaced_by(world, poll)
    answer = client.post(f"/{where}/{poll.slug}", data=sent)
    assert answer.status_code == 409
    assert "A newer edition of this poll has opened since you began" in answer.text
    day, parts, _why = newer.questions
    item = {o.label: o.id for o in parts.options}
    assert checked(answer.text) == {
        (day.name, str(day.options[1].id)),
        (parts.item_name(item["Taste"]), str(item["Good"])),
    }
    assert "Quiet &amp; calm" in answer.text
    assert rows("responses") == []
    again = re.search(r'name="submission" value="([^"]+)"', answer.text)
    assert again
    said = {day.name: str(day.options[1].id), "submission": again[1]}
    assert client.post(f"/{where}/{poll.slug}", data=said).status_code in (200, 303)
    assert [r["poll_id"] for r in rows("responses")] == [newer.id]


def test_what_has_other_words_now_is_left_empty(world, client):
    poll = world.open_poll(QUESTIONS, voter_rule="open")
    sent = filled(client, poll, f"/p/{poll.slug}")
    changed = (Draft("single", "Which day?", ("Mon", "Thu"), required=True), Draft("long_text", "Why not?"))
    replaced_by(world, poll, questions=changed)
    answer = client.post(f"/p/{poll.slug}", data=sent)
    assert answer.status_code == 409
    assert checked(answer.text) == set()
    assert "Quiet &amp; calm" not in answer.text


def test_a_ballot_that_was_counted_before_leads_to_its_receipt(world, client):
    poll = world.open_poll(QUESTIONS, voter_rule="open")
    sent = filled(client, poll, f"/p/{poll.slug}")
    first = client.post(f"/p/{poll.slug}", data=sent).headers["location"]
    replaced_by(world, poll)
    answer = client.post(f"/p/{poll.slug}", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, first)


def test_page_by_page_the_pages_before_are_carried_over_too(world, client):
    poll = world.open_poll(QUESTIONS, paged=True)
    path = say(client, poll, f"/p/{poll.slug}", q1="Tue").headers["location"]
    _text, sent = page_at(client, path)
    newer = replaced_by(world, poll)
    answer = client.post(f"/p/{poll.slug}", data={**sent, "do": "next"})
    assert answer.status_code == 303
    page = client.follow(answer)
    assert "A newer edition of this poll has opened" in page.text
    day = newer.questions[0]
    assert checked(page.text) == {(day.name, str(day.options[1].id))}
    left = client.get(path)
    assert "A newer edition of this poll has opened" in left.text
    assert checked(left.text) == {(day.name, str(day.options[1].id))}


def test_a_form_of_another_poll_is_no_older_edition(world, client):
    poll, other = (
        world.open_poll(QUESTIONS, voter_rule="open"),
        world.open_poll(QUESTIONS, voter_rule="open", title="B"),
    )
    sent = filled(client, poll, f"/p/{poll.slug}")
    answer = client.post(f"/p/{other.slug}", data=sent)
    assert answer.status_code == 422
    assert "A newer edition" not in answer.text
    with reading() as session:
        assert len(session.exec(select(Poll)).all()) == 2
