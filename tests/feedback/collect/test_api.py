"""Responses and results by API, as design.md says them."""

import pytest

from polls.kinds.kind import Draft
from tests.feedback.voting import choice, counts, n_of, respond, rows

OPTIONS = ("Red", "Green", "Blue")


def test_an_open_poll_needs_no_token_and_ignores_the_voter(world, client, session):
    poll = world.open_poll(options=OPTIONS, voter_rule="open")
    answers = [respond(client, poll, "Red", voter="zoe") for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert set(answers[0].json()) == {"receipt", "mark"}
    assert counts(session, poll)["Red"] == 2


def test_the_same_submission_is_200_with_the_same_receipt(world, client):
    poll = world.open_poll(options=OPTIONS, voter_rule="open")
    answers = [respond(client, poll, label, submission_id="s-1") for label in ("Red", "Blue")]
    assert [a.status_code for a in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    assert n_of(poll) == 1


@pytest.mark.parametrize(("may_change", "status", "code"), [(True, 200, None), (False, 409, "already_voted")])
def test_a_second_ballot_of_one_voter(world, client, may_change, status, code):
    poll, token = world.open_poll(options=OPTIONS, may_change=may_change), world.token("maya")
    assert respond(client, poll, "Red", voter="zoe", token=token).status_code == 201
    again = respond(client, poll, "Blue", voter="zoe", token=token)
    assert again.status_code == status
    assert again.json().get("error", {}).get("code") == code
    assert n_of(poll) == 1


@pytest.mark.parametrize("rule", ["browser", "sign_in", "network"])
@pytest.mark.parametrize(
    ("person", "read_only", "status"),
    [("maya", False, 201), ("maya", True, 403), ("ravi", False, 403), ("olu", False, 404), ("", False, 401)],
)
def test_naming_a_voter_needs_a_token_that_may_write(world, client, rule, person, read_only, status):
    poll = world.open_poll(options=OPTIONS, voter_rule=rule)
    token = (
        world.token(person, read_only=read_only, community="outside" if person == "olu" else "garden") if person else ""
    )
    assert respond(client, poll, "Red", voter="zoe", token=token).status_code == status
    assert n_of(poll) == (status == 201)


def test_a_poll_that_tells_voters_apart_wants_a_voter(world, client):
    poll = world.open_poll(options=OPTIONS)
    answer = respond(client, poll, "Red", token=world.token("maya"))
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, ["voter"])


def test_a_link_poll_takes_no_ballot_by_api(world, client):
    poll = world.open_poll(options=OPTIONS, voter_rule="link")
    assert respond(client, poll, "Red", voter="zoe", token=world.token("maya")).status_code == 403


def test_a_closed_poll_is_409_poll_closed(world, client):
    poll = world.open_poll(options=OPTIONS, voter_rule="open")
    respond(client, poll, "Red")
    world.close(poll)
    answer = respond(client, poll, "Red")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "poll_closed")
    assert n_of(poll) == 1


@pytest.mark.both
@pytest.mark.parametrize(
    "answers",
    [
        [],
        [{"question": 0}],
        [{"question": 0, "option": None}],
        [{"question": 0, "option": 999_999}],
        [{"question": 0, "option": 2**70}],
        [{"question": 0, "option": -1}],
        [{"question": 0, "option": "Red"}],
        [{"question": 0, "option": True}],
        [{"question": 0, "text": "Red"}],
        [{"question": 0, "options": []}],
        [{"question": 0, "option": 1, "rank": 2}],
        [{"question": 4711, "option": 1}],
        [{"question": 0, "option": 1}, {"question": 0, "option": 1}],
        [{"question": 1, "text": "a\0b"}],
        [{"question": 1, "text": "x" * 10_001}],
        [{"question": 1, "text": ["x"]}],
        "nothing",
    ],
)
def test_what_a_question_does_not_offer_is_422_and_not_counted(world, client, answers):
    poll = world.open_poll([Draft("single", "Which?", OPTIONS), Draft("long_text", "Why?")], voter_rule="open")
    ids = {0: poll.questions[0].id, 1: poll.questions[1].id}
    sent = (
        [{**a, "question": ids.get(a["question"], a["question"])} for a in answers]
        if isinstance(answers, list)
        else answers
    )
    answer = client.post(f"/api/v1/polls/{poll.slug}/responses", json={"answers": sent})
    assert answer.status_code == 422, answer.text
    assert set(answer.json()["error"]) == {"code", "message", "hint", "link", "fields"}
    assert (n_of(poll), rows("responses")) == (0, [])


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"answers": "\xff"}', b'{"answers": [{"question": 1, "text": "\\ud800"}]}', b"[" * 10_000],
)
def test_a_body_that_is_no_ballot_is_422(world, client, body):
    poll = world.open_poll(options=OPTIONS, voter_rule="open")
    assert client.post(f"/api/v1/polls/{poll.slug}/responses", content=body).status_code == 422


