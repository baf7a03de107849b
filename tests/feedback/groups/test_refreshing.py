"""The job: what is stored are counts of groups, the same votes are the same bytes, steps of anonymous polls are kept."""

import json

import numpy as np
import pytest
from sqlmodel import select

import feedback.jobs  # noqa: F401  (registers the job)
from feedback.collect import counters
from feedback.groups import refreshing
from feedback.groups.finding import UNSEEN
from feedback.models import OpinionRun, Response
from heard.kit import work
from heard.kit.db import reading, writing
from polls.kinds.kind import Draft
from tests.feedback.groups.voting import camps, cast, poll_of
from tests.feedback.voting import rows


def result(poll):
    with reading() as session:
        run = session.exec(select(OpinionRun).where(OpinionRun.poll_id == poll.id)).first()
        return run.result if run else None


@pytest.mark.both
def test_votes_ask_for_groups_and_the_worker_finds_them(world):
    poll = poll_of(world, camps(20, 12))
    assert "groups" in {row["kind"] for row in rows("work_due")}
    refreshing.refresh(poll.id)
    found = result(poll)
    assert [group["n"] for group in found["groups"]] == [20, 12]
    assert (found["voted"], found["n"]) == (32, 32)
    assert not refreshing.refresh(poll.id)
    assert result(poll) == found


def test_ballots_without_statements_ask_for_no_groups(world):
    poll = world.open_poll()
    world.vote(poll, {"q1": "Yes"})
    assert "groups" not in {row["kind"] for row in rows("work_due")}


def test_the_same_votes_in_another_order_are_the_same_bytes(world):
    votes = camps(20, 12)
    one, other = poll_of(world, votes), poll_of(world, votes[np.random.default_rng(5).permutation(32)])
    assert refreshing.refresh(one.id)
    assert refreshing.refresh(other.id)
    alike = [json.dumps(result(poll)["groups"]) + json.dumps(result(poll)["explained"]) for poll in (one, other)]
    assert alike[0] == alike[1]


def test_no_counts_are_stored_of_fewer_than_five(world):
    votes = camps(20, 12)
    votes[20:29, 3] = UNSEEN
    poll = poll_of(world, votes)
    refreshing.refresh(poll.id)
    counts = [one["counts"] for one in result(poll)["statements"]]
    assert counts[3] == [None, None]  # from the one and the counts of all, the other could be reckoned
    assert None not in counts[4]
    assert all(sum(side) >= 5 for row in counts for side in row if side is not None)


def test_of_an_anonymous_poll_only_whole_steps_are_read(world):
    poll = poll_of(world, camps(20, 12), anonymous=True)
    read = []
    for start, more in ((100, 3), (200, 2), (300, 4)):
        cast(poll, camps(more, seed=9), start=start)
        refreshing.refresh(poll.id)
        read.append(result(poll)["voted"])
    assert read == [32, 37, 37]
    world.close(poll)
    with writing() as session:
        counters.release_rest(session, poll.id)
    refreshing.refresh(poll.id)
    assert result(poll)["voted"] == 41


def test_an_anonymous_ballot_that_moved_since_its_step_is_not_told(world):
    poll = poll_of(world, camps(20, 12), anonymous=True)
    refreshing.refresh(poll.id)
    before = result(poll)
    with writing() as session:
        response = session.exec(select(Response).where(Response.poll_id == poll.id, Response.released)).first()
        response.set_aside = "bot"
        session.add(response)
    assert not refreshing.refresh(poll.id)
    assert result(poll) == before


@pytest.mark.parametrize(("people", "why"), [(0, None), (1, "few_people"), (4, "few_people")])
def test_a_few_people_are_no_fault(world, people, why):
    poll = poll_of(world, camps(people))
    refreshing.refresh(poll.id)
    found = result(poll)
    assert found["groups"] == []
    assert found["voted"] == people
    assert found["why"] == (why or "few_people")


def test_all_alike_and_one_statement_are_no_fault(world):
    alike, one = poll_of(world, np.ones((20, 4), np.int8)), poll_of(world, np.ones((20, 1), np.int8))
    refreshing.refresh(alike.id)
    refreshing.refresh(one.id)
    assert (result(alike)["why"], result(one)["why"]) == ("alike", "few_statements")


def test_an_older_reading_is_not_written_over_a_newer_one(world, monkeypatch):
    from datetime import timedelta

    poll = poll_of(world, camps(20, 12))
    refreshing.refresh(poll.id)
    newest = result(poll)
    cast(poll, camps(3, seed=9), start=100)
    now = refreshing.now
    monkeypatch.setattr(refreshing, "now", lambda: now() - timedelta(hours=1))
    refreshing.refresh(poll.id)
    assert result(poll) == newest


def test_a_poll_that_is_gone_is_no_fault(world):
    world.open_poll([Draft("statements", "What do you think?", ("One", "Two"))])
    assert not refreshing.refresh(999)


def test_the_job_runs_twice(world):
    poll = poll_of(world, camps(20, 12))
    work.HANDLERS["groups"](poll_id=poll.id)
    before = rows("opinion_runs")
    work.HANDLERS["groups"](poll_id=poll.id)
    assert rows("opinion_runs") == before
