"""A slip of the pen is put right after the first vote, and both spellings are shown; anything more is a new edition."""

import pytest
from sqlmodel import select

from heard.accounts.models import AuditEntry
from heard.kit.db import writing
from polls.frozen import frozen_poll
from polls.kinds.kind import Draft
from polls.models import Correction, Poll, PollTranslation
from polls.publish import corrections
from polls.publish.slips import is_slip


@pytest.mark.parametrize(("before", "after"), [
    ("Tomatos", "Tomatoes"), ("Wich day suits you?", "Which day suits you?"), ("teh day", "the day"),
    ("the the day", "the day"), ("cafe", "Café"), ("recieve it", "receive it"), ("les enfant", "les enfants"),
    ("Wich days woud you liek", "Which days would you like"), ("Which day", "Which day?"), ("monday", "Monday"),
    ("cant come", "can't come"), ("Qu’en pensez vous ?", "Qu'en pensez-vous ?"),
])  # fmt: skip
def test_a_slip_of_the_pen(before, after):
    assert is_slip(before, after)


@pytest.mark.parametrize(("before", "after"), [
    ("Which day?", "Which week?"), ("I can come", "I can't come"), ("happy", "unhappy"), ("content", "mécontent"),
    ("Do you like it?", "Do you dislike it?"), ("10 hours", "11 hours"), ("-5", "5"), ("5 €", "5 $"), ("20%", "20"),
    ("Je ne viens pas", "Je viens"), ("Je n'aime", "J'aime"), ("One", "Two"), ("a", "b"), ("now", "not"), ("Hot", "Not"),
    ("sixteen", "sixty"), ("helpful", "helpless"), ("typical", "atypical"), ("Monday", "Sunday"), ("Yes", "No"),
    ("👍", "👎"), ("now where", "nowhere"), ("in", "on"), ("I want it", "I wont it"), ("sans sucre", "avec sucre"),
    ("A", ""), ("A", "A"), ("aa bb cc dd", "aa bb cc"), ("first secnd thrd fourh fith", "first second third fourth fifth"),
    ("more than 3", "more than 3 or 4"), ("x < 5", "x > 5"), ("Mars", "Mais pas en mars"),
])  # fmt: skip
def test_more_than_a_slip(before, after):
    assert not is_slip(before, after)


def test_an_option_does_not_become_another_one():
    assert is_slip("Tomatos", "Tomatoes", ["Beans"])
    assert not is_slip("Tomatos", "Tomatoes", ["Beans", " tomatoes "])


ASKED = [Draft("single", "Wich crop?", ("Tomatos", "Beans")), Draft("long_text", "Why?")]


def correct(poll, part, text, world):
    with writing() as session:
        corrections.correct(session, session.get_one(Poll, poll.id), part, text, by=world.people["maya"])


def key(poll, label):
    question = poll.questions[0]
    option = next(o for o in question.options if o.label == label)
    return f"{question.name}-option-{option.id}"


@pytest.mark.both
def test_a_correction_keeps_edition_ids_and_votes_and_moves_the_revision(world, client, session):
    poll = world.open_poll(ASKED, results_rule="always")
    receipt = world.vote(poll, {"q1": "Tomatos"})
    correct(poll, key(poll, "Tomatos"), "Tomatoes", world)
    after = frozen_poll(session, poll.slug)
    assert [o.label for o in after.questions[0].options] == ["Tomatoes", "Beans"]
    assert [o.id for o in after.questions[0].options] == [o.id for o in poll.questions[0].options]
    assert (after.revision, after.edition, after.id) == (poll.frozen.revision + 1, 1, poll.id)
    assert "Tomatoes" in client.get(f"/r/{receipt}").text
    world.vote(poll, {"q1": str(poll.questions[0].options[0].id)})
    results = client.get(f"/p/{poll.slug}/results").text
    assert "“Tomatos” → “Tomatoes”" in results
    assert "“Tomatoes” leads with 2 of 2." in results
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "poll.corrected")).one()
    assert entry.details == {"part": key(poll, "Tomatos")}
    stored = session.exec(select(Correction)).one()
    assert (stored.before, stored.after, stored.account_id) == ("Tomatos", "Tomatoes", world.people["maya"].id)


