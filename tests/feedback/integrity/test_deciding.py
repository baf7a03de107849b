"""A manager counts a group, sets it aside, undoes it; counters, comments, statements and the log go along."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.collect import counters, intake
from feedback.integrity import deciding, verifying
from feedback.integrity.deciding import NothingToMove
from heard.kit.db import reading, writing
from polls.kinds.kind import Draft
from polls.models import Poll
from tests.feedback.voting import ballot, n_of, rows


def vote_from(poll, network, number, label="Yes", **more):
    """A ballot of one more voter out of this network."""
    made = ballot(poll, label, voter=f"{network}{number}")
    return intake.submit(replace(made, network=(network * 22)[:22], **more))


def page_of(client, poll, person="maya"):
    return client.sign_in(person).get(f"{poll.page}/integrity")


def decide(browser, poll, act, group, reason="The school votes from one address."):
    return browser.post(f"{poll.page}/integrity/decisions", data={"act": act, "group": group, "reason": reason})


@pytest.mark.both
def test_three_hundred_voters_behind_one_address_are_all_stored_and_released_in_one_click(world, client):
    """trust.md V5."""
    poll = world.open_poll(voter_rule="network")
    made = [replace(ballot(poll, "Yes", voter=f"v{i}"), network="n" * 22) for i in range(300)]
    outcomes = intake.submit_many(made)
    assert all(isinstance(o, intake.Receipt) for o in outcomes)
    assert (n_of(poll), len(rows("responses"))) == (20, 300)
    maya = client.sign_in("maya")
    page = maya.get(f"{poll.page}/integrity").text
    assert "20 counted, 280 set aside, result unchanged." in page
    assert "n" * 22 not in page
    answer = decide(maya, poll, "count", "network")
    assert answer.status_code == 303
    assert n_of(poll) == 300
    assert verifying.verify(poll.slug).sound
    page = maya.get(f"{poll.page}/integrity").text
    assert "300 counted, none set aside." in page
    assert "The school votes from one address." in page


@pytest.mark.both
def test_released_and_undone_everything_is_as_it_was(world, client):
    poll = world.open_poll(
        [Draft("single", "Which?", ("Yes", "No")), Draft("long_text", "Why?")], voter_rule="network", title="Why"
    )
    for i in range(3):
        vote_from(poll, "a", i)
    with writing() as session:
        session.get_one(Poll, poll.id).network_limit = 3
    for i in range(3, 8):
        vote_from(poll, "a", i, label="No")
    with reading() as session:
        before = counters.cells(session, poll.id)
    assert before["n"] == 3
    assert before["s:n"] == 5
    maya = client.sign_in("maya")
    assert "with them the result would be another" in maya.get(f"{poll.page}/integrity").text
    decide(maya, poll, "count", "network")
    with reading() as session:
        released = counters.cells(session, poll.id)
    assert released["n"] == 8
    assert not released["s:n"]
    log = [r for r in rows("audit_log") if r["action"] == "integrity.decided"]
    assert decide(maya, poll, "undo", str(log[0]["id"])).status_code == 303
    with reading() as session:
        assert {c: n for c, n in counters.cells(session, poll.id).items() if n} == {
            c: n for c, n in before.items() if n
        }
    assert {r["set_aside"] for r in rows("responses")} == {"", "network"}
    assert verifying.verify(poll.slug).sound
    assert decide(maya, poll, "undo", str(log[0]["id"])).status_code == 409


def test_comments_are_written_when_their_ballots_are_counted_and_go_when_they_are_not(world, client):
    poll = world.open_poll([Draft("long_text", "Why?")], voter_rule="network", title="Why")
    from polls.kinds.kind import Value

    made = ballot_of_words(poll, Value(text="the paths are too dark"))
    intake.submit(replace(made, set_aside="quick"))
    assert rows("comments") == []
    maya = client.sign_in("maya")
    decide(maya, poll, "count", "quick")
    assert [c["text"] for c in rows("comments")] == ["the paths are too dark"]
    log = next(r for r in rows("audit_log") if r["action"] == "integrity.decided")
    decide(maya, poll, "undo", str(log["id"]))
    assert rows("comments") == []
    assert verifying.verify(poll.slug).sound


def ballot_of_words(poll, value):
    from feedback.collect import voters
    from feedback.collect.ballots import Ballot

    return Ballot(poll.frozen, "one", voters.key_of(poll.id, "api", "one"), {poll.questions[0].id: [value]}, "api")


@pytest.mark.parametrize(
    ("person", "reads", "decides"), [("maya", 200, 303), ("ravi", 200, 403), ("vic", 200, 403), ("olu", 404, 404)]
)
def test_the_team_reads_and_managers_decide(world, client, person, reads, decides):
    poll = world.open_poll(voter_rule="network")
    vote_from(poll, "a", 1, set_aside="bot")
    browser = client.sign_in(person)
    assert browser.get(f"{poll.page}/integrity").status_code == reads
    assert decide(browser, poll, "count", "bot").status_code == decides
    assert n_of(poll) == (1 if person == "maya" else 0)


def test_a_decision_needs_a_reason_and_something_to_decide_about(world, client):
    poll = world.open_poll(voter_rule="network")
    vote_from(poll, "a", 1, set_aside="bot")
    maya = client.sign_in("maya")
    answer = decide(maya, poll, "count", "bot", reason=" ")
    assert answer.status_code == 422
    assert "A reason is missing." in answer.text
    for group in ("network", "burst:12345678", "nothing", "77", "", "alike"):
        assert decide(maya, poll, "count", group).status_code == 409, group
        assert decide(maya, poll, "undo", group).status_code == 409, group
    assert decide(maya, poll, "explode", "bot").status_code == 422
    assert n_of(poll) == 0


def test_a_decision_of_another_poll_cannot_be_undone_here(world, client):
    one, other = world.open_poll(voter_rule="network"), world.open_poll(voter_rule="network", title="Other")
    vote_from(one, "a", 1, set_aside="bot")
    maya = client.sign_in("maya")
    decide(maya, one, "count", "bot")
    log = next(r for r in rows("audit_log") if r["action"] == "integrity.decided")
    assert decide(maya, other, "undo", str(log["id"])).status_code == 409
    assert n_of(one) == 1


@pytest.mark.both
def test_an_anonymous_group_moves_as_a_whole_and_a_small_one_is_not_told(world, client):
    poll = world.open_poll(voter_rule="network", anonymous=True)
    for i in range(4):
        vote_anonymously(poll, i, set_aside="bot")
    maya = client.sign_in("maya")
    page = maya.get(f"{poll.page}/integrity").text
    assert "Filled in by a program" not in page
    assert "fewer than five" in page
    assert decide(maya, poll, "count", "bot").status_code == 409
    for i in range(4, 12):
        vote_anonymously(poll, i, set_aside="bot" if i < 7 else "")
    page = maya.get(f"{poll.page}/integrity").text
    assert "5 set aside" in page
    assert "Counted, and with everything" not in page
    with reading() as session:
        before = counters.cells(session, poll.id)
    assert decide(maya, poll, "count", "bot").status_code == 303
    with reading() as session:
        after = counters.cells(session, poll.id)
    assert (before["n"], before["p:n"], after["n"], after["p:n"], after["s:n"]) == (5, 5, 12, 12, 0)
    assert {r["network"] for r in rows("responses")} == {None}
    log = next(r for r in rows("audit_log") if r["action"] == "integrity.decided")
    decide(maya, poll, "undo", str(log["id"]))
    with reading() as session:
        assert {c: n for c, n in counters.cells(session, poll.id).items() if n} == {
            c: n for c, n in before.items() if n
        }
    assert verifying.verify(poll.slug).sound


def vote_anonymously(poll, number, **more):
    made = ballot(poll, "Yes", voter=f"anonymous{number}")
    return intake.submit(replace(made, **more))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["vote", "bot", "quick", "count", "undo"]), st.integers(0, 9)), max_size=25))
def test_after_any_run_of_votes_and_decisions_counters_are_the_recount(world, acts):
    poll = world.open_poll(voter_rule="network", title="Any")
    maya, made = world.people["maya"], []
    for step, (act, number) in enumerate(acts):
        if act in ("vote", "bot", "quick"):
            vote_from(poll, "z", step, label="Yes" if number % 2 else "No", set_aside="" if act == "vote" else act)
            continue
        group = ("bot", "quick")[number % 2] if act == "count" else str(made[number % len(made)]) if made else "0"
        try:
            made.append(deciding.decide(poll.id, act, group, "Because.", by=maya).id)
        except NothingToMove:
            continue
    assert verifying.verify(poll.slug).sound
    with reading() as session:
        cells = counters.cells(session, poll.id)
    assert cells.get("n", 0) + cells.get("s:n", 0) == sum(act in ("vote", "bot", "quick") for act, _n in acts)


def test_a_large_group_is_finished_by_the_job_which_may_run_twice(world, client, monkeypatch):
    monkeypatch.setattr(deciding, "PORTION", 3)
    monkeypatch.setattr(deciding, "AT_ONCE", 3)
    poll = world.open_poll(voter_rule="network")
    for i in range(10):
        vote_from(poll, "a", i, set_aside="bot")
    decide(client.sign_in("maya"), poll, "count", "bot")
    assert n_of(poll) == 3
    from feedback import jobs
    from heard.kit import work

    work.run_due()
    log = next(r for r in rows("audit_log") if r["action"] == "integrity.decided")
    jobs.move_the_rest(log["id"])
    assert n_of(poll) == 10
    assert verifying.verify(poll.slug).sound


@pytest.mark.both
def test_what_comes_after_a_decision_about_an_anonymous_group_is_not_moved_alone(world, client):
    poll = world.open_poll(voter_rule="network", anonymous=True)
    for i in range(10):
        vote_anonymously(poll, i, set_aside="bot" if i < 5 else "")
    decide(client.sign_in("maya"), poll, "count", "bot")
    vote_anonymously(poll, 10, set_aside="bot")
    from feedback import jobs

    log = next(r for r in rows("audit_log") if r["action"] == "integrity.decided")
    jobs.move_the_rest(log["id"])
    with reading() as session:
        cells = counters.cells(session, poll.id)
    assert (cells["n"], cells["p:n"], cells["s:n"]) == (10, 10, 1)


def test_decisions_about_an_anonymous_group_never_differ_by_fewer_than_five(world, client):
    poll = world.open_poll(voter_rule="network", anonymous=True)
    for i in range(10):
        vote_anonymously(poll, i, set_aside="bot" if i < 5 else "")
    maya = client.sign_in("maya")
    decide(maya, poll, "count", "bot")
    log = next(r for r in rows("audit_log") if r["action"] == "integrity.decided")
    assert decide(maya, poll, "undo", str(log["id"])).status_code == 303
    for i in range(10, 12):
        vote_anonymously(poll, i, set_aside="bot")
    assert decide(maya, poll, "count", "bot").status_code == 409  # ten were shown before: two would be told apart
    for i in range(12, 15):
        vote_anonymously(poll, i, set_aside="bot")
    assert decide(maya, poll, "count", "bot").status_code == 303
    assert verifying.verify(poll.slug).sound


def test_no_mark_of_an_anonymous_ballot_comes_up_while_people_vote(world, client):
    """A file of the answers has each one's mark beside it."""
    poll = world.open_poll(voter_rule="network", anonymous=True)
    for i in range(6):
        vote_anonymously(poll, i, set_aside="bot")
    maya, marks = client.sign_in("maya"), [r["mark"] for r in rows("responses")]
    told = maya.get(f"{poll.page}/integrity").text
    assert not [mark for mark in marks if mark in told]
    world.close(poll)
    told = maya.get(f"{poll.page}/integrity").text
    assert all(mark in told for mark in marks)
