"""The page behind a receipt: what was recorded, changed, withdrawn; and what was done about it."""

from feedback.collect.receipts import mark_of
from polls.kinds.kind import Draft
from tests.feedback.voting import counts, n_of, rows

OPTIONS = ("Red", "Green", "Blue")


def test_the_receipt_shows_what_was_recorded(world, client):
    poll = world.open_poll(
        [Draft("multiple", "Which?", OPTIONS), Draft("rating", "How good?"), Draft("long_text", "Why?")]
    )
    receipt = world.vote(poll, {"q1": ["Red", "Blue"], "q2": 4})
    page = client.get(f"/r/{receipt}")
    for words in ("Your answer is recorded", "Red", "Blue", ">4<", "No answer", mark_of(receipt), "What happens next"):
        assert words in page.text
    assert "Green" not in page.text
    assert page.headers["x-robots-tag"].startswith("noindex")
    assert page.headers["cache-control"] == "private, no-store"
    assert page.headers["referrer-policy"] == "same-origin"


def test_only_the_hash_of_a_receipt_is_stored(world):
    receipt = world.vote(world.open_poll(options=OPTIONS), {"q1": "Red"})
    assert receipt not in str(rows("responses"))


def test_a_ballot_is_changed_from_its_receipt(world, client, session):
    poll = world.open_poll(options=OPTIONS)
    receipt = world.vote(poll, {"q1": "Red"})
    form = client.get(f"/r/{receipt}/change").text
    chosen, other = (next(o.id for o in poll.questions[0].options if o.label == label) for label in ("Red", "Blue"))
    assert f'value="{chosen}" id="{poll.questions[0].name}" checked' in form
    answer = client.post(f"/r/{receipt}", data={poll.questions[0].name: str(other)})
    assert answer.headers["location"] == f"/r/{receipt}"
    assert "as you last changed it" in client.follow(answer).text
    assert counts(session, poll) == {"Red": 0, "Green": 0, "Blue": 1}


def test_a_ballot_with_scales_left_empty_can_be_changed(world, client):
    questions = [Draft("rating", "How was it?"), Draft("nps", "Would you recommend us?"), Draft("long_text", "Why?")]
    receipt = world.vote(world.open_poll(questions), {"q3": "because"})
    form = client.get(f"/r/{receipt}/change")
    assert form.status_code == 200
    assert "because" in form.text


def test_a_change_with_a_foreign_option_is_refused(world, client, session):
    poll = world.open_poll(options=OPTIONS)
    receipt = world.vote(poll, {"q1": "Red"})
    assert client.post(f"/r/{receipt}", data={poll.questions[0].name: "4711"}).status_code == 422
    assert counts(session, poll)["Red"] == 1


def test_a_ballot_is_withdrawn_after_a_question_and_can_come_back(world, client):
    poll = world.open_poll(options=OPTIONS)
    receipt = world.vote(poll, {"q1": "Red"})
    assert "Withdraw your answer?" in client.get(f"/r/{receipt}/withdrawal").text
    assert n_of(poll) == 1
    answer = client.post(f"/r/{receipt}/withdrawal")
    assert "Your answer is withdrawn" in client.follow(answer).text
    assert (n_of(poll), rows("answers")) == (0, [])
    client.post(f"/r/{receipt}", data={poll.questions[0].name: str(poll.questions[0].options[0].id)})
    assert n_of(poll) == 1


def test_a_closed_poll_offers_no_change(world, client):
    poll = world.open_poll(options=OPTIONS)
    receipt = world.vote(poll, {"q1": "Red"})
    world.close(poll)
    assert "/change" not in client.get(f"/r/{receipt}").text
    assert "cannot be changed" in client.get(f"/r/{receipt}/change").text
    assert client.post(f"/r/{receipt}/withdrawal").status_code == 409
    assert n_of(poll) == 1


def test_a_receipt_leads_to_the_results_of_those_who_voted(world, client):
    poll = world.open_poll(options=OPTIONS, results_rule="after_vote", voter_rule="open")
    receipt = world.vote(poll, {"q1": "Red"})
    assert f"/r/{receipt}/results" in client.get(f"/r/{receipt}").text
    assert client.get(f"/r/{receipt}/results").status_code == 200
    client.post(f"/r/{receipt}/withdrawal")
    assert client.get(f"/r/{receipt}/results").status_code == 403
