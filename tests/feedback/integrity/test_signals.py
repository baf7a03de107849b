"""Bursts, steady programs and ballots that are alike: found where they are, not where they are not (trust.md V4, V12)."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback import jobs
from feedback.collect import intake, voters
from feedback.collect.ballots import Ballot
from feedback.integrity import noticing, signals, verifying
from heard.kit.clock import now
from heard.kit.db import reading
from polls.kinds.kind import Draft, Value
from polls.models import Poll
from tests.feedback.integrity.test_deciding import decide
from tests.feedback.voting import ballot, n_of, rows


def noticed(poll):
    with reading() as session:
        return noticing.waiting(session, session.get_one(Poll, poll.id))


@pytest.mark.both
def test_a_thousand_cleared_cookies_of_one_address_are_counted_and_flagged(world, client):
    """trust.md V4, level 1: honest about it, and a banner."""
    poll = world.open_poll(voter_rule="browser", results_rule="always")
    at = now() - timedelta(hours=2)
    made = [
        replace(ballot(poll, "Yes", voter=f"c{i}"), network="m" * 22, submitted_at=at + timedelta(seconds=i))
        for i in range(1000)
    ]
    others = [
        replace(ballot(poll, "No", voter=f"o{i}"), network=f"{i:022}", submitted_at=at + timedelta(seconds=7 * i))
        for i in range(200)
    ]
    intake.submit_many(made + others)
    assert n_of(poll) == 1200
    jobs.look_for_signals(poll.id)
    [found] = noticed(poll)
    assert found.kind == "burst"
    assert found.n >= 990
    assert found.steady
    banner = "An unusual number of votes came at once or alike"
    assert banner in client.get(f"/p/{poll.slug}/results").text
    maya = client.sign_in("maya")
    page = maya.get(f"{poll.page}/integrity").text
    assert "m" * 22 not in page
    assert found.key in page
    assert n_of(poll) == 1200  # nothing is set aside before somebody says so
    assert decide(maya, poll, "set_aside", found.key, "One address cleared its cookies.").status_code == 303
    assert n_of(poll) == 200
    assert (
        "200 counted, 1,000 set aside; with them the result would be another."
        in client.get(f"/p/{poll.slug}/results").text
    )
    assert noticed(poll) == []
    assert verifying.verify(poll.slug).sound
    jobs.look_for_signals(poll.id)
    assert sum(r["action"] == "integrity.noticed" for r in rows("audit_log")) == 1


def test_what_a_person_has_called_fine_is_quiet_until_it_grows(world, client):
    poll = world.open_poll(voter_rule="browser", results_rule="always")
    send = lambda first, last: intake.submit_many(  # noqa: E731
        [replace(ballot(poll, "Yes", voter=f"c{i}"), network="m" * 22) for i in range(first, last)]
    )
    send(0, 40)
    jobs.look_for_signals(poll.id)
    decide(client.sign_in("maya"), poll, "leave", noticed(poll)[0].key, "A school.")
    assert noticed(poll) == []
    assert n_of(poll) == 40
    assert "unusual number" not in client.get(f"/p/{poll.slug}/results").text
    send(40, 44)
    jobs.look_for_signals(poll.id)
    assert noticed(poll) == []
    send(44, 90)
    jobs.look_for_signals(poll.id)
    assert [one.n for one in noticed(poll)] == [90]


FIVE = [Draft("single", f"Question {i}?", ("A", "B", "C", "D")) for i in range(5)]


def crowd(poll, number, *, same=0, minute=2):
    """Ballots of independent people within five minutes from this minute of an hour on, and `same` of them alike."""
    at = (now() - timedelta(hours=2)).replace(minute=minute, second=0)
    dice, made = random.Random(4), []
    for i in range(number + same):
        picks = [0] * len(poll.questions) if i >= number else [dice.randrange(len(q.options)) for q in poll.questions]
        answers = {q.id: [Value(option=q.options[p].id)] for q, p in zip(poll.questions, picks, strict=True)}
        made.append(
            Ballot(
                poll.frozen, f"s{i}", voters.key_of(poll.id, "api", f"v{i}"), answers, "page",
                submitted_at=at + timedelta(seconds=dice.random() * 300),
            )
        )  # fmt: skip
    intake.submit_many(made)


@pytest.mark.both
@pytest.mark.parametrize("minute", [2, 6, 7, 9])
def test_fifty_identical_ballots_in_five_minutes_are_a_warning_and_no_more(world, client, minute):
    """trust.md V12; also across the edge of ten minutes."""
    poll = world.open_poll(FIVE, title="Five", voter_rule="browser")
    crowd(poll, 150, same=50, minute=minute)
    jobs.look_for_signals(poll.id)
    found = noticed(poll)
    assert [one.kind for one in found] == ["alike"]
    assert found[0].n == 50
    assert n_of(poll) == 200
    maya = client.sign_in("maya")
    assert "Whole ballots that are the same" in maya.get(f"{poll.page}/integrity").text
    decide(maya, poll, "set_aside", found[0].key, "Sent by one hand.")
    assert n_of(poll) == 150
    assert verifying.verify(poll.slug).sound
    decided = [r for r in rows("audit_log") if r["action"] == "integrity.decided"]
    assert len(decided) == 1
    assert decided[0]["account_id"] == world.people["maya"].id


def test_an_ordinary_crowd_is_no_warning(world):
    poll = world.open_poll(FIVE, title="Five", voter_rule="browser")
    crowd(poll, 400)
    jobs.look_for_signals(poll.id)
    assert noticed(poll) == []


def test_the_same_answers_mean_nothing_where_there_are_few_to_give(world):
    poll = world.open_poll(FIVE[:2], title="Two", voter_rule="browser")
    crowd(poll, 20, same=60)
    jobs.look_for_signals(poll.id)
    assert noticed(poll) == []


def test_an_anonymous_poll_is_not_searched(world):
    poll = world.open_poll(FIVE, title="Five", voter_rule="browser", anonymous=True)
    crowd(poll, 20, same=60)
    assert [r for r in rows("work_due") if r["kind"] == "integrity"] == []
    jobs.look_for_signals(poll.id)
    assert noticed(poll) == []


@given(st.lists(st.floats(0.01, 1e5), min_size=0, max_size=60))
def test_people_come_in_fits_and_starts(gaps):
    moments = [sum(gaps[:i]) for i in range(len(gaps) + 1)]
    assert signals.is_steady(moments) in (True, False)
    assert not signals.is_steady(moments[:10])


def test_a_program_is_steady_and_independent_people_are_not():
    dice = random.Random(1)
    assert signals.is_steady([i * 2 + dice.random() * 0.2 for i in range(50)])
    for seed in range(200):
        dice, at, moments = random.Random(seed), 0.0, []
        for _i in range(40):
            at += dice.expovariate(0.5)
            moments.append(at)
        assert not signals.is_steady(moments)


@given(st.dictionaries(st.integers(0, 300), st.integers(1, 40), max_size=60), st.integers(1, 50))
def test_a_burst_holds_every_hour_that_is_too_full(counts, most):
    full = [s for s in counts if sum(counts.get(t, 0) for t in range(s, s + 6)) > most]
    found = signals.bursts(counts, most)
    assert (found is None) == (not full)
    if found:
        n, first, last = found
        assert n > most
        assert first == min(full)
        assert n == sum(c for s, c in counts.items() if first <= s <= last)


@pytest.mark.parametrize(
    ("n", "mean", "tail"), [(0, 3, 1), (10, 0, 0), (10, 2, 4.65e-05), (20, 5, 3.45e-07), (1, 0.1, 0.0952)]
)
def test_the_upper_tail_is_that_of_tables(n, mean, tail):
    assert signals.upper_tail(n, mean) == pytest.approx(tail, rel=0.01)


def test_answers_that_go_together_are_no_surprise():
    """Half say A to everything, half B: as if independent, each would be rare."""
    others = [dict.fromkeys(range(5), "A")] * 50 + [dict.fromkeys(range(5), "B")] * 50
    assert signals.chance_of(dict.fromkeys(range(5), "A"), others) > 0.45
    assert signals.chance_of(dict.fromkeys(range(5), "C"), others) < 0.02
