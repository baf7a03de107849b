"""Paired differences: known answers, the key of a participant, and what is never told."""

import pytest
from sqlmodel import select

from feedback.collect.pairs import same_questions, shift, shifts
from feedback.collect.voters import key_of
from feedback.models import Response
from feedback.statistics.differences import Difference, paired_difference
from heard.kit.db import reading
from polls.kinds.kind import Draft
from tests.polls.trying import polls_of_trial, trial_in


def test_only_people_who_answered_both_are_compared():
    before = {f"p{n}": 3.0 for n in range(6)} | {"gone": 1.0}
    after = {f"p{n}": 4.0 for n in range(6)} | {"new": 1.0}
    found = shift("How?", before, after, interval=True)
    assert (found.both, found.paired, found.before, found.after) == (6, True, 3, 4)
    assert found.difference == Difference(1, 1, 1)


def test_four_pairs_are_two_groups():
    before = {f"p{n}": float(n) for n in range(4)} | {"a": 2.0}
    after = {f"p{n}": float(n) for n in range(4)} | {"b": 5.0}
    closed, anybody = (shift("How?", before, after, interval=wide) for wide in (True, False))
    assert (closed.paired, closed.n_before, closed.n_after) == (False, 5, 5)
    assert closed.difference.low is not None
    assert anybody.difference == Difference(pytest.approx(0.6))


def test_of_fewer_than_five_answers_nothing_is_told():
    found = shift("How?", {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0}, {f"x{n}": 1.0 for n in range(9)}, interval=True)
    assert (found.before, found.after, found.difference) == (None, None, None)


def test_questions_are_the_same_by_words_scale_and_kind(world):
    asked = [
        Draft("rating", "How useful is it?"),
        Draft("long_text", "Why?"),
        Draft("date", "When?"),
        Draft("number", "Minutes?"),
    ]
    one = world.open_poll(asked, title="One").frozen
    other = world.open_poll(
        [asked[3], Draft("rating", "How useful is it?", settings={"high": 7})], title="Other"
    ).frozen
    assert [(a.wording, b.wording) for a, b in same_questions(one, other)] == [("Minutes?", "Minutes?")]
    assert [q.wording for q, _same in same_questions(one, one)] == ["How useful is it?", "Minutes?"]


@pytest.mark.both
def test_answers_of_participants_pair_over_the_versions(world, client):
    trial = trial_in(world)
    people = [f"p{n}@home.example" for n in range(7)]
    trial.sign_up(*people)
    trial.ask()
    for person, step in zip(people, (1, 2, 3, 2, 3, 5), strict=False):  # six of seven
        assert trial.answer(client, person, step).status_code == 303
    one = trial.check_in()
    trial.next_version()
    for person, step in zip(people[1:], (3, 4, 4, 4, 5, 1), strict=True):  # the other six of seven
        assert trial.answer(client, person, step).status_code == 303
    with reading() as session:
        [found] = shifts(session, one, trial.check_in())
    assert (found.wording, found.both, found.paired) == ("How well does this version work for you?", 5, True)
    assert (found.before, found.after) == (3.0, 4.0)
    assert found.difference == paired_difference([2, 3, 2, 3, 5], [3, 4, 4, 4, 5])


def test_a_participant_has_one_key_in_the_trial_and_another_elsewhere(world, client):
    trial = trial_in(world)
    trial.sign_up("ana@home.example")
    trial.ask()
    trial.answer(client, "ana@home.example", 2)
    trial.next_version()
    trial.answer(client, "ana@home.example", 3)
    first, second = polls_of_trial(trial)
    with reading() as session:
        keys = list(session.exec(select(Response.voter_key)))
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert keys[0] not in {key_of(p.id, "invitation", 1) for p in (first, second)}


def test_a_withdrawn_answer_pairs_with_nothing(world, client):
    trial = trial_in(world)
    people = [f"p{n}@home.example" for n in range(5)]
    trial.sign_up(*people)
    trial.ask()
    receipts = [trial.answer(client, p, 2).headers["location"] for p in people]
    assert client.post(f"{receipts[0]}/withdrawal").status_code == 303
    one = trial.check_in()
    trial.next_version()
    for person in people:
        trial.answer(client, person, 4)
    with reading() as session:
        [found] = shifts(session, one, trial.check_in())
    assert (found.both, found.paired, found.difference) == (4, False, None)


def test_an_anonymous_check_in_pairs_nobody(world, client):
    trial = trial_in(world)
    people = [f"p{n}@home.example" for n in range(6)]
    trial.sign_up(*people)
    trial.ask(anonymous=True, voter_rule="browser")
    for person in people:
        assert trial.answer(client, person, 2).status_code == 303
    one = trial.check_in()
    trial.next_version()
    for person in people:
        trial.answer(client, person, 4)
    with reading() as session:
        [found] = shifts(session, one, trial.check_in())
    assert (found.both, found.paired, found.difference.low) == (0, False, None)


def test_the_managers_page_says_who_is_compared(world, client):
    trial, maya = trial_in(world), client.sign_in("maya")
    people = [f"p{n}@home.example" for n in range(6)]
    trial.sign_up(*people)
    trial.ask()
    for person, step in zip(people, (1, 2, 3, 2, 3, 4), strict=True):
        trial.answer(client, person, step)
    trial.next_version()
    for person, step in zip(people, (2, 3, 3, 4, 4, 5), strict=True):
        trial.answer(client, person, step)
    page = maya.get(trial.at).text
    assert "Version 1 → 2" in page
    assert "6 people answered both." in page
    assert "2.5 → 3.5" in page
    assert "+1.0" in page
    assert "(0.3 to 1.7)" in page
