"""Seals: what they say, that nothing changes below them without a trace, and that an anonymous poll's tell no time."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from feedback import jobs
from feedback.collect import intake
from feedback.collect.recording import Change
from feedback.integrity import seals
from feedback.integrity.seals import hash_of, ordered
from feedback.integrity.verifying import verify
from heard.kit import tokens, work
from heard.kit.clock import now, stopped_at
from tests.browser_client import the_loop
from tests.feedback.voting import ballot, choice, rows

pytestmark = pytest.mark.both


def vote(poll, voter, label="Yes"):
    return intake.submit(ballot(poll, label, voter=voter))


def change(poll, receipt, label):
    answers = choice(poll, label) if label else None
    the_loop.call(intake.change_soon, Change(poll.frozen, tokens.hashed(receipt.receipt), answers))


def sealed():
    return [seal["marks"].split("\n") for seal in sorted(rows("seals"), key=lambda s: s["number"])]


def a_minute():
    """What the worker does each minute."""
    for look in work.LOOKS:
        look()
    work.run_due()


def test_the_hash_is_that_of_the_seal_before_the_number_the_time_and_the_lines(database):
    at = datetime(2026, 11, 27, 20, 30, tzinfo=UTC)
    said = "f" * 64 + "\n2\n2026-11-27T20:30:00+00:00\n+" + "a" * 20 + "\n-" + "b" * 20
    assert hash_of("f" * 64, 2, at, ["+" + "a" * 20, "-" + "b" * 20]) == hashlib.sha256(said.encode()).hexdigest()


def test_a_seal_lists_what_came_what_changed_and_what_was_withdrawn(world):
    poll = world.open_poll()
    one, two, three = (vote(poll, voter) for voter in ("ada", "bo", "cy"))
    seals.seal_all()
    change(poll, one, "No")
    change(poll, two, None)
    four = vote(poll, "di")
    change(poll, four, None)
    seals.seal_all()
    change(poll, two, "Yes")
    seals.seal_all()
    assert sealed() == [
        ordered(["+" + r.mark for r in (one, two, three)]),
        ordered(["~" + one.mark, "-" + two.mark, "+" + four.mark, "-" + four.mark]),
        ["~" + two.mark],
    ]
    assert verify(poll.slug).lines()[1].startswith("3 seals hold. Last hash: ")


def test_what_is_sealed_is_sealed_once_and_where_nobody_votes_nothing_is_written(world):
    poll = world.open_poll()
    a_minute()
    assert (rows("seals"), rows("work_due")) == ([], [])
    vote(poll, "ada")
    a_minute()
    a_minute()
    jobs.seal_ballots()
    assert len(rows("seals")) == 1
    jobs.look_for_seals()
    assert [row["kind"] for row in rows("work_due") if row["kind"] == "seals"] == []


def test_ballots_of_an_older_version_are_sealed_in_pieces(world, monkeypatch):
    monkeypatch.setattr(seals, "MOST", 3)
    poll = world.open_poll()
    for voter in range(8):
        vote(poll, f"v{voter}")
    seals.seal_all()
    assert [len(lines) for lines in sealed()] == [3, 3, 2]
    assert verify(poll.slug).sound


def test_two_workers_at_once_seal_every_ballot_once(world):
    poll = world.open_poll()
    marks = {vote(poll, f"v{voter}").mark for voter in range(30)}
    line = Barrier(4)

    def worker(_n):
        line.wait()
        seals.seal_all()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(worker, range(4)))
    seals.seal_all()
    assert sorted(line for lines in sealed() for line in lines) == sorted("+" + mark for mark in marks)
    assert verify(poll.slug).sound


def test_votes_go_on_while_seals_are_made_and_none_is_forgotten(world):
    poll = world.open_poll(voter_rule="open")
    with ThreadPoolExecutor(8) as crowd:
        voting = [crowd.submit(vote, poll, f"v{n}") for n in range(60)]
        sealing = [crowd.submit(seals.seal_all) for _ in range(10)]
        receipts = [v.result() for v in voting]
        changing = [crowd.submit(change, poll, receipt, "No") for receipt in receipts[:20]]
        sealing += [crowd.submit(seals.seal_all) for _ in range(10)]
        assert [done.result() for done in (*changing, *sealing)] == [None] * 40
    seals.seal_all()
    found = verify(poll.slug)
    assert (found.differences, found.unsealed) == ([], 0)


def test_an_anonymous_poll_is_sealed_by_whole_days_and_steps(world):
    morning = now().replace(hour=8)
    poll = world.open_poll(anonymous=True, voter_rule="open")
    with stopped_at(morning):
        early = [vote(poll, f"v{n}") for n in range(7)]
        a_minute()
    with stopped_at(morning + timedelta(hours=9)):
        a_minute()
        assert sealed() == []
    with stopped_at(morning + timedelta(days=1)):
        a_minute()
        assert len(sealed()[0]) == 5, "the step, and not the two that wait for the next one"
        late = [vote(poll, f"w{n}") for n in range(3)]
        a_minute()
        assert len(sealed()) == 1
    with stopped_at(morning + timedelta(days=2)):
        a_minute()
    assert sorted(line for lines in sealed() for line in lines) == sorted("+" + r.mark for r in early + late)
    assert {str(seal["at"])[11:19] for seal in rows("seals")} == {"00:00:00"}
    assert verify(poll.slug).sound