@pytest.mark.parametrize("submission", ["", "x" * 201, "a\0b", "line\nbreak", "~ours"])
def test_a_submission_id_that_cannot_be_kept_is_422(world, client, submission):
    poll = world.open_poll(options=OPTIONS, voter_rule="open")
    assert respond(client, poll, "Red", submission_id=submission).status_code == 422
    assert n_of(poll) == 0


def test_an_unknown_field_is_422(world, client):
    poll = world.open_poll(options=OPTIONS, voter_rule="open")
    assert respond(client, poll, "Red", verified_email="a@b.example").status_code == 422


def test_a_body_above_64_kb_is_413(world, client):
    poll = world.open_poll([Draft("long_text", "Why?")], voter_rule="open")
    body = {"answers": [{"question": poll.questions[0].id, "text": "x" * 70_000}]}
    assert client.post(f"/api/v1/polls/{poll.slug}/responses", json=body).status_code == 413


def test_several_values_of_one_question_are_all_stored(world, client):
    poll = world.open_poll([Draft("multiple", "Which?", OPTIONS)], voter_rule="open")
    ids = [o.id for o in poll.questions[0].options]
    body = {"answers": [{"question": poll.questions[0].id, "options": ids}]}
    assert client.post(f"/api/v1/polls/{poll.slug}/responses", json=body).status_code == 201
    assert [a["option_id"] for a in rows("answers")] == ids


def test_a_question_left_empty_is_stored_as_asked(world, client):
    poll = world.open_poll([Draft("single", "Which?", OPTIONS), Draft("long_text", "Why?")], voter_rule="open")
    respond(client, poll, "Red")
    assert [(a["question_id"], a["option_id"], a["text"]) for a in rows("answers")] == [
        (poll.questions[0].id, choice(poll, "Red")[poll.questions[0].id][0].option, None),
        (poll.questions[1].id, None, None),
    ]


def test_results_have_counts_and_shares(world, client):
    poll = world.open_poll(options=OPTIONS, voter_rule="open", results_rule="always")
    for label in ("Red", "Red", "Blue", "Blue"):
        respond(client, poll, label)
    shown = client.get(f"/api/v1/polls/{poll.slug}/results").json()
    assert shown["n"] == 4
    assert [(o["label"], o["count"], o["share"]) for o in shown["questions"][0]["options"]] == [
        ("Red", 2, 0.5), ("Green", 0, 0.0), ("Blue", 2, 0.5)
    ]  # fmt: skip


def test_a_rating_has_a_mean(world, client):
    poll = world.open_poll([Draft("rating", "How good?")], voter_rule="open", results_rule="always")
    for number in (3, 4, 4):
        body = {"answers": [{"question": poll.questions[0].id, "number": number}]}
        assert client.post(f"/api/v1/polls/{poll.slug}/responses", json=body).status_code == 201
    question = client.get(f"/api/v1/polls/{poll.slug}/results").json()["questions"][0]
    assert question["mean"] == pytest.approx(11 / 3)


@pytest.mark.parametrize(
    ("person", "status"), [("maya", 200), ("ravi", 200), ("vic", 200), ("olu", 404), ("nobody", 401), ("", 403)]
)
def test_hidden_results_are_for_the_communitys_tokens(world, client, person, status):
    poll = world.open_poll(options=OPTIONS, results_rule="never")
    token = (
        world.token(person, community="outside" if person == "olu" else "garden") if person in world.people else person
    )
    headers = {"authorization": f"Bearer {token}"} if token else {}
    answer = client.get(f"/api/v1/polls/{poll.slug}/results", headers=headers)
    assert answer.status_code == status
    assert ("Green" in answer.text) == (status == 200)


@pytest.mark.parametrize("rule", ["open", "browser", "link"])
def test_a_draft_is_not_there_for_ballots_and_tells_none_of_its_words(world, client, rule):
    poll = world.draft_poll(options=OPTIONS, voter_rule=rule)
    question = poll.questions[0].id
    for answers in ([], [{"question": question, "option": 10**9}], [{"question": 10**9, "option": 1}]):
        sent = client.post(f"/api/v1/polls/{poll.slug}/responses", json={"answers": answers})
        nothing = client.post("/api/v1/polls/nothing-here/responses", json={"answers": answers})
        assert (sent.status_code, set(sent.json()["error"])) == (404, set(nothing.json()["error"]))
        assert poll.questions[0].wording not in sent.text
        assert str(question) not in sent.json()["error"]["hint"]


def test_a_draft_has_no_results_for_the_public(world, client):
    poll = world.draft_poll(options=OPTIONS, results_rule="always")
    assert client.get(f"/api/v1/polls/{poll.slug}/results").status_code == 404
