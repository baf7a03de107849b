"""Ballots that no page of ours sends: for every kind, by page, frame and API, refused whole, and no counter moves (V8, V9, V10)."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from feedback.collect import counters, intake
from feedback.collect.ballots import PollClosed
from feedback.collect.recording import Change
from feedback.integrity import seals
from feedback.integrity.verifying import verify
from heard.kit import tokens
from heard.kit.clock import now, stopped_at
from heard.kit.db import reading, writing
from polls.jobs import keep_schedule
from polls.kinds.kind import Draft, kinds
from polls.models import Poll
from tests.browser_client import the_loop
from tests.feedback.voting import ballot, choice, n_of, rows

ABC = ("A", "B", "C")
MANY = [f"Option {n}" for n in range(100)]  # so that a foreign id is no number that some question takes
EVERY = {
    "single": Draft("single", "Which?", ABC),
    "multiple": Draft("multiple", "Which ones?", ABC),
    "yes_no": Draft("yes_no", "Is it?"),
    "rating": Draft("rating", "How good?"),
    "nps": Draft("nps", "Would you tell others?"),
    "likert": Draft("likert", "It is fair."),
    "matrix": Draft("matrix", "How is it?", ABC, rows=("Price", "Taste")),
    "ranking": Draft("ranking", "In which order?", ABC),
    "points": Draft("points", "What is it worth?", ABC, settings={"budget": 10}),
    "pair": Draft("pair", "Which rather?", ABC),
    "statements": Draft("statements", "What do you think?", ABC),
    "short_text": Draft("short_text", "In a word?"),
    "long_text": Draft("long_text", "Why?"),
    "number": Draft("number", "How many?", settings={"min": 0, "max": 10}),
    "date": Draft("date", "When?"),
}


def test_every_kind_is_here():
    assert sorted(EVERY) == sorted(kinds())


def forms(question, foreign):
    """What a form may say that no ballot offers, by what is wrong with it."""
    own = [str(o.id) for o in question.options] or ["1"]
    name, item = question.name, question.item_name
    bad = {"empty": {}, "blank": {name: ""}, "foreign": {name: str(foreign)}, "no number": {name: "x1"}}
    bad |= {
        "huge": {name: "9" * 40},
        "negative": {name: "-77"},
        "ten thousand": {name: [str(n) for n in range(10_000)]},
    }
    if question.kind not in ("multiple", "short_text", "long_text"):
        bad["three of one"] = {name: ["1", "2", "3"] if not question.options else own[:3]}
    if question.its_kind.has_items:
        bad = {"empty": {}, "blank": {item(int(own[0])): ""}, "foreign item": {item(foreign): "1"}}
        bad |= {
            "foreign value": {item(int(own[0])): str(foreign)},
            "ten thousand": {item(n): "1" for n in range(10_000)},
        }
        bad["three of one"] = {item(int(own[0])): ["1", "2", "3"]}
    if question.kind == "ranking":
        bad |= {"tie": {item(int(one)): "1" for one in own[:2]}}
    if question.kind in ("short_text", "long_text"):
        bad = {
            "empty": {},
            "blank": {name: "  "},
            "NUL": {name: "a\0b"},
            "too long": {name: "x" * 20_000},
            "two": {name: ["a", "b"]},
        }
    return {why: {k: v for k, v in form.items() if v != []} for why, form in bad.items()}


@pytest.mark.both
@pytest.mark.parametrize("kind", sorted(EVERY))
def test_what_no_form_offers_is_refused_by_page_and_frame(world, client, kind):
    foreign = world.open_poll(options=MANY, title="Another").questions[0].options[-1].id
    poll = world.open_poll([EVERY[kind]], voter_rule="open", title="This one")
    with reading() as session:
        before = counters.cells(session, poll.id)
    wrong = []
    for why, form in forms(poll.questions[0], foreign).items():
        for door in ("p", "e"):
            answer = client.post(f"/{door}/{poll.slug}", data={"submission": tokens.fresh(), **form})
            if answer.status_code not in (422, 413):
                wrong.append(f"{why} by /{door}: {answer.status_code}")
    with reading() as session:
        assert (wrong, counters.cells(session, poll.id)) == ([], before)
    assert rows("responses") == []


def bodies(question, foreign):
    """The same for the API."""
    own = [o.id for o in question.options] or [1]
    many, row = list(range(10_000)), (question.rows or question.options or [None])[0]
    first = row.id if row else 1
    bad = [
        {},
        {"option": foreign},
        {"options": [foreign]},
        {"options": [own[0], own[0]]},
        {"options": many},
        {"options": []},
    ]
    bad += [
        {"option": -1},
        {"option": 2**70},
        {"number": 10**30},
        {"number": "1"},
        {"number": None},
        {"date": "2026-02-31"},
    ]
    bad += [{"items": [{"item": foreign, "number": 1}]}, {"items": [{"item": first, "option": foreign}]}, {"items": []}]
    bad += [
        {"items": [{"item": first, "number": 77}]},
        {"items": [{"item": n, "number": 1} for n in many]},
        {"text": "a\0b"},
    ]
    bad += [{"items": [{"item": first, "number": 1}, {"item": first, "number": 1}]}, {"text": ["x"]}, {"text": " "}]
    bad += [{"rank": 1}, {"option": own[0], "number": 1, "text": "x"}]
    return [{"answers": [{"question": question.id, **said}]} for said in bad]


@pytest.mark.both
@pytest.mark.parametrize("kind", sorted(EVERY))
def test_what_no_question_offers_is_refused_by_the_api(world, client, kind):
    foreign = world.open_poll(options=MANY, title="Another").questions[0].options[-1].id
    poll = world.open_poll([EVERY[kind]], voter_rule="open", title="This one")
    wrong = []
    for body in bodies(poll.questions[0], foreign):
        answer = client.post(f"/api/v1/polls/{poll.slug}/responses", json=body)
        if answer.status_code not in (422, 413):
            wrong.append(f"{str(body)[:90]}: {answer.status_code}")
    assert (wrong, n_of(poll), rows("responses")) == ([], 0, [])


@pytest.mark.both
@pytest.mark.parametrize("door", ["p", "e", "api"])
def test_three_values_of_one_field_are_three_stored(world, client, door):
    poll = world.open_poll([EVERY["multiple"]], voter_rule="open")
    question = poll.questions[0]
    ids = [o.id for o in question.options]
    if door == "api":
        body = {"answers": [{"question": question.id, "options": ids}]}
        answer = client.post(f"/api/v1/polls/{poll.slug}/responses", json=body)
    else:
        form = {"submission": "n" * 22, question.name: [str(one) for one in ids]}
        answer = client.post(f"/{door}/{poll.slug}", data=form)
    assert answer.status_code in (200, 201, 303)
    assert sorted(row["option_id"] for row in rows("answers")) == sorted(ids)


def operations(poll, times, seed):
    """Votes, changes, withdrawals, repeats, ballots that are set aside and seals, in any order; recounted now and then."""
    dice, receipts = random.Random(seed), {}
    for step in range(times):
        voter, label = f"v{dice.randrange(max(12, times // 20))}", dice.choice(ABC)
        match dice.randrange(8):
            case 0 | 1 | 2:
                made = ballot(poll, label, voter=voter, submission=f"s{step}")
                aside = dice.choice(("", "", "", "bot", "quick"))
                receipts[voter] = intake.submit(replace(made, set_aside=aside)).receipt
            case 3:
                intake.submit(ballot(poll, label, voter=voter, submission=f"s{dice.randrange(step + 1)}"))
            case 4 | 5 if voter in receipts:
                act(poll, receipts[voter], label)
            case 6 if voter in receipts:
                act(poll, receipts[voter], None)
            case 7 if dice.random() < 0.2:
                seals.seal_all()
        if step % (times // 10) == 0:
            assert verify(poll.slug).differences == []
    assert verify(poll.slug).differences == []


def act(poll, receipt, label):
    answers = choice(poll, label) if label else None
    the_loop.call(intake.change_soon, Change(poll.frozen, tokens.hashed(receipt), answers))


@pytest.mark.both(long=True)
def test_after_five_hundred_random_acts_the_counters_are_the_recount(world):
    operations(world.open_poll(options=ABC), 500, 1)


@pytest.mark.long
@pytest.mark.both
def test_after_ten_thousand_random_acts_the_counters_are_the_recount(world):
    operations(world.open_poll(options=ABC), 10_000, 2)


@pytest.mark.both
def test_whatever_the_clock_does_nothing_is_stamped_after_the_close(world):
    """A clock that jumps back opens nothing again; one that jumps ahead closes."""
    poll = world.open_poll(options=ABC)
    end, day = now() + timedelta(hours=1), timedelta(days=1)
    with writing() as session:
        session.get_one(Poll, poll.id).closes_at = end
    taken = 0
    for at in (end - day, end - timedelta(microseconds=1), end):
        with stopped_at(at):
            intake.submit(ballot(poll, "A", voter=f"v{taken}"))
            taken += 1
    for at in (end + timedelta(microseconds=1), end + day):
        with stopped_at(at), pytest.raises(PollClosed):
            intake.submit(ballot(poll, "A", voter="late"))
    with stopped_at(end + day):
        keep_schedule(poll.id)
    with stopped_at(end - day), pytest.raises(PollClosed):
        intake.submit(ballot(poll, "A", voter="back in time"))
    assert n_of(poll) == taken == 3
    assert max(str(row["submitted_at"]) for row in rows("responses"))[:19] <= str(end)[:19]
