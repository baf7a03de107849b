"""The public list of marks: all acknowledged ballots and no other, once the poll has closed."""

import pytest

from feedback import jobs
from feedback.collect import intake
from feedback.collect.recording import Change
from feedback.integrity import seals
from heard.kit import tokens
from heard.kit.db import writing
from polls.models import Poll
from tests.browser_client import the_loop
from tests.feedback.voting import ballot

pytestmark = pytest.mark.both


def listed(client, poll):
    """The list's lines without its head."""
    text = client.get(f"/p/{poll.slug}/marks.txt").text
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_every_acknowledged_ballot_is_in_the_list_and_nothing_else(world, client):
    poll = world.open_poll(results_rule="never")
    receipts = [intake.submit(ballot(poll, "Yes", voter=f"v{n}")) for n in range(40)]
    the_loop.call(intake.change_soon, Change(poll.frozen, tokens.hashed(receipts[0].receipt), None))
    with writing() as session:
        session.execute(Poll.__table__.update().values(network_limit=20))
    seals.seal_all()
    world.close(poll)
    words = {receipts[0].mark: " withdrawn"}
    assert listed(client, poll) == sorted(r.mark + words.get(r.mark, "") for r in receipts)
    page = client.get(f"/p/{poll.slug}/marks")
    assert page.status_code == 200
    assert "noindex" in page.headers["x-robots-tag"]
    head = client.get(f"/p/{poll.slug}/marks.txt").text.splitlines()
    assert head[1:5] == ["# counted: 39", "# withdrawn: 1", "# set aside: 0", "# not sealed yet: 0"]
    assert head[5].rpartition(" ")[2] in page.text, "the hash of the last seal"


def test_a_ballot_that_is_set_aside_is_in_the_list_and_says_so(world, client):
    from dataclasses import replace

    poll = world.open_poll()
    receipts = [intake.submit(replace(ballot(poll, "Yes", voter=v), set_aside=w)) for v, w in (("a", ""), ("b", "bot"))]
    world.close(poll)
    assert listed(client, poll) == sorted([receipts[0].mark, receipts[1].mark + " set aside"])


def test_nothing_is_listed_while_people_vote(world, client):
    poll = world.open_poll()
    mark = intake.submit(ballot(poll, "Yes", voter="ada")).mark
    answer = client.get(f"/p/{poll.slug}/marks.txt")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/p/{poll.slug}/marks")
    page = client.follow(answer)
    assert "when the poll has closed" in page.text
    assert mark not in page.text


@pytest.mark.parametrize("path", ["marks", "marks.txt"])
def test_a_draft_has_no_list(world, client, path):
    draft = world.draft_poll()
    answers = [client.get(f"/p/{slug}/{path}") for slug in (draft.slug, "nobody-s")]
    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("person", ["maya", "ravi", "olu", None])
def test_the_list_is_the_same_for_everybody(world, client, person):
    poll = world.open_poll(results_rule="never")
    mark = intake.submit(ballot(poll, "Yes", voter="ada")).mark
    world.close(poll)
    assert listed(client.sign_in(person) if person else client, poll) == [mark]


def test_an_anonymous_poll_lists_nothing_below_five_and_then_all(world, client):
    poll = world.open_poll(anonymous=True, voter_rule="open")
    receipts = [intake.submit(ballot(poll, "Yes", voter=f"v{n}")) for n in range(4)]
    world.close(poll)
    jobs.read_the_rest(poll.id)
    assert client.get(f"/p/{poll.slug}/marks.txt").status_code == 303
    assert "from 5 responses on" in client.get(f"/p/{poll.slug}/marks").text
    with writing() as session:
        session.execute(Poll.__table__.update().values(status="open", closed_at=None))
    receipts += [intake.submit(ballot(poll, "Yes", voter=f"w{n}")) for n in range(4)]
    world.close(poll)
    jobs.read_the_rest(poll.id)
    assert listed(client, poll) == sorted(r.mark for r in receipts)


def test_the_receipt_and_the_results_lead_to_the_list(world, client):
    poll = world.open_poll(results_rule="always")
    receipt = world.vote(poll, {"q1": "Yes"})
    link = f'href="/p/{poll.slug}/marks"'
    assert link not in client.get(f"/r/{receipt}").text
    world.close(poll)
    for path in (f"/r/{receipt}", f"/p/{poll.slug}/results", f"/r/{receipt}/results"):
        assert link in client.get(path).text, path
