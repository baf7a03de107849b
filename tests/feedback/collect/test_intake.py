"""One voter, one ballot; the same submission once; nothing after closing; counters that are the recount."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from feedback.collect import intake
from feedback.collect.ballots import AlreadyVoted, CannotChange, PollClosed
from feedback.collect.recording import Change
from feedback.integrity.verifying import verify
from heard.kit import tokens
from heard.kit.clock import now, stopped_at
from heard.kit.db import writing
from heard.kit.errors import NotFound, Unavailable
from polls.kinds.kind import Draft
from polls.models import Poll
from tests.browser_client import the_loop
from tests.feedback.voting import ballot, choice, counts, n_of, rows

pytestmark = pytest.mark.both
OPTIONS = ("Red", "Green", "Blue")


def change(poll, receipt, label):
    """Other answers, or a withdrawal (label None)."""
    answers = choice(poll, label) if label else None
    return the_loop.call(intake.change_soon, Change(poll.frozen, tokens.hashed(receipt), answers))


def test_a_ballot_is_on_disk_when_its_receipt_is_given(world, session):
    poll = world.open_poll(options=OPTIONS)
    receipt = intake.submit(ballot(poll, "Red", voter="ada"))
    assert receipt.outcome == "new"
    assert counts(session, poll) == {"Red": 1, "Green": 0, "Blue": 0}


def test_the_same_submission_again_gives_the_first_receipt(world, session):
    poll = world.open_poll(options=OPTIONS)
    first = intake.submit(ballot(poll, "Red", voter="ada", submission="s1"))
    again = intake.submit(ballot(poll, "Green", voter="bo", submission="s1"))
    assert (again.receipt, again.outcome) == (first.receipt, "same")
    assert counts(session, poll) == {"Red": 1, "Green": 0, "Blue": 0}


def test_a_second_ballot_of_one_voter_changes_the_first(world, session):
    poll = world.open_poll(options=OPTIONS)
    first = intake.submit(ballot(poll, "Red", voter="ada"))
    second = intake.submit(ballot(poll, "Blue", voter="ada"))
    assert (second.receipt, second.outcome) == (first.receipt, "changed")
    assert counts(session, poll) == {"Red": 0, "Green": 0, "Blue": 1}


def test_a_second_ballot_is_refused_where_changing_is_not_allowed(world, session):
    poll = world.open_poll(options=OPTIONS, may_change=False)
    intake.submit(ballot(poll, "Red", voter="ada"))
    with pytest.raises(AlreadyVoted):
        intake.submit(ballot(poll, "Blue", voter="ada"))
    assert counts(session, poll) == {"Red": 1, "Green": 0, "Blue": 0}


def test_one_voter_in_eight_threads_is_one_ballot(world):
    poll = world.open_poll(options=[f"Option {i}" for i in range(8)])
    line = Barrier(8)

    def vote(round_: int, option: int) -> str:
        line.wait()
        return intake.submit(ballot(poll, f"Option {option}", voter=f"v{round_}")).outcome

    with ThreadPoolExecutor(8) as crowd:
        for round_ in range(5):
            outcomes = list(crowd.map(vote, [round_] * 8, range(8)))
            assert sorted(outcomes) == ["changed"] * 7 + ["new"]
    assert n_of(poll) == 5
    assert len(rows("responses")) == 5
    assert verify(poll.slug).sound


def test_writers_of_two_processes_make_one_ballot_of_one_voter(world):
    """Two writers with connections of their own, as in two processes: the UNIQUE key decides, nobody gets a fault."""
    poll = world.open_poll(options=OPTIONS)
    line = Barrier(4)

    def vote(option: str) -> list:
        line.wait()
        return intake.submit_many([ballot(poll, option, voter=f"v{i}", submission=f"{option}-{i}") for i in range(5)])

    with ThreadPoolExecutor(4) as crowd:
        outcomes = [o for many in crowd.map(vote, ["Red", "Green", "Blue", "Red"]) for o in many]
    assert sorted({o.outcome for o in outcomes} - {"same"}) == ["changed", "new"]
    assert n_of(poll) == len(rows("responses")) == 5
    assert verify(poll.slug).sound


def test_one_ballot_that_is_refused_does_not_fail_its_neighbours(world, session):
    poll = world.open_poll(options=OPTIONS, may_change=False)
    outcomes = intake.submit_many([ballot(poll, "Red", voter=v, submission=f"s{i}") for i, v in enumerate("aba")])
    assert [type(o).__name__ for o in outcomes] == ["Receipt", "Receipt", "AlreadyVoted"]
    assert counts(session, poll)["Red"] == 2


@pytest.mark.parametrize("rule", ["open", "browser"])
def test_nothing_is_counted_after_closing(world, rule):
    poll = world.open_poll(options=OPTIONS, voter_rule=rule)
    world.close(poll)
    with pytest.raises(PollClosed):
        intake.submit(ballot(poll, "Red", voter="late"))
    assert n_of(poll) == 0


def test_the_closing_moment_still_counts_and_the_next_does_not(world):
    poll = world.open_poll(options=OPTIONS)
    end = now() + timedelta(hours=1)
    with writing() as session:
        session.get_one(Poll, poll.id).closes_at = end
    with stopped_at(end):
        intake.submit(ballot(poll, "Red", voter="just in time"))
    with stopped_at(end + timedelta(microseconds=1)), pytest.raises(PollClosed):
        intake.submit(ballot(poll, "Red", voter="too late"))
    assert n_of(poll) == 1


def test_a_draft_takes_no_ballot(world):
    poll = world.draft_poll(options=OPTIONS)
    with pytest.raises(PollClosed, match="not open yet"):
        intake.submit(ballot(poll, "Red", voter="early"))


def test_a_ballot_that_was_checked_before_an_edit_is_checked_again(world, session):
    poll = world.draft_poll(options=OPTIONS)
    with writing() as opening:
        stored = opening.get_one(Poll, poll.id)
        stored.status, stored.revision = "open", stored.revision + 1
    assert intake.submit(ballot(poll, "Red", voter="ada")).outcome == "new"
    assert counts(session, poll)["Red"] == 1


def test_a_receipt_changes_and_withdraws(world, session):
    poll = world.open_poll(options=OPTIONS, voter_rule="open")
    receipt = intake.submit(ballot(poll, "Red", voter="ada")).receipt
    assert change(poll, receipt, "Green").receipt == receipt
    change(poll, receipt, None)
    assert n_of(poll) == 0
    assert rows("answers") == []
    assert len(rows("responses")) == 1  # its mark can still be listed
    change(poll, receipt, "Blue")
    assert counts(session, poll) == {"Red": 0, "Green": 0, "Blue": 1}


@pytest.mark.parametrize("case", ["unknown", "closed", "fixed"])
def test_a_receipt_that_may_not_change_is_told_why(world, case):
    poll = world.open_poll(options=OPTIONS, may_change=case != "fixed")
    receipt = intake.submit(ballot(poll, "Red", voter="ada")).receipt
    if case == "closed":
        world.close(poll)
    expected = {"unknown": NotFound, "closed": PollClosed, "fixed": CannotChange}[case]
    with pytest.raises(expected):
        change(poll, "nobody's" if case == "unknown" else receipt, "Blue")
    assert n_of(poll) == 1


def test_counters_are_the_recount_after_any_run_of_acts(world):
    poll = world.open_poll(options=OPTIONS)
    dice, receipts = random.Random(7), {}
    for step in range(120):
        voter = f"v{dice.randrange(12)}"
        match dice.randrange(4):
            case 0 | 1:
                receipts[voter] = intake.submit(
                    ballot(poll, dice.choice(OPTIONS), voter=voter, submission=f"s{step}")
                ).receipt
            case 2 if voter in receipts:
                change(poll, receipts[voter], None)
            case 3 if voter in receipts:
                change(poll, receipts[voter], dice.choice(OPTIONS))
    assert verify(poll.slug).differences == []


def test_a_text_becomes_a_comment_and_themes_are_due_once(world):
    poll = world.open_poll([Draft("single", "Which?", OPTIONS), Draft("long_text", "Why?")])
    page = {"q1": "Red", "q2": "The paint is fresh"}
    receipt = world.vote(poll, page)
    world.vote(poll, page)
    assert sorted(c["text"] for c in rows("comments")) == ["The paint is fresh"] * 2
    due = [(w["kind"], w["key"]) for w in rows("work_due")]
    assert sorted(due) == [(kind, str(poll.id)) for kind in ("integrity", "snapshot", "themes")]
    change(poll, receipt, None)
    assert len(rows("comments")) == 1


def test_a_comment_that_stayed_keeps_its_row(world, client):
    poll = world.open_poll([Draft("single", "Which?", OPTIONS), Draft("long_text", "Why?")])
    world.vote(poll, {"q1": "Red", "q2": "Because"}, client=client)
    before = rows("comments")
    world.vote(poll, {"q1": "Blue", "q2": "Because"}, client=client)
    assert rows("comments") == before


def test_too_many_waiting_ballots_are_sent_away(world, monkeypatch):
    monkeypatch.setattr(intake, "WAITING", 0)
    with pytest.raises(Unavailable):
        intake.submit(ballot(world.open_poll(options=OPTIONS), "Red", voter="ada"))


def test_a_stop_writes_what_was_taken_in(world):
    poll = world.open_poll(options=OPTIONS)
    with ThreadPoolExecutor(20) as crowd:
        voting = [crowd.submit(intake.submit, ballot(poll, "Red", voter=f"v{i}")) for i in range(20)]
        intake.stop()
        assert {v.result().outcome for v in voting} == {"new"}
    assert n_of(poll) == 20
