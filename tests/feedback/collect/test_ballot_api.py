"""Single ballots over the API: behind a receipt, and the responses of a poll in parts."""

import pytest
from sqlmodel import select

from feedback.models import Answer, Response
from heard.client import HeardError
from heard.kit.db import reading


@pytest.fixture
def anybody(world):
    with world.heard("") as heard:
        yield heard


def ballot(poll, label="Yes"):
    question = poll.questions[0]
    return {"answers": [{"question": question.id, "option": next(o.id for o in question.options if o.label == label)}]}


def cast(world, anybody, poll, *labels):
    return [anybody.respond(poll.slug, ballot(poll, label))["receipt"] for label in labels]


@pytest.mark.both
def test_a_ballot_is_read_changed_and_withdrawn_by_its_receipt_alone(world, anybody):
    poll = world.open_poll(voter_rule="open", results_rule="always")
    [receipt] = cast(world, anybody, poll, "Yes")
    shown = anybody.read_ballot(receipt)
    yes, no = (o.id for o in poll.questions[0].options)
    assert (shown["poll"], shown["may_change"], shown["changed"]) == (poll.slug, True, False)
    assert shown["answers"] == [{"question": poll.questions[0].id, "values": [{"option": yes}]}]
    changed = anybody.change_ballot(receipt, ballot(poll, "No"))
    assert (changed["changed"], changed["answers"][0]["values"]) == (True, [{"option": no}])
    assert [o["count"] for o in anybody.results(poll.slug)["questions"][0]["options"]] == [0, 1]
    assert anybody.withdraw_ballot(receipt) is None
    gone = anybody.read_ballot(receipt)
    assert (gone["withdrawn"], gone["may_change"], gone["answers"]) == (True, False, [])
    with reading() as session:
        assert session.exec(select(Answer)).all() == []


def refusal(call, *args, **more):
    with pytest.raises(HeardError) as refused:
        call(*args, **more)
    return refused.value.status, refused.value.code


def test_what_a_receipt_cannot_do_is_refused_and_the_ballot_stays(world, anybody):
    poll = world.open_poll(voter_rule="open")
    [receipt] = cast(world, anybody, poll, "Yes")
    assert refusal(anybody.read_ballot, "x" * 22) == (404, "not_found")
    assert refusal(anybody.change_ballot, "x" * 22, ballot(poll)) == (404, "not_found")
    assert refusal(anybody.withdraw_ballot, "x" * 22) == (404, "not_found")
    foreign = {"answers": [{"question": 10**9, "option": 1}]}
    assert refusal(anybody.change_ballot, receipt, foreign) == (422, "bad_answer")
    assert refusal(anybody.change_ballot, receipt, {"answers": [], "voter_key": "x"}) == (422, "bad_input")
    world.close(poll)
    assert refusal(anybody.change_ballot, receipt, ballot(poll, "No")) == (409, "poll_closed")
    assert refusal(anybody.withdraw_ballot, receipt) == (409, "poll_closed")
    assert anybody.read_ballot(receipt)["answers"][0]["values"] == [{"option": poll.questions[0].options[0].id}]


@pytest.mark.both
def test_all_responses_come_in_parts_without_receipts(world, anybody):
    poll = world.open_poll(voter_rule="open")
    receipts = cast(world, anybody, poll, *["Yes"] * 7)
    anybody.withdraw_ballot(receipts[0])
    with world.heard("ravi") as ravi:
        rows = list(ravi.pages(ravi.list_responses, poll.slug, limit=2))
        told = ravi.list_responses(poll.slug)
    assert len({row["mark"] for row in rows}) == 6
    assert told["next"] is None
    assert not any(receipt in str(told) for receipt in receipts)


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 200), ("vic", 403), ("olu", 404)])
def test_single_responses_need_the_right_to_export(world, client, person, status):
    poll = world.open_poll(voter_rule="open")
    token = world.token(person, community="outside" if person == "olu" else "garden")
    answer = client.get(f"/api/v1/polls/{poll.slug}/responses", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == status


@pytest.mark.both
def test_of_an_anonymous_poll_nothing_before_five_then_whole_steps_with_a_day(world, anybody):
    poll = world.open_poll(voter_rule="open", anonymous=True)
    cast(world, anybody, poll, *["Yes"] * 4)
    with world.heard("maya") as maya:
        assert refusal(maya.list_responses, poll.slug) == (409, "too_few")
        cast(world, anybody, poll, *["No"] * 3)
        rows = maya.list_responses(poll.slug)["responses"]
        assert len(rows) == 5
        assert {row["submitted_at"][10:] for row in rows} == {"T00:00:00Z"}


def test_a_ballot_that_is_set_aside_is_not_among_them(world, anybody):
    from heard.kit.db import writing

    poll = world.open_poll(voter_rule="open")
    cast(world, anybody, poll, "Yes", "No")
    with writing() as session:
        row = session.exec(select(Response)).first()
        row.set_aside = "person"
        session.add(row)
    with world.heard("maya") as maya:
        assert len(maya.list_responses(poll.slug)["responses"]) == 1