@pytest.mark.both
def test_translations_follow_the_new_spelling(world, session):
    texts = {
        "Best day": "Jour",
        "Wich crop?": "Quoi ?",
        "Tomatos": "Tomates",
        "Beans": "Haricots",
        "Why?": "Pourquoi ?",
    }
    poll = world.open_poll(ASKED, translations={"fr": texts})
    world.vote(poll, {"q1": "Tomatos"})
    correct(poll, f"{poll.questions[0].name}-wording", "Which crop?", world)
    correct(poll, key(poll, "Tomatos"), "Tomatoes", world)
    french = frozen_poll(session, poll.slug).in_language("fr").questions[0]
    assert (french.wording, french.options[0].label) == ("Quoi ?", "Tomates")
    assert "Tomatos" not in session.exec(select(PollTranslation.source)).all()


def test_a_text_that_stands_twice_keeps_its_translation_in_the_other_place(world, session):
    asked = [Draft("single", "Tomatos", ("Tomatos", "Beans"))]
    french = {"Best day": "Jour", "Tomatos": "Tomates", "Beans": "Haricots"}
    poll = world.open_poll(asked, translations={"fr": french})
    world.vote(poll, {"q1": "Beans"})
    correct(poll, key(poll, "Tomatos"), "Tomatoes", world)
    question = frozen_poll(session, poll.slug).in_language("fr").questions[0]
    assert (question.wording, question.options[0].label) == ("Tomates", "Tomates")


@pytest.mark.parametrize(("part", "text", "status"), [
    ("wording", "Which animal?", 422), ("wording", "Wich 2 crops?", 422), ("wording", "", 422), ("wording", "x" * 5000, 422),
    ("nothing", "Which crop?", 422), ("option-999999", "Which crop?", 422), ("wording", "Which crop?", 303),
])  # fmt: skip
def test_what_is_more_than_a_slip_is_refused_with_a_new_edition_as_the_way(world, client, part, text, status):
    poll = world.open_poll(ASKED)
    world.vote(poll, {"q1": "Beans"})
    maya, at = client.sign_in("maya"), f"{poll.page}/corrections"
    answer = maya.post(at, data={"part": f"{poll.questions[0].name}-{part}", "text": text})
    assert answer.status_code == status
    if status == 422:
        assert f'action="{poll.page}/editions"' in answer.text
        assert world.frozen(poll).questions[0].wording == "Wich crop?"
    else:
        assert "“Wich crop?” → “Which crop?”" in maya.follow(answer).text


def test_a_poll_that_nobody_has_answered_is_edited_and_not_corrected(world, client):
    poll = world.open_poll(ASKED)
    answer = client.sign_in("maya").post(f"{poll.page}/corrections", data={"part": "title", "text": "Best dai"})
    assert answer.status_code == 422
    assert "Nobody has answered" in answer.text
    assert world.frozen(poll).title == "Best day"


def test_the_api_says_both_texts_and_refuses_with_a_code(world, client):
    poll = world.open_poll(ASKED)
    world.vote(poll, {"q1": "Beans"})
    headers = {"authorization": f"Bearer {world.token('maya')}"}
    sent = {"part": key(poll, "Tomatos"), "text": "Potatoes"}
    refused = client.post(f"/api/v1/polls/{poll.slug}/corrections", json=sent, headers=headers)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "not_a_correction")
    made = client.post(f"/api/v1/polls/{poll.slug}/corrections", json=sent | {"text": "Tomatoes"}, headers=headers)
    assert made.status_code == 201
    assert [(c["before"], c["after"]) for c in made.json()] == [("Tomatos", "Tomatoes")]
